package vhdtest

import (
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// 7-Zip follows the parent's name in the same folder and is the independent
// reader of chains.
func TestChainResolvesAs7ZipDoes(t *testing.T) {
	chains := map[string]ChainSpec{
		"three ragged layers":   {Seed: 1, Layers: 3, Size: 12 << 20},
		"fixed base":            {Seed: 2, Layers: 2, Size: 5<<20 + 512, BaseType: Fixed},
		"five layers, aligned":  {Seed: 3, Layers: 5, Size: 9 << 20, Aligned: true, Share: 0.5, Run: 1},
		"mixed block sizes":     {Seed: 4, Layers: 4, Size: 8 << 20, BlockSizes: []uint32{2 << 20, 512 << 10, 4096}},
		"in order, single base": {Seed: 5, Layers: 1, Size: 6 << 20, InOrder: true},
	}
	for name, cs := range chains {
		t.Run(name, func(t *testing.T) {
			tool(t, "7zz")
			c := NewChain(cs)
			dir := t.TempDir()
			if err := c.WriteFiles(dir); err != nil {
				t.Fatal(err)
			}
			for i, layer := range c.Layers {
				got := extract7z(t, dir, layer.Name)
				if diff := Diff(got, c.From(i).Contents()); diff != "" {
					t.Errorf("%s: %s", layer.Name, diff)
				}
			}
		})
	}
}

// extract7z gives a disk's bytes as 7-Zip resolves it.
func extract7z(t *testing.T, dir, name string) []byte {
	t.Helper()
	out := t.TempDir()
	run(t, dir, "7zz", "x", "-y", "-tvhd", "-o"+out, name)
	entries, err := os.ReadDir(out)
	if err != nil || len(entries) != 1 {
		t.Fatalf("7zz wrote %v, %v", entries, err)
	}
	b, err := os.ReadFile(filepath.Join(out, entries[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestChainIsTheSameForTheSameSeed(t *testing.T) {
	sum := func(seed uint64) [32]byte {
		h := sha256.New()
		for _, l := range NewChain(ChainSpec{Seed: seed, Layers: 3, Size: 4 << 20}).Layers {
			h.Write(l.File.Bytes())
		}
		return [32]byte(h.Sum(nil))
	}
	if sum(1) != sum(1) {
		t.Error("two chains of one seed differ")
	}
	if sum(1) == sum(2) {
		t.Error("chains of two seeds are equal")
	}
}

func TestChainUsesEveryLayer(t *testing.T) {
	c := NewChain(ChainSpec{Seed: 1, Layers: 3, Size: 12 << 20})
	count := map[int]int{}
	for lba := range c.Size() / Sector {
		count[c.Owner(lba)]++
	}
	for owner := -1; owner < 3; owner++ {
		if count[owner] < 1000 {
			t.Errorf("owner %d supplies %d sectors", owner, count[owner])
		}
	}
}

func TestSmallParentHidesItsOwnParent(t *testing.T) {
	c := NewChain(ChainSpec{Seed: 3, Layers: 3, Sizes: []int64{4 << 20, 2 << 20, 4 << 20}, BaseType: Fixed})
	for lba := int64(2<<20) / Sector; lba < 4<<20/Sector; lba++ {
		if owner := c.Owner(lba); owner > 0 {
			t.Fatalf("sector %d comes from layer %d", lba, owner)
		}
	}
	if c.Owner(0) < 0 {
		t.Error("a sector within the parent has no owner over a fixed base")
	}
}

func TestModelReadsAnyRange(t *testing.T) {
	c := NewChain(ChainSpec{Seed: 6, Layers: 2, Size: 4096})
	whole := c.Contents()
	for off := range int64(len(whole)) {
		p := make([]byte, 700)
		n, err := c.ReadAt(p, off)
		if want := min(700, len(whole)-int(off)); n != want {
			t.Fatalf("offset %d: read %d, want %d", off, n, want)
		}
		if (err == io.EOF) != (n < 700) {
			t.Fatalf("offset %d: %d bytes and %v", off, n, err)
		}
		if string(p[:n]) != string(whole[off:off+int64(n)]) {
			t.Fatalf("offset %d differs", off)
		}
	}
}
