package fat_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vhdscope/vhd/volume/fat"
	"vhdscope/vhd/volume/fsys"
)

// need skips the test where a tool is not installed.
func need(t testing.TB, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
}

// run runs a tool; mtools read the image of no drive without this variable's
// checks.
func run(t testing.TB, tool string, arguments ...string) string {
	t.Helper()
	c := exec.Command(tool, arguments...)
	c.Env = append(os.Environ(), "MTOOLS_SKIP_CHECK=1", "LC_ALL=C.UTF-8", "TZ=UTC")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", tool, strings.Join(arguments, " "), err, out)
	}
	return string(out)
}

// format makes an image by mkfs.vfat or mkfs.exfat.
func format(t testing.TB, size int64, tool string, arguments ...string) string {
	t.Helper()
	need(t, tool)
	name := filepath.Join(t.TempDir(), "volume.img")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, size); err != nil {
		t.Fatal(err)
	}
	run(t, tool, append(arguments, name)...)
	return name
}

// open opens an image; it is closed with the test.
func open(t testing.TB, image string) (fsys.FS, *os.File) {
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
	v, err := fat.Open(f, info.Size(), fat.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return v, f
}

// tree makes a folder of files with all kinds of names and sizes.
func tree(t testing.TB, cluster int) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "tree")
	random := rand.New(rand.NewPCG(1, 2))
	n := 0
	write := func(name string, size int) {
		name = filepath.Join(root, name)
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
		n++ // FAT keeps 2 seconds
		when := time.Date(1985+n%90, time.Month(1+n%12), 1+n%28, n%24, n%60, n*2%60, 0, time.UTC)
		if err := os.Chtimes(name, when, when); err != nil {
			t.Fatal(err)
		}
	}
	write("EMPTY", 0)
	write("READ.ME", 1)
	write("lower.txt", 100)
	write("Mixed Case and spaces.text", cluster-1)
	write("exact.bin", cluster)
	write("one more.bin", cluster+1)
	write("large.bin", 20*cluster+7)
	write("Привет, 世界.txt", 3*cluster)
	write("emoji 🦉🌲.txt", 10)
	write("é à la française", 77)
	write("thirteen.char", 5)                 // fills one part of a long name
	write("twenty-six characters name", 5)    // and two
	write(strings.Repeat("n", 251)+".txt", 9) // the longest
	write(strings.Repeat("🦉", 40), 9)
	write("a.b.c.d.e", 3)
	write(".hidden", 3)
	write(strings.Repeat("deep/", 20)+"bottom.txt", 4000)
	for i := range 150 {
		write(fmt.Sprintf("many/file number %d.txt", i), i)
	}
	if err := os.Mkdir(filepath.Join(root, "empty folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	return root
}

// sum is the SHA-256 of what there is to read.
func sum(t testing.TB, r io.Reader) string {
	t.Helper()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		t.Error(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// known is what a file is told to be.
type known struct {
	size int64
	sum  string
	time time.Time
}

// sourceFiles is the files of a folder, by their paths; folders have size -1.
func sourceFiles(t testing.TB, root string) map[string]known {
	t.Helper()
	files := map[string]known{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if e.IsDir() {
			files[name] = known{size: -1}
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		f, err := os.Open(filepath.Join(root, name))
		if err != nil {
			return err
		}
		defer f.Close()
		files[name] = known{info.Size(), sum(t, f), info.ModTime().UTC()}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// volumeFiles is the same of a volume. Each file is read twice: as itself,
// and from the image at its extents.
func volumeFiles(t testing.TB, v fsys.FS, image io.ReaderAt) map[string]known {
	t.Helper()
	files := map[string]known{}
	err := fsys.Walk(t.Context(), v, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		if e.IsDir() {
			files[name] = known{size: -1}
			return nil
		}
		f, err := v.Open(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		k := known{info.Size(), sum(t, f), info.ModTime()}
		if at := sum(t, atExtents(t, name, f.(fsys.File), image)); at != k.sum {
			t.Errorf("%s: sum at its extents is %s, of the file %s", name, at, k.sum)
		}
		files[name] = k
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// atExtents reads a file from the image.
func atExtents(t testing.TB, name string, f fsys.File, image io.ReaderAt) io.Reader {
	t.Helper()
	extents, err := f.Extents()
	if err != nil {
		t.Error(err)
	}
	var parts []io.Reader
	at := int64(0)
	for _, e := range extents {
		if e.Offset != at || e.Length <= 0 {
			t.Errorf("%s: extent %+v at %d", name, e, at)
		}
		at += e.Length
		if e.Start < 0 {
			parts = append(parts, io.LimitReader(zeros{}, e.Length))
			continue
		}
		parts = append(parts, io.NewSectionReader(image, e.Start, e.Length))
	}
	if info, err := f.Stat(); err != nil || at != info.Size() {
		t.Errorf("%s: extents end at %d, the file at %d (%v)", name, at, info.Size(), err)
	}
	return io.MultiReader(parts...)
}

// mustLieAbove shows that a test tests what it says.
func mustLieAbove(t testing.TB, v fsys.FS, name string, offset int64) {
	t.Helper()
	f, err := v.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := f.(fsys.File).Extents(); err != nil || e[0].Start < offset {
		t.Fatalf("%s begins at %d, below %d (%v)", name, e[0].Start, offset, err)
	}
}

// compare tells how two sets of files differ. Times may be less exact by
// unit.
func compare(t testing.TB, got, want map[string]known, unit time.Duration) {
	t.Helper()
	for name, w := range want {
		g, ok := got[name]
		switch {
		case !ok:
			t.Errorf("%q is missing", name)
		case g.size != w.size || g.sum != w.sum:
			t.Errorf("%q: %d bytes with sum %.8s, want %d with %.8s", name, g.size, g.sum, w.size, w.sum)
		case w.size >= 0 && !g.time.Equal(w.time.Truncate(unit)):
			t.Errorf("%q: time %v, want %v", name, g.time, w.time)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%q is not in the source", name)
		}
	}
}

// testFS runs the standard library's test of file systems.
func testFS(t *testing.T, v fsys.FS, files map[string]known) {
	t.Helper()
	var names []string
	for name := range files {
		names = append(names, name)
	}
	if err := fstest.TestFS(v, names...); err != nil {
		for _, e := range unjoined(err) {
			t.Error(e)
		}
	}
}

func unjoined(err error) []error {
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		return many.Unwrap()
	}
	return []error{err}
}
