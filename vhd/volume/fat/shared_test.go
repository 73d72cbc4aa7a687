package fat_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"vhdscope/vhd/volume/fat"
	"vhdscope/vhd/volume/fsys"
)

// sharedFolders makes a volume of many folders: each has a first cluster of
// its own, and from then on one and the same chain, whose entries are all of
// these folders.
func sharedFolders(folders, entries int) *built {
	v := newBuilt("FAT32")
	v.clusters = uint32(folders + entries/16 + 100)
	v.fatSize = (int(v.clusters+2)*4 + 511) / 512 * 512
	v.heap = v.fat + v.fats*v.fatSize
	v.b = make([]byte, v.heap+int(v.clusters)*v.cluster)
	v.boot()
	v.next = 3
	heads := v.chain(folders, 1)
	tail := v.chain(entries/16, 1)
	var content []byte
	for i := range entries {
		content = append(content, dosSlot(fmt.Sprintf("%-11d", i), slot{attributes: 0x10, first: heads[i%folders]})...)
	}
	v.write(tail, content)
	for i, head := range append(heads, 2) {
		v.link(head, tail[0])
		v.write([]uint32{head}, dosSlot(fmt.Sprintf("F%-10d", i), slot{attributes: 0x20})) // not the end of the folder
		for at := 32; at < v.cluster; at += 32 {
			v.b[v.at(head)+at] = 0xE5
		}
	}
	return v
}

// TestFoldersThatShareTheirEntries takes a volume of which each folder lists
// all of them: mapping it may not take the square of that.
func TestFoldersThatShareTheirEntries(t *testing.T) {
	made := sharedFolders(500, 8000)
	c := &counted{ReaderAt: bytes.NewReader(made.b), most: 1000}
	v, err := fat.Open(c, int64(len(made.b)), fat.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if list, err := v.ReadDir("."); err != nil || len(list) < 8000 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	c.reads = 0
	sizes := map[string]int64{}
	err = v.(fsys.Mapping).Structures(func(s fsys.Structure) bool {
		sizes[s.Name] += s.Length
		return true
	})
	if !errors.Is(err, fsys.ErrDamaged) || sizes["root directory"] != 501*512 {
		t.Errorf("%v; the root directory has %d bytes", err, sizes["root directory"])
	}
	if c.reads > 50 {
		t.Errorf("%d reads", c.reads)
	}
}
