package xfs

import (
	"encoding/binary"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
)

func TestFilesAreThoseOfThePrototype(t *testing.T) {
	root := simple(t)
	f, volume := open(t, made(t, "-p", proto(t, root)))
	about := volume.About()
	if about.Type != "XFS" || about.Label != "Some label" || about.UUID != "01234567-89ab-cdef-0123-456789abcdef" || len(about.Notes) != 0 {
		t.Errorf("about is %+v", about)
	}
	trees.Compare(t, f, volume, root, trees.Keeps{})
}

func TestIsAnFSAsGoHasThem(t *testing.T) {
	_, volume := open(t, prototyped(t))
	if err := fstest.TestFS(volume, "a", "b/c", "b/d/e/f", "sparse"); err != nil {
		t.Error(err)
	}
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
		{"a log in stripes", []string{"-l", "su=256k"}, false},
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
			if notes := volume.About().Notes; len(notes) != 0 {
				t.Errorf("notes %q", notes)
			}
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
