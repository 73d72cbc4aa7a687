package vhd

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// written is a chain that was made here, by Create and Writer, and what it
// should read as.
type written struct {
	dir   string
	names []string // leaf first
	disk  []byte
}

// writeChain makes a chain of images in a folder: a base of a type and
// children of it, each written to at random.
func writeChain(t *testing.T, seed uint64, base DiskType, size int64, blockSizes ...int64) *written {
	t.Helper()
	c := &written{dir: t.TempDir(), disk: make([]byte, size)}
	random := rand.New(rand.NewPCG(seed, 6))
	var below []*Image
	n := NewImage{Type: base, Size: size}
	for layer, blockSize := range blockSizes {
		n.BlockSize = blockSize
		f, _ := mustCreate(t, n)
		_, w := openStored(t, f, below...)
		for range 12 {
			off := random.Int64N(size)
			p := make([]byte, 1+random.Int64N(min(size-off, 200<<10)))
			for i := range p {
				p[i] = byte(random.Uint32())
			}
			mustWrite(t, w, p, off)
			copy(c.disk[off:], p)
		}
		im := mustOpen(t, f)
		wantClean(t, im)
		wantChecked(t, f)
		wantBytes(t, readAll(t, mustDisk(t, append([]*Image{im}, below...)...)), c.disk)
		name := fmt.Sprintf("Ebene %d – слой.vhd", layer)
		if err := f.WriteFile(filepath.Join(c.dir, name)); err != nil {
			t.Fatal(err)
		}
		c.names = append([]string{name}, c.names...)
		below = append([]*Image{im}, below...)
		n = NewImage{Type: Differencing, Size: size, Parent: new(Candidate{Name: name, Image: im}.AsParent())}
	}
	return c
}

func TestSevenZipReadsWhatWasWritten(t *testing.T) {
	for _, c := range []struct {
		base   DiskType
		size   int64
		blocks []int64
	}{
		{Fixed, 5 << 20, []int64{0}},
		{Dynamic, 5<<20 + 512, []int64{0}},
		{Dynamic, 300<<10 + 512, []int64{512}},
		{Dynamic, 20 << 20, []int64{16 << 20}},
		{Fixed, 5 << 20, []int64{0, 0}},
		{Dynamic, 5<<20 + 512, []int64{0, 0, 0}},
		{Dynamic, 5<<20 + 512, []int64{512 << 10, 4096, 2 << 20, 64 << 10}},
	} {
		t.Run(fmt.Sprintf("%s %v", c.base, c.blocks), func(t *testing.T) {
			chain := writeChain(t, uint64(len(c.blocks)), c.base, c.size, c.blocks...)
			got := tool(t, chain.dir, "7zz", "x", "-so", "-tvhd", chain.names[0])
			wantBytes(t, got, chain.disk)
		})
	}
}

// qemu-img reads fixed and dynamic disks, and shows what lies under clear
// bits. Before version 10 it takes a disk's size from the geometry unless it
// knows the creator, so it is told to take the current size.
func TestQEMUReadsWhatWasWritten(t *testing.T) {
	for _, c := range []struct {
		base  DiskType
		block int64
	}{{Fixed, 0}, {Dynamic, 0}, {Dynamic, 512 << 10}, {Dynamic, 4096}} {
		chain := writeChain(t, 3, c.base, 7<<20, c.block)
		raw := filepath.Join(chain.dir, "raw")
		opts := "driver=vpc,force_size_calc=current_size,file.driver=file,file.filename=" + chain.names[0]
		tool(t, chain.dir, "qemu-img", "convert", "--image-opts", opts, "-O", "raw", raw)
		got, err := os.ReadFile(raw)
		if err != nil {
			t.Fatal(err)
		}
		wantBytes(t, got, chain.disk)
		var info struct {
			Size int64 `json:"virtual-size"`
		}
		if err := json.Unmarshal(tool(t, chain.dir, "qemu-img", "info", "--image-opts", "--output=json", opts), &info); err != nil || info.Size != 7<<20 {
			t.Errorf("qemu-img sees %+v, %v", info, err)
		}
	}
}

func TestVhdiinfoReadsWhatWasCreated(t *testing.T) {
	id := UUID(vhdtest.ID("child"))
	f, _ := mustCreate(t, NewImage{Type: Differencing, Size: 6 << 20, UUID: id,
		Parent: &Parent{UUID: UUID(vhdtest.ID("parent")), Relative: "../Zoë/база.vhd", Absolute: `C:\Zoë\база.vhd`}})
	dir := t.TempDir()
	if err := f.WriteFile(filepath.Join(dir, "child.vhd")); err != nil {
		t.Fatal(err)
	}
	out := string(tool(t, dir, "vhdiinfo", "child.vhd"))
	for _, want := range []string{`Disk type\s*: Differential`, `Media size\s*: .*\(6291456 bytes\)`, `Identifier\s*: ` + id.String(),
		`Parent identifier\s*: ` + UUID(vhdtest.ID("parent")).String(), `Parent filename\s*: база.vhd`} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
