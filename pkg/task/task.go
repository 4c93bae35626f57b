// Package task is what the containers of the shipped v2 pipelines do, so that these need no image but the
// product's own. Values come as arguments and go to files, as KFP's launcher hands them over. It measures
// nothing and knows no server.
package task

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Add writes the sum of two numbers to a file.
func Add(a, b float64, file string) error {
	return write(file, []byte(strconv.FormatFloat(a+b, 'f', -1, 64)))
}

// Count writes the numbers below n to a file, as a JSON list: what a loop goes over.
func Count(n int, file string) error {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	list, err := json.Marshal(numbers)
	if err != nil {
		return fmt.Errorf("writing %d numbers: %w", n, err)
	}
	return write(file, list)
}

// Sleep does nothing for a time, or until ctx is done, which is an error.
func Sleep(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("sleeping for %s: %w", duration, ctx.Err())
	}
}

func write(file string, content []byte) error {
	if err := makeRoom(file); err != nil {
		return err
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		return fmt.Errorf("writing an output: %w", err)
	}
	return nil
}

// makeRoom makes the folder of an output.
func makeRoom(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return fmt.Errorf("making room for an output: %w", err)
	}
	return nil
}
