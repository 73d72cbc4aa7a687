package browse

import (
	"context"
	"io"
	"io/fs"

	"vhdscope/vhd/volume/fsys"
)

const (
	// window is what is read of a file as one, and windows how many are under
	// way: one is read while the other is worked on.
	window  = 4 << 20
	windows = 2
)

// readAll reads a file from a byte on to its end and gives it on part by part,
// in order. The error is that of reading, or of use.
func readAll(ctx context.Context, f io.ReaderAt, from, size int64, use func(p []byte) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type part struct {
		p   []byte
		err error
	}
	free := make(chan []byte, windows)
	for range windows {
		free <- nil
	}
	queue := make(chan chan part, windows)
	go func() {
		defer close(queue)
		for off := from; off < size; off += window {
			var buf []byte
			select {
			case buf = <-free:
			case <-ctx.Done():
				return
			}
			if buf == nil {
				buf = make([]byte, min(window, size-from))
			}
			done := make(chan part, 1)
			queue <- done
			go func() {
				p, err := readPart(f, buf[:min(window, size-off)], off)
				done <- part{p, err}
			}()
		}
	}()
	for done := range queue {
		got := <-done
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(got.p) > 0 {
			if err := use(got.p); err != nil {
				return err
			}
		}
		if got.err != nil {
			return got.err
		}
		free <- got.p[:0:cap(got.p)]
	}
	return ctx.Err()
}

// readPart fills p, or tells why it could not and how much there is.
func readPart(f io.ReaderAt, p []byte, off int64) (_ []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fsys.Damaged(-1, "the file is damaged in a way that its reader cannot take")
		}
	}()
	n, err := f.ReadAt(p, off)
	if n == len(p) {
		return p, nil
	}
	if err == nil || err == io.EOF {
		err = fsys.Damaged(-1, "the file ends early")
	}
	return p[:n], err
}

// file is one of those that a request is about, also one in a folder that was
// asked for.
type file struct {
	name  string // as io/fs has it
	entry fs.FileInfo
	err   error // why it is not known, or a folder could not be listed
	top   bool  // it was asked for itself
}

// each calls visit for paths and for all that is below those that are folders,
// each folder before what is in it.
func (m *mounted) each(ctx context.Context, names []string, visit func(f file) error) error {
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		info, err := m.fs.Stat(name)
		if err := visit(file{name, info, err, true}); err != nil {
			return err
		}
		if err != nil || !info.IsDir() {
			continue
		}
		err = fsys.Walk(ctx, m.fs, name, func(name string, e fs.DirEntry, err error) error {
			var info fs.FileInfo
			if err == nil {
				info, err = e.Info()
			}
			return visit(file{name, info, err, false})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
