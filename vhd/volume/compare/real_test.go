package compare_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/volume"
	"vhdscope/vhd/volume/compare"
	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
)

// imagesDir holds real images by other tools and lists of what is in them. It
// is not part of the project.
const imagesDir = "../../../../shared/images"

// openChain opens images of the real ones, leaf first.
func openChain(t *testing.T, names ...string) (images []*vhd.Image) {
	t.Helper()
	for _, name := range names {
		f, err := os.Open(filepath.Join(imagesDir, name))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the folder of real images is not here")
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		im, err := vhd.Open(f, info.Size())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		images = append(images, im)
	}
	return images
}

// readList reads the list of a volume's files: their sums by path.
func readList(t *testing.T, name string) map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(imagesDir, "files", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sums := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		sum, path, _ := strings.Cut(lines.Text(), "  ")
		sums[strings.TrimPrefix(path, "./")] = sum
	}
	return sums
}

// changesOf compares the first volume of a chain with and without its first
// layer.
func changesOf(t *testing.T, images []*vhd.Image) *compare.Changes {
	t.Helper()
	var views []fsys.FS
	var start, size int64
	for i := range 2 {
		disk, err := vhd.NewDisk(images[i:]...)
		if err != nil {
			t.Fatal(err)
		}
		layout, err := volume.Scan(disk, disk.Size())
		if err != nil {
			t.Fatal(err)
		}
		part := slices.IndexFunc(layout.Parts, func(p volume.Part) bool { return !p.Gap })
		if part < 0 {
			t.Fatalf("no volume among %+v", layout.Parts)
		}
		start, size = layout.Parts[part].Start, layout.Parts[part].Size
		mounted, err := volume.Mount(io.NewSectionReader(disk, start, size), size, volume.Options{})
		if err != nil {
			t.Fatal(err)
		}
		views = append(views, mounted)
	}
	changes, err := compare.Compare(context.Background(), views[1], views[0], held(images[0], start, size), nil)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// held is what a layer holds of a volume.
func held(im *vhd.Image, start, size int64) iter.Seq[device.Range] {
	return func(yield func(device.Range) bool) {
		for e := range im.Held(start, size) {
			if !yield(device.Range{Start: e.Offset - start, Length: e.Length}) {
				return
			}
		}
	}
}

// TestRealChangesAreTheDifferenceOfTheLists: what each layer of the real
// chains changed in files is the difference of the lists of all files with
// their sums that other tools made of the disk with and without that layer.
func TestRealChangesAreTheDifferenceOfTheLists(t *testing.T) {
	xen := []string{"xenserver-ntfs-3deep/child3.vhd", "xenserver-ntfs-3deep/child2.vhd", "xenserver-ntfs-3deep/child1.vhd", "xenserver-ntfs-3deep/base.vhd"}
	for _, c := range []struct {
		name          string
		images        []string
		before, after string
		others        []string // folders and links, which are not in the lists
	}{
		{"xenserver child1", xen[2:], "ntfs.0", "ntfs.1", []string{"added l1dir"}},
		{"xenserver child2", xen[1:], "ntfs.1", "ntfs.2", nil},
		{"xenserver child3", xen, "ntfs.2", "ntfs.3", nil},
		{"diskpart FAT", []string{"windows-10-diskpart/fat-differential.vhd", "windows-10-diskpart/fat-parent.vhd"}, "windows-fat-parent", "windows-fat-differential", []string{"added a_directory"}},
		{"diskpart NTFS", []string{"windows-10-diskpart/ntfs-differential.vhd", "windows-10-diskpart/ntfs-parent.vhd"}, "windows-ntfs-parent", "windows-ntfs-differential", []string{"added a_directory", "added a_link"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			images := openChain(t, c.images...)
			before, after := readList(t, c.before+".files.sha256"), readList(t, c.after+".files.sha256")
			want, got := slices.Clone(c.others), []string(nil)
			for p, sum := range after {
				if old, ok := before[p]; !ok {
					want = append(want, "there is now "+p)
				} else if old != sum {
					want = append(want, "other bytes in "+p)
				}
			}
			for p := range before {
				if _, ok := after[p]; !ok {
					want = append(want, "no more "+p)
				}
			}
			for _, c := range changesOf(t, images).Files {
				info := c.After
				if info == nil {
					info = c.Before
				}
				if c.Problem != nil {
					t.Errorf("%s: %v", c.Path, c.Problem)
				}
				if !info.Mode().IsRegular() {
					got = append(got, string(c.Kind)+" "+c.Path)
					continue
				}
				switch c.Kind {
				case compare.Added:
					got = append(got, "there is now "+c.Path)
				case compare.Removed:
					got = append(got, "no more "+c.Path)
				case compare.Renamed:
					got = append(got, "there is now "+c.Path, "no more "+c.From)
				case compare.Content:
					got = append(got, "other bytes in "+c.Path)
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
			}
		})
	}
}
