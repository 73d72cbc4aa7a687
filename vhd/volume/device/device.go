// Package device stands between a volume and libraries that read file
// systems. They read in small pieces, panic on damage, swallow errors and
// tell nobody where a file lies: here reads are gathered into pages, panics
// become errors, the first error is kept, and reads can be traced.
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

// Device is a volume as a library reads it. ReadAt, Size and Section are for
// code that runs in Do, Trace or Hold; that runs one at a time.
type Device struct {
	r    io.ReaderAt
	size int64

	running sync.Mutex
	pages   map[int64]*page
	clock   int64
	err     error // the first error of reading since Do began
	tracing bool
	blank   bool
	trace   []Range
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

// Section is all of the device, for libraries that want one.
func (d *Device) Section() *io.SectionReader { return io.NewSectionReader(d, 0, d.size) }

// Do runs library code. A panic in it is an error, and an error of reading
// the volume stands before whatever the library made of it.
func (d *Device) Do(f func() error) error {
	d.running.Lock()
	defer d.running.Unlock()
	return d.Guard(f)
}

// Hold runs code that reads the device and looks at the errors itself. For
// the library calls in it there is Guard.
func (d *Device) Hold(f func() error) error {
	d.running.Lock()
	defer d.running.Unlock()
	return guarded(f)
}

// Guard is Do for library code within Hold.
func (d *Device) Guard(f func() error) error {
	d.err = nil
	err := guarded(f)
	if d.err != nil {
		return d.err
	}
	return err
}

// Trace runs library code like Do, and tells which runs of the volume it
// read, in its order, those that follow on each other as one. With blank
// nothing is read: the library gets zeros. So a file that is read to its end
// tells where it lies, without its bytes being read.
func (d *Device) Trace(blank bool, f func() error) (ranges []Range, err error) {
	err = d.Do(func() error {
		d.tracing, d.blank, d.trace = true, blank, nil
		defer func() { d.tracing, d.blank, ranges, d.trace = false, false, d.trace, nil }()
		return guarded(f)
	})
	return ranges, err
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
	if d.tracing {
		d.mark(off, int64(len(p)))
	}
	if d.blank {
		clear(p)
		return len(p), end
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

func (d *Device) mark(off, n int64) {
	if last := len(d.trace) - 1; last >= 0 && d.trace[last].Start+d.trace[last].Length == off {
		d.trace[last].Length += n
		return
	}
	d.trace = append(d.trace, Range{off, n})
}
