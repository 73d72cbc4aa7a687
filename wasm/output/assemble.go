package output

import (
	"context"
	"io"

	"vhdscope/vhd"
)

// Assemble makes a file that is written as it comes, and not planned; size is
// what room there must be for, 0 where that is not known. Write tells the
// file's size. What cannot be read ends it, or, with salvage, is told to lost.
func Assemble(ctx context.Context, host Host, to Target, size int64, salvage bool, write func(w io.WriterAt, lost func(vhd.Loss)) (int64, error)) (*Saved, error) {
	f, way, err := create(host, to, size)
	if err != nil {
		return nil, Failed(err, way)
	}
	var all losses
	var lost func(vhd.Loss)
	if salvage {
		lost = all.add
	}
	blob, err := finish(ctx, f, func() error {
		w := &behind{file: f}
		if size, err = write(w, lost); err != nil {
			w.wait()
			return err
		}
		return w.flush()
	})
	if err != nil {
		return nil, Failed(err, way)
	}
	return &Saved{Blob: blob, Name: to.Name, Size: size, Way: way, Lost: all.listed()}, nil
}

// gathered is how much is written to a file as one: each write costs the
// browser a message to another process.
const gathered = 4 << 20

// behind gathers writes that follow on each other, and writes behind: one run
// goes to the file while the next is gathered. An error comes with a later
// write, or from flush. It is not for concurrent use.
type behind struct {
	file    io.WriterAt
	at      int64
	run     []byte
	spare   []byte
	writing chan error // of the run that is being written; nil for none
}

// WriteAt implements io.WriterAt.
func (b *behind) WriteAt(p []byte, off int64) (int, error) {
	done := 0
	for done < len(p) {
		if at := off + int64(done); at != b.at+int64(len(b.run)) || len(b.run) == gathered {
			if err := b.send(); err != nil {
				return done, err
			}
			b.at = at
		}
		n := min(len(p)-done, gathered-len(b.run))
		b.run = append(b.run, p[done:done+n]...)
		done += n
	}
	return done, nil
}

// send starts to write the run, when the one before is written.
func (b *behind) send() error {
	if err := b.wait(); err != nil || len(b.run) == 0 {
		return err
	}
	run, at, written := b.run, b.at, make(chan error, 1)
	go func() {
		_, err := b.file.WriteAt(run, at)
		written <- err
	}()
	b.writing = written
	b.run, b.spare = b.spare[:0], run
	return nil
}

// wait waits until nothing is being written.
func (b *behind) wait() error {
	if b.writing == nil {
		return nil
	}
	err := <-b.writing
	b.writing = nil
	return err
}

// flush writes all that is left.
func (b *behind) flush() error {
	if err := b.send(); err != nil {
		return err
	}
	return b.wait()
}
