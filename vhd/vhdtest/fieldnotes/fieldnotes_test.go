package fieldnotes

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

func buildSample(t *testing.T) []Layer {
	t.Helper()
	layers, err := Build()
	if err != nil {
		t.Fatal(err)
	}
	return layers
}

// run runs a program that is no part of the project, and skips the test where
// it is not installed.
func run(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return out
}

func TestTwoRunsMakeTheSameBytes(t *testing.T) {
	again := buildSample(t)
	for i, l := range buildSample(t) {
		if l.Name != again[i].Name || !bytes.Equal(l.File.Bytes(), again[i].File.Bytes()) {
			t.Errorf("%s differs", l.Name)
		}
	}
}

func TestSampleIsSmall(t *testing.T) {
	total := 0
	for _, l := range buildSample(t) {
		if l.File.Size() > 600<<10 {
			t.Errorf("%s has %d bytes", l.Name, l.File.Size())
		}
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		w.Write(l.File.Bytes())
		w.Close()
		total += packed.Len()
	}
	if total > 120<<10 {
		t.Errorf("%d bytes packed", total)
	}
	t.Logf("%d bytes packed", total)
}

// What the sample is there to show: sectors of every layer, of one file too,
// a block that a snapshot holds whole and others that it holds in part.
func TestEveryLayerSuppliesSectors(t *testing.T) {
	layers := buildSample(t)
	owners := map[int]int{}
	for lba := range diskSize / vhdtest.Sector {
		owners[owner(layers, lba)]++
	}
	for i, l := range layers {
		if owners[i] < 50 {
			t.Errorf("%s supplies %d sectors", l.Name, owners[i])
		}
	}
	for _, l := range layers[1:] {
		full, ragged := 0, 0
		for _, b := range l.File.Layout.Blocks {
			if bytes.Equal(l.File.Get(b.Bitmap, 16), bytes.Repeat([]byte{0xFF}, 16)) {
				full++
			} else {
				ragged++
			}
		}
		if ragged == 0 || (l.Name == restoredName && full == 0) {
			t.Errorf("%s holds %d blocks whole and %d in part", l.Name, full, ragged)
		}
	}
	leaf := layers[2]
	at := bytes.Index(leaf.Disk, []byte("FIELD NOTES, the river")) / vhdtest.Sector
	if got := []int{owner(layers, at), owner(layers, at+1)}; !slices.Equal(got, []int{2, 0}) {
		t.Errorf("the sectors of README.txt come from layers %v", got)
	}
	if bits := leaf.File.Get(leaf.File.Layout.BatmapMap, 32); bytes.Equal(bits, make([]byte, 32)) {
		t.Error("the batmap has no bit set")
	}
}

// owner is the newest layer that has a sector, found by its bitmap; -1 for none.
func owner(layers []Layer, lba int) int {
	const perBlock = blockSize / vhdtest.Sector
	for i, l := range slices.Backward(layers) {
		if b, ok := l.File.Layout.Block(lba / perBlock); ok {
			if vhdtest.Bit(l.File.Get(b.Bitmap, int(b.BitmapLength)), lba%perBlock) {
				return i
			}
		}
	}
	return -1
}

func TestWindowsLayerIsAligned(t *testing.T) {
	l := buildSample(t)[1].File.Layout
	for _, b := range l.Blocks {
		if b.Data%4096 != 0 {
			t.Errorf("block %d has its data at %#x", b.Index, b.Data)
		}
	}
	if l.Table != 0x2000 || l.Footer%4096 != 7*vhdtest.Sector {
		t.Errorf("table at %#x, footer at %#x", l.Table, l.Footer)
	}
}

func TestLeafCarriesThreeLocators(t *testing.T) {
	f := buildSample(t)[2].File
	for slot, want := range []string{"MacX", "W2ku", "W2ru"} {
		if got := string(f.Get(f.Layout.LocatorEntry(slot), 4)); got != want {
			t.Errorf("slot %d: %s, want %s", slot, got, want)
		}
	}
	length := int(binary.BigEndian.Uint32(f.Get(f.Layout.LocatorEntry(0)+vhdtest.LocatorLength, 4)))
	const want = "file://./Field%20notes%20-%20after%20the%20flood%20%28Zo%C3%AB%29.vhd"
	if got := string(f.Get(f.Layout.Locators[0], length)); !strings.EqualFold(got, want) {
		t.Errorf("MacX is %s", got)
	}
}

func Test7ZipResolvesTheChain(t *testing.T) {
	dir := t.TempDir()
	layers := buildSample(t)
	for _, l := range layers {
		if err := l.File.WriteFile(filepath.Join(dir, l.Name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range layers {
		out := t.TempDir()
		run(t, dir, "7zz", "x", "-y", "-tvhd", "-o"+out, l.Name)
		names, _ := filepath.Glob(filepath.Join(out, "*"))
		if len(names) != 1 {
			t.Fatalf("7zz wrote %q", names)
		}
		got, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		if diff := vhdtest.Diff(got, l.Disk); diff != "" {
			t.Errorf("%s: %s", l.Name, diff)
		}
	}
}

// The file system at each layer, as mtools sees it.
func TestMtoolsReadsTheFiles(t *testing.T) {
	for i, l := range buildSample(t) {
		dir := t.TempDir()
		raw := filepath.Join(dir, "raw")
		if err := os.WriteFile(raw, l.Disk, 0o666); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, "files")
		if err := os.Mkdir(out, 0o777); err != nil {
			t.Fatal(err)
		}
		t.Setenv("LC_ALL", "C.UTF-8") // mtools names files by the locale
		run(t, dir, "mcopy", "-s", "-i", raw+"@@65536", "::*", out)
		got := readTree(t, out)
		for name, want := range l.Files {
			if !bytes.Equal(got[name], want) {
				t.Errorf("%s: %s has %d bytes, want %d others", l.Name, name, len(got[name]), len(want))
			}
		}
		for name := range got {
			if l.Files[name] == nil {
				t.Errorf("%s: %s should not be there", l.Name, name)
			}
		}
		listing := string(run(t, dir, "mdir", "-i", raw+"@@65536", "::"))
		for _, want := range []string{"FIELD NOTES", story()[i].when.Format("2006-01-02  15:04")} {
			if !strings.Contains(strings.ReplaceAll(listing, "   9:", "  09:"), want) {
				t.Errorf("%s: no %q in\n%s", l.Name, want, listing)
			}
		}
	}
}

func readTree(t *testing.T, root string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[path], err = os.ReadFile(filepath.Join(root, path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A removed file leaves its marked entry and its data, as on a real disk.
func TestRemovedFilesLeaveTraces(t *testing.T) {
	layers := buildSample(t)
	for i, data := range []string{"", "the post leans a little", "return the sandbags"} {
		if !bytes.Contains(layers[i].Disk, []byte(data)) {
			t.Errorf("%s: no %q on the disk", layers[i].Name, data)
		}
	}
	if !bytes.Contains(layers[2].Disk, []byte("\xE5O__SL~1TXT")) {
		t.Error("no marked entry for the removed list")
	}
}

func TestFsckFindsNothing(t *testing.T) {
	for _, l := range buildSample(t) {
		dir := t.TempDir()
		volume := filepath.Join(dir, "volume")
		if err := os.WriteFile(volume, l.Disk[partitionStart*vhdtest.Sector:], 0o666); err != nil {
			t.Fatal(err)
		}
		run(t, dir, "fsck.vfat", "-n", volume)
	}
}
