package session

import (
	"context"
	"errors"
	"io"

	"vhdscope/vhd"
)

// maxView bounds the bytes of one view: what no screen shows.
const maxView = 1 << 20

// View reads bytes to show. What cannot be read is marked, not an error.
func (s *Session) View(_ context.Context, req *ViewRequest) (*View, error) {
	if req.Offset < 0 || req.Length < 0 || req.Length > maxView {
		return nil, badRequest("a view is of 0 to " + dec(maxView) + " bytes")
	}
	if req.Disk == 0 {
		return s.viewFile(req)
	}
	c, err := s.chain(req.Disk)
	if err != nil {
		return nil, err
	}
	v := newView(req, c.disk.Size())
	for e, err := range c.disk.Extents(v.Offset, int64(len(v.Bytes))) {
		v.Extents = append(v.Extents, c.extent(e, err))
	}
	v.fill(c.disk, c.files)
	return v, nil
}

func (s *Session) viewFile(req *ViewRequest) (*View, error) {
	f, err := s.image(req.File)
	if err != nil {
		return nil, err
	}
	v := newView(req, f.source.Size())
	if n := int64(len(v.Bytes)); n > 0 {
		v.Extents = []Extent{{Offset: v.Offset, Length: n, Layer: 0, Source: v.Offset, State: "data"}}
	}
	v.fill(f.source, []*file{f})
	return v, nil
}

func newView(req *ViewRequest, size int64) *View {
	n := max(0, min(req.Length, size-req.Offset))
	return &View{Offset: req.Offset, Bytes: make([]byte, n), Extents: []Extent{}}
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
// file will not give after all.
func (v *View) fill(r io.ReaderAt, files []*file) {
	for i := 0; i < len(v.Extents); {
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
	}
}

// fail marks the rest of the extent that holds byte off as unreadable, and
// tells the index of the extent behind it.
func (v *View) fail(i int, off int64, err error, files []*file) int {
	for v.Extents[i].Offset+v.Extents[i].Length <= off {
		i++
	}
	e := v.Extents[i]
	bad := Extent{Offset: off, Length: e.Offset + e.Length - off, Layer: e.Layer, Source: -1, State: "unreadable", Problem: problemOf(err, files)}
	clear(v.Bytes[off-v.Offset : off-v.Offset+bad.Length])
	if off == e.Offset {
		v.Extents[i] = bad
		return i + 1
	}
	v.Extents[i].Length = off - e.Offset
	v.Extents = append(v.Extents[:i+1], append([]Extent{bad}, v.Extents[i+1:]...)...)
	return i + 2
}

// maxExtents bounds the answer to an ExtentsRequest.
const maxExtents = 1 << 20

// Extents lists who supplies a range of a disk.
func (s *Session) Extents(ctx context.Context, req *ExtentsRequest) (*ExtentList, error) {
	c, err := s.chain(req.Disk)
	if err != nil {
		return nil, err
	}
	if err := c.inside(req.Offset, req.Length); err != nil {
		return nil, err
	}
	list := &ExtentList{Extents: []Extent{}}
	for e, err := range c.disk.Extents(req.Offset, req.Length) {
		if len(list.Extents) == maxExtents {
			return nil, badRequest("the range has more than " + dec(maxExtents) + " extents; ask for a shorter one")
		}
		if len(list.Extents)%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		list.Extents = append(list.Extents, c.extent(e, err))
	}
	return list, nil
}

// inside reports as an error that a range does not lie on the disk.
func (c *chain) inside(off, length int64) error {
	if off < 0 || length < 0 || off > c.disk.Size() || length > c.disk.Size()-off {
		return badRequest(dec(length) + " bytes at byte " + dec(off) + " do not lie on the disk of " + dec(c.disk.Size()) + " bytes")
	}
	return nil
}
