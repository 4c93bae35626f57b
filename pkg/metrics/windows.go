package metrics

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// finest is the width of a window until there are too many of them.
	finest = time.Second
	// mostWindows bounds a series: beyond it, two neighbours become one. An hour has windows of 8 s, a day of
	// 4 min.
	mostWindows = 600
)

// cell is what a window holds.
type cell[T any] interface {
	*T
	add(other T)
}

// windows are equal spans of time, the first of which begins with the run. Their width is a power of two of
// the finest, so that series of different widths merge exactly. The zero value is empty and ready.
type windows[T any, P cell[T]] struct {
	width time.Duration
	cells []T
}

// at returns the window of a moment, given as the time since the start; one before it is of the first.
func (w *windows[T, P]) at(offset time.Duration) P {
	if w.width == 0 {
		w.width = finest
	}
	offset = max(offset, 0)
	for int(offset/w.width) >= mostWindows {
		w.coarsen()
	}
	i := int(offset / w.width)
	for len(w.cells) <= i {
		w.cells = append(w.cells, *new(T))
	}
	return &w.cells[i]
}

// coarsen makes one window of two.
func (w *windows[T, P]) coarsen() {
	w.width *= 2
	half := make([]T, (len(w.cells)+1)/2)
	for i, c := range w.cells {
		P(&half[i/2]).add(c)
	}
	w.cells = half
}

// merge adds what other holds, which stays as it is.
func (w *windows[T, P]) merge(other windows[T, P]) {
	if len(other.cells) == 0 {
		return
	}
	if w.width == 0 {
		w.width = other.width
	}
	for w.width < other.width {
		w.coarsen()
	}
	for i, c := range other.cells {
		w.at(time.Duration(i) * other.width).add(c)
	}
}

// clone returns an independent copy.
func (w windows[T, P]) clone() windows[T, P] {
	return windows[T, P]{width: w.width, cells: slices.Clone(w.cells)}
}

// column returns one figure of every window.
func column[T any, P cell[T]](w windows[T, P], of func(T) int64) []int64 {
	figures := make([]int64, len(w.cells))
	for i, c := range w.cells {
		figures[i] = of(c)
	}
	return figures
}

// restore returns the windows that were written as columns, which have to be of one length. set gives a cell
// its figures, in the order of the columns.
func restore[T any, P cell[T]](widthSeconds int64, set func(c P, figures []int64), columns ...[]int64) (windows[T, P], error) {
	w := windows[T, P]{width: time.Duration(widthSeconds) * time.Second}
	n := len(columns[0])
	if n == 0 {
		return windows[T, P]{}, nil
	}
	if widthSeconds < 1 || widthSeconds&(widthSeconds-1) != 0 || n > mostWindows {
		return w, fmt.Errorf("%w: %d windows of %d s", errSeries, n, widthSeconds)
	}
	w.cells = make([]T, n)
	figures := make([]int64, len(columns))
	for i := range n {
		for k, c := range columns {
			if len(c) != n {
				return w, fmt.Errorf("%w: columns of %d and %d windows", errSeries, n, len(c))
			}
			figures[k] = c[i]
		}
		set(&w.cells[i], figures)
	}
	return w, nil
}

// errSeries is the answer to a series that was not made by this package.
var errSeries = errors.New("not a series of windows whose width is a power of two of seconds")
