package ext

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"testing"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
)

// crafted makes a volume of few files that can be written to.
func crafted(t *testing.T, args ...string) (volume []byte, s *source) {
	t.Helper()
	image := filepath.Join(t.TempDir(), "volume")
	trees.Tool(t, "mke2fs", append(append([]string{"-q", "-d", trees.Few(t, 12), "-N", "128"}, args...), image, "4M")...)
	f, size := trees.Image(t, image)
	volume = make([]byte, size)
	if _, err := io.ReadFull(f, volume); err != nil {
		t.Fatal(err)
	}
	return volume, mounted(t, volume).source
}

func mounted(t *testing.T, volume []byte) *FS {
	t.Helper()
	v, err := Open(bytes.NewReader(volume), int64(len(volume)))
	if err != nil {
		t.Fatal(err)
	}
	return v.(*FS)
}

// inodeOf is where the inode of a path lies.
func inodeOf(t *testing.T, v *FS, name string) int64 {
	t.Helper()
	info, err := v.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	at, err := v.source.inodeOffset(fsys.MetaOf(info).ID & (1<<32 - 1))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestABlockOfNumbersThatLeadsToItself would be read a thousand million times.
func TestABlockOfNumbersThatLeadsToItself(t *testing.T) {
	volume, _ := crafted(t, "-t", "ext2", "-b", "1024")
	at := inodeOf(t, mounted(t, volume), "large")
	block := le.Uint32(volume[at+40+48:]) // of block numbers
	for i := int64(0); i < 1024; i += 4 {
		le.PutUint32(volume[int64(block)*1024+i:], block)
	}
	le.PutUint32(volume[at+40+56:], block) // of those of those of those
	le.PutUint32(volume[at+108:], 1)       // a size of more than 4 GiB
	clear(volume[at+40+48 : at+40+56])     // the first and the second such block: holes
	if _, err := mounted(t, volume).Open("large"); !errors.Is(err, fsys.ErrDamaged) {
		t.Errorf("error is %v", err)
	}
}

// TestATreeOfExtentsThatLeadsToItself at each depth that it may have.
func TestATreeOfExtentsThatLeadsToItself(t *testing.T) {
	sound, _ := crafted(t, "-t", "ext4", "-b", "1024")
	for depth := range 7 {
		volume := bytes.Clone(sound)
		at := inodeOf(t, mounted(t, volume), "sparse")
		root := volume[at+40:]
		block := le.Uint32(root[12+4:]) // the node below
		if le.Uint16(root[6:]) != 1 {
			t.Fatal("the file has no node below its root")
		}
		node := volume[int64(block)*1024:]
		for _, b := range [][]byte{root, node} {
			le.PutUint16(b[6:], uint16(depth))
			le.PutUint16(b[2:], 2)
			for i := range 2 {
				clear(b[12+12*i : 24+12*i])
				le.PutUint32(b[12+12*i+4:], block)
			}
		}
		if _, err := mounted(t, volume).Open("sparse"); !errors.Is(err, fsys.ErrDamaged) {
			t.Errorf("depth %d: %v", depth, err)
		}
	}
}

// TestADamagedBlockOfAFolderHidesNoOther: the names of the others are listed,
// and what is missing is said, also of a name that may be in it.
func TestADamagedBlockOfAFolderHidesNoOther(t *testing.T) {
	volume, _ := crafted(t, "-t", "ext4", "-b", "1024")
	v := mounted(t, volume)
	all, err := v.ReadDir("many")
	if err != nil || len(all) != 60 {
		t.Fatalf("%d entries, %v", len(all), err)
	}
	info, err := v.Stat("many")
	if err != nil {
		t.Fatal(err)
	}
	parts, err := v.source.Parts(fsys.MetaOf(info).ID & (1<<32 - 1))
	if err != nil || len(parts) < 2 {
		t.Fatalf("the folder has %d bytes in %v, %v", info.Size(), parts, err)
	}
	le.PutUint16(volume[parts[0].Start+4:], 3) // the length of a record
	v = mounted(t, volume)
	left, err := v.ReadDir("many")
	if !errors.Is(err, fsys.ErrDamaged) || len(left) < 10 || len(left) >= len(all) {
		t.Errorf("%d entries, %v", len(left), err)
	}
	for _, e := range all {
		if _, err := v.Stat("many/" + e.Name()); err != nil && !errors.Is(err, fsys.ErrDamaged) {
			t.Errorf("%q: %v", e.Name(), err)
		}
	}
}

// TestTablesBeforeTheVolume are an error, and no structure lies outside.
func TestTablesBeforeTheVolume(t *testing.T) {
	volume, s := crafted(t, "-t", "ext4", "-b", "1024", "-O", "64bit")
	for _, number := range []uint64{0, 1<<64 - 3, 1<<63 - 1, 4095, 4096} {
		volume := bytes.Clone(volume)
		at := s.super.descriptorOffset(0)
		le.PutUint32(volume[at+8:], uint32(number))
		le.PutUint32(volume[at+40:], uint32(number>>32))
		if v, err := Open(bytes.NewReader(volume), int64(len(volume))); !errors.Is(err, fsys.ErrDamaged) {
			t.Errorf("the inodes at block %d: %v, %v", int64(number), v, err)
		}
	}
}

// TestBlocksOf64KiB have records whose length has no room in 16 bits.
func TestBlocksOf64KiB(t *testing.T) {
	image, root := filepath.Join(t.TempDir(), "volume"), trees.Few(t, 13)
	trees.Tool(t, "mke2fs", "-q", "-F", "-d", root, "-t", "ext4", "-b", "65536", image, "32M")
	f, size := trees.Image(t, image)
	v, err := Open(f, size)
	if err != nil {
		t.Fatal(err)
	}
	trees.Compare(t, f, v, root, trees.Keeps{Links: true, LostFound: true})
	if list, err := fs.ReadDir(v, "lost+found"); err != nil || len(list) != 0 {
		t.Errorf("lost+found has %v, %v", list, err)
	}
}
