package squashfs_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
	"vhdscope/vhd/volume/squashfs"
)

// made makes an image of a folder's files with mksquashfs.
func made(t testing.TB, root string, args ...string) string {
	t.Helper()
	image := filepath.Join(t.TempDir(), "volume")
	trees.Tool(t, "mksquashfs", append([]string{root, image, "-noappend", "-quiet", "-no-progress", "-processors", "2"}, args...)...)
	return image
}

func open(t testing.TB, image string) (*os.File, fsys.FS) {
	t.Helper()
	f, size := trees.Image(t, image)
	volume, err := squashfs.Open(f, size)
	if err != nil {
		t.Fatal(err)
	}
	return f, volume
}

// TestFilesAreThoseTheVolumeWasMadeFrom over what mksquashfs can compress
// with, and how.
func TestFilesAreThoseTheVolumeWasMadeFrom(t *testing.T) {
	root := trees.Make(t, 5)
	for _, kind := range []struct {
		name  string
		args  []string
		short bool
	}{
		{"gzip", nil, true},
		{"XZ with a filter", []string{"-comp", "xz", "-Xbcj", "x86", "-Xdict-size", "50%"}, false},
		{"Zstandard", []string{"-comp", "zstd"}, true},
		{"Zstandard, large blocks", []string{"-comp", "zstd", "-Xcompression-level", "3", "-b", "1M"}, false},
		{"LZMA", []string{"-comp", "lzma"}, false},
		{"small blocks", []string{"-b", "4K"}, false},
		{"without fragments", []string{"-no-fragments"}, false},
		{"fragments of all", []string{"-always-use-fragments", "-b", "1M"}, false},
		{"nothing compressed", []string{"-noI", "-noD", "-noF", "-noX"}, false},
		{"no attributes, no table for NFS", []string{"-no-xattrs", "-no-exports"}, false},
	} {
		t.Run(kind.name, func(t *testing.T) {
			if testing.Short() && !kind.short {
				t.Skip("a long test")
			}
			f, volume := open(t, made(t, root, kind.args...))
			if about := volume.About(); about.Type != "squashfs" || len(about.Notes) != 0 {
				t.Errorf("about is %+v", about)
			}
			trees.Compare(t, f, volume, root, trees.Keeps{Time: time.Second, Links: true})
		})
	}
}

func TestIsAnFSAsGoHasThem(t *testing.T) {
	_, volume := open(t, made(t, trees.Few(t, 1)))
	if err := fstest.TestFS(volume, "a", "b/c", "b/d/e/f", "sparse"); err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBeUnpackedIsSaid(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "a"), []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]string{"lz4": "LZ4", "lzo": "LZO"} {
		f, size := trees.Image(t, made(t, root, "-comp", kind))
		if _, err := squashfs.Open(f, size); !errors.Is(err, fsys.ErrUnsupported) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
