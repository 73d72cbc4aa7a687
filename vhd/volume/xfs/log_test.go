package xfs

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vhdscope/vhd/volume/internal/trees"
)

// isDirty tells whether a volume says that its log was not replayed.
func isDirty(t *testing.T, image string) bool {
	t.Helper()
	_, volume := open(t, image)
	return strings.Contains(strings.Join(volume.About().Notes, "\n"), "log was not replayed")
}

// TestALogThatWasNotReplayedIsSaid of a copy that is made while the volume is
// in use, also when the log has begun anew, and not when it was unmounted.
func TestALogThatWasNotReplayedIsSaid(t *testing.T) {
	for _, cycle := range []string{"1", "7"} {
		image, dirty := made(t), filepath.Join(t.TempDir(), "dirty")
		if cycle != "1" {
			trees.Tool(t, "xfs_db", "-x", "-c", "logformat -c "+cycle, image)
		}
		if isDirty(t, image) {
			t.Errorf("cycle %s: a new volume is dirty", cycle)
		}
		trees.Mounted(t, image, func(folder string) {
			if err := os.WriteFile(filepath.Join(folder, "new"), nil, 0o644); err != nil {
				t.Fatal(err)
			}
			trees.Tool(t, "sync", "-f", folder)
			if out, err := exec.Command("cp", "--sparse=always", image, dirty).CombinedOutput(); err != nil {
				t.Fatalf("cp: %s", out)
			}
		})
		if !isDirty(t, dirty) {
			t.Errorf("cycle %s: a volume in use is not dirty", cycle)
		}
		if isDirty(t, image) {
			t.Errorf("cycle %s: an unmounted volume is dirty", cycle)
		}
	}
}

// TestALogIsAskedForWithFewReads when a volume is opened.
func TestALogIsAskedForWithFewReads(t *testing.T) {
	f, _ := open(t, prototyped(t))
	c := &counting{ReaderAt: f}
	if _, err := Open(c, size); err != nil || c.reads > 18 {
		t.Errorf("opening takes %d reads, %v", c.reads, err)
	}
}

// counting counts reads.
type counting struct {
	io.ReaderAt
	reads int
}

func (c *counting) ReadAt(b []byte, off int64) (int, error) {
	c.reads++
	return c.ReaderAt.ReadAt(b, off)
}
