package xfs

import (
	"testing"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/internal/trees"
)

// TestDamageStaysWhereItIs over a volume of a prototype, and one that the
// kernel filled, whose file has a tree of extents.
func TestDamageStaysWhereItIs(t *testing.T) {
	for name, fill := range map[string]func(t testing.TB) string{"a prototype": prototyped, "trees of extents": fragmented} {
		t.Run(name, func(t *testing.T) {
			count := 500
			if testing.Short() {
				count = 40
			}
			undamaged(t, fill(t)).Run(t, count, 4_000_000)
		})
	}
}

func FuzzDamage(f *testing.F) { undamaged(f, prototyped(f)).Fuzz(f) }

// undamaged is the volume of an image.
func undamaged(t testing.TB, image string) *trees.Damaged {
	f, size := trees.Image(t, image)
	mounted, err := Open(f, size)
	if err != nil {
		t.Fatal(err)
	}
	source := mounted.(*FS).source
	d := &trees.Damaged{Volume: f, Size: size, Open: Open}
	d.Gather(t, func(id uint64) []device.Range {
		at, ok := source.super.inodeOffset(id)
		if !ok {
			t.Fatalf("no inode %d", id)
		}
		needs := []device.Range{{Start: at, Length: source.super.inodeSize}}
		parts, err := source.Parts(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			needs = append(needs, device.Range{Start: p.Start, Length: p.Length})
		}
		return needs
	}, []device.Range{{Start: 0, Length: 512}})
	return d
}
