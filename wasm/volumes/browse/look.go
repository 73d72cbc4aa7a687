package browse

import (
	"context"
	"io"

	"vhdscope/vhd"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/worker"
)

// Look reads bytes of a file to show. What cannot be read is marked, not an
// error.
func (v *Volume) Look(ctx context.Context, req *LookRequest, _ worker.Progress) (*worker.View, error) {
	m, err := v.mounted()
	if err != nil {
		return nil, err
	}
	if req.Offset < 0 || req.Length < 0 || req.Length > worker.MaxView {
		return nil, worker.BadRequest("a view is of 0 to " + dec(worker.MaxView) + " bytes")
	}
	l, err := m.located(req.Path)
	if err != nil {
		return nil, m.problem(err)
	}
	view := worker.NewView(req.Offset, req.Length, l.size)
	for e := range within(l.extents, req.Offset, req.Offset+int64(len(view.Bytes))) {
		m.show(view, e)
	}
	if err := view.Fill(ctx, told{l.file, m.chain}, m.files); err != nil {
		return nil, err
	}
	return view, nil
}

// show adds an extent of a file to a view, by the layers that supply it.
func (m *mounted) show(view *worker.View, e fsys.Extent) {
	start, length := e.Volume()
	switch {
	case length == 0:
		view.Extents = append(view.Extents, worker.Extent{Offset: e.Offset, Length: e.Length, Layer: -1, Source: -1, State: "zeros"})
	case e.Stored == 0:
		at := m.start + start
		for x, err := range m.disk.Extents(at, length) {
			x.Offset += e.Offset - at
			view.Extents = append(view.Extents, worker.ExtentOf(x, err, m.files))
		}
	default:
		view.Extents = append(view.Extents, m.stored(e, m.start+start, length))
	}
}

// stored is an extent whose bytes are not those of the disk one by one: all of
// it is of the uppermost layer that supplies any of what holds it, or cannot be
// read where some of that cannot.
func (m *mounted) stored(e fsys.Extent, at, length int64) worker.Extent {
	top := vhd.Extent{Offset: e.Offset, Length: e.Length, Layer: -1, Source: -1}
	for x, err := range m.disk.Extents(at, length) {
		if err != nil {
			top.Layer = x.Layer
			return worker.ExtentOf(top, err, m.files)
		}
		if x.Layer >= 0 && (top.Layer < 0 || x.Layer < top.Layer) {
			top.Layer = x.Layer
		}
	}
	of := worker.ExtentOf(top, nil, m.files)
	of.State = "data" // also where what holds it is all zeros
	return of
}

// told is a file whose errors are such that problems are made of.
type told struct {
	io.ReaderAt
	chain *chain
}

func (f told) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.ReaderAt.ReadAt(p, off)
	if n < len(p) && err != io.EOF {
		err = f.chain.problem(err)
	}
	return n, err
}
