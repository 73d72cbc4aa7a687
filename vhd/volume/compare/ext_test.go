package compare_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vhdscope/vhd/volume/compare"
	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/ext"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
)

// TestExt4BeforeAndAfter compares a volume with what debugfs made of it.
func TestExt4BeforeAndAfter(t *testing.T) {
	root := t.TempDir()
	for name, size := range map[string]int{"same": 20_000, "moved": 5000, "gone": 3000, "rewritten": 50_000, "mode": 10, "a/b": 100} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, trees.Bytes(trees.Random(uint64(size)), size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	image := filepath.Join(t.TempDir(), "volume")
	trees.Tool(t, "mke2fs", "-q", "-t", "ext4", "-b", "1024", "-d", root, image, "4M")
	before, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{ // what is written takes no inode that was freed
		"write " + filepath.Join(root, "mode") + " new", "write " + filepath.Join(root, "same") + " fresh",
		"rm rewritten", "ln fresh rewritten", "unlink fresh",
		"rm gone", "ln moved a/here", "unlink moved", "set_inode_field mode mode 0100600",
	} {
		trees.Tool(t, "debugfs", "-w", "-R", command, image)
	}
	after, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	open := func(volume []byte) fsys.FS {
		v, err := ext.Open(bytes.NewReader(volume), int64(len(volume)))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	changes, err := compare.Compare(context.Background(), open(before), open(after), func(yield func(device.Range) bool) {
		for at := 0; at < len(after); at += 512 {
			if !bytes.Equal(before[at:at+512], after[at:at+512]) && !yield(device.Range{Start: int64(at), Length: 512}) {
				return
			}
		}
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes.Files {
		if info := c.After; info == nil || info.Mode()&fs.ModeDir == 0 {
			got = append(got, string(c.Kind)+" "+c.From+">"+c.Path)
		}
		if c.Problem != nil {
			t.Errorf("%s: %v", c.Path, c.Problem)
		}
	}
	slices.Sort(got)
	want := []string{"added >new", "content >rewritten", "metadata >mode", "removed >gone", "renamed moved>a/here"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var elsewhere []string
	for _, r := range changes.Elsewhere {
		elsewhere = append(elsewhere, r.Name)
	}
	for _, want := range []string{"inode table of group 0", "block bitmap of group 0", "root folder"} {
		if !slices.Contains(elsewhere, want) {
			t.Errorf("of %q, which changed, nothing is told in %q", want, elsewhere)
		}
	}
}
