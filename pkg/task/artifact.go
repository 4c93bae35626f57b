package task

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
)

// noise is content that no store makes smaller, the same every time.
func noise(size int64) io.Reader { return io.LimitReader(rand.NewChaCha8([32]byte{}), size) }

// Generate writes a file of a size.
func Generate(size int64, file string) (err error) {
	if err := makeRoom(file); err != nil {
		return err
	}
	out, err := os.Create(file) //nolint:gosec // the launcher says where outputs go
	if err != nil {
		return fmt.Errorf("writing an artifact: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, noise(size)); err != nil {
		return fmt.Errorf("writing an artifact: %w", err)
	}
	return nil
}

// Check reads a file and makes sure that it is what Generate wrote for the size.
func Check(size int64, file string) error {
	in, err := os.Open(file) //nolint:gosec // the launcher says where inputs are
	if err != nil {
		return fmt.Errorf("reading an artifact: %w", err)
	}
	defer func() { _ = in.Close() }() // it is only read
	info, err := in.Stat()
	if err != nil {
		return fmt.Errorf("reading an artifact: %w", err)
	}
	if info.Size() != size {
		return fmt.Errorf("the artifact has %d bytes, not %d", info.Size(), size)
	}
	same, err := equal(in, noise(size))
	if err == nil && !same {
		err = fmt.Errorf("the artifact of %d bytes is not the one that was generated", size)
	}
	return err
}

// equal compares what can be read from both.
func equal(a, b io.Reader) (bool, error) {
	const block = 1 << 16
	ours, theirs := make([]byte, block), make([]byte, block)
	for {
		n, errOurs := io.ReadFull(a, ours)
		m, errTheirs := io.ReadFull(b, theirs)
		if string(ours[:n]) != string(theirs[:m]) {
			return false, nil
		}
		switch {
		case errOurs == nil && errTheirs == nil:
		case ended(errOurs) && ended(errTheirs):
			return true, nil
		default:
			return false, fmt.Errorf("comparing: %w", errors.Join(errOurs, errTheirs))
		}
	}
}

func ended(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
