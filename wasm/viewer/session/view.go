package session

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"vhdscope/blobio"
	"vhdscope/vhd"
)

// maxView bounds the bytes of one view: what no screen shows.
const maxView = 1 << 20

// View reads bytes to show. What cannot be read is marked, not an error.
func (s *Session) View(ctx context.Context, req *ViewRequest) (*View, error) {
	if req.Offset < 0 || req.Length < 0 || req.Length > maxView {
		return nil, badRequest("a view is of 0 to " + dec(maxView) + " bytes")
	}
	if req.Disk == 0 {
		return s.viewFile(ctx, req)
	}
	c, err := s.chain(req.Disk)
	if err != nil {
		return nil, err
	}
	v := newView(req, c.disk.Size())
	for e, err := range c.disk.Extents(v.Offset, int64(len(v.Bytes))) {
		v.Extents = append(v.Extents, c.extent(e, err))
	}
	if err := v.fill(ctx, c.disk, c.files); err != nil {
		return nil, err
	}
	v.Changed, err = c.changed(ctx, v)
	return v, err
}

func (s *Session) viewFile(ctx context.Context, req *ViewRequest) (*View, error) {
	f, err := s.Image(req.File)
	if err != nil {
		return nil, err
	}
	v := newView(req, f.source.Size())
	if n := int64(len(v.Bytes)); n > 0 {
		v.Extents = []Extent{{Offset: v.Offset, Length: n, Layer: 0, Source: v.Offset, State: "data"}}
	}
	return v, v.fill(ctx, f.source, []*File{f})
}

func newView(req *ViewRequest, size int64) *View {
	n := max(0, min(req.Length, size-req.Offset))
	return &View{Offset: req.Offset, Bytes: make([]byte, n), Extents: []Extent{}, Changed: []Span{}}
}

// extent is an extent of the chain's disk as the page knows it.
func (c *chain) extent(e vhd.Extent, err error) Extent {
	x := Extent{Offset: e.Offset, Length: e.Length, Layer: e.Layer, Source: e.Source, State: "data"}
	switch {
	case err != nil:
		x.State, x.Problem = "unreadable", problemOf(err, c.files)
	case e.Layer < 0:
		x.State = "zeros"
	}
	return x
}

// fill reads the readable extents, neighbours together, and marks what the
// file will not give after all. The error is the context's.
func (v *View) fill(ctx context.Context, r io.ReaderAt, files []*File) error {
	for i := 0; i < len(v.Extents); {
		if err := ctx.Err(); err != nil {
			return err
		}
		if v.Extents[i].State == "unreadable" {
			i++
			continue
		}
		j := i
		for j < len(v.Extents) && v.Extents[j].State != "unreadable" {
			j++
		}
		from, to := v.Extents[i].Offset, v.Extents[j-1].Offset+v.Extents[j-1].Length
		n, err := r.ReadAt(v.Bytes[from-v.Offset:to-v.Offset], from)
		if from+int64(n) == to {
			i = j
			continue
		}
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		i = v.fail(i, from+int64(n), err, files)
		if errors.Is(err, blobio.ErrChanged) || errors.Is(err, fs.ErrClosed) {
			v.giveUp(i, v.Extents[i-1])
		}
	}
	return nil
}

// giveUp marks all that the layer of a bad extent should supply from extent i
// on: its file is gone, so that each further read would fail too.
func (v *View) giveUp(i int, bad Extent) {
	for ; i < len(v.Extents); i++ {
		e := &v.Extents[i]
		if e.Layer == bad.Layer && e.State == "data" {
			e.Source, e.State, e.Problem = -1, "unreadable", bad.Problem
			clear(v.Bytes[e.Offset-v.Offset : e.Offset-v.Offset+e.Length])
		}
	}
}

// badRun is what is given up where a file does not give a byte: behind it
// reading is tried again.
const badRun = 4 << 10

// fail marks the bytes from off to the next multiple of badRun, in the extent
// that holds off, as unreadable. It tells the index of what lies behind them.
func (v *View) fail(i int, off int64, err error, files []*File) int {
	for v.Extents[i].Offset+v.Extents[i].Length <= off {
		i++
	}
	e := v.Extents[i]
	end := min(off-off%badRun+badRun, e.Offset+e.Length)
	clear(v.Bytes[off-v.Offset : end-v.Offset])
	parts := append(e.cut(e.Offset, off), Extent{Offset: off, Length: end - off, Layer: e.Layer, Source: -1, State: "unreadable", Problem: problemOf(err, files)})
	next := i + len(parts)
	parts = append(parts, e.cut(end, e.Offset+e.Length)...)
	v.Extents = append(v.Extents[:i:i], append(parts, v.Extents[i+1:]...)...)
	return next
}

// cut is the part [from, to) of an extent, in a list; none where it is empty.
func (e Extent) cut(from, to int64) []Extent {
	if from == to {
		return nil
	}
	if e.Source >= 0 {
		e.Source += from - e.Offset
	}
	e.Offset, e.Length = from, to-from
	return []Extent{e}
}

// maxExtents bounds the answer to an ExtentsRequest.
const maxExtents = 1 << 17

// Extents lists who supplies a range of a disk.
func (s *Session) Extents(ctx context.Context, req *ExtentsRequest, progress Progress) (*ExtentList, error) {
	c, err := s.chain(req.Disk)
	if err != nil {
		return nil, err
	}
	if err := c.inside(req.Offset, req.Length); err != nil {
		return nil, err
	}
	list := &ExtentList{Extents: []Extent{}}
	err = InParts(req.Offset, req.Offset+req.Length, segment, 1, func(off, n int64) error {
		c.disk.Prepare(off, n) // many bitmaps in one read; where that fails, Extents tells
		for e, err := range c.disk.Extents(off, n) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if list.add(c.extent(e, err)); len(list.Extents) > maxExtents {
				return badRequest("the range has more than " + dec(maxExtents) + " extents; ask for a shorter one")
			}
		}
		if progress != nil {
			progress(off+n-req.Offset, req.Length)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// add appends an extent, or lets it continue the last one.
func (l *ExtentList) add(e Extent) {
	if n := len(l.Extents); n > 0 {
		last := &l.Extents[n-1]
		follows := e.Source < 0 || e.Source == last.Source+last.Length
		why := last.Problem == nil || e.Problem != nil && *e.Problem == *last.Problem
		if e.State == last.State && e.Layer == last.Layer && follows && why {
			last.Length += e.Length
			return
		}
	}
	l.Extents = append(l.Extents, e)
}

// inside reports as an error that a range does not lie on the disk.
func (c *chain) inside(off, length int64) error {
	if off < 0 || length < 0 || off > c.disk.Size() || length > c.disk.Size()-off {
		return badRequest(dec(length) + " bytes at byte " + dec(off) + " do not lie on the disk of " + dec(c.disk.Size()) + " bytes")
	}
	return nil
}
