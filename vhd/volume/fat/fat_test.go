package fat_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
	"unicode/utf16"
)

// copyTree copies a folder's content to an image by mtools, which write long
// names and times of their own accord. They cannot write surrogates, in names
// of the folder itself; those are put in afterwards.
func copyTree(t testing.TB, image, root string) {
	t.Helper()
	need(t, "mcopy")
	list, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	options := []string{"-s", "-m", "-Q", "-i", image}
	var plain, astral []string
	for _, e := range list {
		from := filepath.Join(root, e.Name())
		if toPrivate(e.Name()) != e.Name() {
			astral = append(astral, from)
		} else {
			plain = append(plain, from)
		}
	}
	run(t, "mcopy", slices.Concat(options, plain, []string{"::/"})...)
	for _, from := range astral {
		run(t, "mcopy", slices.Concat(options, []string{from, "::/" + toPrivate(filepath.Base(from))})...)
	}
	fromPrivate(t, image)
}

// toPrivate puts private characters in the place of surrogates.
func toPrivate(name string) string {
	units := utf16.Encode([]rune(name))
	for i, u := range units {
		if utf16.IsSurrogate(rune(u)) {
			units[i] = u + 0x800
		}
	}
	return string(utf16.Decode(units))
}

// fromPrivate undoes it in the long names of an image.
func fromPrivate(t testing.TB, image string) {
	t.Helper()
	f, err := os.OpenFile(image, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 16<<20)
	n, _ := f.ReadAt(b, 0)
	b = b[:n]
	for slot := b; len(slot) >= 32; slot = slot[32:] {
		if slot[11] != 0x0F || slot[12] != 0 || slot[26] != 0 || slot[27] != 0 {
			continue
		}
		for _, i := range []int{1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30} {
			if slot[i+1] >= 0xE0 && slot[i+1] < 0xE8 {
				slot[i+1] -= 8
			}
		}
	}
	if _, err := f.WriteAt(b, 0); err != nil {
		t.Fatal(err)
	}
}

// layouts are volumes by mkfs.vfat.
var layouts = []struct {
	name      string
	kind      string
	size      int64
	cluster   int
	arguments []string
}{
	{"FAT12", "FAT12", 2 << 20, 2048, []string{"-F", "12", "-s", "4", "-f", "1"}},
	{"FAT12 of 512", "FAT12", 2 << 20, 512, []string{"-F", "12", "-s", "1", "-r", "512"}},
	{"FAT16", "FAT16", 40 << 20, 2048, []string{"-F", "16", "-s", "4"}},
	{"FAT16 of 32 KiB", "FAT16", 200 << 20, 32 << 10, []string{"-F", "16", "-s", "64"}},
	{"FAT16 with sectors of 4096", "FAT16", 80 << 20, 8192, []string{"-F", "16", "-S", "4096", "-s", "2"}},
	{"FAT32", "FAT32", 40 << 20, 512, []string{"-F", "32", "-s", "1"}},
	{"FAT32 of 16 KiB", "FAT32", 1100 << 20, 16 << 10, []string{"-F", "32", "-s", "32"}},
	{"FAT32 above 4 GiB", "FAT32", 5 << 30, 32 << 10, []string{"-F", "32", "-s", "64"}},
	{"FAT32 with sectors of 4096", "FAT32", 300 << 20, 4096, []string{"-F", "32", "-S", "4096", "-s", "1"}},
}

// TestFilesByMtools compares every file, folder and time with what was copied
// into the volume.
func TestFilesByMtools(t *testing.T) {
	t.Parallel()
	for _, l := range layouts {
		t.Run(l.name, func(t *testing.T) {
			if testing.Short() && (l.name != l.kind || l.kind == "FAT12") {
				t.Skip("two layouts are enough")
			}
			root := tree(t, l.cluster)
			image := format(t, l.size, "mkfs.vfat", append(l.arguments, "-n", "MY VOLUME", "-i", "cafe0123")...)
			if l.size > 4<<30 {
				placesOf(t, image).occupy(t, image, 9<<29)
			}
			copyTree(t, image, root)
			v, f := open(t, image)
			about := v.About()
			if about.Type != l.kind || about.Cluster != int64(l.cluster) || about.Label != "MY VOLUME" || about.UUID != "CAFE-0123" {
				t.Errorf("the volume says %+v", about)
			}
			if len(about.Notes) > 0 {
				t.Errorf("a sound volume has notes: %q", about.Notes)
			}
			if l.size > 4<<30 {
				mustLieAbove(t, v, "large.bin", 4<<30)
			}
			want := sourceFiles(t, root)
			compare(t, volumeFiles(t, v, f), want, 2*time.Second)
			testFS(t, v, want)
		})
	}
}
