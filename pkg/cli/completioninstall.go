package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"
)

// pluginProgram is the program that kubectl looks for on the PATH to carry out `kubectl kfpperf`.
const pluginProgram = "kubectl-kfpperf"

// addCompletion adds cobra's verb that prints scripts for shells, and below it the one that serves kubectl's own.
func (p program) addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, verb := range root.Commands() {
		if verb.Name() == "completion" {
			verb.AddCommand(p.completionInstallCommand())
		}
	}
}

func (p program) completionInstallCommand() *cobra.Command {
	var dir string
	command := &cobra.Command{
		Use:   "install",
		Short: "Have kubectl complete what follows `kubectl kfpperf`",
		Long: `Puts a link named kubectl_complete-kfpperf beside the plugin, where kubectl looks for it; kubectl's own
completion (see kubectl completion -h) then completes verbs, flags, and the names of runs. Nothing is overwritten
but a link of the plugin's own. Remove the link to undo it.`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			plugin, err := pluginPath()
			if err != nil {
				return err
			}
			if dir == "" {
				dir = filepath.Dir(plugin)
			}
			link, err := installCompletion(plugin, dir)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintln(p.streams.Out, link); err != nil {
				return fmt.Errorf("printing to stdout: %w", err)
			}
			return nil
		},
	}
	command.Flags().StringVar(&dir, "dir", "", "folder on the PATH for the link (default: that of the plugin)")
	return command
}

// pluginPath is the plugin as kubectl finds it, else this program. What the PATH names may be a link, as Krew makes
// it, and stays where it is when the plugin is upgraded.
func pluginPath() (string, error) {
	if found, err := exec.LookPath(pluginProgram); err == nil {
		return filepath.Abs(found)
	}
	return os.Executable()
}

// installCompletion links the plugin under completionProgram's name into a folder, and returns the link.
func installCompletion(plugin, dir string) (string, error) {
	name, target := completionProgram, plugin
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if inDir, err := filepath.Abs(dir); err == nil && inDir == filepath.Dir(plugin) {
		target = filepath.Base(plugin) // so that the folder can be moved
	}
	link := filepath.Join(dir, name)
	err := os.Symlink(target, link)
	switch {
	case err == nil:
		return link, nil
	case !errors.Is(err, fs.ErrExist):
		return "", fmt.Errorf("linking the completion: %w", err)
	case isPlugin(link, plugin):
		return link, nil
	case !isLinkTo(link, pluginProgram):
		return "", fmt.Errorf("%s is there already and is not the plugin's; remove it, or choose another folder with --dir", link)
	}
	// A link to where the plugin was before.
	if err := errors.Join(os.Remove(link), os.Symlink(target, link)); err != nil {
		return "", fmt.Errorf("replacing the completion's link: %w", err)
	}
	return link, nil
}

// isPlugin reports whether a path leads to the plugin.
func isPlugin(path, plugin string) bool {
	there, err := os.Stat(path)
	if err != nil {
		return false
	}
	ours, err := os.Stat(plugin)
	return err == nil && os.SameFile(there, ours)
}

// isLinkTo reports whether a path is a link to a program of this name, wherever that is or was.
func isLinkTo(path, program string) bool {
	target, err := os.Readlink(path)
	return err == nil && filepath.Base(target) == program
}
