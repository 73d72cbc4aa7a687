package ntfs

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"sort"

	"vhdscope/vhd/volume/fsys"
)

// folder is a listed folder. Its entries are in the order of their names.
type folder struct {
	entries []entry
	places  []place // where it says it is
	problem error   // why some entries are missing
	used    int64   // when it was last asked for
}

// place is a name in a folder.
type place struct {
	folder int64 // its file record
	name   string
}

// entry is an entry of a folder as the index has it, or better.
type entry struct {
	name, short                          string
	ref                                  reference
	created, modified, changed, accessed uint64
	size, allocated                      int64
	flags, tag                           uint32
	kind                                 byte
	deleted                              bool
	node                                 *fsys.Node // what its file record says, where that was read
}

// Name implements [fs.DirEntry], as do the next three.
func (e *entry) Name() string { return e.name }

// IsDir says whether it is a folder.
func (e *entry) IsDir() bool { return e.Type().IsDir() }

// Type is folder, link, or regular file.
func (e *entry) Type() fs.FileMode {
	if e.node != nil {
		return e.node.Type()
	}
	return mode(e.flags, e.tag).Type()
}

// Info tells what the index says of the file. Sizes and times in it are those
// of when the file was last closed under this name.
func (e *entry) Info() (fs.FileInfo, error) {
	if e.node != nil {
		return e.node, nil
	}
	return &fsys.Node{
		Base: e.name, Bytes: e.size, FileMode: mode(e.flags, e.tag), Modified: fileTime(e.modified),
		Meta: fsys.Meta{
			ID:      uint64(e.ref),
			Created: fileTime(e.created), Changed: fileTime(e.changed), Accessed: fileTime(e.accessed),
			Attributes: attributeLetters(e.flags), Allocated: e.allocated, Short: e.short,
			Problem: unreadable(e.flags, e.tag),
		},
	}, nil
}

func (e *entry) String() string { return fs.FormatDirEntry(e) }

// find is the entry of a name, nil where there is none.
func (f *folder) find(name string) *entry {
	i := sort.Search(len(f.entries), func(i int) bool { return f.entries[i].name >= name })
	if i < len(f.entries) && f.entries[i].name == name {
		return &f.entries[i]
	}
	return nil
}

// folderCache keeps listed folders, those last used, up to a number of
// entries: whoever opens a path asks for all the folders on it.
type folderCache struct {
	most    int // entries
	folders map[reference]*folder
	entries int
	clock   int64
}

func (c *folderCache) get(ref reference) *folder {
	f := c.folders[ref]
	if f != nil {
		c.clock++
		f.used = c.clock
	}
	return f
}

func (c *folderCache) put(ref reference, f *folder) {
	if c.folders == nil {
		c.folders = map[reference]*folder{}
	}
	for len(c.folders) > 0 && c.entries+len(f.entries) > c.most {
		var oldest reference
		for ref, g := range c.folders {
			if o := c.folders[oldest]; o == nil || g.used < o.used {
				oldest = ref
			}
		}
		c.entries -= 1 + len(c.folders[oldest].entries)
		delete(c.folders, oldest)
	}
	c.clock++
	f.used = c.clock
	c.folders[ref] = f
	c.entries += 1 + len(f.entries)
}

// folder is the list of a folder. What of it cannot be read is its problem.
func (v *volume) folder(ref reference) (*folder, error) {
	var f *folder
	var records *file
	err := v.dev.Do(func() error {
		if f = v.folders.get(ref); f != nil {
			return nil
		}
		var err error
		records, err = v.readFile(ref)
		return err
	})
	if f != nil || err != nil {
		return f, err
	}
	err = v.dev.Do(func() error {
		var err error
		f, err = v.list(records)
		return err
	})
	if f == nil {
		f = &folder{}
	}
	f.problem = err
	for _, a := range records.attributes {
		if name, parent, _, ok := fileName(a); ok {
			f.places = append(f.places, place{parent.number(), name})
		}
	}
	v.refine(f)
	if err == nil || errors.Is(err, fsys.ErrDamaged) || errors.Is(err, fsys.ErrUnsupported) {
		v.dev.Do(func() error { v.folders.put(ref, f); return nil })
	}
	return f, nil
}

// refine reads the file records of entries of whom the index does not tell
// enough: of links, and of all where that costs few reads, because the sizes
// and times of an index are as old as the last closing under its name.
func (v *volume) refine(f *folder) {
	const page, few = 64 << 10, 4 // how the device reads; how many such reads are worth it
	pages := map[int64]bool{}
	for i := range f.entries {
		if pages[f.entries[i].ref.number()*v.record/page] = true; len(pages) > few {
			break
		}
	}
	var vague []*entry
	for i := range f.entries {
		if e := &f.entries[i]; len(pages) <= few || isLink(e.tag) || mayBeInterix(e.flags, e.size) {
			vague = append(vague, e)
		}
	}
	// In the order of the records, so that each page is read once.
	slices.SortFunc(vague, func(a, b *entry) int { return cmp.Compare(a.ref&recordMask, b.ref&recordMask) })
	const most = 1 << 17 // records: files can have thousands
	var records *file    // of the entry before, too, where it has the same; nil for unreadable ones
	spent := int64(0)
	for i, e := range vague {
		v.dev.Do(func() (err error) {
			before := v.parsed
			defer func() { spent += v.parsed - before }()
			if i == 0 || e.ref != vague[i-1].ref {
				records = nil
				records, err = v.readFile(e.ref)
			}
			if records != nil {
				e.node = v.node(records, e.name, e.short)
			}
			return err // who opens the file is told
		})
		if spent > most {
			break
		}
	}
}

// ReadDir implements [fs.ReadDirFS].
func (v *volume) ReadDir(name string) ([]fs.DirEntry, error) {
	f, err := v.readDir(name)
	if err != nil {
		return nil, wrap("readdir", name, err)
	}
	list := make([]fs.DirEntry, len(f.entries))
	for i := range f.entries {
		list[i] = &f.entries[i]
	}
	return list, f.problem
}

func (v *volume) readDir(name string) (*folder, error) {
	at, err := v.lookup(name, true)
	switch {
	case err != nil:
		return nil, err
	case at.stream != "" || !at.folder():
		return nil, errNotFolder
	case at.deleted():
		return &folder{}, nil
	}
	return v.enter(at)
}

// enter is the list of the folder that a path leads to. A folder has one
// place, which it knows: so damage cannot make rings and thickets of them.
// Where the journal was not replayed, it may have been renamed or moved last.
func (v *volume) enter(at *target) (*folder, error) {
	f, err := v.folder(at.ref)
	if err != nil || at.entry == nil {
		return f, err
	}
	for _, p := range f.places {
		inside, named := p.folder == at.in.number(), p.name == at.entry.name
		if inside && named || v.unclean && (inside || named) {
			return f, nil
		}
	}
	return nil, fsys.Damaged(v.mftPlace(at.ref.number()*v.record), "the folder belongs elsewhere")
}
