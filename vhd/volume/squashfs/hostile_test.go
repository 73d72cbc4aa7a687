package squashfs

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
)

// TestWhatAnInodeSaysIsChecked on a volume in which nothing is compressed, so
// that it can be written to.
func TestWhatAnInodeSaysIsChecked(t *testing.T) {
	root := t.TempDir()
	for name, size := range map[string]int{"blocks": 8192, "tail": 100} {
		if err := os.WriteFile(filepath.Join(root, name), trees.Bytes(trees.Random(1), size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	image := filepath.Join(t.TempDir(), "volume")
	trees.Tool(t, "mksquashfs", root, image, "-noappend", "-quiet", "-no-progress", "-b", "4K", "-noI", "-noD", "-noF", "-noX")
	sound, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	open := func(volume []byte) (*FS, error) {
		v, err := Open(bytes.NewReader(volume), int64(len(volume)))
		if err != nil {
			return nil, err
		}
		return v.(*FS), nil
	}
	v, err := open(sound)
	if err != nil {
		t.Fatal(err)
	}
	s := v.source
	names, err := s.Names(s.super.root)
	if err != nil || len(names) != 2 {
		t.Fatal(names, err)
	}
	inode := map[string]int64{}
	for _, n := range names {
		inode[n.Name] = s.super.inodeTable + int64(n.Inode>>16) + 2 + int64(n.Inode&0xffff)
	}
	fragment := int64(le.Uint64(sound[s.super.fragmentTable:])) + 2
	for _, c := range []struct {
		name, path string
		at         int64
		value      uint32
	}{
		{"a block that is too short", "blocks", inode["blocks"] + 32, 4000 | blockStored},
		{"a later block that is too short", "blocks", inode["blocks"] + 36, 1 | blockStored},
		{"a stored block of nothing", "blocks", inode["blocks"] + 32, blockStored},
		{"a block larger than blocks are", "blocks", inode["blocks"] + 32, 4097 | blockStored},
		{"blocks in the superblock", "blocks", inode["blocks"] + 16, 0},
		{"blocks behind the end", "blocks", inode["blocks"] + 16, 1 << 31},
		{"a fragment that is too short", "tail", fragment + 8, 99 | blockStored},
		{"a fragment of nothing", "tail", fragment + 8, 0},
		{"a fragment in the superblock", "tail", fragment, 1},
		{"no such fragment", "tail", inode["tail"] + 20, 1},
		{"a place behind the fragment", "tail", inode["tail"] + 24, 1},
		{"a place far behind the fragment", "tail", inode["tail"] + 24, 1<<32 - 1},
		{"a file of more than its block list", "blocks", inode["blocks"] + 28, 1 << 31},
		{"no number", "tail", inode["tail"] + 12, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			volume := bytes.Clone(sound)
			le.PutUint32(volume[c.at:], c.value)
			v, err := open(volume)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := v.Open(c.path); !errors.Is(err, fsys.ErrDamaged) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// TestAFolderWithoutANumber is refused: a folder that has it for an entry,
// and that for one, could not be told from it.
func TestAFolderWithoutANumber(t *testing.T) {
	image := filepath.Join(t.TempDir(), "volume")
	trees.Tool(t, "mksquashfs", trees.Few(t, 3), image, "-noappend", "-quiet", "-no-progress", "-noI")
	volume, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	v, err := Open(bytes.NewReader(volume), int64(len(volume)))
	if err != nil {
		t.Fatal(err)
	}
	s := v.(*FS).source.super
	at := s.inodeTable + int64(s.root>>16) + 2 + int64(s.root&0xffff)
	le.PutUint32(volume[at+12:], 0)
	if _, err := Open(bytes.NewReader(volume), int64(len(volume))); !errors.Is(err, fsys.ErrDamaged) {
		t.Errorf("error is %v", err)
	}
}
