package ext

import "vhdscope/vhd/volume/fsys"

// group is where the parts of a block group lie, as numbers of blocks.
type group struct {
	blockBitmap, inodeBitmap, inodeTable int64
	blocksUnused                         bool // the block bitmap was never written: what it would say follows from the layout
}

// flagBlockUninit says that a group's block bitmap is not written yet.
const flagBlockUninit = 0x2

// descriptorOffset is where the descriptor of a group lies in the volume.
func (s *super) descriptorOffset(g int64) int64 {
	perBlock := s.blockSize / s.descSize
	super := superOffset / s.blockSize
	block := super + 1 + g/perBlock
	if s.incompat&incompatMetaGroups != 0 && g/perBlock >= s.firstMetaGroup {
		// Each meta group of as many groups as one block describes has that
		// block in its first one, behind the superblock's copy.
		leader := g / perBlock * perBlock
		block = s.first + leader*s.blocksPerGroup
		if leader == 0 {
			block = super
		}
		if s.hasSuper(leader) {
			block++
		}
	}
	return block*s.blockSize + g%perBlock*s.descSize
}

// group reads a group's descriptor.
func (f *source) group(g int64) (group, error) {
	s := f.super
	at := s.descriptorOffset(g)
	b := make([]byte, s.descSize)
	if err := f.device.Fill(b, at); err != nil {
		return group{}, err
	}
	d := group{
		blockBitmap:  int64(le.Uint32(b[0:])),
		inodeBitmap:  int64(le.Uint32(b[4:])),
		inodeTable:   int64(le.Uint32(b[8:])),
		blocksUnused: le.Uint16(b[18:])&flagBlockUninit != 0,
	}
	if s.descSize == 64 {
		d.blockBitmap |= int64(le.Uint32(b[32:])) << 32
		d.inodeBitmap |= int64(le.Uint32(b[36:])) << 32
		d.inodeTable |= int64(le.Uint32(b[40:])) << 32
	}
	table := (s.inodesPerGroup*s.inodeSize + s.blockSize - 1) / s.blockSize
	for _, block := range []int64{d.blockBitmap, d.inodeBitmap, d.inodeTable, d.inodeTable + table - 1} {
		if block < s.first || block >= s.blocks {
			return group{}, fsys.Damaged(at, "the descriptor of a block group is damaged")
		}
	}
	return d, nil
}

// hasSuper tells whether a group starts with a copy of the superblock.
func (s *super) hasSuper(g int64) bool {
	switch {
	case g == 0:
		return true
	case s.compat&compatSparse2 != 0:
		return g == s.backups[0] || g == s.backups[1]
	case s.ro&roSparse == 0 || g == 1:
		return true
	}
	for _, base := range []int64{3, 5, 7} {
		n := base
		for n < g {
			n *= base
		}
		if n == g {
			return true
		}
	}
	return false
}
