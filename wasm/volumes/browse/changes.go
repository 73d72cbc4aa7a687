package browse

import (
	"context"
	"io/fs"
	"iter"

	"vhdscope/vhd/volume"
	"vhdscope/vhd/volume/compare"
	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/worker"
)

// Changes tells what a layer changed on the volume: the disk of it and those
// below it is held against that of those below it.
func (v *Volume) Changes(ctx context.Context, req *ChangesRequest, progress worker.Progress) (*Changes, error) {
	m, err := v.mounted()
	if err != nil {
		return nil, err
	}
	with, err := m.from(req.Layer)
	if err != nil {
		return nil, err
	}
	after, before := m.fs, fsys.FS(nil)
	if req.Layer > 0 {
		if after, err = v.view(m, with); err != nil {
			return nil, err
		}
	}
	if req.Layer+1 < len(m.images) {
		without, err := m.from(req.Layer + 1)
		if err == nil {
			before, err = v.view(m, without)
		}
		if err != nil {
			return nil, err
		}
	}
	found, err := compare.Compare(ctx, before, after, m.touched(with), progress)
	if err != nil {
		return nil, m.problem(err)
	}
	r := &Changes{Files: make([]Change, len(found.Files)), Elsewhere: make([]ChangedRegion, len(found.Elsewhere)), Notes: found.Notes}
	for i := range found.Files {
		r.Files[i] = with.change(&found.Files[i])
	}
	for i, e := range found.Elsewhere {
		r.Elsewhere[i] = ChangedRegion{Name: e.Name, Start: m.start + e.Start, Length: e.Length, Bytes: e.Bytes, Runs: []worker.Span{}}
		for _, run := range e.Runs[:min(len(e.Runs), maxListed)] {
			r.Elsewhere[i].Runs = append(r.Elsewhere[i].Runs, worker.Span{Offset: m.start + run.Start, Length: run.Length})
		}
	}
	return r, nil
}

// view is the volume as part of a chain has it; nil where there is none. It may
// be shorter than it is now, as the disk was before it grew.
func (v *Volume) view(m *mounted, c *chain) (fsys.FS, error) {
	size := min(m.size, c.disk.Size()-m.start)
	if size <= 0 {
		return nil, nil
	}
	content, err := volume.Identify(v.section(c, m.start, size), size)
	if err != nil {
		return nil, c.problem(err)
	}
	if content.Type == "" {
		return nil, nil
	}
	there, err := v.mount(c, m.start, size, m.options)
	if err != nil {
		return nil, err
	}
	return there.fs, nil
}

// touched yields the runs of the volume that the first layer of a chain
// supplies, or may supply where that cannot be told.
func (m *mounted) touched(c *chain) iter.Seq[device.Range] {
	return func(yield func(device.Range) bool) {
		for e := range c.images[0].Held(m.start, m.size) {
			if !yield(device.Range{Start: e.Offset - m.start, Length: e.Length}) {
				return
			}
		}
	}
}

// change is a change as the page knows it.
func (c *chain) change(of *compare.Change) Change {
	x := Change{Change: string(of.Kind), Path: outside(of.Path), Content: of.Content, RangesBytes: sizeOf(of.Bytes),
		Before: sideOf(of.Before), After: sideOf(of.After), Ranges: []worker.Span{}, Fields: of.Fields, Problem: c.words(of.Problem)}
	if of.From != "" {
		x.From = outside(of.From)
	}
	if info := of.After; info != nil {
		x.Kind = kindOf(info.Mode())
	} else if info := of.Before; info != nil {
		x.Kind = kindOf(info.Mode())
	}
	for _, r := range of.Ranges[:min(len(of.Ranges), maxListed)] {
		x.Ranges = append(x.Ranges, worker.Span{Offset: sizeOf(r.Offset), Length: sizeOf(r.Length)})
	}
	return x
}

func sideOf(info fs.FileInfo) *Side {
	if info == nil {
		return nil
	}
	meta := fsys.MetaOf(info)
	return &Side{Size: sizeOf(info.Size()), Modified: timeText(info.ModTime(), meta.Local), Attributes: meta.Attributes}
}
