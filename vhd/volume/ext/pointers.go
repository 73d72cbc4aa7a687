package ext

import "vhdscope/vhd/volume/fsys"

// pointers reads the map that ext2 and ext3 have: the numbers of twelve
// blocks, then of a block of such numbers, of a block of those, and once more.
func (l *layout) pointers(n *inode) error {
	for i := range 12 {
		if err := l.pointer(le.Uint32(n.body[4*i:]), 0, 1, -1); err != nil {
			return err
		}
	}
	span, perBlock := int64(1), l.source.super.blockSize/4
	for level := 1; level <= 3; level++ {
		span *= perBlock
		if err := l.pointer(le.Uint32(n.body[4*(11+level):]), level, span, -1); err != nil {
			return err
		}
	}
	if l.Next < l.Blocks {
		return fsys.Damaged(-1, "the file is larger than its map can be")
	}
	return nil
}

// pointer follows the number of a block that lies at a place of the volume and
// stands for span blocks of the file.
func (l *layout) pointer(block uint32, level int, span, at int64) error {
	switch {
	case l.Next >= l.Blocks:
		return nil
	case block == 0:
		return l.Add(-1, span)
	case level == 0:
		if err := l.place(int64(block), 1, at); err != nil {
			return err
		}
		return l.Add(int64(block), 1)
	}
	b, err := l.node(int64(block), at)
	if err != nil {
		return err
	}
	span /= int64(len(b) / 4)
	for i := 0; i < len(b) && l.Next < l.Blocks; i += 4 {
		if err := l.pointer(le.Uint32(b[i:]), level-1, span, int64(block)*int64(len(b))+int64(i)); err != nil {
			return err
		}
	}
	return nil
}
