package vhd

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestAgainstNaive reads random chains with both readers and the model.
func TestAgainstNaive(t *testing.T) {
	rounds := 300
	if testing.Short() {
		rounds = 20
	}
	first := rand.Uint64()
	for round := range uint64(rounds) {
		seed := first + round
		c := randomChain(seed)
		ok := t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			var images []*Image
			var files []io.ReaderAt
			var chain []*naiveImage
			for i, l := range c.Layers {
				plain, err := openNaive(l.File, l.File.Size())
				if err != nil {
					t.Fatal(err)
				}
				cost := readCosts[(seed+uint64(i))%uint64(len(readCosts))]
				im, err := Open(costlyReader{l.File, cost}, l.File.Size())
				if err != nil {
					t.Fatal(err)
				}
				images, files, chain = append(images, im), append(files, l.File), append(chain, plain)
			}
			d, want := mustDisk(t, images...), c.Contents()
			if seed%2 == 0 { // before all bitmaps are known
				readAround(t, seed, d, want)
			}
			wantBytes(t, readAll(t, d), want)
			checkAgainstNaive(t, d, files, chain)
			checkExplain(t, d, chain)
		})
		if !ok {
			return // the seed stands in the subtest's name
		}
	}
}

// randomChain is a chain of 1 to 6 layers in which sizes, block sizes,
// density, order and placement are drawn from a seed.
func randomChain(seed uint64) *vhdtest.Chain {
	random := rand.New(rand.NewPCG(seed, 0x76686473))
	cs := vhdtest.ChainSpec{
		Seed:    seed,
		Layers:  1 + random.IntN(6),
		Share:   0.05 + 0.9*random.Float64(),
		Run:     1 + random.IntN(40),
		InOrder: random.IntN(4) == 0,
		Aligned: random.IntN(3) == 0,
	}
	if random.IntN(3) == 0 {
		cs.BaseType = vhdtest.Fixed
	}
	size := 512 * (1 + random.Int64N(1+random.Int64N(2400)))
	for range cs.Layers {
		cs.Sizes = append(cs.Sizes, size)
		// The smallest blocks make as many of them as there are sectors.
		cs.BlockSizes = append(cs.BlockSizes, 512<<random.IntN(16))
		switch random.IntN(4) {
		case 0:
			size = 512 * max(1, size/512-random.Int64N(200))
		case 1:
			size += 512 * random.Int64N(200)
		}
	}
	return vhdtest.NewChain(cs)
}

// TestOddSizesAgainstNaive: disks and blocks that end inside sectors.
func TestOddSizesAgainstNaive(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		base := oddImage(random, vhdtest.Dynamic, "base", "")
		leaf := oddImage(random, vhdtest.Differencing, "leaf", "base")
		files := []io.ReaderAt{leaf, base}
		var chain []*naiveImage
		for _, f := range []*vhdtest.File{leaf, base} {
			im, err := openNaive(f, f.Size())
			if err != nil {
				t.Fatal(err)
			}
			chain = append(chain, im)
		}
		checkAgainstNaive(t, mustDisk(t, mustOpen(t, leaf), mustOpen(t, base)), files, chain)
	}
}

// oddImage is an image whose size is any number of bytes, in blocks of any
// size, with bits set at random, also past the disk's end.
func oddImage(random *rand.Rand, typ uint32, id, parent string) *vhdtest.File {
	s := vhdtest.Spec{Type: typ, Size: 1 + random.Int64N(20000), BlockSize: 512 << random.IntN(5), UUID: vhdtest.ID(id)}
	if parent != "" {
		s.ParentUUID, s.ParentName = vhdtest.ID(parent), parent
	}
	blocks := int((s.Size + int64(s.BlockSize) - 1) / int64(s.BlockSize))
	for _, b := range random.Perm(blocks) {
		if random.IntN(4) == 0 {
			continue
		}
		block := vhdtest.Block{Index: b, Bitmap: make([]byte, 1+random.IntN(3))}
		for i := range block.Bitmap {
			block.Bitmap[i] = byte(random.Uint32())
		}
		noise := random.Uint64()
		block.Fill = func(p []byte, off int64) {
			for i := range p {
				p[i] = byte((noise + uint64(off) + uint64(i)) * 0x9E3779B97F4A7C15 >> 56)
			}
		}
		s.Blocks = append(s.Blocks, block)
	}
	return s.Build()
}
