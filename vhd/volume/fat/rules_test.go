package fat_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fat"
	"vhdscope/vhd/volume/fsys"
)

// put16 and put32 write a number.
func put16(at int, n uint16) func(*built) { return func(v *built) { le.PutUint16(v.b[at:], n) } }
func put32(at int, n uint32) func(*built) { return func(v *built) { le.PutUint32(v.b[at:], n) } }
func put8(at int, n byte) func(*built)    { return func(v *built) { v.b[at] = n } }

// summed does it to the boot sector of exFAT and its copy, with a checksum
// that is right.
func summed(edit func(*built)) func(*built) {
	return func(v *built) { edit(v); v.sumBoot() }
}

// both does it to the boot sector of FAT32 and to its copy.
func both(edit func(*built)) func(*built) {
	return func(v *built) { edit(v); copy(v.b[6*512:7*512], v.b) }
}

// TestBootSectors damages each number of a boot sector.
func TestBootSectors(t *testing.T) {
	for _, c := range []struct {
		kind string
		edit func(*built)
		want string // in the error
	}{
		{"FAT12", put16(510, 0), "signature"},
		{"FAT32", func(v *built) { put16(510, 0)(v); put16(6*512+11, 1024)(v) }, "signature"}, // the copy says that it is none
		{"FAT12", put16(11, 0), "a sector has 0 bytes"},
		{"FAT12", put16(11, 513), "a sector has 513 bytes"},
		{"FAT12", put16(11, 8192), "a sector has 8192 bytes"},
		{"FAT12", put8(13, 0), "a cluster has 0 sectors"},
		{"FAT12", put8(13, 3), "a cluster has 3 sectors"},
		{"FAT12", put16(14, 0), "no sectors are reserved"},
		{"FAT12", put16(14, 0xFFFF), "the FATs reach to byte"},
		{"FAT12", put8(16, 0), "there is no FAT"},
		{"FAT32", both(put8(16, 255)), "the FATs reach to byte"},
		{"FAT16", put16(17, 0), "has no entries"},
		{"FAT12", put16(17, 0xFFFF), "the FATs reach to byte"},
		{"FAT12", put16(19, 0), "has 0 bytes: that leaves no clusters"},
		{"FAT12", put16(19, 7), "that leaves no clusters"},
		{"FAT16", func(v *built) { put16(19, 0)(v); put32(32, 0xFFFFFFFF)(v) }, "but FAT16 has at most 65524"},
		{"FAT32", both(func(v *built) { put16(19, 0)(v); put32(32, 0xFFFFFFFF)(v) }), "but FAT32 has at most 268435445"},
		{"FAT16", put16(22, 0xFFFF), "the FATs reach to byte"},
		{"FAT32", both(put32(36, 0)), "a FAT has no sectors"},
		{"FAT32", both(put32(36, 0xFFFFFFFF)), "the FATs reach to byte"},
		{"FAT32", both(put16(40, 0x85)), "FAT 6 counts, of 2"},
		{"FAT32", both(put16(42, 1)), "FAT32 of version 0.1 is not known"},
		{"FAT32", both(put32(44, 1)), "root directory begins at cluster 1"},
		{"FAT32", both(put32(44, 302)), "root directory begins at cluster 302"},

		{"exFAT", summed(put16(510, 0)), "signature"},
		{"exFAT", summed(put16(104, 0x200)), "exFAT of revision 2.00 is not known"},
		{"exFAT", summed(put8(108, 8)), "a sector has 2^8 bytes"},
		{"exFAT", summed(put8(108, 13)), "a sector has 2^13 bytes"},
		{"exFAT", summed(put8(109, 17)), "a cluster has 2^17 sectors"},
		{"exFAT", summed(put8(109, 255)), "a cluster has 2^255 sectors"},
		{"exFAT", summed(put32(72, 0)), "300 clusters in 0 sectors"},
		{"exFAT", summed(put32(76, 0xFFFFFFFF)), "300 clusters in 18446744069414584652 sectors"},
		{"exFAT", summed(put32(80, 23)), "the FAT begins in the boot regions"},
		{"exFAT", summed(put32(80, 0xFFFFFFFF)), "the clusters begin in the FAT"},
		{"exFAT", summed(put32(84, 2)), "a FAT has 1024 bytes: 300 clusters need more"},
		{"exFAT", summed(put32(84, 0xFFFFFFFF)), "the clusters begin in the FAT"},
		{"exFAT", summed(put32(88, 26)), "the clusters begin in the FAT"},
		{"exFAT", summed(put32(88, 0xFFFFFFFF)), "of a volume of"},
		{"exFAT", summed(put32(92, 0)), "there are 0 clusters"},
		{"exFAT", summed(put32(92, 301)), "there are 301 clusters"},
		{"exFAT", summed(put32(96, 1)), "root directory begins at cluster 1"},
		{"exFAT", summed(put32(96, 302)), "root directory begins at cluster 302"},
		{"exFAT", summed(put16(106, 1)), "the second FAT counts, but there is one"},
		{"exFAT", summed(put8(110, 0)), "there are 0 FATs"},
		{"exFAT", summed(put8(110, 3)), "there are 3 FATs"},
	} {
		v := newBuilt(c.kind)
		c.edit(v)
		_, err := openBytes(v.b)
		var e *fsys.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.kind, err, c.want)
		}
	}
}

// TestNotes wants that what is odd about a volume is said, and the volume is
// read.
func TestNotes(t *testing.T) {
	for _, c := range []struct {
		kind string
		edit func(*built)
		want string
	}{
		{"FAT16", func(v *built) { v.link(1, 0x7FFF) }, "in use when it was last written"},
		{"FAT16", func(v *built) { v.link(1, 0xBFFF) }, "errors of the disk"},
		{"FAT32", func(v *built) { v.link(1, 0x07FFFFFF) }, "in use when it was last written"},
		{"FAT32", func(v *built) { v.link(1, 0x0BFFFFFF) }, "errors of the disk"},
		{"FAT32", put8(65, 1), "in use when it was last written"},
		{"FAT12", put8(37, 1), "in use when it was last written"},
		{"exFAT", put16(106, 2), "in use when it was last written"},
		{"exFAT", put16(106, 4), "errors of the disk"},
		{"FAT12", func(v *built) { v.b[v.fat+v.fatSize+450] ^= 1 }, "FAT 2 differs from FAT 1, first for cluster 0 or"},
		{"FAT32", func(v *built) { v.b[v.fat+v.fatSize+1100] ^= 1 }, "FAT 2 differs from FAT 1, first for cluster 256 or"},
		{"FAT32", func(v *built) { clear(v.b[:512]) }, "signature 55 AA. Its copy in sector 6 is used."},
		{"FAT32", put16(11, 513), "513 bytes. Its copy in sector 6 is used."},
		{"exFAT", func(v *built) { clear(v.b[:512]) }, "Its copy in sector 12 is used."},
		{"exFAT", put32(96, 3), "its checksum is wrong. Its copy in sector 12 is used."},
		{"exFAT", func(v *built) { put32(11*512, 0)(v); put32(23*512, 0)(v) }, "its checksum is wrong. There is no sound copy"},
		{"FAT32", func(v *built) { v.b = v.b[:v.at(200)] }, "cut off"},
		{"exFAT", func(v *built) { v.b = v.b[:v.at(200)] }, "cut off"},
		{"FAT12", func(v *built) { put16(22, 1)(v); v.fats = 1; put8(16, 1)(v); put16(19, 800)(v) }, "room for 339 of 794 clusters"},
		{"exFAT", func(v *built) { v.b[v.at(2)] = 0x01 }, "no allocation bitmap"},
		{"exFAT", put32(32*512+20, 302), "The allocation bitmap is damaged"},
		{"exFAT", put32(32*512+24, 10), "The allocation bitmap is damaged"},
		{"exFAT", func(v *built) { v.b[v.at(2)+32] = 0x02 }, "no up-case table"},
		{"exFAT", func(v *built) { v.b[v.at(4)+3] ^= 1 }, "The up-case table is damaged"},
	} {
		sample := sampleOf(c.kind)
		c.edit(sample)
		v, err := openBytes(sample.b)
		if err != nil {
			t.Errorf("%s: %v, want a note of %q", c.kind, err, c.want)
			continue
		}
		notes := v.About().Notes
		if !slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, c.want) }) {
			t.Errorf("%s: notes %q, want one of %q", c.kind, notes, c.want)
		}
		if c.want != "room for 339 of 794 clusters" {
			if data, err := fs.ReadFile(v, "one cluster.txt"); !bytes.Equal(data, sample.files["one cluster.txt"].data) {
				t.Errorf("%s, %q: the volume is not read: %v", c.kind, c.want, err)
			}
		}
	}
}

// unreadable is a volume of which runs cannot be read.
type unreadable struct {
	io.ReaderAt
	runs []extent
}

var errDisk = errors.New("the disk has no such sector")

func (u unreadable) ReadAt(p []byte, off int64) (int, error) {
	for _, r := range u.runs {
		if meet([]extent{r}, []extent{{int(off), len(p)}}) {
			return 0, errDisk
		}
	}
	return u.ReaderAt.ReadAt(p, off)
}

func openUnreadable(v *built, runs ...extent) (fsys.FS, error) {
	return fat.Open(unreadable{bytes.NewReader(v.b), runs}, int64(len(v.b)), fat.Options{})
}

// TestUnreadableSectors makes one sector after the other unreadable: what
// does not lie there is read, by the copies of the boot sector and of the FAT
// too, and what does is an error that says so.
func TestUnreadableSectors(t *testing.T) {
	for _, kind := range kinds {
		sample := sampleOf(kind)
		for sector := range sample.at(sample.next) / 512 {
			if kind == "FAT16" && sector > 100 {
				break
			}
			at := []extent{{sector * 512, 512}}
			v, err := openUnreadable(sample, at...)
			if err != nil {
				if sector > 0 || kind == "FAT32" || kind == "exFAT" || !errors.Is(err, errDisk) {
					t.Errorf("%s without sector %d: %v", kind, sector, err)
				}
				continue
			}
			if sector == sample.fat/512 && sample.fats == 2 && !slices.ContainsFunc(v.About().Notes, func(s string) bool { return strings.Contains(s, "a copy of it is used") }) {
				t.Errorf("%s without sector %d: notes %q", kind, sector, v.About().Notes)
			}
			files := everything(v)
			inFAT := sample.fats == 2 && at[0].start >= sample.fat && at[0].start < sample.fat+2*sample.fatSize
			inBoot := kind == "FAT32" && sector == 0
			for name, m := range sample.files {
				data, ok := files[name]
				if ok && !bytes.Equal(data, m.data) {
					t.Errorf("%s without sector %d: %s is wrong", kind, sector, name)
				}
				if whole := inFAT || inBoot || !meet(m.needs, at); whole && !ok {
					t.Errorf("%s without sector %d: %s is not read", kind, sector, name)
				}
				if _, err := fs.ReadFile(v, name); !ok && !errors.Is(err, errDisk) {
					t.Errorf("%s without sector %d: %s: %v", kind, sector, name, err)
				}
			}
		}
	}
}

// TestUnreadableFolder wants all of a folder but what lies in the sector that
// cannot be read.
func TestUnreadableFolder(t *testing.T) {
	for _, kind := range kinds {
		v := newBuilt(kind)
		v.next = 5
		root, sub := v.folder(""), v.folder("/sub")
		for i := range 40 {
			sub.file(fmt.Sprintf("file %02d", i), 0, 1)
		}
		first := v.next
		sub.into(root, 1)
		v.endRoot(root)
		f, err := openUnreadable(v, extent{v.at(first + 2), 512})
		if err != nil {
			t.Fatal(err)
		}
		list, err := f.ReadDir("sub")
		if !errors.Is(err, errDisk) || len(list) < 40-9 || len(list) > 40-5 {
			t.Errorf("%s: %d of 40 entries, %v", kind, len(list), err)
		}
		if _, err := f.Stat("sub/no such file"); !errors.Is(err, errDisk) {
			t.Errorf("%s: what may lie in the sector: %v", kind, err)
		}
	}
}

// TestKindByClusters has volumes just below and above the numbers of clusters
// that tell FAT12 from FAT16.
func TestKindByClusters(t *testing.T) {
	for clusters, want := range map[uint32]string{4084: "FAT12", 4085: "FAT16", 65524: "FAT16", 65525: "error"} {
		v := newBuilt("FAT16")
		v.clusters, v.fatSize = clusters, 257*512
		v.root = v.fat + v.fats*v.fatSize
		v.heap = v.root + v.rootSize
		v.b = make([]byte, v.heap+int(clusters)*512)
		v.boot()
		put16(19, 0)(v)
		put32(32, uint32(len(v.b)/512))(v)
		f, err := openBytes(v.b)
		if err != nil {
			if want != "error" {
				t.Errorf("%d clusters: %v", clusters, err)
			}
		} else if got := f.About().Type; got != want {
			t.Errorf("%d clusters: %s, want %s", clusters, got, want)
		}
	}
}

// TestChains damages the chain of a file, and of a folder.
func TestChains(t *testing.T) {
	for _, kind := range kinds {
		for _, c := range []struct {
			what string
			edit func(v *built, chain []uint32) uint32 // what follows the second cluster
			want string
		}{
			{"it returns to its beginning", func(v *built, chain []uint32) uint32 { return chain[0] }, "twice"},
			{"it stays where it is", func(v *built, chain []uint32) uint32 { return chain[1] }, "twice"},
			{"it ends", func(v *built, chain []uint32) uint32 { return 0xFFFFFFFF }, "ends with cluster"},
			{"it is free", func(v *built, chain []uint32) uint32 { return 0 }, "is free"},
			{"it is bad", func(v *built, chain []uint32) uint32 { return 0xFFFFFFF7 }, "is bad"},
			{"it leads to 1", func(v *built, chain []uint32) uint32 { return 1 }, "but the volume's are 2 to"},
			{"it leads out", func(v *built, chain []uint32) uint32 { return v.clusters + 2 }, "but the volume's are 2 to"},
		} {
			v := newBuilt(kind)
			v.next = 5
			root := v.folder("")
			chain := root.file("broken", 6*512, 2)
			root.file("whole", 6*512, 2)
			sub := v.folder("/sub")
			for i := range 40 {
				sub.file(string(rune('A'+i/26))+string(rune('a'+i%26)), 0, 1)
			}
			before := v.next
			sub.into(root, 3)
			v.endRoot(root)
			link := c.edit(v, chain)
			if !v.exFAT {
				link &= 1<<min(28, v.bits) - 1
			}
			v.link(chain[1], link)
			f, err := openBytes(v.b)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Open("broken"); !errors.Is(err, fsys.ErrDamaged) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: a file's chain, %s: %v, want %q", kind, c.what, err, c.want)
			}
			everything(f)
			if data, err := fs.ReadFile(f, "whole"); err != nil || !bytes.Equal(data, v.files["whole"].data) {
				t.Errorf("%s: a whole file is read as %d bytes, %v", kind, len(data), err)
			}

			folder := []uint32{before, before + 3}
			link = c.edit(v, folder)
			if !v.exFAT {
				link &= 1<<min(28, v.bits) - 1
			}
			v.link(folder[1], link)
			if f, err = openBytes(v.b); err != nil {
				t.Fatal(err)
			}
			list, err := f.ReadDir("sub")
			if c.what == "it ends" && !v.exFAT { // nothing tells how long a folder is
				if err != nil || len(list) == 40 {
					t.Errorf("%s: a cut folder: %d entries, %v", kind, len(list), err)
				}
			} else if !errors.Is(err, fsys.ErrDamaged) || !strings.Contains(err.Error(), c.want) || len(list) == 0 || len(list) == 40 {
				t.Errorf("%s: a folder's chain, %s: %d entries, %v, want %q", kind, c.what, len(list), err, c.want)
			}
		}
	}
}
