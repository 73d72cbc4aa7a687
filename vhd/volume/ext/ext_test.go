package ext_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vhdscope/vhd/volume/ext"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
)

// made makes an image of a folder's files with mke2fs.
func made(t testing.TB, root, size string, args ...string) string {
	t.Helper()
	image := filepath.Join(t.TempDir(), "volume")
	args = append([]string{"-q", "-d", root, "-L", "Some label", "-U", "01234567-89ab-cdef-0123-456789abcdef"}, args...)
	trees.Tool(t, "mke2fs", append(args, image, size)...)
	return image
}

func open(t testing.TB, image string) (*os.File, fsys.FS) {
	t.Helper()
	f, size := trees.Image(t, image)
	volume, err := ext.Open(f, size)
	if err != nil {
		t.Fatal(err)
	}
	return f, volume
}

// TestFilesAreThoseTheVolumeWasMadeFrom over the kinds of volumes that mke2fs
// makes.
func TestFilesAreThoseTheVolumeWasMadeFrom(t *testing.T) {
	root := trees.Make(t, 1)
	for _, kind := range []struct {
		name, is string
		args     []string
		short    bool
	}{
		{"ext2, blocks of 1 KiB", "ext2", []string{"-t", "ext2", "-b", "1024"}, true},
		{"ext2, blocks of 4 KiB, small inodes", "ext2", []string{"-t", "ext2", "-b", "4096", "-I", "128"}, false},
		{"ext2, first revision", "ext2", []string{"-t", "ext2", "-r", "0", "-O", "none"}, false},
		{"ext3, blocks of 2 KiB", "ext3", []string{"-t", "ext3", "-b", "2048"}, false},
		{"ext4", "ext4", []string{"-t", "ext4"}, true},
		{"ext4, blocks of 1 KiB", "ext4", []string{"-t", "ext4", "-b", "1024"}, false},
		{"ext4, blocks of 2 KiB, large inodes", "ext4", []string{"-t", "ext4", "-b", "2048", "-I", "512"}, false},
		{"ext4 without checksums", "ext4", []string{"-t", "ext4", "-O", "^metadata_csum,uninit_bg"}, false},
		{"ext4 of 32 bits", "ext4", []string{"-t", "ext4", "-O", "^64bit,^resize_inode"}, false},
		{"ext4 with meta groups", "ext4", []string{"-t", "ext4", "-b", "1024", "-O", "meta_bg,^resize_inode", "-g", "1024"}, false},
		{"ext4 with clusters", "ext4", []string{"-t", "ext4", "-O", "bigalloc", "-C", "65536"}, false},
		{"ext4 that tells no case apart", "ext4", []string{"-t", "ext4", "-O", "casefold"}, false},
	} {
		t.Run(kind.name, func(t *testing.T) {
			if testing.Short() && !kind.short {
				t.Skip("a long test")
			}
			f, volume := open(t, made(t, root, "32M", kind.args...))
			about := volume.About()
			if about.Type != kind.is || about.Label != "Some label" || about.UUID != "01234567-89ab-cdef-0123-456789abcdef" || len(about.Notes) != 0 {
				t.Errorf("about is %+v", about)
			}
			keeps := trees.Keeps{Time: time.Second, Links: true, LostFound: true}
			trees.Compare(t, f, volume, root, keeps)
			if about.Cluster <= 4096 { // ends of larger clusters belong to nothing
				whole(t, f.Name(), volume)
			}
		})
	}
}

func TestIsAnFSAsGoHasThem(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"a", "b/c", "b/d/e"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, volume := open(t, made(t, root, "2M", "-t", "ext4"))
	if err := fstest.TestFS(volume, "a", "b/c", "b/d/e", "lost+found"); err != nil {
		t.Error(err)
	}
}

// whole checks that everything in a volume is told of, and as much free space
// as dumpe2fs tells.
func whole(t *testing.T, image string, volume fsys.FS) {
	t.Helper()
	said := trees.Tool(t, "dumpe2fs", "-h", image)
	number := func(name string) int64 {
		_, rest, _ := strings.Cut(said, "\n"+name+":")
		line, _, _ := strings.Cut(rest, "\n")
		n, _ := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
		return n
	}
	size := number("Block count") * number("Block size")
	free, gaps := trees.Covered(t, volume, size)
	if want := number("Free blocks") * number("Block size"); free != want {
		t.Errorf("%d bytes are free, want %d", free, want)
	}
	for _, gap := range gaps {
		t.Errorf("nothing is told of %+v", gap)
	}
}
