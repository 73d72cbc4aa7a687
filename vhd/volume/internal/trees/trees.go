// Package trees makes folders of files on disk for tests of file systems, and
// compares what a file system shows with the folder it was made from.
package trees

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vhdscope/vhd/volume/fsys"
)

// Make fills a new folder with what people have: nested folders, long and
// Unicode names, empty, small, large and sparse files, links of both kinds.
func Make(t testing.TB, seed uint64) string {
	t.Helper()
	root := t.TempDir()
	random := Random(seed)
	write := func(name string, size int) { write(t, filepath.Join(root, name), Bytes(random, size)) }
	write("hello.txt", 6)
	write("empty", 0)
	for _, size := range []int{1, 511, 512, 513, 1023, 1024, 4095, 4096, 4097, 12 << 10, 13<<10 + 1, 300_000, 1 << 20} {
		write("sizes/"+strconv.Itoa(size)+".bin", size)
	}
	write("Grüße aus Köln – 日本語 – Ελληνικά – emoji 🐘.txt", 77)
	write("names/"+strings.Repeat("long name ", 25)+"x.txt", 99)
	write("names/ leading and trailing ", 5)
	write("names/new\nline", 5)
	write("names/\xff\xfe not UTF-8", 5)
	write(strings.Repeat("deep/", 30)+"bottom.txt", 3000)
	for i := range 300 {
		write("many/file number "+strconv.Itoa(i)+".dat", i*7)
	}
	for name, mode := range map[string]os.FileMode{"modes/setuid": 0o755 | os.ModeSetuid, "modes/setgid": 0o710 | os.ModeSetgid, "modes/none": 0, "modes/all": 0o777} {
		write(name, 10)
		check(t, os.Chmod(filepath.Join(root, name), mode))
	}
	check(t, os.Mkdir(filepath.Join(root, "modes", "sticky"), 0o777))
	check(t, os.Chmod(filepath.Join(root, "modes", "sticky"), 0o777|os.ModeSticky))
	check(t, os.Mkdir(filepath.Join(root, "empty folder"), 0o700))
	Tool(t, "mkfifo", "-m", "600", filepath.Join(root, "modes", "fifo"))

	check(t, os.Mkdir(filepath.Join(root, "links"), 0o755))
	for name, target := range map[string]string{
		"links/short":      "../hello.txt",
		"links/59":         strings.Repeat("a", 59),
		"links/60":         strings.Repeat("b", 60),
		"links/long":       strings.Repeat("no/such/place/", 20),
		"links/longest":    strings.Repeat("x", 1000),
		"links/unicode":    "日本語/🐘",
		"links/absolute":   "/etc/passwd",
		"links/not clean/": "./a//b/../c/",
	} {
		check(t, os.Symlink(target, filepath.Join(root, name)))
	}
	check(t, os.Link(filepath.Join(root, "hello.txt"), filepath.Join(root, "links", "hard")))

	Sparse(t, filepath.Join(root, "sparse.bin"), 3<<20, random, []int64{0, 64 << 10, 1<<20 + 4096, 2 << 20, 3<<20 - 5000})
	when := time.Date(1999, 12, 31, 23, 59, 58, 0, time.UTC)
	check(t, os.Chtimes(filepath.Join(root, "hello.txt"), when, when))
	when = time.Date(2037, 6, 1, 12, 0, 0, 123456789, time.UTC)
	check(t, os.Chtimes(filepath.Join(root, "empty"), when, when))
	return root
}

// write makes a file, and the folders above it.
func write(t testing.TB, name string, content []byte) {
	t.Helper()
	check(t, os.MkdirAll(filepath.Dir(name), 0o755))
	check(t, os.WriteFile(name, content, 0o644))
}

// Sparse makes a file with 5,000 bytes at each of the places, and holes
// between them.
func Sparse(t testing.TB, name string, size int64, random *rand.Rand, places []int64) {
	t.Helper()
	f, err := os.Create(name)
	check(t, err)
	defer f.Close()
	check(t, f.Truncate(size))
	for _, at := range places {
		_, err := f.WriteAt(Bytes(random, int(min(5000, size-at))), at)
		check(t, err)
	}
}

// Random is a source of numbers that are always the same.
func Random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 2)) }

// Bytes are random ones, which do not compress, and some that do.
func Bytes(random *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		if i/997%3 == 0 {
			b[i] = byte(i / 8)
		} else {
			b[i] = byte(random.Uint32())
		}
	}
	return b
}

// Tool runs a program, or skips the test where it is not installed.
func Tool(t testing.TB, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8") // the locale that names are given in
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, errors.String())
	}
	return string(out)
}

// Mounted makes files in a volume as fill does, below a folder where the volume
// is mounted for that time. Where mounting is not allowed the test is skipped.
func Mounted(t testing.TB, image string, fill func(folder string)) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "mounted")
	check(t, os.Mkdir(folder, 0o755))
	if out, err := exec.Command("mount", "-o", "loop", image, folder).CombinedOutput(); err != nil {
		t.Skipf("a volume cannot be mounted here: %s", bytes.TrimSpace(out))
	}
	defer func() {
		if out, err := exec.Command("umount", folder).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", out)
		}
	}()
	fill(folder)
}

// Image opens an image; it is closed with the test.
func Image(t testing.TB, name string) (*os.File, int64) {
	t.Helper()
	f, err := os.Open(name)
	check(t, err)
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	check(t, err)
	return f, info.Size()
}

// Keeps says what a file system keeps of a file.
type Keeps struct {
	Time       time.Duration // times are as exact as this; 0 where they are not kept
	Compressed bool          // bytes of the volume are not those of files
	Links      bool          // hard links stay such, and are counted
	LostFound  bool          // a folder that its maker adds
}

// Compare compares a file system with the folder that it was made from: what
// is there, names, sizes, modes, times, targets and contents, these also as
// the extents have them in the volume.
func Compare(t *testing.T, volume io.ReaderAt, got fsys.FS, root string, keeps Keeps) {
	t.Helper()
	want, paths := map[string]fs.FileInfo{}, map[string]string{} // by the name as it is shown
	check(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		if name != "." {
			want[shown(name)], err = d.Info()
			paths[shown(name)] = path
		}
		return err
	}))
	seen := map[string]bool{}
	inodes := map[uint64]string{}
	err := fsys.Walk(context.Background(), got, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			t.Errorf("%q: %v", name, err)
			return nil
		}
		if keeps.LostFound && name == "lost+found" {
			return nil
		}
		info := want[name]
		if info == nil {
			t.Errorf("%q is shown and not there", name)
			return nil
		}
		seen[name] = true
		compare(t, volume, got, paths[name], name, e, info, keeps)
		if node, err := e.Info(); err == nil && keeps.Links && info.Mode().IsRegular() {
			meta := fsys.MetaOf(node)
			if links := int(info.Sys().(*syscall.Stat_t).Nlink); meta.Links != links {
				t.Errorf("%q has %d links, want %d", name, meta.Links, links)
			}
			if other, twice := inodes[meta.ID]; twice && meta.Links < 2 {
				t.Errorf("%q has the ID of %q", name, other)
			}
			inodes[meta.ID] = name
		}
		return nil
	})
	check(t, err)
	for name := range want {
		if !seen[name] {
			t.Errorf("%q is there and not shown", name)
		}
	}
}

// shown is a path as fsys writes it.
func shown(name string) string {
	steps := strings.Split(name, "/")
	for i, s := range steps {
		steps[i] = fsys.Name(s)
	}
	return strings.Join(steps, "/")
}

func compare(t *testing.T, volume io.ReaderAt, got fsys.FS, path, name string, e fs.DirEntry, want fs.FileInfo, keeps Keeps) {
	t.Helper()
	info, err := e.Info()
	check(t, err)
	if again, err := got.Stat(name); err != nil || again.Size() != info.Size() || again.Mode() != info.Mode() {
		t.Errorf("%q: Stat says %v, %v; ReadDir %v", name, again, err, info)
	}
	if info.Mode() != want.Mode() {
		t.Errorf("%q: mode %v, want %v", name, info.Mode(), want.Mode())
	}
	if d := info.ModTime().Sub(want.ModTime()); keeps.Time > 0 && (d <= -keeps.Time || d > 0) {
		t.Errorf("%q: modified %v, want %v", name, info.ModTime(), want.ModTime())
	}
	if fsys.MetaOf(info).Problem != nil {
		t.Errorf("%q: %v", name, fsys.MetaOf(info).Problem)
	}
	switch {
	case want.Mode().IsRegular():
		content, err := os.ReadFile(path)
		check(t, err)
		File(t, volume, got, name, content, keeps.Compressed)
	case want.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(path)
		check(t, err)
		if fsys.MetaOf(info).Target != target {
			t.Errorf("%q leads to %q, want %q", name, fsys.MetaOf(info).Target, target)
		}
	}
}

// File compares a file's content with what it should be: read at once, read
// in pieces, and read from the volume where its extents say.
func File(t *testing.T, volume io.ReaderAt, got fsys.FS, name string, want []byte, compressed bool) {
	t.Helper()
	opened, err := got.Open(name)
	if err != nil {
		t.Errorf("%q: %v", name, err)
		return
	}
	defer opened.Close()
	f := opened.(fsys.File)
	all, err := io.ReadAll(f)
	if err != nil || sha256.Sum256(all) != sha256.Sum256(want) {
		t.Errorf("%q: %d bytes read, %v; want %d others", name, len(all), err, len(want))
		return
	}
	if n := int64(len(want)); n > 0 {
		part := make([]byte, min(5000, n-n/3))
		if _, err := f.ReadAt(part, n/3); err != nil || !bytes.Equal(part, want[n/3:][:len(part)]) {
			t.Errorf("%q: reading in the middle: %v, or other bytes", name, err)
		}
	}
	extents, err := f.Extents()
	if err != nil {
		t.Errorf("%q: extents: %v", name, err)
		return
	}
	at := int64(0)
	for _, e := range extents {
		if e.Offset != at || e.Length <= 0 {
			t.Fatalf("%q: extent %+v does not follow on byte %d", name, e, at)
		}
		at += e.Length
		if at > int64(len(want)) {
			break
		}
		b := make([]byte, e.Length)
		switch {
		case e.Stored > 0:
			continue
		case e.Start >= 0:
			if _, err := volume.ReadAt(b, e.Start); err != nil {
				t.Errorf("%q: extent %+v: %v", name, e, err)
				continue
			}
		}
		if !bytes.Equal(b, want[e.Offset:at]) {
			t.Errorf("%q: extent %+v has other bytes in the volume", name, e)
		}
	}
	if at != int64(len(want)) {
		t.Errorf("%q: the extents end at %d of %d", name, at, len(want))
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
