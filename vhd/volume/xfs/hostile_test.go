package xfs

import (
	"errors"
	"os"
	"testing"

	"vhdscope/vhd/volume/fsys"
)

// TestATreeOfFreeSpaceWithABlockTwice: with a few such blocks a walk would
// take hours, and all memory.
func TestATreeOfFreeSpaceWithABlockTwice(t *testing.T) {
	image := prototyped(t)
	f, err := os.OpenFile(image, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, v := open(t, image)
	s := v.(*FS).source.super
	header := make([]byte, s.sector)
	if _, err := f.ReadAt(header, s.sector); err != nil {
		t.Fatal(err)
	}
	leaf := be.Uint32(header[16:])
	root := leaf + uint32(s.groupBlocks)/2 // in free space
	be.PutUint32(header[16:], root)
	be.PutUint32(header[28:], 2) // levels
	b := make([]byte, s.blockSize)
	copy(b, "AB3B")
	be.PutUint16(b[4:], 1) // level
	be.PutUint16(b[6:], 3) // count
	pointers := b[shortHeader:]
	pointers = pointers[len(pointers)/12*8:]
	for i := range 3 {
		be.PutUint32(pointers[4*i:], leaf)
	}
	for at, b := range map[int64][]byte{s.sector: header, int64(root) * s.blockSize: b} {
		if _, err := f.WriteAt(b, at); err != nil {
			t.Fatal(err)
		}
	}
	_, v = open(t, image)
	blocks := 0
	err = v.(fsys.Mapping).Structures(func(s fsys.Structure) bool {
		if s.Name == "tree of free space of group 0" {
			blocks++
		}
		return true
	})
	if !errors.Is(err, fsys.ErrDamaged) || blocks != 2 {
		t.Errorf("%d blocks, %v", blocks, err)
	}
}
