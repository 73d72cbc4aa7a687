package ntfs_test

import (
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/volume/ntfs"
)

// imagesDir holds real images by other people's tools, with the sums of the
// files inside that other readers agree on. It is not part of the project.
const imagesDir = "../../../../shared/images"

// chain opens the first partition of a chain, leaf first.
func chain(t testing.TB, names ...string) (volume io.ReaderAt, size int64) {
	t.Helper()
	var images []*vhd.Image
	for _, name := range names {
		f, err := os.Open(filepath.Join(imagesDir, name))
		if err != nil {
			t.Skip("the folder of real images is not here")
		}
		t.Cleanup(func() { f.Close() })
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		im, err := vhd.Open(f, info.Size())
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, im)
	}
	disk, err := vhd.NewDisk(images...)
	if err != nil {
		t.Fatal(err)
	}
	table := make([]byte, 512)
	if _, err := disk.ReadAt(table, 0); err != nil {
		t.Fatal(err)
	}
	start := int64(binary.LittleEndian.Uint32(table[0x1BE+8:])) * 512
	size = int64(binary.LittleEndian.Uint32(table[0x1BE+12:])) * 512
	return io.NewSectionReader(disk, start, size), size
}

// TestFilesInRealChains compares what is in real chains with sums that other
// readers agree on.
func TestFilesInRealChains(t *testing.T) {
	const xen, win = "xenserver-ntfs-3deep/", "windows-10-diskpart/"
	for list, names := range map[string][]string{
		"ntfs.0":                    {xen + "base.vhd"},
		"ntfs.1":                    {xen + "child1.vhd", xen + "base.vhd"},
		"ntfs.2":                    {xen + "child2.vhd", xen + "child1.vhd", xen + "base.vhd"},
		"ntfs.3":                    {xen + "child3.vhd", xen + "child2.vhd", xen + "child1.vhd", xen + "base.vhd"},
		"windows-ntfs-parent":       {win + "ntfs-parent.vhd"},
		"windows-ntfs-differential": {win + "ntfs-differential.vhd", win + "ntfs-parent.vhd"},
	} {
		t.Run(list, func(t *testing.T) {
			volume, size := chain(t, names...)
			v, err := ntfs.Open(volume, size)
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(imagesDir, "files", list+".files.sha256"))
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
				sum, name, _ := strings.Cut(line, "  ./")
				want[name] = sum
			}
			for name, n := range volumeTree(t, v) {
				if !n.kind.IsRegular() {
					continue
				}
				if want[name] != n.sum {
					t.Errorf("%s has the sum %s, want %s", name, n.sum, want[name])
				}
				delete(want, name)
				provesExtents(t, v, volume, name)
			}
			for name := range want {
				t.Errorf("%s is missing", name)
			}
		})
	}
}
