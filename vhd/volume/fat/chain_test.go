package fat_test

import (
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd"
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
// volume is written by a writer of its own.
func TestSampleChain(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("go", "run", "../../vhdtest/sample", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	base, flood, restored := "Field notes.vhd", "Field notes - after the flood (Zoë).vhd", "Field notes - restored.vhd"
	always := []string{"Map.bmp", "README.txt", "Readings.csv", "Stations", "Stations/Station 1.txt", "Stations/Station 2.txt"}
	for _, c := range []struct {
		files  []string
		names  []string // besides those that are always there
		readme string
	}{
		{[]string{base}, []string{"Stations/Station 3.txt"}, "As of 2 March 2026"},
		{[]string{flood, base}, []string{"Flood report.txt", "Zoë's list.txt"}, "As of 15 March 2026"},
		{[]string{restored, flood, base}, []string{"Flood report.txt", "Readings, corrected.csv", "Stations/Station 3.txt"}, "As of 20 April 2026"},
	} {
		var chain []string
		for _, name := range c.files {
			chain = append(chain, filepath.Join(dir, name))
		}
		v, part := openDisk(t, chain...)
		files := volumeFiles(t, v, part)
		names := slices.Sorted(slices.Values(append(c.names, always...)))
		if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, names) {
			t.Errorf("%s: files %q, want %q", c.files[0], got, names)
		}
		if text, err := fs.ReadFile(v, "README.txt"); !strings.Contains(string(text), c.readme) {
			t.Errorf("%s: its README.txt lacks %q (%v)", c.files[0], c.readme, err)
		}
	}
}
