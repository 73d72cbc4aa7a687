package xfs

import (
	"strconv"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// Structures implements [fsys.Mapping].
func (f *FS) Structures(yield func(fsys.Structure) bool) error {
	s := f.source.super
	for g := range s.groups {
		var list []fsys.Structure
		err := f.source.device.Hold(func() (err error) {
			list, err = f.source.structures(g)
			return err
		})
		for _, at := range list {
			if !yield(at) {
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
	if start, ok := s.block(s.log); ok && s.log != 0 && s.logBlocks > 0 && s.logBlocks <= s.blocks-start {
		if !yield(fsys.Structure{Name: "log", Start: start * s.blockSize, Length: s.logBlocks * s.blockSize}) {
			return nil
		}
	}
	f.FS.Structures(yield)
	return nil
}

// group gathers the structures of an allocation group.
type group struct {
	source *source
	first  int64 // block of the volume
	blocks int64
	of     string
	list   []fsys.Structure
	met    map[uint32]bool // blocks of its trees
}

func (g *group) add(name string, block, count int64) {
	size := g.source.super.blockSize
	g.list = append(g.list, fsys.Structure{Name: name, Start: (g.first + block) * size, Length: count * size})
}

// structures are those of an allocation group: four sectors of headers, trees
// of free space and of inodes. What could be told comes with the error.
func (f *source) structures(number int64) ([]fsys.Structure, error) {
	s := f.super
	g := &group{source: f, first: number * s.groupBlocks, of: " of group " + strconv.FormatInt(number, 10), met: map[uint32]bool{}}
	g.blocks = min(s.groupBlocks, s.blocks-g.first)
	start := g.first * s.blockSize
	for i, name := range []string{"superblock", "header of free space", "header of inodes", "list of spare blocks"} {
		g.list = append(g.list, fsys.Structure{Name: name + g.of, Start: start + int64(i)*s.sector, Length: s.sector})
	}
	space, inodes := make([]byte, s.sector), make([]byte, s.sector)
	if err := f.header(space, "XAGF", start+s.sector); err != nil {
		return g.list, err
	}
	if err := f.header(inodes, "XAGI", start+2*s.sector); err != nil {
		return g.list, err
	}
	if err := g.spare(space, start+3*s.sector); err != nil {
		return g.list, err
	}
	for _, t := range []struct {
		shape shape
		has   bool
		in    []byte // the header that leads to it, …
		root  int    // … and where in that
		level int
	}{
		{shape{"tree of free space", "AB3B", 8, 8, g.free}, true, space, 16, 28},
		{shape{"tree of free space", "AB3C", 8, 8, nil}, true, space, 20, 32},
		{shape{"tree of owners", "RMB3", 40, 24, nil}, s.ro&roOwners != 0, space, 24, 36},
		{shape{"tree of shared blocks", "R3FC", 4, 12, nil}, s.ro&roShared != 0, space, 88, 92},
		{shape{"tree of inodes", "IAB3", 4, 16, g.inodes}, true, inodes, 20, 24},
		{shape{"tree of free inodes", "FIB3", 4, 16, nil}, s.ro&roFreeInodes != 0, inodes, 328, 332},
	} {
		if !t.has {
			continue
		}
		if err := g.tree(t.shape, be.Uint32(t.in[t.root:]), int(be.Uint32(t.in[t.level:]))); err != nil {
			return g.list, err
		}
	}
	return g.list, nil
}

// free adds the free space that a record tells of.
func (g *group) free(b []byte) bool {
	from, count := int64(be.Uint32(b)), int64(be.Uint32(b[4:]))
	if count < 1 || count > g.blocks-from {
		return false
	}
	g.add(fsys.Free, from, count)
	return true
}

// spare adds the blocks that are put aside for the trees. They stand in a ring
// of numbers behind a header of 36 bytes.
func (g *group) spare(space []byte, at int64) error {
	b := make([]byte, g.source.super.sector)
	if err := g.source.header(b, "XAFL", at); err != nil {
		return err
	}
	b = b[36:]
	ring := uint32(len(b) / 4)
	first, count := be.Uint32(space[40:]), be.Uint32(space[48:])
	if first >= ring || count > ring {
		return fsys.Damaged(at, "a list of spare blocks is damaged")
	}
	for i := range count {
		block := int64(be.Uint32(b[(first+i)%ring*4:]))
		if block >= g.blocks {
			return fsys.Damaged(at, "a list of spare blocks is damaged")
		}
		g.add("spare blocks"+g.of, block, 1)
	}
	return nil
}

// inodes adds the run of inodes that a record tells of: 64 from a number on,
// without those of the holes, of which each of 16 bits says four.
func (g *group) inodes(b []byte) bool {
	s := g.source.super
	first := int64(be.Uint32(b))
	holes := be.Uint16(b[4:])
	for i := int64(0); i < 64; {
		from := i
		for i < 64 && holes>>(i/4)&1 == 0 {
			i += 4
		}
		if i > from {
			at, length := (first+from)*s.inodeSize, (i-from)*s.inodeSize
			if at+length > g.blocks*s.blockSize {
				return false
			}
			g.list = append(g.list, fsys.Structure{Name: "inodes" + g.of, Start: g.first*s.blockSize + at, Length: length})
		}
		for i < 64 && holes>>(i/4)&1 != 0 {
			i += 4
		}
	}
	return true
}

// header reads a header of an allocation group.
func (f *source) header(b []byte, magic string, at int64) error {
	if err := f.device.Fill(b, at); err != nil {
		return err
	}
	if string(b[:4]) != magic {
		return fsys.Damaged(at, "a header of an allocation group is damaged")
	}
	return nil
}

const shortHeader = 56

// shape is what a kind of tree has in its blocks.
type shape struct {
	name, magic string
	key, size   int               // of a key and of a record, bytes
	record      func([]byte) bool // takes a record; nil where none is asked for
}

// tree walks a tree of the group from its root. No block is in one twice: one
// that leads to itself would be walked for hours.
func (g *group) tree(t shape, block uint32, levels int) error {
	s := g.source.super
	if levels < 1 || levels > 9 || int64(block) >= g.blocks {
		return fsys.Damaged(g.first*s.blockSize, "a header of an allocation group is damaged")
	}
	if g.met[block] {
		return fsys.Damaged(g.first*s.blockSize, "the trees of an allocation group have a block twice")
	}
	g.met[block] = true
	at := (g.first + int64(block)) * s.blockSize
	b := make([]byte, s.blockSize)
	if err := g.source.header(b, t.magic, at); err != nil {
		return err
	}
	g.add(t.name+g.of, int64(block), 1)
	level, count := int(be.Uint16(b[4:])), int(be.Uint16(b[6:]))
	b = b[shortHeader:]
	room := len(b) / t.size
	if level > 0 {
		room = len(b) / (t.key + 4)
	}
	if level != levels-1 || count > room {
		return fsys.Damaged(at, "a tree of an allocation group is damaged")
	}
	for i := range count {
		if level > 0 {
			if err := g.tree(t, be.Uint32(b[room*t.key+4*i:]), level); err != nil {
				return err
			}
		} else if t.record != nil && !t.record(b[i*t.size:]) {
			return fsys.Damaged(at, "a tree of an allocation group is damaged")
		}
	}
	return nil
}

// Parts implements [tree.Source].
func (f *source) Parts(number uint64) ([]tree.Part, error) {
	n, err := f.inode(number)
	if err != nil {
		return nil, err
	}
	if n.format != formatExtents && n.format != formatTree {
		return nil, nil
	}
	kind := ""
	switch {
	case n.folder():
		kind, n.size = "folder", indexEnd
	case n.link():
		kind = "link"
	}
	l, err := f.layout(n)
	if err != nil {
		return nil, err
	}
	var parts []tree.Part
	for _, block := range l.nodes {
		parts = append(parts, tree.Part{Kind: "map", Start: block * f.super.blockSize, Length: f.super.blockSize})
	}
	return append(parts, l.Parts(kind)...), nil
}

// indexEnd is behind the index of a folder, which lies in its map 32 GiB and
// more from the names.
const indexEnd = 96 << 30
