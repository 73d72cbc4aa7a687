package ntfs_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/ntfs"
)

// makeVolume makes a volume with mkfs.ntfs and lets fill work in it through
// ntfs-3g. Tests that need it are skipped where these tools do not run.
func makeVolume(t testing.TB, size int64, mkfs, mount []string, fill func(dir string)) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "volume")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	f.Close()
	need(t, "mkfs.ntfs")
	run(t, "mkfs.ntfs", append([]string{"-F", "-q", "-Q"}, append(mkfs, name)...)...)
	if fill != nil {
		mounted(t, name, mount, fill)
	}
	return name
}

// mounted lets f work in a volume that is mounted by ntfs-3g.
func mounted(t testing.TB, name string, options []string, f func(dir string)) {
	t.Helper()
	need(t, "ntfs-3g")
	dir := t.TempDir()
	args := []string{name, dir}
	if len(options) > 0 {
		args = append(args, "-o", strings.Join(options, ","))
	}
	if out, err := exec.Command("ntfs-3g", args...).CombinedOutput(); err != nil {
		t.Skipf("ntfs-3g cannot mount here: %v %s", err, out)
	}
	unmounted := false
	unmount := func() {
		if !unmounted {
			unmounted = true
			run(t, "umount", dir)
		}
	}
	t.Cleanup(unmount)
	f(dir)
	unmount()
	// The mount goes on for a moment after umount has returned: whoever opens
	// the volume for writing waits for the lock that it holds.
	run(t, "ntfsfix", "-n", name)
}

func need(t testing.TB, tool string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skip(tool + " is not installed")
	}
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// open opens a volume that lies in a file.
func open(t testing.TB, name string) fsys.FS {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	v, err := ntfs.Open(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func sumOf(t testing.TB, r io.Reader) string {
	t.Helper()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		t.Error(err)
		return err.Error()
	}
	return hex.EncodeToString(h.Sum(nil))
}

// write writes a file, and the folders that it lies in.
func write(t testing.TB, dir, name string, content []byte) {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o666); err != nil {
		t.Fatal(err)
	}
}

// tree is a file tree: what is known of each by its path.
type tree map[string]node

type node struct {
	kind     fs.FileMode
	size     int64
	sum      string
	modified int64 // ns
	target   string
}

// hostTree reads a tree of the host's, as another driver shows it.
func hostTree(t testing.TB, dir string) tree {
	t.Helper()
	all := tree{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		n := node{kind: info.Mode().Type(), modified: info.ModTime().UnixNano()}
		switch {
		case n.kind == fs.ModeSymlink:
			if n.target, err = os.Readlink(name); err != nil {
				return err
			}
		case n.kind.IsRegular():
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			n.size, n.sum = info.Size(), sumOf(t, f)
		}
		rel, err := filepath.Rel(dir, name)
		all[fsys.Name(rel)] = n
		if strings.Contains(rel, "/") {
			delete(all, fsys.Name(rel))
			all[rel] = n
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// volumeTree reads a tree of a volume.
func volumeTree(t testing.TB, v fsys.FS) tree {
	t.Helper()
	all := tree{}
	err := fsys.Walk(context.Background(), v, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		info, err := v.Stat(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		n := node{kind: info.Mode().Type(), modified: info.ModTime().UnixNano(), target: fsys.MetaOf(info).Target}
		if n.kind.IsRegular() {
			f, err := v.Open(name)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return nil
			}
			defer f.Close()
			n.size, n.sum = info.Size(), sumOf(t, f)
		}
		all[name] = n
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// same compares two trees.
func same(t *testing.T, got, want tree) {
	t.Helper()
	for name, w := range want {
		g, ok := got[name]
		if !ok {
			t.Errorf("%q is missing", name)
		} else if g != w {
			t.Errorf("%q:\n got %+v\nwant %+v", name, g, w)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%q is there, and should not be", name)
		}
	}
}

// provesExtents reads a file at the places in the volume that it tells, and
// compares that with its content.
func provesExtents(t testing.TB, v fsys.FS, volume io.ReaderAt, name string) (extents []fsys.Extent) {
	t.Helper()
	f, err := v.Open(name)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
	defer f.Close()
	file := f.(fsys.File)
	info, _ := f.Stat()
	extents, err = file.Extents()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
	at := int64(0)
	for _, e := range extents {
		if e.Offset != at || e.Length <= 0 {
			t.Errorf("%s: extent %+v should begin at %d", name, e, at)
		}
		at += e.Length
		if e.Stored != 0 || e.Length > 64<<20 {
			continue
		}
		got, want := make([]byte, e.Length), make([]byte, e.Length)
		if _, err := file.ReadAt(got, e.Offset); err != nil && err != io.EOF {
			t.Errorf("%s: %v", name, err)
		}
		if e.Start >= 0 {
			if _, err := volume.ReadAt(want, e.Start); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: at extent %+v the volume has other bytes", name, e)
		}
	}
	if at != info.Size() {
		t.Errorf("%s: its extents hold %d bytes of %d", name, at, info.Size())
	}
	return extents
}
