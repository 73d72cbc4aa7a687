package fat_test

import (
	"bytes"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest/fieldnotes"
	"vhdscope/vhd/volume/fat"
	"vhdscope/vhd/volume/fsys"
)

// imagesDir holds real images by other tools. It is not part of the project.
const imagesDir = "../../../../shared/images"

// openDisk opens a chain of VHDs, leaf first, and its only partition.
func openDisk(t testing.TB, files ...string) (fsys.FS, io.ReaderAt) {
	t.Helper()
	var images []*vhd.Image
	for _, name := range files {
		f, err := os.Open(name)
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
			t.Fatal(err)
		}
		images = append(images, im)
	}
	disk, err := vhd.NewDisk(images...)
	if err != nil {
		t.Fatal(err)
	}
	entry := make([]byte, 16)
	if _, err := disk.ReadAt(entry, 0x1BE); err != nil {
		t.Fatal(err)
	}
	start, size := int64(le.Uint32(entry[8:]))*512, int64(le.Uint32(entry[12:]))*512
	part := io.NewSectionReader(disk, start, size)
	v, err := fat.Open(part, size, fat.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return v, part
}

// TestWindowsChain compares what Windows wrote with sums that others read.
func TestWindowsChain(t *testing.T) {
	if _, err := os.Stat(imagesDir); err != nil {
		t.Skip("the folder of real images is not here")
	}
	in := func(name string) string { return filepath.Join(imagesDir, "windows-10-diskpart", name) }
	for list, files := range map[string][]string{
		"windows-fat-parent":       {in("fat-parent.vhd")},
		"windows-fat-differential": {in("fat-differential.vhd"), in("fat-parent.vhd")},
	} {
		t.Run(list, func(t *testing.T) {
			v, part := openDisk(t, files...)
			files := volumeFiles(t, v, part)
			text, err := os.ReadFile(filepath.Join(imagesDir, "files", list+".files.sha256"))
			if err != nil {
				t.Fatal(err)
			}
			count := 0
			for line := range strings.Lines(string(text)) {
				sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
				if got := files[strings.TrimPrefix(name, "./")].sum; got != sum {
					t.Errorf("%s: sum %.8s, want %.8s", name, got, sum)
				}
				count++
			}
			for name, k := range files {
				if k.size >= 0 {
					count--
				} else if name != "System Volume Information" && name != "a_directory" {
					t.Errorf("folder %q", name)
				}
			}
			if count != 0 {
				t.Errorf("%d files more in the list than in the volume", count)
			}
			if notes := v.About().Notes; len(notes) > 0 {
				t.Errorf("notes: %q", notes)
			}
			testFS(t, v, files)
		})
	}
}

// TestSampleChain reads the project's own sample at each of its layers. Its
// volume is written by a writer of its own, which tells the files.
func TestSampleChain(t *testing.T) {
	layers, err := fieldnotes.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, layer := range layers {
		volume := layer.Disk[fieldnotes.VolumeStart:]
		v, err := fat.Open(bytes.NewReader(volume), int64(len(volume)), fat.Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for name, data := range layer.Files {
			want[name] = string(data)
		}
		got := map[string]string{}
		for name, k := range volumeFiles(t, v, bytes.NewReader(volume)) {
			if k.size < 0 {
				continue
			}
			data, err := fs.ReadFile(v, name)
			if err != nil {
				t.Error(err)
			}
			got[name] = string(data)
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: files %q, want %q", layer.Name, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
	}

	// What one layer has and the next removes is deleted there, and can be
	// read as long as nothing took its place.
	volume := layers[2].Disk[fieldnotes.VolumeStart:]
	v, err := fat.Open(bytes.NewReader(volume), int64(len(volume)), fat.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const name = "Zoë's list.txt"
	mustBeDeleted(t, v, ".", name)
	if data, err := fs.ReadFile(v, name); string(data) != string(layers[1].Files[name]) || err != nil {
		t.Errorf("the deleted %s: %q, %v", name, data, err)
	}
	mustBeDeleted(t, v, "Stations", "Station 3.txt (deleted)") // it came back
}
