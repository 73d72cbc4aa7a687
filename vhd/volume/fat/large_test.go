package fat_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fat"
	"vhdscope/vhd/volume/fsys"
)

// openCounted opens an image and counts its reads.
func openCounted(t testing.TB, image string) (fsys.FS, *counted) {
	t.Helper()
	f, err := os.Open(image)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	c := &counted{ReaderAt: f, most: 1 << 20}
	v, err := fat.Open(c, info.Size(), fat.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return v, c
}

// addLarge puts a file into the root directory of a blank volume of FAT32 or
// exFAT: size bytes in one piece from a cluster on, linked in the FAT.
func addLarge(t testing.TB, image string, first uint32, size int64) {
	t.Helper()
	p := placesOf(t, image)
	n := (size + p.cluster - 1) / p.cluster
	links := make([]uint32, n)
	for i := range links {
		links[i] = first + uint32(i) + 1
	}
	links[n-1] = 0x0FFFFFFF
	s := slot{name: "large.bin", attributes: 0x20, first: first, size: int(size), valid: int(size)}
	entry := fatSlots(s, 1)
	if p.exFAT {
		links[n-1] = 0xFFFFFFFF
		entry = exSlots(s)
	}
	p.setLinks(t, image, int64(first), links...)
	root := bytesAt(t, image, p.root, int(p.cluster))
	at := 0
	for root[at] != 0 {
		at += 32
	}
	edit(t, image, p.root+int64(at), entry)
}

// TestLargeFiles reads marks in files of more than 2 and 4 GiB, far behind
// the volume's first 4 GiB, and counts the reads that this takes.
func TestLargeFiles(t *testing.T) {
	for _, c := range []struct {
		tool         string
		arguments    []string
		volume, size int64
		reads        int
	}{
		// 3 GiB in clusters of 4 KiB are 3 MiB of FAT.
		{"mkfs.vfat", []string{"-F", "32", "-s", "8"}, 12 << 30, 3<<30 + 5, 20},
		{"mkfs.exfat", []string{"-c", "32K"}, 20 << 30, 9<<30 + 5, 20},
	} {
		t.Run(c.tool, func(t *testing.T) {
			image := format(t, c.volume, c.tool, c.arguments...)
			p := placesOf(t, image)
			first := uint32((5<<30 - p.heap) / p.cluster)
			addLarge(t, image, first, c.size)
			start := p.at(int64(first))
			marks := []int64{0, 1<<31 - 20, 1 << 31, 3<<30 - 1}
			if c.size > 4<<30 {
				marks = append(marks, 1<<32-6, 1<<33)
			}
			for _, at := range marks {
				edit(t, image, start+at, fmt.Appendf(nil, "at %10d", at))
			}
			v, reads := openCounted(t, image)
			if reads.reads > 6 {
				t.Errorf("opening and listing the root took %d reads", reads.reads)
			}
			reads.reads = 0
			f, err := v.Open("large.bin")
			if err != nil {
				t.Fatal(err)
			}
			if reads.reads > c.reads {
				t.Errorf("opening the file took %d reads", reads.reads)
			}
			extents, err := f.(fsys.File).Extents()
			if want := (fsys.Extent{Length: c.size, Start: start}); err != nil || len(extents) != 1 || extents[0] != want {
				t.Fatalf("extents %+v, want %+v (%v)", extents, want, err)
			}
			for _, at := range marks {
				b := make([]byte, 13)
				n, err := f.(fsys.File).ReadAt(b, at)
				want := fmt.Sprintf("at %10d", at)
				if at == 3<<30-1 && c.size < 4<<30 {
					want = want[:6] // the file ends
				}
				if string(b[:n]) != want || n < len(b) && err != io.EOF {
					t.Errorf("at %d: %q, %v, want %q", at, b[:n], err, want)
				}
			}
		})
	}
}

// TestLargestFAT opens a volume of 2 TiB whose FAT has 1 GiB, and reads few
// pages of it.
func TestLargestFAT(t *testing.T) {
	const size = 2<<40 - 512
	image := filepath.Join(t.TempDir(), "volume.img")
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(image, size); err != nil {
		t.Skipf("no files of 2 TiB here: %v", err)
	}
	boot := newBuilt("FAT32")
	le.PutUint16(boot.b[19:], 0)
	le.PutUint32(boot.b[32:], 1<<32-1)
	boot.b[13] = 16
	le.PutUint32(boot.b[36:], 1<<21) // sectors of a FAT
	edit(t, image, 0, boot.b[:512])
	p := placesOf(t, image)
	p.setLinks(t, image, 0, 0x0FFFFFF8, 0x0FFFFFFF, 0x0FFFFFFF)
	addLarge(t, image, uint32(p.clusters)-100, 50*p.cluster)
	v, reads := openCounted(t, image)
	f, err := v.Open("large.bin")
	if err != nil {
		t.Fatal(err)
	}
	extents, err := f.(fsys.File).Extents()
	if want := p.at(p.clusters - 100); err != nil || len(extents) != 1 || extents[0].Start != want {
		t.Errorf("extents %+v, want one at %d (%v)", extents, want, err)
	}
	if reads.reads > 8 || reads.bytes > 1<<20 {
		t.Errorf("%d reads of %d bytes", reads.reads, reads.bytes)
	}
}

// TestFragments writes files in turns, and deletes every other one before the
// last, so that they lie in many pieces.
func TestFragments(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"12", "16", "32"} {
		if testing.Short() && kind != "16" {
			continue
		}
		need(t, "mcopy", "mdel")
		image := format(t, map[string]int64{"12": 2 << 20, "16": 20 << 20, "32": 40 << 20}[kind], "mkfs.vfat", "-F", kind, "-s", "1", "-n", "LABEL")
		root := t.TempDir()
		small := map[string][]byte{}
		for i := range 400 {
			small[fmt.Sprintf("small/%03d", i)] = numbered(fmt.Sprint(i), 512*(1+i%3))
		}
		writeFiles(t, root, small)
		copyTree(t, image, root)
		// What is free is left between those that stay.
		var odd []string
		for i := 1; i < 400; i += 2 {
			odd = append(odd, fmt.Sprintf("::/small/%03d", i))
		}
		run(t, "mdel", append([]string{"-i", image}, odd...)...)
		p := placesOf(t, image)
		fill := int64(200*1024 + 7)
		if kind != "12" { // so that the search for free clusters begins anew
			fill = p.clusters*p.cluster - 300*1024
		}
		large := filepath.Join(t.TempDir(), "large.bin")
		if err := os.WriteFile(large, numbered("large", int(fill)), 0o644); err != nil {
			t.Fatal(err)
		}
		run(t, "mcopy", "-i", image, large, "::/")
		v, f := open(t, image)
		files := volumeFiles(t, v, f)
		data := numbered("large", int(fill))
		if got := files["large.bin"]; got.sum != sum(t, bytes.NewReader(data)) {
			t.Errorf("FAT%s: large.bin has sum %.8s", kind, got.sum)
		}
		for i := 0; i < 400; i += 2 {
			name := fmt.Sprintf("small/%03d", i)
			if files[name].sum != sum(t, bytes.NewReader(small[name])) {
				t.Errorf("FAT%s: %s is wrong", kind, name)
			}
		}
		file, err := v.Open("large.bin")
		if err != nil {
			t.Fatal(err)
		}
		if extents, err := file.(fsys.File).Extents(); err != nil || len(extents) < 20 {
			t.Errorf("FAT%s: large.bin lies in %d pieces (%v): the test shows nothing", kind, len(extents), err)
		}
	}
}

// manyFiles makes a volume whose root directory has n files with long names.
// They are small, and lie behind each other.
func manyFiles(kind string, n int) *built {
	v := newBuilt(kind)
	v.cluster, v.clusters, v.next = 4096, uint32(n+n*5*32/4096+100), 20
	v.fatSize = (int(v.clusters+2)*4 + 511) / 512 * 512
	v.heap = v.fat + v.fats*v.fatSize
	v.b = make([]byte, v.heap+int(v.clusters)*v.cluster)
	v.link(0, 0xFFFFFFFF)
	v.link(1, 0xFFFFFFFF)
	root := v.folder("")
	for i := range n {
		c := v.next
		v.next++
		v.link(c, 0x0FFFFFFF)
		copy(v.b[v.at(c):], fmt.Sprint(i))
		root.add(slot{name: fmt.Sprintf("a file with a long name %d.txt", i*7919%n), attributes: 0x20, first: c, size: 10, valid: 10})
	}
	if v.exFAT {
		v.bootExFAT()
		content := root.slots
		more := v.chain(len(content)/v.cluster, 1)
		v.link(2, more[0])
		v.write(append([]uint32{2}, more...), content)
		return v
	}
	v.boot()
	le.PutUint16(v.b[19:], 0)
	le.PutUint32(v.b[32:], uint32(len(v.b)/512))
	v.endRoot(root)
	return v
}

// TestManyFiles lists a folder of 100,000 files, and finds and opens each. A
// search that goes through the folder for each would not end.
func TestManyFiles(t *testing.T) {
	t.Parallel()
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	for _, kind := range []string{"FAT32", "exFAT"} {
		made := manyFiles(kind, n)
		c := &counted{ReaderAt: bytes.NewReader(made.b), most: n + 1000}
		v, err := fat.Open(c, int64(len(made.b)), fat.Options{})
		if err != nil {
			t.Fatal(err)
		}
		list, err := v.ReadDir(".")
		if err != nil || len(list) != n {
			t.Fatalf("%s: %d entries, %v", kind, len(list), err)
		}
		if c.reads > 100 {
			t.Errorf("%s: listing took %d reads", kind, c.reads)
		}
		for i := range n {
			data, err := fs.ReadFile(v, fmt.Sprintf("a file with a long name %d.txt", i*7919%n))
			if want := fmt.Sprint(i); err != nil || strings.TrimRight(string(data), "\x00") != want {
				t.Fatalf("%s: %q, %v, want %q", kind, data, err, want)
			}
		}
	}
}

func BenchmarkList100000(b *testing.B) {
	for _, kind := range []string{"FAT32", "exFAT"} {
		b.Run(kind, func(b *testing.B) {
			made := manyFiles(kind, 100_000)
			b.ReportAllocs()
			for b.Loop() {
				v, err := openBytes(made.b)
				if err != nil {
					b.Fatal(err)
				}
				if list, err := v.ReadDir("."); len(list) != 100_000 {
					b.Fatal(len(list), err)
				}
			}
		})
	}
}

// blank reads zeros, at no cost.
type blank struct{ io.ReaderAt }

func (r blank) ReadAt(p []byte, off int64) (int, error) {
	if off >= 1<<24 {
		return len(p), nil
	}
	return r.ReaderAt.ReadAt(p, off)
}

// BenchmarkRead1GiB opens and reads a file in one piece, what the volume is
// read from costing nothing.
func BenchmarkRead1GiB(b *testing.B) {
	for _, tool := range []string{"mkfs.vfat", "mkfs.exfat"} {
		b.Run(tool, func(b *testing.B) {
			option := map[string][]string{"mkfs.vfat": {"-F", "32", "-s", "8"}, "mkfs.exfat": {"-c", "4K"}}[tool]
			image := format(b, 4<<30, tool, option...)
			addLarge(b, image, 50_000, 1<<30)
			f, err := os.Open(image)
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			b.SetBytes(1 << 30)
			buffer := make([]byte, 1<<20)
			for b.Loop() {
				v, err := fat.Open(blank{f}, 4<<30, fat.Options{})
				if err != nil {
					b.Fatal(err)
				}
				file, err := v.Open("large.bin")
				if err != nil {
					b.Fatal(err)
				}
				if n, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{file}, buffer); n != 1<<30 || err != nil {
					b.Fatal(n, err)
				}
			}
		})
	}
}
