// Package locate tells which file a place in a volume belongs to.
package locate

import (
	"cmp"
	"context"
	"path"
	"slices"
	"sort"
	"strconv"
	"time"

	"vhdscope/vhd/volume/fsys"
)

// maxRuns bounds an index: 160 MiB of runs.
const maxRuns = 4 << 20

// maxOwners is how many files of one place are named.
const maxOwners = 16

// Index is where the files of a volume lie, and its structures. It does not
// follow changes of the volume. Its methods may be called concurrently.
type Index struct {
	// Unplaced counts files of which it is not known where they lie, and
	// folders that could not be listed.
	Unplaced int
	// Notes are sentences for a person: what the index lacks.
	Notes []string

	names      []name
	runs       []run   // by start
	reach      []int64 // of each run the furthest end of all up to it
	structures []fsys.Structure
}

// name is a file, a folder or a stream.
type name struct {
	base   string
	parent int32 // in names; -1 in the root
	links  int32 // names of the file
}

// run is a run of the volume that a file has.
type run struct {
	start, length int64
	offset        int64 // in the file
	packed        int64 // bytes of the file that the run holds in another form; 0: one by one
	file          int32 // in names
}

// Place is what lies at a byte of a volume. Without owner and structure it is
// not known.
type Place struct {
	Owners    []Owner // the first of those that share it; deleted files are none
	More      int     // owners that are not listed
	Structure string  // of the file system; [fsys.Free] where nothing is
}

// Owner is a file that has a place, or a stream as "name:stream".
type Owner struct {
	Path   string // the first that was found
	Links  int    // names that the file has; 0 where that is not known
	Offset int64  // of the byte in the file; where it is packed, of the first byte of the run
	Packed int64  // length in the file of the run that is packed at this place; 0 where the byte lies there as it is
}

// Build goes through all files of a volume. Progress tells how many entries
// it has gone through, at least once a second while the file system answers;
// it may be nil. The error is the context's.
func Build(ctx context.Context, f fsys.FS, progress func(entries int64)) (*Index, error) {
	b := builder{index: new(Index), fsys: f, seen: map[uint64]bool{}, progress: progress}
	for w := fsys.NewWalker(f, ".", false); w.Next(); {
		if err := b.alive(ctx); err != nil {
			return nil, err
		}
		if b.add(w); len(b.index.runs) > maxRuns {
			b.index.Notes = append(b.index.Notes, "The volume has more files than are looked up: "+strconv.FormatInt(b.entries, 10)+" were gone through.")
			break
		}
	}
	if err := b.structures(ctx); err != nil {
		return nil, err
	}
	b.finish()
	return b.index, nil
}

// At tells what lies at a byte of the volume.
func (x *Index) At(off int64) (p Place) {
	last := sort.Search(len(x.runs), func(i int) bool { return x.runs[i].start > off }) - 1
	for i := last; i >= 0 && x.reach[i] > off; i-- {
		r := &x.runs[i]
		if off-r.start >= r.length {
			continue
		}
		if len(p.Owners) == maxOwners {
			p.More++
			continue
		}
		o := Owner{Path: x.path(r.file), Links: int(x.names[r.file].links), Offset: r.offset, Packed: r.packed}
		if r.packed == 0 {
			o.Offset += off - r.start
		}
		p.Owners = append(p.Owners, o)
	}
	i := sort.Search(len(x.structures), func(i int) bool { return x.structures[i].Start > off }) - 1
	if i >= 0 && off-x.structures[i].Start < x.structures[i].Length {
		p.Structure = x.structures[i].Name
	}
	return p
}

func (x *Index) path(i int32) string {
	n := x.names[i]
	if n.parent < 0 {
		return n.base
	}
	return path.Join(x.path(n.parent), n.base)
}

// builder is a Build under way.
type builder struct {
	index    *Index
	fsys     fsys.FS
	folders  []folder        // that one is in
	seen     map[uint64]bool // files with several names
	entries  int64
	progress func(int64)
	told     time.Time
}

type folder struct {
	path string
	name int32
}

func (b *builder) alive(ctx context.Context) error {
	if now := time.Now(); b.progress != nil && now.Sub(b.told) >= 200*time.Millisecond {
		b.told = now
		b.progress(b.entries)
	}
	return ctx.Err()
}

// add takes in what the walker came to.
func (b *builder) add(w *fsys.Walker) {
	if w.Err() != nil {
		b.index.Unplaced++
		return
	}
	b.entries++
	entry := w.Entry()
	if entry.IsDir() {
		b.folders = append(b.folders[:b.depth(w.Path())], folder{w.Path(), b.name(w.Path(), 0)})
	}
	if entry.Type() != 0 {
		if info, err := b.fsys.Stat(w.Path()); err == nil {
			b.streams(w.Path(), fsys.MetaOf(info))
		}
		return
	}
	f, err := open(b.fsys, w.Path())
	if err != nil {
		b.index.Unplaced++
		return
	}
	defer f.Close()
	// The entry may not know of other names and streams.
	info, err := f.Stat()
	if err != nil {
		b.index.Unplaced++
		return
	}
	meta := fsys.MetaOf(info)
	if meta.ID != 0 && meta.Links > 1 {
		if b.seen[meta.ID] {
			return
		}
		b.seen[meta.ID] = true
	}
	b.file(f, w.Path(), meta.Links)
	b.streams(w.Path(), meta)
}

// streams adds those of a file or a folder.
func (b *builder) streams(full string, meta *fsys.Meta) {
	for _, s := range meta.Streams {
		f, err := open(b.fsys, full+":"+s.Name)
		if err != nil {
			b.index.Unplaced++
			continue
		}
		b.file(f, full+":"+s.Name, meta.Links)
		f.Close()
	}
}

// depth is how many of the folders a path lies in.
func (b *builder) depth(name string) int {
	dir, n := path.Dir(name), len(b.folders)
	for n > 0 && b.folders[n-1].path != dir {
		n--
	}
	return n
}

// name adds a name.
func (b *builder) name(full string, links int) int32 {
	parent := int32(-1)
	if n := b.depth(full); n > 0 {
		parent = b.folders[n-1].name
	}
	b.index.names = append(b.index.names, name{path.Base(full), parent, int32(links)})
	return int32(len(b.index.names) - 1)
}

// file adds the runs of a file or a stream.
func (b *builder) file(f fsys.File, full string, links int) {
	extents, err := f.Extents()
	if err != nil {
		b.index.Unplaced++
	}
	id := int32(-1)
	for _, e := range extents {
		start, length := e.Volume()
		if length <= 0 {
			continue
		}
		if id < 0 {
			id = b.name(full, links)
		}
		r := run{start: start, length: length, offset: e.Offset, file: id}
		if e.Stored > 0 {
			r.packed = e.Length
		}
		b.index.runs = append(b.index.runs, r)
	}
}

func open(f fsys.FS, name string) (fsys.File, error) {
	opened, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	if file, ok := opened.(fsys.File); ok {
		return file, nil
	}
	opened.Close()
	return nil, fsys.Unsupported("it is not known where the file lies")
}

// structures takes in what lies where no file does.
func (b *builder) structures(ctx context.Context) (err error) {
	mapping, ok := b.fsys.(fsys.Mapping)
	if !ok {
		return nil
	}
	names := map[string]string{} // one copy of each
	problem := mapping.Structures(func(s fsys.Structure) bool {
		if _, ok := names[s.Name]; !ok {
			names[s.Name] = s.Name
		}
		s.Name = names[s.Name]
		b.index.structures = append(b.index.structures, s)
		err = b.alive(ctx)
		return err == nil && len(b.index.structures) < maxRuns
	})
	if problem != nil {
		b.index.Notes = append(b.index.Notes, "Not all structures of the file system are known: "+problem.Error())
	}
	return err
}

// finish puts everything in order.
func (b *builder) finish() {
	x := b.index
	slices.SortFunc(x.runs, func(a, b run) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.file, b.file)) })
	slices.SortFunc(x.structures, func(a, b fsys.Structure) int { return cmp.Compare(a.Start, b.Start) })
	furthest := int64(0)
	x.reach = make([]int64, len(x.runs))
	for i, r := range x.runs {
		furthest = max(furthest, r.start+r.length)
		x.reach[i] = furthest
	}
	if x.Unplaced > 0 {
		x.Notes = append(x.Notes, "Of some files and folders it is not known where they lie: "+strconv.Itoa(x.Unplaced)+".")
	}
}
