package ntfs_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/ntfs"
)

// counting counts the reads of a volume, each of which costs a browser the
// same up to 64 KiB.
type counting struct {
	io.ReaderAt
	reads, bytes atomic.Int64
}

func (c *counting) ReadAt(p []byte, off int64) (int, error) {
	c.reads.Add(max(1, (int64(len(p))+65535)/65536))
	c.bytes.Add(int64(len(p)))
	return c.ReaderAt.ReadAt(p, off)
}

// counted opens a volume whose reads are counted.
func counted(t testing.TB, name string) (fsys.FS, *counting) {
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
	c := &counting{ReaderAt: f}
	v, err := ntfs.Open(c, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	return v, c
}

// fillFolder makes a folder of many files.
func fillFolder(t testing.TB, dir string, files int) {
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	for i := range files {
		f, err := os.Create(filepath.Join(dir, "folder", fmt.Sprintf("file number %d.txt", i)))
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}

// TestRootIsListedInFewReads opens a volume with a full root and lists it.
func TestRootIsListedInFewReads(t *testing.T) {
	t.Parallel()
	name := makeVolume(t, 128<<20, nil, nil, func(dir string) {
		fillMany(t, dir)
		for i := range 50 {
			write(t, dir, fmt.Sprintf("in the root %d.txt", i), random(5000, uint64(i)))
		}
	})
	v, reads := counted(t, name)
	list, err := v.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if _, err := e.Info(); err != nil {
			t.Fatal(err)
		}
	}
	if n := reads.reads.Load(); n > 12 || len(list) < 50 {
		t.Errorf("%d entries took %d reads", len(list), n)
	}
}

// TestFolderOfManyFiles lists a folder of 100,000, and reads no more than its
// index for that.
func TestFolderOfManyFiles(t *testing.T) {
	t.Parallel()
	files := 100000
	if testing.Short() {
		files = 3000
	}
	name := makeVolume(t, 512<<20, nil, nil, func(dir string) { fillFolder(t, dir, files) })
	v, reads := counted(t, name)
	list, err := v.ReadDir("folder")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != files {
		t.Fatalf("%d of %d entries", len(list), files)
	}
	if n := reads.bytes.Load(); n > int64(files)*250+2<<20 {
		t.Errorf("%d bytes were read", n)
	}
	seen := map[string]bool{}
	for _, e := range list {
		info, err := e.Info()
		if err != nil || info.Size() != 0 || info.ModTime().IsZero() {
			t.Fatalf("%v: %v", info, err)
		}
		seen[e.Name()] = true
	}
	for i := range files {
		if !seen[fmt.Sprintf("file number %d.txt", i)] {
			t.Fatalf("file %d is missing", i)
		}
	}
	// Whoever opens the files one by one has the folder listed once.
	before := reads.bytes.Load()
	for i := range 1000 {
		if _, err := v.Stat(fmt.Sprintf("folder/file number %d.txt", i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := reads.bytes.Load() - before; n > 8<<20 {
		t.Errorf("1000 files that follow on each other took %d bytes", n)
	}
}

func BenchmarkRoot(b *testing.B) {
	name := makeVolume(b, 64<<20, nil, nil, func(dir string) { fillMany(b, dir) })
	for b.Loop() {
		v, _ := counted(b, name)
		if _, err := v.ReadDir("."); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFolderOf100000(b *testing.B) {
	name := makeVolume(b, 512<<20, nil, nil, func(dir string) { fillFolder(b, dir, 100000) })
	for b.Loop() {
		v, _ := counted(b, name)
		list, err := v.ReadDir("folder")
		if err != nil || len(list) != 100000 {
			b.Fatal(len(list), err)
		}
	}
}

func BenchmarkContiguousFile(b *testing.B) {
	const size = 1 << 30
	name := makeVolume(b, 1200<<20, nil, nil, func(dir string) {
		f, err := os.Create(filepath.Join(dir, "file"))
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		part := random(1<<20, 1)
		for range size / len(part) {
			if _, err := f.Write(part); err != nil {
				b.Fatal(err)
			}
		}
	})
	v := open(b, name)
	b.SetBytes(size)
	p := make([]byte, 1<<20)
	for b.Loop() {
		f, err := v.Open("file")
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.CopyBuffer(onlyWriter{io.Discard}, f, p); n != size || err != nil {
			b.Fatal(n, err)
		}
	}
}

type onlyWriter struct{ io.Writer }

func BenchmarkCompressedFile(b *testing.B) {
	const size = 64 << 20
	name := makeVolume(b, 128<<20, nil, []string{"compression"}, func(dir string) {
		setFlags(b, dir, 1<<11)
		write(b, dir, "file", text(size, 1))
	})
	v := open(b, name)
	b.SetBytes(size)
	for b.Loop() {
		f, err := v.Open("file")
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(onlyWriter{io.Discard}, f); n != size || err != nil {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkWalkOf100000(b *testing.B) {
	name := makeVolume(b, 512<<20, nil, nil, func(dir string) { fillFolder(b, dir, 100000) })
	for b.Loop() {
		v, _ := counted(b, name)
		n := 0
		if err := fsys.Walk(context.Background(), v, ".", func(name string, e fs.DirEntry, err error) error {
			if _, e := v.Stat(name); e != nil {
				b.Fatal(e)
			}
			n++
			return err
		}); err != nil || n != 100001 {
			b.Fatal(n, err)
		}
	}
}
