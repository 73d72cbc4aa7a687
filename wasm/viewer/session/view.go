package session

import (
	"context"

	"vhdscope/wasm/worker"
)

// View reads bytes to show. What cannot be read is marked, not an error.
func (s *Session) View(ctx context.Context, req *ViewRequest) (*worker.View, error) {
	if req.Offset < 0 || req.Length < 0 || req.Length > worker.MaxView {
		return nil, worker.BadRequest("a view is of 0 to " + dec(worker.MaxView) + " bytes")
	}
	if req.Disk == 0 {
		return s.viewFile(ctx, req)
	}
	c, err := s.chain(req.Disk)
	if err != nil {
		return nil, err
	}
	v := worker.NewView(req.Offset, req.Length, c.disk.Size())
	names := namesOf(c.files)
	for e, err := range c.disk.Extents(v.Offset, int64(len(v.Bytes))) {
		v.Extents = append(v.Extents, worker.ExtentOf(e, err, names))
	}
	if err := v.Fill(ctx, c.disk, names); err != nil {
		return nil, err
	}
	v.Changed, err = c.changed(ctx, v)
	return v, err
}

func (s *Session) viewFile(ctx context.Context, req *ViewRequest) (*worker.View, error) {
	f, err := s.Image(req.File)
	if err != nil {
		return nil, err
	}
	v := worker.NewView(req.Offset, req.Length, f.source.Size())
	if n := int64(len(v.Bytes)); n > 0 {
		v.Extents = []worker.Extent{{Offset: v.Offset, Length: n, Layer: 0, Source: v.Offset, State: "data"}}
	}
	return v, v.Fill(ctx, f.source, []string{f.name})
}

// maxExtents bounds the answer to an ExtentsRequest.
const maxExtents = 1 << 17

// Extents lists who supplies a range of a disk.
func (s *Session) Extents(ctx context.Context, req *ExtentsRequest, progress worker.Progress) (*ExtentList, error) {
	c, err := s.chain(req.Disk)
	if err != nil {
		return nil, err
	}
	if err := c.inside(req.Offset, req.Length); err != nil {
		return nil, err
	}
	names := namesOf(c.files)
	list := &ExtentList{Extents: []worker.Extent{}}
	err = worker.InParts(req.Offset, req.Offset+req.Length, segment, 1, func(off, n int64) error {
		c.disk.Prepare(off, n) // many bitmaps in one read; where that fails, Extents tells
		for e, err := range c.disk.Extents(off, n) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if list.add(worker.ExtentOf(e, err, names)); len(list.Extents) > maxExtents {
				return worker.BadRequest("the range has more than " + dec(maxExtents) + " extents; ask for a shorter one")
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
func (l *ExtentList) add(e worker.Extent) {
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
		return worker.BadRequest(dec(length) + " bytes at byte " + dec(off) + " do not lie on the disk of " + dec(c.disk.Size()) + " bytes")
	}
	return nil
}
