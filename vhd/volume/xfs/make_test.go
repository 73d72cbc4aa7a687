package xfs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
)

const size = 320 << 20

// made makes an empty volume.
func made(t testing.TB, args ...string) string {
	t.Helper()
	image := filepath.Join(t.TempDir(), "volume")
	if err := os.WriteFile(image, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(image, size); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"-q", "-f", "-L", "Some label", "-m", "uuid=01234567-89ab-cdef-0123-456789abcdef"}, args...)
	trees.Tool(t, "mkfs.xfs", append(args, image)...)
	return image
}

func open(t testing.TB, image string) (*os.File, fsys.FS) {
	t.Helper()
	f, size := trees.Image(t, image)
	volume, err := Open(f, size)
	if err != nil {
		t.Fatal(err)
	}
	return f, volume
}

// proto is what mkfs.xfs takes for a volume with a folder's files. Names with
// spaces it does not take.
func proto(t testing.TB, root string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("none\n0 0\n")
	var folder func(path string)
	folder = func(path string) {
		list, err := os.ReadDir(path)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("d--755 0 0\n")
		for _, e := range list {
			b.WriteString(e.Name() + " ")
			switch at := filepath.Join(path, e.Name()); {
			case e.IsDir():
				folder(at)
			case e.Type().IsRegular():
				fmt.Fprintf(&b, "---644 0 0 %s\n", at)
			default:
				target, err := os.Readlink(at)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&b, "l--777 0 0 %s\n", target)
			}
		}
		b.WriteString("$\n")
	}
	folder(root)
	file := filepath.Join(t.TempDir(), "proto")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// simple makes a folder that proto can take.
func simple(t testing.TB) string {
	t.Helper()
	root := t.TempDir()
	for name, size := range map[string]int{"empty": 0, "one": 1, "Ελληνικά🐘.txt": 5000, "a/b/c/d/e/f/g": 300_000, "large": 3 << 20} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, trees.Bytes(trees.Random(uint64(size)), size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 200 {
		if err := os.WriteFile(filepath.Join(root, "a", "b", fmt.Sprint("a-file-of-many-", i)), fmt.Append(nil, i), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"short": "a/b", "long": strings.Repeat("no/such/place/", 20)} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// prototyped is a volume with few files.
func prototyped(t testing.TB) string { return made(t, "-p", proto(t, trees.Few(t, 9))) }

// fragmented is a volume with files and a folder in many pieces.
func fragmented(t testing.TB) string {
	image := made(t, "-b", "size=1024", "-n", "size=4096")
	trees.Mounted(t, image, func(folder string) {
		if out, err := exec.Command("cp", "-a", trees.Few(t, 10)+"/.", folder).CombinedOutput(); err != nil {
			t.Fatalf("cp: %s", out)
		}
		var files [3]*os.File
		for i := range files {
			f, err := os.Create(filepath.Join(folder, fmt.Sprint("fragmented", i)))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			files[i] = f
		}
		for i := range int64(200) {
			for _, f := range files {
				if _, err := f.WriteAt(trees.Bytes(trees.Random(uint64(i)), 1024), i*2048); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
	return image
}
