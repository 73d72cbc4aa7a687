package tree

import "vhdscope/vhd/volume/fsys"

// maxExtents is how many pieces a file may be in. The worst that is found on
// real disks has some hundred thousand.
const maxExtents = 1 << 20

// Layout gathers where the content of a file lies, from its start on.
type Layout struct {
	Block   int64         // bytes
	Blocks  int64         // of the file, by its size
	Next    int64         // the block of the file that is told next
	Extents []fsys.Extent // so far
	Room    []fsys.Extent // of the volume, given to the file, that holds nothing of it: Start and Length only
	size    int64
}

// NewLayout is for a file of size bytes in blocks.
func NewLayout(size, block int64) *Layout {
	l := &Layout{Block: block, Blocks: size / block, size: size}
	if size%block != 0 {
		l.Blocks++
	}
	return l
}

// Hole tells that the blocks of the file from the next one on have no place,
// up to one of them.
func (l *Layout) Hole(before int64) error {
	return l.Add(-1, min(before, l.Blocks)-l.Next)
}

// Add tells that the next count blocks lie one after another from a block of
// the volume on; -1 for nowhere. What would lie behind the file's size is room.
func (l *Layout) Add(start, count int64) error {
	if behind := min(count, l.Next+count-l.Blocks); behind > 0 {
		count -= behind
		l.Spare(start+count, behind)
	}
	if count <= 0 {
		return nil
	}
	e := fsys.Extent{Offset: l.Next * l.Block, Length: count * l.Block, Start: -1}
	if start >= 0 {
		e.Start = start * l.Block
	}
	l.Next += count
	if i := len(l.Extents) - 1; i >= 0 {
		last := &l.Extents[i]
		if last.Start < 0 && e.Start < 0 || last.Start >= 0 && last.Start+last.Length == e.Start {
			last.Length += e.Length
			return nil
		}
	}
	if len(l.Extents) >= maxExtents {
		return fsys.Unsupported("the file is in more pieces than can be told here")
	}
	l.Extents = append(l.Extents, e)
	return nil
}

// Spare tells of blocks of the volume that the file has and that hold nothing
// of it: behind its end, or never written.
func (l *Layout) Spare(start, count int64) {
	if start >= 0 && len(l.Room) < maxExtents {
		l.Room = append(l.Room, fsys.Extent{Start: start * l.Block, Length: count * l.Block})
	}
}

// Finish ends the layout at the size of the file, and checks that it lies
// before an end of the volume, bytes.
func (l *Layout) Finish(end int64) error {
	if err := l.Hole(l.Blocks); err != nil {
		return err
	}
	if i := len(l.Extents) - 1; i >= 0 {
		l.Extents[i].Length = l.size - l.Extents[i].Offset
	}
	for _, e := range l.Extents {
		if e.Start >= 0 && e.Length > end-e.Start {
			return fsys.Damaged(e.Start, "the file goes on behind the end of the volume")
		}
	}
	return nil
}
