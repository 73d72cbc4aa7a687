package squashfs

import (
	"path/filepath"
	"testing"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
)

// TestDamageStaysWhereItIs over the kinds of compression, whose readers have
// limits of their own to keep. Files need all of the tables.
func TestDamageStaysWhereItIs(t *testing.T) {
	root := trees.Few(t, 11)
	for i, c := range []struct {
		kind  string
		count int
	}{{"gzip", 800}, {"zstd", 160}, {"xz", 25}, {"lzma", 15}} {
		if testing.Short() {
			c.count /= 20
		}
		d := undamaged(t, root, c.kind)
		d.Run(t, c.count, uint64(i+5)*1_000_000)
	}
}

func FuzzDamage(f *testing.F) { undamaged(f, trees.Few(f, 8), "zstd").Fuzz(f) }

// undamaged is a volume of a folder's files.
func undamaged(t testing.TB, root, kind string) *trees.Damaged {
	image := filepath.Join(t.TempDir(), "volume")
	trees.Tool(t, "mksquashfs", root, image, "-noappend", "-quiet", "-no-progress", "-comp", kind, "-b", "16K")
	f, size := trees.Image(t, image)
	mounted, err := Open(f, size)
	if err != nil {
		t.Fatal(err)
	}
	d := &trees.Damaged{Volume: f, Size: size, Open: Open}
	var tables []device.Range
	mounted.(*FS).Structures(func(s fsys.Structure) bool {
		switch s.Name {
		case "table for NFS", "table of owners", "table of attributes", fsys.Free:
		default:
			tables = append(tables, device.Range{Start: s.Start, Length: s.Length})
		}
		return true
	})
	d.Gather(t, func(uint64) []device.Range { return nil }, tables)
	// Content too: what is compressed says how large it becomes.
	d.Aim = append(d.Aim, device.Range{Start: superSize, Length: tables[1].Start - superSize})
	return d
}
