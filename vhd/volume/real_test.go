package volume_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/volume"
)

// imagesDir holds real images by other tools. It is not part of the project.
const imagesDir = "../../../shared/images"

// chain opens the disk of a chain, leaf first.
func chain(t *testing.T, names ...string) *vhd.Disk {
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
		image, err := vhd.Open(f, info.Size())
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, image)
	}
	d, err := vhd.NewDisk(images...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestRealDisks checks what the disks of real images are divided into and
// hold, which other tools say too.
func TestRealDisks(t *testing.T) {
	const xen = "xenserver-ntfs-3deep/"
	for _, c := range []struct {
		files   []string
		scheme  string
		start   int64 // of the first partition, bytes
		content string
	}{
		{[]string{xen + "base.vhd"}, "mbr", 2048 * 512, "NTFS"},
		{[]string{xen + "child3.vhd", xen + "child2.vhd", xen + "child1.vhd", xen + "base.vhd"}, "mbr", 2048 * 512, "NTFS"},
		{[]string{"windows-10-diskpart/ntfs-parent.vhd"}, "mbr", 128 * 512, "NTFS"},
		{[]string{"windows-10-diskpart/ntfs-differential.vhd", "windows-10-diskpart/ntfs-parent.vhd"}, "mbr", 128 * 512, "NTFS"},
		{[]string{"windows-10-diskpart/fat-differential.vhd", "windows-10-diskpart/fat-parent.vhd"}, "mbr", 128 * 512, "FAT12"},
		{[]string{"windows-10-diskpart/ntfs-dynamic.vhd"}, "mbr", 128 * 512, "NTFS"},
		{[]string{"writers/qemu-ext2.vhd"}, "none", 0, "ext2"},
		{[]string{"writers/qemu-empty.vhd"}, "empty", 0, ""},
	} {
		t.Run(strings.ReplaceAll(c.files[0], "/", " "), func(t *testing.T) {
			d := chain(t, c.files...)
			layout, err := volume.Scan(d, d.Size())
			if err != nil {
				t.Fatal(err)
			}
			if layout.Scheme != c.scheme || len(layout.Findings) != 0 {
				t.Errorf("it is %s, %+v", layout.Scheme, layout.Findings)
			}
			for _, p := range layout.Parts {
				if p.Gap {
					continue
				}
				if p.Start != c.start {
					t.Errorf("the first partition begins at byte %d, want %d", p.Start, c.start)
				}
				content, err := volume.Identify(section{d, p.Start}, p.Size)
				if err != nil || content.Type != c.content || !content.Browsable {
					t.Errorf("it holds %+v, %v; want %s", content, err, c.content)
				}
				fsys, err := volume.Mount(section{d, p.Start}, p.Size, volume.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if list, err := fsys.ReadDir("."); err != nil || len(list) == 0 {
					t.Errorf("its root lists %v, %v", list, err)
				}
				return
			}
			if c.content != "" {
				t.Error("there is no partition")
			}
		})
	}
}

// section is a disk from a place on.
type section struct {
	d     *vhd.Disk
	start int64
}

func (s section) ReadAt(p []byte, off int64) (int, error) { return s.d.ReadAt(p, s.start+off) }
