package vhdtest

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// writeTemp writes an image into a folder of its own and gives both names.
func writeTemp(t *testing.T, f *File, name string) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, name)
	if err := f.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	return dir, path
}

// contents is the disk a Spec describes, without parents, read off its fields.
func contents(s Spec) []byte {
	disk := make([]byte, s.Size)
	copy(disk, s.Data)
	for _, b := range s.Blocks {
		at := int64(b.Index) * int64(s.BlockSize)
		copy(disk[at:], b.Data)
		for sector, data := range b.Sectors {
			copy(disk[at+Sector*int64(sector):], data)
		}
	}
	return disk
}

func noise(layer, n int) []byte {
	b := make([]byte, roundUp(int64(n), Sector))
	for lba := range len(b) / Sector {
		PutPattern(b[lba*Sector:][:Sector], layer, int64(lba))
	}
	return b[:n]
}

// qemu-img reads fixed and dynamic disks. For the creator "win "
// it goes by the current size. It ignores bitmaps, so what lies under a clear
// bit has to be zeros here.
func TestQEMUReadsWhatWasBuilt(t *testing.T) {
	specs := map[string]Spec{
		"fixed":   {Type: Fixed, Size: 3 << 20, Data: noise(1, 1<<20)},
		"dynamic": {Type: Dynamic, Size: 8 << 20, BlockSize: 2 << 20, Blocks: []Block{{Index: 3, Data: noise(1, 2<<20)}, {Index: 0, Data: noise(2, 5000)}}},
		"aligned": {Type: Dynamic, Size: 5 << 20, BlockSize: 2 << 20, Blocks: []Block{{Index: 1, Data: noise(3, 100)}}, Placement: Placement{Aligned: true}},
		"sectors": {Type: Dynamic, Size: 4 << 20, BlockSize: 512 << 10, Blocks: []Block{{Index: 7, Sectors: map[int][]byte{1: noise(1, 512), 9: noise(2, 512)}}}},
		"moved":   {Type: Dynamic, Size: 4 << 20, BlockSize: 512 << 10, Blocks: []Block{{Index: 2, Data: noise(1, 512<<10)}}, Placement: Placement{HeaderOffset: 0x1000, TableOffset: 0x3000}},
	}
	for name, s := range specs {
		t.Run(name, func(t *testing.T) {
			tool(t, "qemu-img")
			dir, path := writeTemp(t, s.Build(), "disk.vhd")
			run(t, dir, "qemu-img", "convert", "-f", "vpc", "-O", "raw", path, "raw")
			got, err := os.ReadFile(filepath.Join(dir, "raw"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := Diff(got, contents(s)); diff != "" {
				t.Error(diff)
			}
			var info struct {
				Format string `json:"format"`
				Size   int64  `json:"virtual-size"`
			}
			if err := json.Unmarshal(run(t, dir, "qemu-img", "info", "-f", "vpc", "--output=json", path), &info); err != nil {
				t.Fatal(err)
			}
			if info.Format != "vpc" || info.Size != s.Size {
				t.Errorf("qemu-img sees %+v", info)
			}
		})
	}
}

func TestVhdiinfoReadsIdentity(t *testing.T) {
	parent, id := ID("parent"), ID("child")
	s := WindowsChild(Spec{
		Type: Differencing, Size: 6 << 20, UUID: id,
		ParentUUID: parent, ParentName: `C:\disks\Zoë – база.vhd`,
	}, `.\Zoë – база.vhd`, `C:\disks\Zoë – база.vhd`)
	dir, path := writeTemp(t, s.Build(), "child.vhd")
	out := string(run(t, dir, "vhdiinfo", path))
	for _, want := range []string{
		`Disk type\s*: Differential`,
		`Media size\s*: .*\(6291456 bytes\)`,
		`Identifier\s*: ` + dashed(id),
		`Parent identifier\s*: ` + dashed(parent),
		`Parent filename\s*: C:\\disks\\Zoë – база.vhd`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func dashed(id UUID) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// The checksums that other programs wrote into real images. The folder
// no-locators-bad-checksums is left out: its sums are wrong on purpose.
func TestChecksumsOfRealImages(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "images")
	if _, err := os.Stat(root); err != nil {
		t.Skip("no real images in ../shared/images")
	}
	count := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".vhd") || strings.Contains(path, "bad-checksums") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		count++
		checkSum(t, path+" footer", b[len(b)-FooterSize:], FooterChecksum)
		if binary.BigEndian.Uint32(b[len(b)-FooterSize+FooterType:]) != Fixed {
			checkSum(t, path+" header", b[Sector:][:HeaderSize], HeaderChecksum)
		}
		if string(b[0x800:0x808]) == "tdbatmap" {
			head := b[0x800:][:BatmapHeaderSize]
			at := binary.BigEndian.Uint64(head[BatmapOffset:])
			n := uint64(binary.BigEndian.Uint32(head[BatmapSectors:])) * Sector
			want := binary.BigEndian.Uint32(head[BatmapChecksum:])
			if got := batmapChecksum(b[at:][:n], binary.BigEndian.Uint32(head[BatmapVersion:])); got != want {
				t.Errorf("%s batmap: %#x, want %#x", path, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 10 {
		t.Errorf("only %d images", count)
	}
}

func checkSum(t *testing.T, what string, b []byte, field int) {
	t.Helper()
	if got, want := Checksum(b, field), binary.BigEndian.Uint32(b[field:]); got != want {
		t.Errorf("%s: %#x, want %#x", what, got, want)
	}
}
