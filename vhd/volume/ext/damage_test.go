package ext

import (
	"path/filepath"
	"testing"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/internal/trees"
)

// TestDamageStaysWhereItIs over volumes with trees of extents and with blocks
// of block numbers.
func TestDamageStaysWhereItIs(t *testing.T) {
	count := 400
	if testing.Short() {
		count = 40
	}
	root := trees.Few(t, 7)
	for i, kind := range [][]string{{"-t", "ext4", "-b", "1024", "-g", "1024"}, {"-t", "ext4", "-b", "4096", "-O", "^metadata_csum"}, {"-t", "ext2", "-b", "1024"}} {
		d := undamaged(t, root, kind...)
		d.Run(t, count, uint64(i+1)*1_000_000)
	}
}

func FuzzDamage(f *testing.F) { undamaged(f, trees.Few(f, 8), "-t", "ext4", "-b", "1024").Fuzz(f) }

// undamaged is a volume of a folder's files.
func undamaged(t testing.TB, root string, args ...string) *trees.Damaged {
	image := filepath.Join(t.TempDir(), "volume")
	trees.Tool(t, "mke2fs", append(append([]string{"-q", "-d", root, "-N", "128"}, args...), image, "4M")...)
	f, size := trees.Image(t, image)
	mounted, err := Open(f, size)
	if err != nil {
		t.Fatal(err)
	}
	source := mounted.(*FS).source
	d := &trees.Damaged{Volume: f, Size: size, Open: Open}
	d.Gather(t, func(id uint64) []device.Range {
		number := id & (1<<32 - 1)
		at, err := source.inodeOffset(number)
		if err != nil {
			t.Fatal(err)
		}
		group := int64(number-1) / source.super.inodesPerGroup
		needs := []device.Range{{Start: at, Length: source.super.inodeSize}, {Start: source.super.descriptorOffset(group), Length: source.super.descSize}}
		parts, err := source.Parts(number)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			needs = append(needs, device.Range{Start: p.Start, Length: p.Length})
		}
		return needs
	}, []device.Range{{Start: superOffset, Length: superSize}})
	return d
}
