// Package fsystest is a file system in memory, for tests of what looks into
// file systems: it is changed by operations, remembers which sectors they
// wrote, and gives views of its volume at different times, whose files lie at
// extents in many ways. What a file holds is also kept as plain bytes, so that
// tests need not trust extents.
package fsystest

import (
	"slices"
	"time"
)

// Sector is the unit in which writes are remembered.
const Sector = 512

// slot is the place of a file in the table of files; small files are in it.
const slot = 512

// inline is the most that a slot holds, behind its first bytes.
const inline = 300

// System is a file system. Its first blocks are the table of files, the
// others are given out as they are wanted, the lowest first.
type System struct {
	// Weak makes the first block of a file its identity, as FAT has it: 0
	// where it has none.
	Weak bool

	volume  []byte
	block   int64
	slots   []*File // by number; nil: free
	used    []bool  // by block
	written map[int64]bool
	root    *File
	clock   time.Time
}

// File is a file, folder or link.
type File struct {
	Created, Modified, Changed, Accessed time.Time

	Attributes string
	Target     string
	Links      int
	Entries    map[string]*File // of a folder
	Data       Fork
	Streams    map[string]*Fork

	kind   byte  // 'f', 'd', 'l'
	number int   // in the table
	extra  int64 // the block of a folder
}

// Fork is what a file or a stream holds, and how it lies in the volume.
type Fork struct {
	Bytes  []byte
	Inline bool    // in the file's slot
	Packed bool    // two bytes in one: byte i is byte i/2 of the place, with its last bit turned where i is odd
	blocks []int64 // -1: zeros
}

// New makes an empty file system.
func New(blocks, blockSize int) *System {
	s := &System{
		volume:  make([]byte, blocks*blockSize),
		block:   int64(blockSize),
		used:    make([]bool, blocks),
		written: map[int64]bool{},
		clock:   time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),
	}
	s.slots = make([]*File, blocks/8*blockSize/slot)
	for i := range blocks / 8 {
		s.used[i] = true
	}
	s.root = s.make('d')
	return s
}

// Root is the root folder.
func (s *System) Root() *File { return s.root }

// IsDir reports whether it is a folder.
func (f *File) IsDir() bool { return f.kind == 'd' }

// IsRegular reports whether it is a file that holds bytes.
func (f *File) IsRegular() bool { return f.kind == 'f' }

// tick is the next moment. No two things happen at one.
func (s *System) tick() time.Time {
	s.clock = s.clock.Add(time.Second)
	return s.clock
}

// write writes to the volume, also where the bytes are the same.
func (s *System) write(off int64, p []byte) {
	copy(s.volume[off:], p)
	for i := off / Sector; i*Sector < off+int64(len(p)); i++ {
		s.written[i] = true
	}
}

// stamp writes the slot of a file, which nobody reads.
func (s *System) stamp(f *File) {
	s.write(int64(f.number)*slot, []byte(s.tick().Format(time.RFC3339)))
}

// changed sets the time of a change of a file's description.
func (s *System) changed(f *File) {
	s.stamp(f)
	f.Changed = s.clock
}

// stir sets the times of a folder in which something came or went.
func (s *System) stir(folder *File) {
	s.changed(folder)
	folder.Modified = s.clock
}

// full ends an operation for which there is no room; see Try.
type full struct{}

// Try runs an operation and reports whether there was room for it. What it
// did until then stays.
func Try(operation func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(full); !is {
				panic(r)
			}
		}
	}()
	operation()
	return true
}

// make makes a file with the lowest number that is free.
func (s *System) make(kind byte) *File {
	i := slices.Index(s.slots, nil)
	if i < 0 {
		panic(full{})
	}
	f := &File{kind: kind, number: i, extra: -1, Attributes: "A", Streams: map[string]*Fork{}}
	if kind == 'd' {
		f.Entries, f.extra = map[string]*File{}, s.allocate()
	}
	s.slots[i] = f
	s.stamp(f)
	f.Created, f.Modified, f.Changed, f.Accessed = s.clock, s.clock, s.clock, s.clock
	return f
}

// allocate gives out a block.
func (s *System) allocate() int64 {
	i := slices.Index(s.used, false)
	if i < 0 {
		panic(full{})
	}
	s.used[i] = true
	s.write(int64(i)*s.block, make([]byte, s.block))
	return int64(i)
}

func (s *System) free(b int64) {
	if b >= 0 {
		s.used[b] = false
	}
}

// Mkdir makes a folder.
func (s *System) Mkdir(folder *File, name string) *File { return s.enter(folder, name, s.make('d')) }

// Create makes an empty file.
func (s *System) Create(folder *File, name string) *File { return s.enter(folder, name, s.make('f')) }

// Symlink makes a link to a path.
func (s *System) Symlink(folder *File, name, target string) *File {
	f := s.make('l')
	f.Target = target
	return s.enter(folder, name, f)
}

// enter gives a file a name; what had it loses it.
func (s *System) enter(folder *File, name string, f *File) *File {
	if folder.Entries[name] != nil {
		s.Remove(folder, name)
	}
	folder.Entries[name] = f
	f.Links++
	s.stir(folder)
	return f
}

// Link gives a file another name.
func (s *System) Link(folder *File, name string, f *File) {
	s.enter(folder, name, f)
	s.changed(f)
}

// Rename gives a name another name or folder.
func (s *System) Rename(from *File, name string, to *File, as string) {
	f := from.Entries[name]
	if to.Entries[as] == f {
		return
	}
	delete(from.Entries, name)
	f.Links--
	s.stir(from)
	s.enter(to, as, f)
	s.changed(f)
}

// Remove takes a name away, and everything below it; the file goes with its
// last one.
func (s *System) Remove(folder *File, name string) {
	f := folder.Entries[name]
	for _, below := range Names(f) {
		s.Remove(f, below)
	}
	delete(folder.Entries, name)
	s.stir(folder)
	if f.Links--; f.Links > 0 {
		s.changed(f)
		return
	}
	s.drop(f, &f.Data)
	for _, fork := range f.Streams {
		s.drop(f, fork)
	}
	s.free(f.extra)
	s.slots[f.number] = nil
}

// Names are those in a folder, in order.
func Names(folder *File) []string {
	var names []string
	for name := range folder.Entries {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// id is a file's identity.
func (s *System) id(f *File) uint64 {
	switch {
	case !s.Weak:
		return uint64(f.number) + 5
	case f.extra >= 0:
		return uint64(f.extra)
	case len(f.Data.blocks) > 0 && f.Data.blocks[0] >= 0:
		return uint64(f.Data.blocks[0])
	}
	return 0
}
