package volume

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fsys"
)

// TestDisksWithoutATable checks that a file system on a whole disk is one
// volume, also where its boot sector reads as a table.
func TestDisksWithoutATable(t *testing.T) {
	for _, c := range []struct {
		name string
		size int64
		args []string
	}{
		{"FAT", 20 << 20, []string{"mkfs.vfat"}},
		{"FAT with a table", 20 << 20, []string{"mkfs.vfat", "--mbr=yes"}},
		{"NTFS", 20 << 20, []string{"mkfs.ntfs", "-F", "-Q", "-q"}},
		{"exFAT", 20 << 20, []string{"mkfs.exfat"}},
		{"ext4", 20 << 20, []string{"mkfs.ext4", "-q"}},
		{"XFS", 300 << 20, []string{"mkfs.xfs", "-q"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := blank(t, c.size)
			tool(t, "", c.args[0], append(c.args[1:], name)...)
			layout := scanFile(t, name)
			wantFindings(t, layout)
			want := Part{Index: 1, Type: "Whole disk", Size: c.size}
			if layout.Scheme != "none" || len(layout.Parts) != 1 || !same(layout.Parts[0], want) {
				t.Errorf("it is %s, %+v", layout.Scheme, layout.Parts)
			}
		})
	}
}

func same(a, b Part) bool {
	return a.Index == b.Index && a.Type == b.Type && a.Start == b.Start && a.Size == b.Size && a.Problem == b.Problem
}

// TestRemainsOfATable has a file system made over a disk that had a GPT, whose
// backup stays.
func TestRemainsOfATable(t *testing.T) {
	m := gptDisk(t)
	clear(m[:1<<20])
	copy(m[3:], "NTFS    ")
	m[510], m[511] = 0x55, 0xaa
	if layout := scanMemory(t, m); layout.Scheme != "none" {
		t.Errorf("it is %s, %+v", layout.Scheme, layout.Parts)
	}
}

func TestEmptyDisks(t *testing.T) {
	for _, size := range []int64{0, 1, 511, 512, 513, 4096, 34 * 512, 100_000, 1 << 20} {
		layout := scanMemory(t, make(memory, size))
		if layout.Scheme != "empty" || len(partitions(layout)) != 0 || len(layout.Findings) != 0 {
			t.Errorf("a disk of %d bytes is %+v", size, layout)
		}
		for _, fill := range []byte{0x55, 0xaa, 0xff} {
			m := bytes.Repeat([]byte{fill}, int(size))
			scanMemory(t, m)
			if _, err := Identify(memory(m), size); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestTableInsideAPartition has the image of a disk in a partition, by sfdisk
// both.
func TestTableInsideAPartition(t *testing.T) {
	inner := blank(t, 4<<20)
	tool(t, "label: dos\nstart=128,size=1000,type=83\nstart=2048,size=2000,type=7\n", "sfdisk", "-q", inner)
	outer := blank(t, 16<<20)
	tool(t, "label: dos\nstart=2048,size=8192,type=83\nstart=12288,size=2048,type=83\n", "sfdisk", "-q", outer)
	m := readDisk(t, outer)
	copy(m[2048*512:], readDisk(t, inner))
	layout := scanMemory(t, m)
	wantFindings(t, layout)
	var nested []Part
	for _, p := range layout.Parts {
		if p.Depth == 1 {
			nested = append(nested, p)
		}
	}
	if len(nested) != 2 || nested[0].Start != (2048+128)*512 || nested[0].Size != 1000*512 || nested[1].Start != (2048+2048)*512 || nested[1].TypeID != "0x07" {
		t.Errorf("inside the partition there is %+v", nested)
	}
}

// TestOpticalImageWithATable has what starts from a memory stick too: its
// partition begins behind the start of the image.
func TestOpticalImageWithATable(t *testing.T) {
	tree := t.TempDir()
	if err := os.WriteFile(filepath.Join(tree, "hello.txt"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, offset := range []string{"0", "16"} {
		name := blank(t, 0)
		tool(t, "", "xorriso", "-as", "mkisofs", "-quiet", "-V", "STICK", "-partition_offset", offset, "-isohybrid-gpt-basdat", "-append_partition", "2", "0x83", filepath.Join(tree, "hello.txt"), "-o", name, tree)
		layout := scanFile(t, name)
		f, size := open(t, name)
		found := false
		for _, p := range partitions(layout) {
			fsys, err := Mount(newSection(f, p), p.Size, Options{})
			found = found || err == nil && fsys.About().Label == "STICK"
		}
		if !found {
			t.Errorf("the image of %d bytes is not found in %+v", size, layout.Parts)
		}
	}
}

// TestLargeDisks has partitions behind 2 TiB, by sgdisk on a sparse file.
func TestLargeDisks(t *testing.T) {
	if testing.Short() {
		t.Skip("sgdisk takes its time")
	}
	name := blank(t, 8<<40)
	tool(t, "", "sgdisk", "-n", "1:2048:+3T", "-n", "2:10000000000:+10M", "-n", "3:12000000000:0", name)
	layout := scanFile(t, name)
	wantFindings(t, layout)
	compareWithSfdisk(t, name, layout)
}

// TestReadsAreFew counts the reads of a scan and of identifying: over a Blob
// each takes a millisecond.
func TestReadsAreFew(t *testing.T) {
	c := &counted{ReaderAt: gptDisk(t)}
	if _, err := Scan(c, 16<<20); err != nil {
		t.Fatal(err)
	}
	if want := 2 + 3; c.reads != want {
		t.Errorf("a scan of a GPT with 3 partitions takes %d reads, want %d", c.reads, want)
	}
	c = &counted{ReaderAt: disk(1<<15, map[int64][]byte{
		0:     record([3]uint32{0x83, 2048, 100}, [3]uint32{5, 10000, 5000}),
		10000: record([3]uint32{0x83, 10, 100}, [3]uint32{5, 500, 500}),
		10500: record([3]uint32{0x83, 10, 100}),
	})}
	if _, err := Scan(c, 16<<20); err != nil {
		t.Fatal(err)
	}
	if want := 2 + 2 + 3; c.reads != want {
		t.Errorf("a scan of an MBR with 2 logical partitions takes %d reads, want %d", c.reads, want)
	}
	for kind, want := range map[string]int{"mkfs.ext4 -q": 1, "mkfs.exfat": 2, "mkfs.vfat": 1, "mkfs.ntfs -F -Q -q": 1} {
		args := strings.Fields(kind)
		name := blank(t, 20<<20)
		tool(t, "", args[0], append(args[1:], name)...)
		f, size := open(t, name)
		c := &counted{ReaderAt: f}
		if _, err := Identify(c, size); err != nil {
			t.Fatal(err)
		}
		if c.reads > want {
			t.Errorf("to identify what %s makes takes %d reads, want %d", args[0], c.reads, want)
		}
	}
}

// TestMutations damages tables and the starts of volumes, a thousand times,
// and checks that nothing escapes and that what comes of it is in order.
func TestMutations(t *testing.T) {
	const seed = 4
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	mbr := disk(1<<15, map[int64][]byte{
		0:     record([3]uint32{0x83, 2048, 100}, [3]uint32{5, 10000, 5000}, [3]uint32{7, 20000, 5000}),
		10000: record([3]uint32{0x83, 10, 100}, [3]uint32{5, 500, 500}),
		10500: record([3]uint32{0x83, 10, 100}, [3]uint32{5, 1000, 500}),
		11000: record([3]uint32{0x83, 10, 100}),
	})
	gpt := gptDisk(t)
	last := len(gpt) - 512
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 1000 {
		m, at := mbr, []int{0, 0, 10000 * 512, 10500 * 512, 11000 * 512}
		if i%2 == 0 {
			m, at = gpt, []int{0, 512, 512, 1024, 1024, last, last - 32*512}
		}
		undo := make(map[int][]byte)
		for range 1 + random.IntN(4) {
			s := at[random.IntN(len(at))]
			undo[s] = slices.Concat(undo[s], m[s:s+512])[:512]
			change(random, m[s:s+512])
		}
		if random.IntN(2) == 0 && i%2 == 0 {
			seal(m)
		}
		layout := scanMemory(t, m)
		for _, p := range partitions(layout) {
			if _, err := Identify(newSection(m, p), p.Size); err != nil {
				t.Error(err)
			}
		}
		if len(layout.Parts) > 1000 || len(layout.Findings) > 1000 {
			t.Errorf("mutation %d: %d rows, %d findings", i, len(layout.Parts), len(layout.Findings))
		}
		for s, b := range undo {
			copy(m[s:], b)
		}
		if i%2 == 0 {
			seal(m)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.Sys) - int64(before.Sys); grown > 256<<20 {
		t.Errorf("memory grew by %d bytes", grown)
	}
}

// change damages a sector.
func change(random *rand.Rand, s []byte) {
	interesting := []uint32{0, 1, 2, 0x7f, 0xff, 0x7fff, 0xffff, 1 << 15, 1<<31 - 1, 1 << 31, 1<<32 - 1}
	i := random.IntN(len(s) - 8)
	switch random.IntN(6) {
	case 0:
		s[i] ^= 1 << random.IntN(8)
	case 1:
		s[i] = byte(random.Uint32())
	case 2:
		le.PutUint32(s[i:], interesting[random.IntN(len(interesting))])
	case 3:
		le.PutUint64(s[i:], random.Uint64())
	case 4:
		clear(s)
	case 5:
		for range 16 {
			s[random.IntN(len(s))] ^= 1 << random.IntN(8)
		}
	}
}

// TestMutatedVolumes damages the start of volumes of every kind.
func TestMutatedVolumes(t *testing.T) {
	const seed = 5
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	var volumes []memory
	for _, args := range []string{"mkfs.vfat", "mkfs.vfat -F 32", "mkfs.exfat", "mkfs.ntfs -F -Q -q -L label", "mkfs.ext4 -q", "mkudffs -l label", "mkswap -q"} {
		name := blank(t, 4<<20)
		if strings.Contains(args, "32") {
			name = blank(t, 40<<20)
		}
		fields := strings.Fields(args)
		tool(t, "", fields[0], append(fields[1:], name)...)
		volumes = append(volumes, readDisk(t, name)[:4<<20])
	}
	for i := range 2000 {
		m := volumes[i%len(volumes)]
		s := random.IntN(8) * 512
		if random.IntN(3) == 0 {
			s = random.IntN(len(m)/512) * 512
		}
		saved := bytes.Clone(m[s : s+512])
		change(random, m[s:s+512])
		size := int64(len(m))
		if random.IntN(4) == 0 {
			size = random.Int64N(size)
		}
		if _, err := Identify(m[:size], size); err != nil {
			t.Errorf("change %d: %v", i, err)
		}
		copy(m[s:], saved)
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(disk(64, map[int64][]byte{0: record([3]uint32{5, 10, 40}), 10: record([3]uint32{0x83, 1, 5}, [3]uint32{5, 20, 5}), 30: record([3]uint32{0x83, 1, 5})})))
	f.Add([]byte(gptDisk(f)[:1<<20]))
	f.Fuzz(func(t *testing.T, b []byte) {
		layout, err := Scan(memory(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		checkRows(t, layout, int64(len(b)))
	})
}

func FuzzIdentify(f *testing.F) {
	for _, s := range []string{"\xeb\x3c\x90NTFS    ", "\xeb\x76\x90EXFAT   ", "XFSB", "hsqs", "LUKS\xba\xbe\x00\x02", "LABELONE"} {
		f.Add([]byte(s))
		f.Add(append([]byte(s), make([]byte, 4096)...))
	}
	f.Add(append(make([]byte, 1024), "H+\x00\x04"+strings.Repeat("\x01", 600)...))
	f.Add(append(make([]byte, 32<<10), "\x01CD001\x01"+strings.Repeat("\x00", 4000)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Identify(memory(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		if c.Type != "" && c.Browsable == (c.Problem != "") {
			t.Errorf("%+v", c)
		}
		_, err = Mount(memory(b), int64(len(b)), Options{})
		var said *fsys.Error
		if err != nil && !errors.As(err, &said) {
			t.Errorf("error is %T: %v", err, err)
		}
	})
}
