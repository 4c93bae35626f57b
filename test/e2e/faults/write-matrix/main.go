// Command write-matrix puts what was seen of the faults, the lines of JSON on its standard input, into the table of
// a page.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/faults/matrix"
)

func main() {
	if err := run(os.Args[1:], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(args []string, seen io.Reader) error {
	if len(args) != 1 {
		return errors.New("it wants the page's file")
	}
	rows, err := matrix.Read(seen)
	if err != nil {
		return err
	}
	page, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	written, err := matrix.Into(string(page), matrix.Table(rows))
	if err != nil {
		return err
	}
	return os.WriteFile(args[0], []byte(written), 0o644)
}
