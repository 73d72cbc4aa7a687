package fat_test

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fsys"
)

// piece is a run of the volume and what has it.
type piece struct {
	fsys.Structure
	file bool
}

// pieces is all that a volume says of its bytes, in order. It must tell of
// each byte once.
func pieces(t testing.TB, v fsys.FS, size int64) []piece {
	t.Helper()
	var list []piece
	if err := v.(fsys.Mapping).Structures(func(s fsys.Structure) bool {
		list = append(list, piece{s, false})
		return true
	}); err != nil {
		t.Error(err)
	}
	for w := fsys.NewWalker(v, ".", false); w.Next(); {
		if w.Err() != nil {
			t.Fatal(w.Path(), w.Err())
		}
		if w.Entry().IsDir() {
			continue
		}
		f, err := v.Open(w.Path())
		if err != nil {
			t.Fatal(err)
		}
		extents, err := f.(fsys.File).Extents()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range extents {
			if e.Start >= 0 {
				list = append(list, piece{fsys.Structure{Name: w.Path(), Start: e.Start, Length: e.Length}, true})
			}
		}
	}
	slices.SortFunc(list, func(a, b piece) int { return cmp.Compare(a.Start, b.Start) })
	at := int64(0)
	for _, p := range list {
		if p.Start != at {
			t.Fatalf("%q begins at %d, what is before it ends at %d", p.Name, p.Start, at)
		}
		at += p.Length
	}
	if at != size {
		t.Fatalf("the map ends at %d, the volume at %d", at, size)
	}
	return list
}

// bytesOf is how many bytes each structure has.
func bytesOf(list []piece) map[string]int64 {
	sizes := map[string]int64{}
	for _, p := range list {
		if !p.file {
			sizes[p.Name] += p.Length
		}
	}
	return sizes
}

// TestStructuresOfFAT maps volumes with bad and lost clusters, and compares
// what is free with what another reader counts.
func TestStructuresOfFAT(t *testing.T) {
	for _, l := range []int{0, 2, 5} {
		l := layouts[l]
		t.Run(l.name, func(t *testing.T) {
			if testing.Short() && l.kind != "FAT32" {
				t.Skip("one kind is enough")
			}
			root := tree(t, l.cluster)
			image := format(t, l.size, "mkfs.vfat", append(l.arguments, "-n", "LABEL")...)
			copyTree(t, image, root)
			v, f := open(t, image)
			info, err := f.Stat()
			if err != nil {
				t.Fatal(err)
			}
			list := pieces(t, v, info.Size())
			sizes := bytesOf(list)
			p := placesOf(t, image)
			if sizes["FAT 1"] != p.fatSize || sizes["FAT 2"] != (p.fats-1)*p.fatSize {
				t.Errorf("FATs of %d and %d bytes, want %d", sizes["FAT 1"], sizes["FAT 2"], p.fatSize)
			}
			if l.kind == "FAT32" && (sizes["FSInfo"] != p.sector || sizes["backup boot sector"] != p.sector) {
				t.Errorf("of FAT32: %v", sizes)
			}
			for _, name := range []string{`folder "/many"`, `folder "/deep/deep"`, "root directory", "boot sector"} {
				if sizes[name] == 0 {
					t.Errorf("no %s", name)
				}
			}
			need(t, "7zz")
			free := regexp.MustCompile(`(?m)^Free Space = (\d+)`).FindStringSubmatch(run(t, "7zz", "l", "-slt", image))
			if free == nil || free[1] != strconv.FormatInt(sizes[fsys.Free], 10) {
				t.Errorf("%d bytes are free, 7-Zip counts %q", sizes[fsys.Free], free)
			}

			p.setLinks(t, image, p.clusters-8, 0x0FFFFFF7, uint32(p.clusters-6), 0x0FFFFFFF)
			v, _ = open(t, image)
			sizes = bytesOf(pieces(t, v, info.Size()))
			if sizes["bad clusters"] != p.cluster || sizes["unreachable clusters"] != 2*p.cluster {
				t.Errorf("bad and unreachable: %d and %d bytes, want 1 and 2 clusters of %d", sizes["bad clusters"], sizes["unreachable clusters"], p.cluster)
			}
		})
	}
}

// TestStructuresOfExFAT does the same; the driver counts what is free.
func TestStructuresOfExFAT(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	root := tree(t, 4096)
	image := format(t, 64<<20, "mkfs.exfat", "-c", "4K")
	var free int64
	mountExFAT(t, image, func(dir string) {
		copyPlain(t, root, dir)
		if err := os.Remove(filepath.Join(dir, "large.bin")); err != nil {
			t.Fatal(err)
		}
		var err error
		lines := strings.Fields(run(t, "df", "-B1", "--output=avail", dir))
		if free, err = strconv.ParseInt(lines[len(lines)-1], 10, 64); err != nil {
			t.Fatal(err)
		}
	})
	v, _ := open(t, image)
	list := pieces(t, v, 64<<20)
	sizes := bytesOf(list)
	if sizes[fsys.Free] != free {
		t.Errorf("%d bytes are free, the driver counts %d", sizes[fsys.Free], free)
	}
	p := placesOf(t, image)
	for name, size := range map[string]int64{
		"boot region": 12 * p.sector, "backup boot region": 12 * p.sector, "FAT 1": p.fatSize, `folder "/many"`: -1,
		"root directory": -1, "allocation bitmap": (p.clusters/8 + p.cluster) / p.cluster * p.cluster, "up-case table": 2 * p.cluster,
	} {
		if sizes[name] != size && (size >= 0 || sizes[name] == 0) {
			t.Errorf("%s has %d bytes, want %d", name, sizes[name], size)
		}
	}

	// Of what nothing reaches the FAT says what is bad.
	last := p.clusters - 8
	p.setLinks(t, image, last, 0xFFFFFFF7)
	p.setUsed(t, image, last, last+1)
	v, _ = open(t, image)
	sizes = bytesOf(pieces(t, v, 64<<20))
	if sizes["bad clusters"] != p.cluster || sizes["unreachable clusters"] != p.cluster {
		t.Errorf("bad and unreachable: %d and %d bytes, want a cluster of %d each", sizes["bad clusters"], sizes["unreachable clusters"], p.cluster)
	}
}

// TestListingOf7Zip compares names, sizes and attributes.
func TestListingOf7Zip(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	need(t, "7zz", "mattrib")
	image := format(t, 40<<20, "mkfs.vfat", "-F", "16")
	copyTree(t, image, tree(t, 2048))
	run(t, "mattrib", "-i", image, "+r", "+h", "+s", "::/READ.ME")
	run(t, "mattrib", "-i", image, "-a", "+h", "::/lower.txt")
	v, _ := open(t, image)
	_, text, _ := strings.Cut(run(t, "7zz", "l", "-slt", image), "----------\n")
	count := 0
	for block := range strings.SplitSeq(text, "\n\n") {
		fields := map[string]string{}
		for line := range strings.Lines(block) {
			key, value, _ := strings.Cut(strings.TrimRight(line, "\n"), " =")
			fields[key] = strings.TrimPrefix(value, " ")
		}
		name := fields["Path"]
		if name == "" {
			continue
		}
		count++
		info, err := v.Stat(name)
		if err != nil {
			t.Error(err)
			continue
		}
		letters := strings.Map(func(r rune) rune {
			if r == 'D' {
				return -1
			}
			return r
		}, strings.Join(strings.Fields(fields["Attributes"]), ""))
		if got := fsys.MetaOf(info).Attributes; got != letters {
			t.Errorf("%s: attributes %q, 7-Zip has %q", name, got, letters)
		}
		if size := strconv.FormatInt(info.Size(), 10); !info.IsDir() && size != fields["Size"] {
			t.Errorf("%s: %s bytes, 7-Zip has %s", name, size, fields["Size"])
		}
		if at := info.ModTime().Format("2006-01-02 15:04:05"); !strings.HasPrefix(fields["Modified"], at) {
			t.Errorf("%s: modified %s, 7-Zip has %s", name, at, fields["Modified"])
		}
		if at := fsys.MetaOf(info).Created.Format("2006-01-02 15:04:05.00"); !strings.HasPrefix(fields["Created"], at) {
			t.Errorf("%s: created %s, 7-Zip has %s", name, at, fields["Created"])
		}
	}
	all := 0
	fs.WalkDir(v, ".", func(string, fs.DirEntry, error) error { all++; return nil })
	if count != all-1 {
		t.Errorf("7-Zip lists %d, we %d", count, all-1)
	}
}
