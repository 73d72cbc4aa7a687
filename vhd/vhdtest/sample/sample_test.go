package main

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

func buildSample(t *testing.T) []layer {
	t.Helper()
	layers, err := build()
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

func TestTwoRunsWriteTheSameBytes(t *testing.T) {
	dirs := [2]string{t.TempDir(), t.TempDir()}
	for _, dir := range dirs {
		if err := write(dir); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{baseName, floodName, restoredName} {
		var got [2][]byte
		for i, dir := range dirs {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			got[i] = b
		}
		if !bytes.Equal(got[0], got[1]) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestSampleIsSmall(t *testing.T) {
	total := 0
	for _, l := range buildSample(t) {
		if l.file.Size() > 600<<10 {
			t.Errorf("%s has %d bytes", l.name, l.file.Size())
		}
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		w.Write(l.file.Bytes())
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
			t.Errorf("%s supplies %d sectors", l.name, owners[i])
		}
	}
	for _, l := range layers[1:] {
		full, ragged := 0, 0
		for _, b := range l.file.Layout.Blocks {
			if bytes.Equal(l.file.Get(b.Bitmap, 16), bytes.Repeat([]byte{0xFF}, 16)) {
				full++
			} else {
				ragged++
			}
		}
		if ragged == 0 || (l.name == restoredName && full == 0) {
			t.Errorf("%s holds %d blocks whole and %d in part", l.name, full, ragged)
		}
	}
	leaf := layers[2]
	at := bytes.Index(leaf.disk, []byte("FIELD NOTES, the river")) / vhdtest.Sector
	if got := []int{owner(layers, at), owner(layers, at+1)}; !slices.Equal(got, []int{2, 0}) {
		t.Errorf("the sectors of README.txt come from layers %v", got)
	}
	if bits := leaf.file.Get(leaf.file.Layout.BatmapMap, 32); bytes.Equal(bits, make([]byte, 32)) {
		t.Error("the batmap has no bit set")
	}
}

// owner is the newest layer that has a sector, found by its bitmap; -1 for none.
func owner(layers []layer, lba int) int {
	const perBlock = blockSize / vhdtest.Sector
	for i, l := range slices.Backward(layers) {
		if b, ok := l.file.Layout.Block(lba / perBlock); ok {
			if vhdtest.Bit(l.file.Get(b.Bitmap, int(b.BitmapLength)), lba%perBlock) {
				return i
			}
		}
	}
	return -1
}

func TestWindowsLayerIsAligned(t *testing.T) {
	l := buildSample(t)[1].file.Layout
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
	f := buildSample(t)[2].file
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
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	for _, l := range buildSample(t) {
		out := t.TempDir()
		run(t, dir, "7zz", "x", "-y", "-tvhd", "-o"+out, l.name)
		names, _ := filepath.Glob(filepath.Join(out, "*"))
		if len(names) != 1 {
			t.Fatalf("7zz wrote %q", names)
		}
		got, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		if diff := vhdtest.Diff(got, l.disk); diff != "" {
			t.Errorf("%s: %s", l.name, diff)
		}
	}
}

// The file system at each layer, as mtools sees it.
func TestMtoolsReadsTheFiles(t *testing.T) {
	files := map[string][]byte{}
	for i, l := range buildSample(t) {
		part := story()[i]
		for _, name := range part.removed {
			delete(files, name)
		}
		for _, f := range part.written {
			files[f.name] = f.data
		}
		dir := t.TempDir()
		raw := filepath.Join(dir, "raw")
		if err := os.WriteFile(raw, l.disk, 0o666); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, "files")
		if err := os.Mkdir(out, 0o777); err != nil {
			t.Fatal(err)
		}
		t.Setenv("LC_ALL", "C.UTF-8") // mtools names files by the locale
		run(t, dir, "mcopy", "-s", "-i", raw+"@@65536", "::*", out)
		got := readTree(t, out)
		for name, want := range files {
			if !bytes.Equal(got[name], want) {
				t.Errorf("%s: %s has %d bytes, want %d others", l.name, name, len(got[name]), len(want))
			}
		}
		for name := range got {
			if files[name] == nil {
				t.Errorf("%s: %s should not be there", l.name, name)
			}
		}
		listing := string(run(t, dir, "mdir", "-i", raw+"@@65536", "::"))
		for _, want := range []string{"FIELD NOTES", part.when.Format("2006-01-02  15:04")} {
			if !strings.Contains(strings.ReplaceAll(listing, "   9:", "  09:"), want) {
				t.Errorf("%s: no %q in\n%s", l.name, want, listing)
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
		if !bytes.Contains(layers[i].disk, []byte(data)) {
			t.Errorf("%s: no %q on the disk", layers[i].name, data)
		}
	}
	if !bytes.Contains(layers[2].disk, []byte("\xE5O__SL~1TXT")) {
		t.Error("no marked entry for the removed list")
	}
}

func TestFsckFindsNothing(t *testing.T) {
	for _, l := range buildSample(t) {
		dir := t.TempDir()
		volume := filepath.Join(dir, "volume")
		if err := os.WriteFile(volume, l.disk[partitionStart*vhdtest.Sector:], 0o666); err != nil {
			t.Fatal(err)
		}
		run(t, dir, "fsck.vfat", "-n", volume)
	}
}
