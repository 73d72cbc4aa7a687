package xfs_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
	"vhdscope/vhd/volume/xfs"
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
	volume, err := xfs.Open(f, size)
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

func TestFilesAreThoseOfThePrototype(t *testing.T) {
	root := simple(t)
	f, volume := open(t, made(t, "-p", proto(t, root)))
	about := volume.About()
	if about.Type != "XFS" || about.Label != "Some label" || about.UUID != "01234567-89ab-cdef-0123-456789abcdef" || len(about.Notes) != 0 {
		t.Errorf("about is %+v", about)
	}
	trees.Compare(t, f, volume, root, trees.Keeps{})
}

// TestFilesAreThoseThatTheKernelWrote over the kinds of volumes that mkfs.xfs
// makes.
func TestFilesAreThoseThatTheKernelWrote(t *testing.T) {
	root := trees.Make(t, 3)
	for _, kind := range []struct {
		name  string
		args  []string
		short bool
	}{
		{"as usual", nil, true},
		{"counters of 64 bits", []string{"-i", "nrext64=1"}, true},
		{"blocks of 1 KiB", []string{"-b", "size=1024"}, false},
		{"large blocks of folders, large inodes", []string{"-n", "size=16384", "-i", "size=1024"}, false},
		{"small folders' blocks over small ones", []string{"-b", "size=1024", "-n", "size=8192"}, false},
		{"without what is new", []string{"-m", "bigtime=0,reflink=0,finobt=0", "-i", "sparse=0"}, false},
		{"trees of owners", []string{"-m", "rmapbt=1"}, false},
		{"sectors of 4 KiB", []string{"-s", "size=4096"}, false},
	} {
		t.Run(kind.name, func(t *testing.T) {
			if testing.Short() && !kind.short {
				t.Skip("a long test")
			}
			image := made(t, kind.args...)
			trees.Mounted(t, image, func(folder string) {
				if out, err := exec.Command("cp", "-a", root+"/.", folder).CombinedOutput(); err != nil {
					t.Fatalf("cp: %s", out)
				}
			})
			f, volume := open(t, image)
			trees.Compare(t, f, volume, root, trees.Keeps{Time: time.Nanosecond, Links: true})
			whole(t, f, volume)
		})
	}
}

// whole checks that all blocks of a volume are told of, and as much free space
// as the superblock tells, but for the blocks put aside for trees, which it
// counts as free too.
func whole(t *testing.T, f *os.File, volume fsys.FS) {
	t.Helper()
	b := make([]byte, 512)
	if _, err := f.ReadAt(b, 0); err != nil {
		t.Fatal(err)
	}
	free, gaps := trees.Covered(t, volume, size)
	block := int64(binary.BigEndian.Uint32(b[4:]))
	said := int64(binary.BigEndian.Uint64(b[144:])) * block
	err := volume.(fsys.Mapping).Structures(func(s fsys.Structure) bool {
		if strings.HasPrefix(s.Name, "spare blocks") {
			free += s.Length
		}
		return true
	})
	if err != nil || free > said || said-free > 64*block {
		t.Errorf("%d bytes are free, want %d; %v", free, said, err)
	}
	for _, gap := range gaps {
		if gap.Length >= block {
			t.Errorf("nothing is told of %+v", gap)
		}
	}
}
