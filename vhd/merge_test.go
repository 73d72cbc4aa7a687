package vhd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// mergeAll merges every run of a chain and hands over the run, the merged
// image, and the chain with the run replaced.
func mergeAll(t *testing.T, chain []Candidate, m Merge, check func(first, last int, f *vhdtest.File, done Converted, replaced []Candidate)) {
	t.Helper()
	d := mustDisk(t, imagesOf(chain)...)
	for first := range chain {
		for last := first; last < len(chain); last++ {
			f := vhdtest.NewFile()
			done, err := d.Merge(context.Background(), f, first, last, m, nil)
			if err != nil {
				t.Fatalf("layers %d to %d: %v", first, last, err)
			}
			merged := Candidate{Name: chain[first].Name, Image: mustOpen(t, f)}
			check(first, last, f, done, slices.Concat(chain[:first], []Candidate{merged}, chain[last+1:]))
			if t.Failed() {
				t.Fatalf("layers %d to %d of %d", first, last, len(chain))
			}
		}
	}
}

func imagesOf(chain []Candidate) (images []*Image) {
	for _, c := range chain {
		images = append(images, c.Image)
	}
	return images
}

// wantResolved fails unless the leaf finds all of its chain in a pool.
func wantResolved(t *testing.T, chain []Candidate) {
	t.Helper()
	pool := slices.Clone(chain)
	rand.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	res := Resolve(chain[0], pool)
	if res.Missing != nil {
		t.Errorf("missing: %+v", res.Missing)
	}
	if !slices.EqualFunc(res.Chain, chain, func(a, b Candidate) bool { return a.Image == b.Image }) {
		t.Errorf("the chain is %v", namesOf(res))
	}
}

func TestMergeOfAnyRunLeavesTheDiskAsItIs(t *testing.T) {
	first := rand.Uint64()
	for seed := first; seed < first+rounds(12, 4); seed++ {
		random := rand.New(rand.NewPCG(seed, 8))
		c := randomChain(seed)
		var chain []Candidate
		var plain []*naiveImage
		for _, l := range c.Layers {
			im, err := Open(costlyReader{l.File, readCosts[random.IntN(len(readCosts))]}, l.File.Size())
			if err != nil {
				t.Fatal(err)
			}
			naive, err := openNaive(l.File, l.File.Size())
			if err != nil {
				t.Fatal(err)
			}
			chain, plain = append(chain, Candidate{Name: "disks/" + l.Name, Image: im}), append(plain, naive)
		}
		want := c.Contents()
		ok := t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			mergeAll(t, chain, Merge{BlockSize: 512 << random.IntN(16)}, func(first, last int, f *vhdtest.File, done Converted, replaced []Candidate) {
				im, merged := converted(t, f, done)
				wantBytes(t, readAll(t, mustDisk(t, imagesOf(replaced)...)), want)
				wantResolved(t, replaced)
				wantIdentity(t, im, chain[first].Image, chain[last].Image)
				if im.Type() == Differencing {
					wantHeld(t, merged, func(i int) bool { return runHolds(t, c, plain, first, last, int64(i)) })
				}
			})
		})
		if !ok {
			return // the seed stands in the subtest's name
		}
	}
}

// runHolds tells by the model whether a run of layers has a say about a
// sector: one of them holds it, or ends before it where what lies below the
// run is not zeros.
func runHolds(t *testing.T, c *vhdtest.Chain, plain []*naiveImage, first, last int, lba int64) bool {
	for i := first; i <= last; i++ {
		if lba >= c.Layers[i].Spec.Size/SectorSize {
			below := c.From(last + 1)
			return lba < below.Size()/SectorSize && below.Owner(lba) >= 0
		}
		if _, here, err := plain[i].where(uint64(lba)); err != nil || here {
			return here
		}
	}
	return false
}

// wantIdentity fails unless a merged image is known as the run's top was, and
// names the parent that its bottom names.
func wantIdentity(t *testing.T, im, top, bottom *Image) {
	t.Helper()
	if im.UUID() != top.UUID() || im.Size() != top.Size() {
		t.Errorf("UUID %s, %d bytes; the top layer has %s, %d", im.UUID(), im.Size(), top.UUID(), top.Size())
	}
	if bottom.Type() != Differencing {
		if im.Type() != Dynamic {
			t.Errorf("a %s image", im.Type())
		}
		return
	}
	if im.ParentUUID() != bottom.ParentUUID() || im.header.ParentTimestamp != bottom.header.ParentTimestamp || im.header.ParentName != bottom.header.ParentName {
		t.Error("the parent's fields differ")
	}
	if len(im.locators) != len(bottom.locators) {
		t.Errorf("%d locators, not %d", len(im.locators), len(bottom.locators))
	}
	for i, l := range bottom.locators {
		if m := im.locators[i]; m.Code != l.Code || !bytes.Equal(m.Data, l.Data) {
			t.Errorf("locator %d is %s %q, not %s %q", i, m.Code, m.Data, l.Code, l.Data)
		}
	}
}

// TestMergeOfManyWindows: layers of several windows whose reads cost
// differently, and that are shorter and longer than each other.
func TestMergeOfManyWindows(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 14, Layers: 4, Size: 1, Sizes: []int64{12 << 20, 5 << 20, 9<<20 - 512, 11 << 20}, BlockSizes: []uint32{2 << 20, 512 << 10}})
	for _, costs := range [][]int64{{0, 0, 200 << 10, 200 << 10}, {200 << 10, 200 << 10, 0, 0}, {0, 200 << 10, 0, 200 << 10}} {
		var chain []Candidate
		for i, l := range c.Layers {
			im, err := Open(costlyReader{l.File, costs[i]}, l.File.Size())
			if err != nil {
				t.Fatal(err)
			}
			chain = append(chain, Candidate{Name: l.Name, Image: im})
		}
		mergeAll(t, chain, Merge{}, func(first, last int, f *vhdtest.File, done Converted, replaced []Candidate) {
			converted(t, f, done)
			wantBytes(t, readAll(t, mustDisk(t, imagesOf(replaced)...)), c.Contents())
		})
	}
}

func TestMergeTheRealChains(t *testing.T) {
	for _, row := range expectedRows(t) {
		d := realDisk(t, row)
		var chain []Candidate
		for i, name := range row.files {
			chain = append(chain, Candidate{Name: name, Image: d.layers[i]})
		}
		mergeAll(t, chain, Merge{}, func(first, last int, f *vhdtest.File, done Converted, replaced []Candidate) {
			im, _ := converted(t, f, done)
			whole := mustDisk(t, imagesOf(replaced)...)
			if got := sha(t, io.NewSectionReader(whole, 0, whole.Size())); got != row.sum {
				t.Errorf("%s: sha256 %s, want %s", row.files[0], got, row.sum)
			}
			wantIdentity(t, im, d.layers[first], d.layers[last])
			wantResolved(t, replaced)
		})
	}
}

// TestMergeOfOddSizes: layers that end inside a sector.
func TestMergeOfOddSizes(t *testing.T) {
	first := rand.Uint64()
	for seed := first; seed < first+rounds(40, 10); seed++ {
		random := rand.New(rand.NewPCG(seed, 9))
		var chain []Candidate
		for i := range 4 {
			kind := vhdtest.Differencing
			if i == 3 {
				kind = vhdtest.Dynamic
			}
			chain = append(chain, Candidate{Image: mustOpen(t, oddImage(random, kind, fmt.Sprint(i), fmt.Sprint(i+1)))})
		}
		want := readAll(t, mustDisk(t, imagesOf(chain)...))
		mergeAll(t, chain, Merge{BlockSize: 512 << random.IntN(6)}, func(first, last int, f *vhdtest.File, done Converted, replaced []Candidate) {
			got := readAll(t, mustDisk(t, imagesOf(replaced)...))
			want := want
			if first == 0 {
				want = padded(want)
			}
			wantBytes(t, got, want)
			if t.Failed() {
				t.Errorf("seed %d", seed)
			}
		})
	}
}

// TestMergeHoldsSectorsOfZeros: what a layer holds as zeros hides what is
// below, and is held on.
func TestMergeHoldsSectorsOfZeros(t *testing.T) {
	layer := func(kind uint32, id, parent string, sectors map[int][]byte) *Image {
		return mustOpen(t, vhdtest.Spec{Type: kind, Size: 8192, BlockSize: 4096, UUID: vhdtest.ID(id), ParentUUID: vhdtest.ID(parent), ParentName: parent,
			Blocks: []vhdtest.Block{{Index: 1, Sectors: sectors}}}.Build())
	}
	d := mustDisk(t,
		layer(vhdtest.Differencing, "a", "b", map[int][]byte{0: make([]byte, 512)}),
		layer(vhdtest.Differencing, "b", "c", map[int][]byte{0: []byte("b0"), 1: []byte("b1"), 2: make([]byte, 512)}),
		layer(vhdtest.Dynamic, "c", "", map[int][]byte{0: []byte("c0"), 1: []byte("c1")}))
	f := vhdtest.NewFile()
	done, err := d.Merge(context.Background(), f, 0, 1, Merge{BlockSize: 4096}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, plain := converted(t, f, done)
	wantHeld(t, plain, func(i int) bool { return i == 8 || i == 9 || i == 10 })
}

// TestMergeWithoutTheParent: layers can be merged although what they stand on
// is missing. Then what a short layer hides is held as zeros, all of it.
func TestMergeWithoutTheParent(t *testing.T) {
	cs := vhdtest.ChainSpec{Seed: 5, Layers: 3, Sizes: []int64{3 << 20, 1 << 20, 2 << 20}, Size: 1, BlockSizes: []uint32{64 << 10}}
	c := vhdtest.NewChain(cs)
	d := mustDisk(t, mustOpen(t, c.Layers[0].File), mustOpen(t, c.Layers[1].File))
	for _, below := range [][]*Image{nil, {mustOpen(t, c.Layers[2].File)}} {
		whole := mustDisk(t, append(slices.Clone(d.layers), below...)...)
		f := vhdtest.NewFile()
		done, err := whole.Merge(context.Background(), f, 0, 1, Merge{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		im, plain := converted(t, f, done)
		wantBytes(t, readAll(t, mustDisk(t, im, mustOpen(t, c.Layers[2].File))), c.Contents())
		for i, held := range heldSectors(t, plain) {
			if behind := i >= 1<<20/512; behind && !held && (below == nil || c.From(2).Owner(int64(i)) >= 0) {
				t.Fatalf("sector %d is not held", i)
			}
		}
	}
}

func TestMergeToldOfWhatCannotBeRead(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 12, Layers: 4, Size: 1 << 20, BlockSizes: []uint32{128 << 10}})
	f := c.Layers[2].File
	at, ok := f.Layout.Block(3)
	if !ok {
		t.Fatal("the layer does not hold block 3")
	}
	bad, err := Open(failingReader{f, at.Data, at.Data + 128<<10}, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	d := mustDisk(t, mustOpen(t, c.Layers[0].File), mustOpen(t, c.Layers[1].File), bad, mustOpen(t, c.Layers[3].File))
	for _, last := range []int{2, 3} {
		_, err := d.Merge(context.Background(), vhdtest.NewFile(), 1, last, Merge{}, nil)
		if e := wantError(t, err, errBadSector, RuleRead); e.Layer != 2 {
			t.Errorf("layer %d", e.Layer)
		}
		out := vhdtest.NewFile()
		var losses []Loss
		if _, err := d.Merge(context.Background(), out, 1, last, Merge{Lost: gather(&losses)}, nil); err != nil {
			t.Fatal(err)
		}
		chain := append([]*Image{mustOpen(t, out)}, d.layers[last+1:]...)
		got, want := readAll(t, mustDisk(t, chain...)), c.From(1).Contents()
		count := 0
		for lba := range int64(len(want) / 512) {
			if lba/256 == 3 && c.From(1).Owner(lba) == 1 {
				clear(want[lba*512:][:512])
				count++
			}
		}
		wantBytes(t, got, want)
		for _, l := range losses {
			count -= int(l.Length / 512)
			if e := wantError(t, l.Err, errBadSector, RuleRead); e.Layer != 2 {
				t.Errorf("lost in layer %d", e.Layer)
			}
		}
		if count != 0 || len(losses) == 0 {
			t.Errorf("%d sectors more or less are lost than told", count)
		}
	}
}

func TestMergeRefusesLayersThatAreNotThere(t *testing.T) {
	d := diskOf(t, raggedChain())
	for _, r := range [][2]int{{-1, 0}, {0, len(d.layers)}, {1, 0}} {
		_, err := d.Merge(context.Background(), vhdtest.NewFile(), r[0], r[1], Merge{}, nil)
		wantError(t, err, ErrFormat, RuleBounds)
	}
}
