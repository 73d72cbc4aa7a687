// Package device stands between a volume and what reads its file system:
// reads are gathered into pages, panics become errors, and the first error of
// reading is kept for libraries that lose it.
package device

import (
	"io"
	"sync"

	"vhdscope/vhd/volume/fsys"
)

const (
	pageSize = 64 << 10
	maxPages = 128 // 8 MiB
)

// Device is a volume as a reader of file systems sees it. ReadAt is for code
// that runs in Do or Hold; that runs one at a time.
type Device struct {
	r    io.ReaderAt
	size int64

	running sync.Mutex
	pages   map[int64]*page
	clock   int64
	err     error // the first error of reading since Do began
}

// Range is a run of the volume, in bytes.
type Range struct{ Start, Length int64 }

type page struct {
	bytes []byte
	used  int64
}

// New returns a device of size bytes.
func New(r io.ReaderAt, size int64) *Device {
	return &Device{r: r, size: size, pages: map[int64]*page{}}
}

// Volume is what it reads from, for reads that need no gathering.
func (d *Device) Volume() io.ReaderAt { return d.r }

// Size is the volume's, in bytes.
func (d *Device) Size() int64 { return d.size }

// Hold runs code that reads the device. A panic in it is an error.
func (d *Device) Hold(f func() error) error {
	d.running.Lock()
	defer d.running.Unlock()
	return guarded(f)
}

// Do is Hold for code that calls a library: an error of reading the volume
// stands before whatever the library made of it.
func (d *Device) Do(f func() error) error {
	return d.Hold(func() error {
		d.err = nil
		err := guarded(f)
		if d.err != nil {
			return d.err
		}
		return err
	})
}

// guarded turns a panic into an error.
func guarded(f func() error) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			err = &fsys.Error{Kind: fsys.ErrDamaged, Offset: -1, Msg: "the file system is damaged in a way that its reader cannot take", Err: r}
		default:
			err = fsys.Damaged(-1, "the file system is damaged in a way that its reader cannot take")
		}
	}()
	return f()
}

// ReadAt implements [io.ReaderAt].
func (d *Device) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, d.note(fsys.Damaged(-1, "a place before the volume is used"))
	}
	if off >= d.size {
		return 0, io.EOF
	}
	var end error
	if int64(len(p)) > d.size-off {
		p, end = p[:d.size-off], io.EOF
	}
	if len(p) > pageSize {
		n, err := d.r.ReadAt(p, off)
		if n == len(p) {
			return n, end
		}
		return n, d.note(err)
	}
	for done := 0; done < len(p); {
		at := off + int64(done)
		bytes, err := d.page(at / pageSize)
		if skip := at % pageSize; skip < int64(len(bytes)) {
			done += copy(p[done:], bytes[skip:])
			continue
		}
		return done, d.note(err)
	}
	return len(p), end
}

// Fill reads all of b from a place of the volume.
func (d *Device) Fill(b []byte, at int64) error {
	n, err := d.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = fsys.Damaged(at, "the file system goes on behind the end of the volume")
	}
	return err
}

// page is one page of the volume, as much of it as can be read.
func (d *Device) page(i int64) ([]byte, error) {
	d.clock++
	if p := d.pages[i]; p != nil {
		p.used = d.clock
		return p.bytes, nil
	}
	bytes := make([]byte, min(pageSize, d.size-i*pageSize))
	n, err := d.r.ReadAt(bytes, i*pageSize)
	if n < len(bytes) {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return bytes[:n], err
	}
	if len(d.pages) >= maxPages {
		d.evict()
	}
	d.pages[i] = &page{bytes, d.clock}
	return bytes, nil
}

// evict drops the page that was not used for longest.
func (d *Device) evict() {
	oldest := int64(-1)
	for i, p := range d.pages {
		if oldest < 0 || p.used < d.pages[oldest].used {
			oldest = i
		}
	}
	delete(d.pages, oldest)
}

// note keeps the first error.
func (d *Device) note(err error) error {
	if d.err == nil {
		d.err = err
	}
	return err
}
