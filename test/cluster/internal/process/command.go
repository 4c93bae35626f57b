package process

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Command is a program with everything it is started with.
type Command struct {
	Path  string
	Args  []string
	Dir   string
	Env   []string
	Stdin []byte
}

// Output runs a command to its end and returns its standard output; an error carries the end of
// what the command complained.
func Output(ctx context.Context, owner Owner, c Command) ([]byte, error) {
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Dir = c.Dir
	cmd.Env = append(environment(c), owner.mark())
	if c.Stdin != nil {
		cmd.Stdin = bytes.NewReader(c.Stdin)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", filepath.Base(c.Path), err, tail(stderr.Bytes()))
	}
	return stdout.Bytes(), nil
}

func environment(c Command) []string {
	if c.Env == nil {
		return os.Environ()
	}
	return c.Env
}

// Daemon is a program that was started to outlive us.
type Daemon struct {
	Name string
	log  string
	cmd  *exec.Cmd
}

// Start starts a daemon in a session of its own, its output going to the end of a log file: what a daemon before it
// said tells why it is started again.
func Start(owner Owner, name, log string, c Command) (*Daemon, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()     // the daemon has its own handle
	cmd := exec.Command(c.Path, c.Args...) //nolint:noctx // no context of ours bounds its life
	cmd.Dir = c.Dir
	cmd.Env = append(environment(c), owner.mark())
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	return &Daemon{Name: name, log: log, cmd: cmd}, nil
}

// Err says whether the daemon has ended, and with which last words.
func (d *Daemon) Err() error {
	var status syscall.WaitStatus
	pid, err := syscall.Wait4(d.cmd.Process.Pid, &status, syscall.WNOHANG, nil)
	if err == nil && pid == 0 {
		return nil
	}
	last, err := os.ReadFile(d.log)
	if err != nil {
		return fmt.Errorf("%s ended: %w", d.Name, err)
	}
	return fmt.Errorf("%s ended: %s", d.Name, tail(last))
}

// tail keeps the end of a log, where the reason stands.
func tail(log []byte) string {
	const most = 2000
	if len(log) > most {
		log = log[len(log)-most:]
	}
	return strings.TrimSpace(string(log))
}
