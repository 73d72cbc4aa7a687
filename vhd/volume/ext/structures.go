package ext

import (
	"math/bits"
	"strconv"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// Structures implements [fsys.Mapping].
func (f *FS) Structures(yield func(fsys.Structure) bool) error {
	s := f.source.super
	size := s.blockSize
	if !yield(fsys.Structure{Name: "boot sector", Start: 0, Length: superOffset}) ||
		!yield(fsys.Structure{Name: "superblock", Start: superOffset, Length: max(size-superOffset, superSize)}) {
		return nil
	}
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
	for _, special := range f.source.special() {
		if !yield(special) {
			return nil
		}
	}
	f.FS.Structures(yield)
	return nil
}

// special are the parts of inodes that no folder names.
func (f *source) special() []fsys.Structure {
	s := f.super
	var list []fsys.Structure
	for _, i := range []struct {
		inode uint32
		name  string
	}{
		{1, "bad blocks"}, {s.journal, "journal"}, {s.orphans, "list of orphans"},
		{s.quotas[0], "user quotas"}, {s.quotas[1], "group quotas"}, {s.quotas[2], "project quotas"},
		{resizeInode, "room for group descriptors"},
	} {
		if i.inode == 0 || i.inode == resizeInode && s.compat&compatResizeInode == 0 {
			continue
		}
		f.device.Hold(func() error {
			n, err := f.inode(uint64(i.inode))
			if err != nil {
				return err
			}
			parts, err := f.parts(n, i.name)
			for _, p := range parts {
				list = append(list, fsys.Structure{Name: i.name, Start: p.Start, Length: p.Length})
				if i.inode == resizeInode {
					break // the map's first block; those below are the room itself, which is told with its groups
				}
			}
			return err
		})
	}
	if s.multiMount > 0 && s.multiMount < s.blocks {
		list = append(list, fsys.Structure{Name: "multiple mount protection", Start: s.multiMount * s.blockSize, Length: s.blockSize})
	}
	return list
}

// structures are those of a block group. What could be told comes with the
// error.
func (f *source) structures(g int64) ([]fsys.Structure, error) {
	s := f.super
	of := " of group " + strconv.FormatInt(g, 10)
	var list []fsys.Structure
	add := func(name string, block, count int64) {
		count = min(count, s.blocks-block)
		list = append(list, fsys.Structure{Name: name, Start: block * s.blockSize, Length: count * s.blockSize})
	}
	first := s.first + g*s.blocksPerGroup
	count := min(s.blocksPerGroup, s.blocks-first)
	next := first // behind the copies
	if s.hasSuper(g) {
		if g > 0 {
			add("superblock"+of, next, 1)
		} else {
			next = superOffset / s.blockSize
		}
		next++
	}
	if n := s.descriptors(g); n > 0 {
		add("group descriptors"+of, next, n)
		next += n
		if s.incompat&incompatMetaGroups == 0 && s.reserved > 0 {
			add("room for group descriptors"+of, next, s.reserved)
			next += s.reserved
		}
	}
	d, err := f.group(g)
	if err != nil {
		return list, err
	}
	add("block bitmap"+of, d.blockBitmap, 1)
	add("inode bitmap"+of, d.inodeBitmap, 1)
	table := (s.inodesPerGroup*s.inodeSize + s.blockSize - 1) / s.blockSize
	add("inode table"+of, d.inodeTable, table)

	used := make([]byte, s.blockSize)
	perBit := s.cluster / s.blockSize
	if d.blocksUnused {
		// Nothing but the group's own parts is used.
		take := func(block, n int64) {
			for b := max(block, first); b < min(block+n, first+count); b++ {
				used[(b-first)/perBit/8] |= 1 << ((b - first) / perBit % 8)
			}
		}
		take(first, next-first)
		take(d.blockBitmap, 1)
		take(d.inodeBitmap, 1)
		take(d.inodeTable, table)
	} else if err := f.device.Fill(used, d.blockBitmap*s.blockSize); err != nil {
		return list, err
	}
	free(used, (count+perBit-1)/perBit, func(from, to int64) {
		add(fsys.Free, first+from*perBit, min(to*perBit, count)-from*perBit)
	})
	return list, nil
}

// free calls run for the runs of clear bits among the first count.
func free(used []byte, count int64, run func(from, to int64)) {
	for i := int64(0); i < count; {
		switch b := used[i/8] >> (i % 8); {
		case b&1 != 0:
			i += int64(bits.TrailingZeros8(^b))
		default:
			from := i
			for i < count && used[i/8]>>(i%8)&1 == 0 {
				if i%8 == 0 && used[i/8] == 0 {
					i += 8
				} else {
					i++
				}
			}
			run(from, min(i, count))
		}
	}
}

// descriptors is how many blocks of group descriptors a group starts with.
func (s *super) descriptors(g int64) int64 {
	perBlock := s.blockSize / s.descSize
	all := (s.groups + perBlock - 1) / perBlock
	switch {
	case s.incompat&incompatMetaGroups != 0 && g/perBlock >= s.firstMetaGroup:
		// A meta group has copies in its second and in its last group.
		if i := g % perBlock; i == 0 || i == 1 || i == perBlock-1 {
			return 1
		}
		return 0
	case !s.hasSuper(g):
		return 0
	case s.incompat&incompatMetaGroups != 0:
		return min(all, s.firstMetaGroup)
	}
	return all
}

// Parts implements [tree.Source].
func (f *source) Parts(number uint64) ([]tree.Part, error) {
	n, err := f.inode(number)
	if err != nil {
		return nil, err
	}
	switch {
	case n.folder():
		return f.parts(n, "folder")
	case n.link() && !(n.size < int64(len(n.body)) && n.flags&flagExtents == 0):
		return f.parts(n, "link")
	case n.regular():
		return f.parts(n, "")
	}
	return f.attributes(n), nil
}

// parts are what belongs to an inode; its content too, where that has a kind.
func (f *source) parts(n *inode, kind string) ([]tree.Part, error) {
	parts := f.attributes(n)
	l, err := f.layout(n)
	if err != nil {
		return parts, err
	}
	for _, block := range l.nodes {
		parts = append(parts, tree.Part{Kind: "map", Start: block * f.super.blockSize, Length: f.super.blockSize})
	}
	return append(parts, l.Parts(kind)...), nil
}

// attributes is the block of an inode's extended attributes.
func (f *source) attributes(n *inode) []tree.Part {
	if n.acl < 1 || n.acl >= f.super.blocks {
		return nil
	}
	return []tree.Part{{Kind: "attributes", Start: n.acl * f.super.blockSize, Length: f.super.blockSize}}
}
