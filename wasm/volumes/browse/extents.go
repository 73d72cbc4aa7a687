package browse

import (
	"context"
	"iter"
	"sync"

	"vhdscope/vhd"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/worker"
)

// located is a file with where its bytes lie.
type located struct {
	file    fsys.File
	extents []fsys.Extent
	size    int64
}

// kept is how many files' extents are kept, as whoever looks at one asks again
// and again, and keptLength the longest list that is. Some file systems tell
// them only by reading the file.
const (
	kept       = 4
	keptLength = 1 << 18
)

// located are the extents of a file, by its path. It stays open: what closing
// would give back is memory, which goes with it.
func (m *mounted) located(path string) (*located, error) {
	name, err := inside(path)
	if err != nil {
		return nil, err
	}
	if l := m.recent(name); l != nil {
		return l, nil
	}
	file, err := m.open(name)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	list, err := file.Extents()
	if err == nil {
		err = m.check(list, info.Size())
	}
	if err != nil {
		return nil, err
	}
	l := &located{file, list, info.Size()}
	m.keep(name, l)
	return l, nil
}

// recents are the files that were looked at last, the latest last.
type recents struct {
	mu   sync.Mutex
	list []recent
}

type recent struct {
	name string
	*located
}

func (r *recents) recent(name string) *located {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, known := range r.list {
		if known.name == name {
			r.list = append(append(r.list[:i:i], r.list[i+1:]...), known)
			return known.located
		}
	}
	return nil
}

func (r *recents) keep(name string, l *located) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(l.extents) > keptLength {
		return
	}
	if len(r.list) == kept {
		r.list = r.list[1:]
	}
	r.list = append(r.list, recent{name, l})
}

// check holds extents against what they must be: what goes on relies on it.
func (m *mounted) check(list []fsys.Extent, size int64) error {
	at := int64(0)
	for _, e := range list {
		start, length := e.Volume()
		if e.Offset != at || e.Length <= 0 || e.Length > size-at || start < 0 || length < 0 || start > m.size || length > m.size-start {
			return fsys.Damaged(-1, "the file has places that cannot be")
		}
		at += e.Length
	}
	if at != size {
		return fsys.Damaged(-1, "the file has no place for its last bytes")
	}
	return nil
}

// plain reports whether extents hold the bytes of their file one by one.
func plain(list []fsys.Extent) bool {
	for _, e := range list {
		if e.Start >= 0 && e.Stored != 0 {
			return false
		}
	}
	return true
}

// within yields what of extents lies in a range of the file, cut to it where
// they hold the bytes one by one.
func within(list []fsys.Extent, off, end int64) iter.Seq[fsys.Extent] {
	return func(yield func(fsys.Extent) bool) {
		for _, e := range list {
			from, to := max(e.Offset, off), min(e.Offset+e.Length, end)
			if from >= to {
				continue
			}
			if e.Start >= 0 && e.Stored == 0 {
				e.Start += from - e.Offset
			}
			e.Offset, e.Length = from, to-from
			if !yield(e) {
				return
			}
		}
	}
}

// Layers tells how many bytes each layer supplies of files.
func (v *Volume) Layers(ctx context.Context, req *LayersRequest, progress worker.Progress) (*LayersList, error) {
	m, err := v.mounted()
	if err != nil {
		return nil, err
	}
	l := &LayersList{Files: []LayersOf{}}
	for i, path := range req.Paths {
		of, err := m.layers(ctx, path)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		of.Path, of.Problem = path, m.words(err)
		l.Files = append(l.Files, of)
		progress(int64(i+1), int64(len(req.Paths)))
	}
	return l, nil
}

// layers adds up what a file's extents are supplied by. What cannot be read is
// an error, and counts for the layer that should have it.
func (m *mounted) layers(ctx context.Context, path string) (of LayersOf, err error) {
	of.Bytes = make([]int, len(m.files))
	l, err := m.located(path)
	if err != nil {
		return of, err
	}
	for _, e := range l.extents {
		if err := ctx.Err(); err != nil {
			return of, err
		}
		start, length := e.Volume()
		for x, bad := range m.disk.Extents(m.start+start, length) {
			if err == nil {
				err = bad
			}
			if x.Layer < 0 || x.Layer >= len(of.Bytes) {
				of.Zeros += x.Length
			} else {
				of.Bytes[x.Layer] += int(x.Length)
			}
		}
	}
	return of, err
}

// maxExtents is how many extents or runs a reply lists.
const maxExtents = 1 << 16

// Map tells where a file's bytes lie.
func (v *Volume) Map(_ context.Context, req *MapRequest, _ worker.Progress) (*FileMap, error) {
	m, err := v.mounted()
	if err != nil {
		return nil, err
	}
	l, err := m.located(req.Path)
	if err != nil {
		return nil, m.problem(err)
	}
	r := &FileMap{Size: sizeOf(l.size), Extents: []FileExtent{}, More: len(l.extents) > maxExtents}
	for _, e := range l.extents[:min(len(l.extents), maxExtents)] {
		x := FileExtent{Offset: e.Offset, Length: e.Length, Start: -1}
		if start, length := e.Volume(); length > 0 {
			x.Start, x.Stored = m.start+start, e.Stored
		}
		r.Extents = append(r.Extents, x)
	}
	return r, nil
}

// runs are plain extents as runs of the disk.
func (m *mounted) runs(list []fsys.Extent) []vhd.Run {
	runs := make([]vhd.Run, len(list))
	for i, e := range list {
		runs[i] = vhd.Run{Offset: -1, Length: e.Length}
		if e.Start >= 0 {
			runs[i].Offset = m.start + e.Start
		}
	}
	return runs
}
