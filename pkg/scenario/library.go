package scenario

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// pipelinesFolder is where pipelines are, beside scenarios.
const pipelinesFolder = "pipelines"

// library finds the pipelines that a scenario names.
type library struct {
	places []place
	roots  []*os.Root
	// shipped are the names of the shipped pipelines.
	shipped []string
	// known holds every answer that was given.
	known map[string]answer
}

// answer is a pipeline, or why there is none, as the rest of a sentence that begins with its name.
type answer struct {
	content []byte
	err     error
}

// place is a folder of pipelines; none of its symbolic links leads out of it.
type place struct {
	label string
	// files is nil where the folder is absent.
	files fs.FS
	// self is the scenario's own name in it, which is no pipeline.
	self string
}

// openLibrary opens the folders where pipelines of a scenario may be, in the order of the search.
func (s Sources) openLibrary(file string, shippedScenario bool) (*library, error) {
	l := &library{known: map[string]answer{}}
	if s.Shipped != nil && shippedScenario {
		l.addShipped(s.Shipped)
	}
	err := l.addBeside(file, shippedScenario)
	if err == nil && s.PipelinesDir != "" {
		err = l.addFolder(s.PipelinesDir)
	}
	if s.Shipped != nil && !shippedScenario {
		l.addShipped(s.Shipped)
	}
	if err != nil {
		l.close()
		return nil, fmt.Errorf("opening the folders of pipelines for scenario %q: %w", file, err)
	}
	return l, nil
}

// addShipped adds the shipped pipelines.
func (l *library) addShipped(shipped fs.FS) {
	if files, err := fs.Sub(shipped, pipelinesFolder); err == nil {
		l.places = append(l.places, place{files: files})
		l.shipped = filesIn(files, ".", packaged)
	}
}

// addBeside adds the folder of a scenario that is a file, and the folder pipelines in it, if there is one.
func (l *library) addBeside(file string, shippedScenario bool) error {
	if shippedScenario {
		return nil
	}
	dir, self := filepath.Split(file)
	if err := l.addFolder(filepath.Clean(dir)); err != nil {
		return err
	}
	l.places[len(l.places)-1].self = self
	pipelines := filepath.Join(dir, pipelinesFolder)
	if info, err := os.Stat(pipelines); isAbsent(err) || err == nil && !info.IsDir() {
		l.places = append(l.places, place{label: labelOf(pipelines)})
		return nil
	}
	return l.addFolder(pipelines)
}

// addFolder adds a folder of the file system.
func (l *library) addFolder(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("%s: %w", labelOf(dir), cause(err))
	}
	l.roots = append(l.roots, root)
	l.places = append(l.places, place{label: labelOf(dir), files: root.FS()})
	return nil
}

// isAbsent tells whether an error means that there is no such file.
func isAbsent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// labelOf is how a folder is written in messages.
func labelOf(dir string) string {
	return strings.TrimSuffix(filepath.ToSlash(filepath.Clean(dir)), "/") + "/"
}

// close closes the folders. Nothing was written to them.
func (l *library) close() {
	for _, root := range l.roots {
		_ = root.Close()
	}
}

// taken returns the pipelines that were found, by the names that they were found under.
func (l *library) taken() map[string][]byte {
	pipelines := map[string][]byte{}
	for name, found := range l.known {
		if found.err == nil {
			pipelines[name] = found.content
		}
	}
	return pipelines
}

// get returns a pipeline that KFP would take for one.
func (l *library) get(name string) ([]byte, error) {
	found, asked := l.known[name]
	if !asked {
		found.content, found.err = l.search(name)
		if isAbsent(found.err) {
			found.err = l.notFound(name)
		}
		l.known[name] = found
	}
	return found.content, found.err
}

// search looks into one place after the other; fs.ErrNotExist says that none has the file.
func (l *library) search(name string) ([]byte, error) {
	for _, p := range l.places {
		if name == p.self {
			continue
		}
		content, err := p.read(name)
		if isAbsent(err) {
			continue
		}
		at := p.label + name
		if err != nil {
			return nil, fmt.Errorf("cannot be used: %s: %w; expected a file that can be read, and no more than KFP takes", at, cause(err))
		}
		return content, checkPackage(at, content)
	}
	return nil, fs.ErrNotExist
}

// notFound tells where a pipeline was looked for, and which one was probably meant.
func (l *library) notFound(name string) error {
	var folders []string
	for _, p := range l.places {
		if p.label != "" && !slices.Contains(folders, p.label) {
			folders = append(folders, p.label)
		}
	}
	if len(l.shipped) > 0 {
		folders = append(folders, "among the shipped pipelines ("+strings.Join(l.shipped, ", ")+")")
	}
	if meant := l.closest(name); meant != "" {
		return fmt.Errorf("is not in %s; did you mean %q?", listed("or", folders...), meant)
	}
	return fmt.Errorf("is not in %s; correct the name, or put the file there", listed("or", folders...))
}

// closest returns the pipeline that a name was probably meant to be; other files that lie beside a scenario,
// such as scenarios, are none.
func (l *library) closest(name string) string {
	var files []string
	for _, p := range l.places {
		files = append(files, filesIn(p.files, ".", packaged)...)
	}
	meant := closestFile(name, files)
	if meant == "" {
		return ""
	}
	if _, err := l.search(meant); err != nil {
		return ""
	}
	return meant
}

var (
	errNoFile   = errors.New("this is not a plain file")
	errTooLarge = fmt.Errorf("this has more than %d MiB", maxPackage>>20)
)

// read returns a file of the place, if it is one that KFP could take.
func (p place) read(name string) ([]byte, error) {
	if p.files == nil {
		return nil, fs.ErrNotExist
	}
	info, err := fs.Stat(p.files, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a named pipe would block
		return nil, errNoFile
	}
	file, err := p.files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // nothing was written
	return readPackage(file)
}

// readPackage reads to the end, within what KFP takes.
func readPackage(from io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(from, maxPackage+1))
	if err == nil && len(content) > maxPackage {
		err = errTooLarge
	}
	return content, err
}

// packaged tells whether a name ends as one of a pipeline package does.
func packaged(name string) bool {
	return slices.ContainsFunc(packageExtensions(), func(extension string) bool {
		return strings.HasSuffix(path.Base(name), extension)
	})
}
