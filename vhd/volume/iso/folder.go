package iso

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"vhdscope/vhd/volume/fsys"
)

const (
	maxFolder = 32 << 20 // bytes of records
	maxKept   = 96 << 20 // bytes of memory for folders, and for one of them

	folderMode = fs.ModeDir | 0o555
	plainMode  = 0o444
)

// place is where a folder lies. Of one that stands elsewhere than where it is
// listed, the size is not known before it is read: -1.
type place struct{ start, size int64 }

// id tells folders apart from each other and from the serial numbers of files.
func (p place) id() uint64 { return 1<<63 | uint64(p.start) }

// entry is what a folder lists.
type entry struct {
	fsys.Node
	place   // of a folder
	extents []fsys.Extent
}

// folder is a folder's content.
type folder struct {
	entries []*entry // by name
	err     error    // what is missing
	length  int64    // bytes of its records
	cost    int      // bytes of memory, about
	used    int64
}

func (f *folder) find(name string) *entry {
	i, found := slices.BinarySearchFunc(f.entries, name, func(e *entry, name string) int { return strings.Compare(e.Base, name) })
	if !found {
		return nil
	}
	return f.entries[i]
}

func unreadable(at int64, err error) error {
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return &fsys.Error{Kind: fsys.ErrDamaged, Offset: at, Msg: "this place of the volume cannot be read", Err: err}
}

// folderBytes reads the records of a folder.
func (v *volume) folderBytes(p place) ([]byte, error) {
	if p.size < 0 {
		first := make([]byte, 34)
		if n, err := v.r.ReadAt(first, p.start); n < len(first) {
			return nil, unreadable(p.start, err)
		}
		r, _, err := parseRecord(append(first, make([]byte, 256)...), p.start)
		if err != nil || !r.isSelf() {
			return nil, fsys.Damaged(p.start, "there is no folder where one should be")
		}
		p.size = int64(r.size)
	}
	if p.size > maxFolder {
		return nil, fsys.Damaged(p.start, fmt.Sprintf("the folder has %d bytes of records, more than can be listed here", p.size))
	}
	if p.start > v.size-p.size {
		return nil, fsys.Damaged(p.start, "the folder goes on behind the end of the volume")
	}
	if p.size == 0 {
		return nil, fsys.Damaged(p.start, "the folder has no records, not even its own")
	}
	b := make([]byte, p.size)
	if n, err := v.r.ReadAt(b, p.start); n < len(b) {
		return b[:n/sectorSize*sectorSize], unreadable(p.start+int64(n), err)
	}
	return b, nil
}

// list reads a folder. What cannot be read is said in its err; the records of
// other sectors are listed none the less.
func (v *volume) list(p place) *folder {
	f := &folder{cost: 512}
	v.areaRoom = maxRoom
	fail := func(err error) {
		if f.err == nil {
			f.err = err
		}
	}
	b, err := v.folderBytes(p)
	if err != nil {
		fail(err)
	}
	f.length = int64(len(b))
	var associated []*entry
	var last *record // whose extents go on
	for i, first := 0, true; i < len(b); first = false {
		sector := b[i:min(len(b), i/sectorSize*sectorSize+sectorSize)]
		r, n, err := parseRecord(sector, p.start+int64(i))
		if first && !r.isSelf() {
			fail(fsys.Damaged(p.start, "there is no folder where one should be"))
			return f
		}
		if n == 0 || err != nil {
			if err != nil {
				fail(err)
			}
			i += len(sector) // nothing more in this sector
			continue
		}
		i += n
		if r.isSelf() || r.isParent() {
			continue
		}
		if last != nil && bytes.Equal(last.name, r.name) {
			v.extend(f.entries[len(f.entries)-1], &r)
		} else {
			e, err := v.entryOf(&r)
			switch {
			case err != nil:
				fail(err)
				if e == nil {
					continue
				}
			case e == nil:
				continue
			}
			f.cost += 512 + len(e.Base) + len(e.Meta.Target)
			if f.cost > maxKept {
				fail(fsys.Unsupported(fmt.Sprintf("the folder has more entries than can be listed here: %d are shown", len(f.entries))))
				break
			}
			if r.flags&flagAssociated != 0 {
				associated = append(associated, e)
				last = nil
				continue
			}
			f.entries = append(f.entries, e)
		}
		last = nil
		if r.flags&flagMore != 0 {
			last = &r
		}
	}
	names := fsys.Names{}
	for _, e := range f.entries {
		e.Base = names.Unique(e.Base, "again")
	}
	for _, e := range associated {
		e.Base = names.Unique(e.Base, "associated")
	}
	f.entries = append(f.entries, associated...)
	slices.SortFunc(f.entries, func(a, b *entry) int { return strings.Compare(a.Base, b.Base) })
	return f
}

// folder is a folder's content, read or kept.
func (v *volume) folder(p place) *folder {
	v.mu.Lock()
	defer v.mu.Unlock()
	f := v.kept[p]
	if f == nil {
		f = v.list(p)
		for v.cost+f.cost > maxKept && len(v.kept) > 0 {
			v.dropOldest()
		}
		v.kept[p] = f
		v.cost += f.cost
	}
	v.clock++
	f.used = v.clock
	return f
}

func (v *volume) dropOldest() {
	var at place
	var oldest *folder
	for p, f := range v.kept {
		if oldest == nil || f.used < oldest.used {
			at, oldest = p, f
		}
	}
	v.cost -= oldest.cost
	delete(v.kept, at)
}
