package browse

import (
	"context"
	"strconv"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/worker"
)

// Stat tells all that is known of a file or folder.
func (v *Volume) Stat(_ context.Context, req *StatRequest, _ worker.Progress) (*FileDetails, error) {
	m, err := v.mounted()
	if err != nil {
		return nil, err
	}
	name, err := inside(req.Path)
	if err != nil {
		return nil, err
	}
	info, err := m.fs.Stat(name)
	if err != nil {
		return nil, m.problem(err)
	}
	meta := fsys.MetaOf(info)
	d := &FileDetails{
		Path: req.Path, Name: info.Name(), Kind: kindOf(info.Mode()), Deleted: meta.Deleted,
		Size: sizeOf(info.Size()), Allocated: sizeOf(meta.Allocated), Links: meta.Links,
		Modified: timeText(info.ModTime(), meta.Local), Created: timeText(meta.Created, meta.Local),
		Changed: timeText(meta.Changed, meta.Local), Accessed: timeText(meta.Accessed, meta.Local), Local: meta.Local,
		Attributes: meta.Attributes, Owner: meta.Owner, Short: meta.Short, Target: meta.Target,
		Streams: []Stream{}, Problem: m.words(meta.Problem),
	}
	if meta.ID != 0 {
		d.ID = strconv.FormatUint(meta.ID, 10)
	}
	for _, s := range meta.Streams {
		d.Streams = append(d.Streams, Stream{Name: s.Name, Size: sizeOf(s.Size)})
	}
	return d, nil
}
