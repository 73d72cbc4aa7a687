package iso_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
	"vhdscope/vhd/volume/iso"
)

// quick skips the slower maker where tests are to be short.
func quick(t testing.TB, maker string) {
	t.Helper()
	if testing.Short() && maker == "xorriso" {
		t.Skip("genisoimage's volumes are enough")
	}
}

// tree makes the files that volumes are made of. With rich, names and kinds
// are those that only Rock Ridge keeps; astral are names beyond UCS-2.
func tree(t testing.TB, rich, astral bool) string {
	t.Helper()
	root := t.TempDir()
	write := func(name string, content []byte) {
		t.Helper()
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o640); err != nil {
			t.Fatal(err)
		}
	}
	pattern := func(seed, n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(i*7 + i>>8*13 + seed)
		}
		return b
	}
	write("HELLO.TXT", []byte("hello"))
	write("EMPTY", nil)
	write("A/B/WHERE.TXT", []byte("in A/B"))
	write("B/X/WHERE.TXT", []byte("in B/X"))
	write("A/SUB/WHERE.TXT", []byte("in A"))
	write("B/SUB/WHERE.TXT", []byte("in B"))
	write("B/SUB/BLOCK", pattern(1, 2048))
	write("B/SUB/MORE", pattern(2, 300001))
	for i := range 150 {
		write(fmt.Sprintf("MANY/F%05d.BIN", i), pattern(i, i%5000))
	}
	if rich {
		write("Ünïcödé/naïve – 磁盘.txt", []byte("unicode"))
		write(strings.Repeat("long name ", 9)+".txt", []byte("long"))
		write("two.dots.txt", []byte("dots"))
		write("1/2/3/4/5/6/7/8/9/10/11/deep.txt", []byte("deep"))
		write("1/2/3/4/5/6/7/8/9/beside.txt", []byte("beside"))
	}
	if astral {
		write("😀/💾.txt", []byte("astral"))
	}
	return root
}

// only adds what Rock Ridge alone can have; with long, also what genisoimage
// writes wrongly, as xorriso says of its images.
func only(t testing.TB, root string, long bool) {
	t.Helper()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(".hidden", "dot")
	write("hidden", "no dot")
	write("..two", "two dots")
	write("ends.", "ends with a dot")
	write("a;1", "a version")
	write(`back\slash`, "backslash")
	write(strings.Repeat("n", 200), "200")
	if long {
		write(strings.Repeat("m", 250)+"1", "251")
		write(strings.Repeat("m", 250)+"2", "251 too")
	}
	links := map[string]string{"link": "HELLO.TXT", "up": "../x/./y", "absolute": "/etc/passwd", "root": "/"}
	if long {
		links["longlink"] = strings.Repeat("component/", 60) + "end"
		links["wide"] = strings.Repeat("w", 255) + "/" + strings.Repeat("v", 254)
	}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(root, "HELLO.TXT"), 0o751); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(root, ".dir"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(".dir/.profile", "in a hidden folder")
}

func open(t testing.TB, image string) (fsys.FS, *os.File) {
	t.Helper()
	f, size := trees.Image(t, image)
	v, err := iso.Open(f, size)
	if err != nil {
		t.Fatal(err)
	}
	return v, f
}

// said is what is compared of a file.
type said struct {
	kind, sum, target string
	size              int64
	time              time.Time
	attributes        string
}

func kind(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "folder"
	case m&fs.ModeSymlink != 0:
		return "link"
	}
	return "file"
}

// source lists a folder of this system.
func source(t testing.TB, root string) map[string]said {
	t.Helper()
	list := map[string]said{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		s := said{kind: kind(info.Mode()), time: info.ModTime().Truncate(time.Second), attributes: info.Mode().Perm().String()[1:]}
		switch s.kind {
		case "link":
			s.target, err = os.Readlink(path)
		case "file":
			var b []byte
			b, err = os.ReadFile(path)
			s.size, s.sum = int64(len(b)), sum(b)
		}
		list[filepath.ToSlash(name)] = s
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// contents lists a volume, and reads each file as the volume and by its
// extents.
func contents(t testing.TB, v fsys.FS, volume io.ReaderAt) map[string]said {
	t.Helper()
	list := map[string]said{}
	err := fsys.Walk(t.Context(), v, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		meta := fsys.MetaOf(info)
		s := said{kind: kind(info.Mode()), target: meta.Target, time: info.ModTime().UTC(), attributes: meta.Attributes}
		if s.kind == "file" {
			s.size = info.Size()
			s.sum = content(t, v, name, volume)
		}
		list[name] = s
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func content(t testing.TB, v fsys.FS, name string, volume io.ReaderAt) string {
	t.Helper()
	f, err := v.Open(name)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return ""
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	extents, err := f.(fsys.File).Extents()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	var byExtents []byte
	for _, x := range extents {
		if x.Offset != int64(len(byExtents)) {
			t.Errorf("%s: an extent begins at byte %d, the one before ends at %d", name, x.Offset, len(byExtents))
		}
		run := make([]byte, x.Length)
		if _, err := volume.ReadAt(run, x.Start); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		byExtents = append(byExtents, run...)
	}
	if !bytes.Equal(b, byExtents) {
		t.Errorf("%s: its extents have other bytes than reading it gives", name)
	}
	return sum(b)
}

// compare checks a listing against what was put into the volume.
func compare(t *testing.T, got, want map[string]said, attributes bool) {
	t.Helper()
	for name, w := range want {
		g, ok := got[name]
		if !ok {
			t.Errorf("%q is missing", name)
			continue
		}
		if !attributes {
			w.attributes, g.attributes = "", ""
		}
		if !g.time.Equal(w.time) {
			t.Errorf("%q has time %v, want %v", name, g.time, w.time)
		}
		g.time, w.time = time.Time{}, time.Time{}
		if g != w {
			t.Errorf("%q is %+v, want %+v", name, g, w)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%q is there and was not put there", name)
		}
	}
}

func TestRockRidge(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
	}{
		{"genisoimage", []string{"genisoimage", "-quiet", "-R"}},
		{"genisoimage with Joliet", []string{"genisoimage", "-quiet", "-R", "-J", "-joliet-long", "-input-charset", "utf-8"}},
		{"xorriso", []string{"xorriso", "-as", "mkisofs", "-quiet", "-R"}},
		{"xorriso with Joliet", []string{"xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-joliet-long"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			quick(t, c.args[0])
			root := tree(t, true, c.name != "genisoimage with Joliet")
			only(t, root, strings.HasPrefix(c.name, "xorriso"))
			image := filepath.Join(t.TempDir(), "image.iso")
			trees.Tool(t, c.args[0], append(c.args[1:], "-V", "LABEL", "-o", image, root)...)
			v, f := open(t, image)
			if a := v.About(); a.Type != "ISO 9660" || a.Label != "LABEL" || a.Cluster != 2048 || len(a.Notes) > 0 {
				t.Errorf("the volume says %+v", a)
			}
			got := contents(t, v, f)
			delete(got, "rr_moved")
			compare(t, got, source(t, root), !strings.Contains(c.name, "geniso"))
			sub, err := fs.Sub(v, "1") // that test knows no links
			if err != nil {
				t.Fatal(err)
			}
			if err := fstest.TestFS(sub, "2/3/4/5/6/7/8/9/10/11/deep.txt"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestJoliet(t *testing.T) {
	for _, c := range []struct {
		name   string
		astral bool
		args   []string
	}{
		{"genisoimage", false, []string{"genisoimage", "-quiet", "-input-charset", "utf-8", "-J", "-joliet-long", "-D"}},
		{"xorriso", true, []string{"xorriso", "-as", "mkisofs", "-quiet", "--norock", "-J", "-joliet-long", "-joliet-utf16", "-D"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			quick(t, c.args[0])
			root := tree(t, true, c.astral)
			image := filepath.Join(t.TempDir(), "image.iso")
			trees.Tool(t, c.args[0], append(c.args[1:], "-o", image, root)...)
			v, f := open(t, image)
			compare(t, contents(t, v, f), source(t, root), false)
			if err := fstest.TestFS(v, "HELLO.TXT", "A/SUB/WHERE.TXT"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPlainNames(t *testing.T) {
	for _, c := range [][]string{
		{"genisoimage", "-quiet", "-iso-level", "2"},
		{"xorriso", "-as", "mkisofs", "-quiet", "--norock", "-iso-level", "2"},
	} {
		t.Run(c[0], func(t *testing.T) {
			quick(t, c[0])
			root := tree(t, false, false)
			image := filepath.Join(t.TempDir(), "image.iso")
			trees.Tool(t, c[0], append(c[1:], "-o", image, root)...)
			v, f := open(t, image)
			compare(t, contents(t, v, f), source(t, root), false)
			if err := fstest.TestFS(v, "HELLO.TXT", "A/SUB/WHERE.TXT"); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestTreeOfManyKinds compares what the other file systems are tested with.
func TestTreeOfManyKinds(t *testing.T) {
	quick(t, "xorriso")
	root := trees.Make(t, 1)
	// Rock Ridge keeps components of a link and not all slashes, and xorriso dies
	// of a component that is too long for it.
	for _, link := range []string{"not clean", "long", "longest"} {
		if err := os.Remove(filepath.Join(root, "links", link)); err != nil {
			t.Fatal(err)
		}
	}
	image := filepath.Join(t.TempDir(), "image.iso")
	trees.Tool(t, "xorriso", "-as", "mkisofs", "-quiet", "-R", "--hardlinks", "-o", image, root)
	v, f := open(t, image)
	trees.Compare(t, f, v, root, trees.Keeps{Time: time.Second, Links: true})
}

// TestStructures checks that files and structures lie beside each other, and
// that all of a volume is one or the other, but for what its maker appended.
func TestStructures(t *testing.T) {
	name := filepath.Join(t.TempDir(), "image.iso")
	trees.Tool(t, "genisoimage", "-quiet", "-no-pad", "-o", name, tree(t, false, false))
	v, f := open(t, name)
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	owner := make([]string, info.Size()/512)
	claim := func(name string, start, length int64) {
		for s := start / 512; s < (start+length+511)/512; s++ {
			if owner[s] != "" && owner[s] != name && owner[s] != "slack space" && name != "slack space" {
				t.Fatalf("sector %d is of %s and of %s", s, owner[s], name)
			}
			owner[s] = name
		}
	}
	if err := v.(fsys.Mapping).Structures(func(s fsys.Structure) bool {
		claim(s.Name, s.Start, s.Length)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	fsys.Walk(t.Context(), v, ".", func(name string, e fs.DirEntry, _ error) error {
		if e.Type().IsRegular() {
			file, err := v.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			extents, _ := file.(fsys.File).Extents()
			for _, x := range extents {
				claim(name, x.Start, x.Length)
			}
		}
		return nil
	})
	unknown := 0
	for _, o := range owner {
		if o == "" {
			unknown++
		}
	}
	if unknown > 3*4 { // genisoimage's block of its own version, and one behind each path table
		t.Errorf("of %d of %d sectors nothing is known", unknown, len(owner))
	}
	for at, want := range map[int64]string{0: "system area", 16 * 4: "volume descriptors"} {
		if owner[at] != want {
			t.Errorf("sector %d is %q, want %q", at, owner[at], want)
		}
	}
}

// TestReadsAreFew counts what opening a volume and listing its root reads.
func TestReadsAreFew(t *testing.T) {
	m := image(t, tree(t, true, false), "genisoimage", "-quiet", "-R")
	c := &counted{memory: m}
	v, err := iso.Open(c, int64(len(m)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.ReadDir("."); err != nil {
		t.Fatal(err)
	}
	if c.reads > 12 {
		t.Errorf("%d reads", c.reads)
	}
	before := c.reads
	if _, err := v.ReadDir("MANY"); err != nil || c.reads-before > 12 {
		t.Errorf("a folder of 150 files takes %d reads, %v", c.reads-before, err)
	}
}

// counted counts reads.
type counted struct {
	memory
	reads int
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	c.reads++
	return c.memory.ReadAt(p, off)
}

// TestTimesOfOtherZones checks that times are the same whatever zone a volume
// was made in.
func TestTimesOfOtherZones(t *testing.T) {
	root := t.TempDir()
	name := filepath.Join(root, "FILE.TXT")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	when := time.Date(2019, 7, 1, 12, 34, 56, 0, time.UTC)
	if err := os.Chtimes(name, when, when); err != nil {
		t.Fatal(err)
	}
	for _, zone := range []string{"AAA-5:45", "BBB+9:30", "UTC"} {
		t.Setenv("TZ", zone)
		for _, option := range []string{"-J", "-R"} {
			info, err := mount(t, image(t, root, "genisoimage", "-quiet", option)).Stat("FILE.TXT")
			if err != nil {
				t.Fatal(err)
			}
			if !info.ModTime().Equal(when) {
				t.Errorf("%s, %s: %v, want %v", zone, option, info.ModTime(), when)
			}
		}
	}
}
