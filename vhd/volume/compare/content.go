package compare

import (
	"bytes"
	"io"
	"io/fs"

	"vhdscope/vhd/volume/fsys"
)

// unit is what differs as a whole: a sector.
const unit = 512

// chunk is how much of a file is read at once.
const chunk = 1 << 20

// difference is what of the bytes of two files differs.
type difference struct {
	ranges  []Range
	bytes   int64
	problem error // why that is not all, or nothing
}

func (d *difference) add(r Range) {
	d.bytes += r.Length
	if last := len(d.ranges) - 1; last >= 0 && d.ranges[last].Offset+d.ranges[last].Length == r.Offset {
		d.ranges[last].Length += r.Length
	} else if len(d.ranges) < MaxRanges {
		d.ranges = append(d.ranges, r)
	}
}

// open opens a file or a stream.
func (s *side) open(name string) (fsys.File, error) {
	f, err := s.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	if file, ok := f.(fsys.File); ok {
		return file, nil
	}
	f.Close()
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
}

// lies tells where a file or a stream of a view lies, and that these runs are
// a file's.
func (c *comparison) lies(s *side, f fsys.File) ([]fsys.Extent, error) {
	list, err := f.Extents()
	for _, e := range list {
		if start, length := e.Volume(); c.touched.meet(start, length) {
			c.owned.add(run{Start: start, Length: length})
		}
	}
	if n := len(list); n > 0 && s.cluster > 0 && list[n-1].Start >= 0 && list[n-1].Stored == 0 {
		e := list[n-1]
		rest := s.cluster - 1 - (e.Offset+e.Length-1)%s.cluster
		if behind := e.Start + e.Length; c.touched.meet(behind, rest) {
			c.slack.add(run{Start: behind, Length: rest})
		}
	}
	return list, err
}

// openBoth opens a file or a stream in both views.
func (c *comparison) openBoth(before, after string) (fb, fa fsys.File, problem error) {
	if fb, problem = c.before.open(before); problem != nil {
		return nil, nil, problem
	}
	if fa, problem = c.after.open(after); problem != nil {
		fb.Close()
		return nil, nil, problem
	}
	return fb, fa, nil
}

// content compares two open files, of which it reads only what may differ. The
// error is the context's.
func (c *comparison) content(fb, fa fsys.File) (d difference, err error) {
	was, wasErr := fb.Stat()
	is, isErr := fa.Stat()
	eb, ebErr := c.lies(&c.before, fb)
	ea, eaErr := c.lies(&c.after, fa)
	if problem := firstOf(wasErr, isErr, ebErr, eaErr); problem != nil {
		return difference{problem: problem}, nil
	}
	size, longer := min(was.Size(), is.Size()), max(was.Size(), is.Size())
	for _, part := range c.concerned(eb, ea, size) {
		if d.problem, err = c.read(fb, fa, part, &d); d.problem != nil || err != nil {
			return d, err
		}
	}
	if longer > size {
		d.add(Range{size, longer - size})
	}
	return d, nil
}

// read compares a part of two files by what is in it.
func (c *comparison) read(fb, fa io.ReaderAt, part Range, d *difference) (problem, err error) {
	for i := range c.buffers {
		if c.buffers[i] == nil {
			c.buffers[i] = make([]byte, chunk)
		}
	}
	for done := int64(0); done < part.Length; done += chunk {
		if err := c.alive(); err != nil {
			return nil, err
		}
		at, n := part.Offset+done, min(part.Length-done, chunk)
		p, q := c.buffers[0][:n], c.buffers[1][:n]
		if problem = firstOf(readFull(fb, p, at), readFull(fa, q, at)); problem != nil {
			return problem, nil
		}
		if bytes.Equal(p, q) {
			continue
		}
		for i := int64(0); i < n; i += unit {
			to := min(i+unit, n)
			if !bytes.Equal(p[i:to], q[i:to]) {
				d.add(Range{at + i, to - i})
			}
		}
	}
	return nil, nil
}

func readFull(r io.ReaderAt, p []byte, off int64) error {
	n, err := r.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
