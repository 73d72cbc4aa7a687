package vhdtest

import (
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
)

// ChainSpec describes a chain of differencing disks with random contents. The
// same Seed gives the same bytes.
type ChainSpec struct {
	Seed   uint64
	Layers int   // with the base
	Size   int64 // virtual size in bytes, whole sectors

	Sizes      []int64  // of each layer, base first, where they are to differ
	BlockSizes []uint32 // base first, repeated; nil: 2 MiB
	BaseType   uint32   // Fixed or Dynamic; 0: Dynamic

	// Leave and Whole are the shares of blocks that a layer leaves out and
	// holds whole; the others are ragged. Both 0: 0.2 and 0.1.
	Leave, Whole float64

	// Share of a ragged block's sectors that a layer supplies, and the mean
	// length of their runs. 0: 0.3 and 8 sectors.
	Share float64
	Run   int

	InOrder bool // blocks stand in the order of the disk; otherwise shuffled
	Aligned bool
}

// Chain is a built chain and what it resolves to, worked out from a list of
// which layer owns which sector.
type Chain struct {
	Layers []Layer // leaf first, base last
}

// Layer is one image of a chain. Its sectors hold Pattern(Number, lba).
type Layer struct {
	Number int    // 0 is the base
	Name   string // the file's name, which the child above it knows it by
	Spec   Spec
	File   *File

	owned []bool // by sector of the disk
}

// NewChain builds a chain. Each layer leaves blocks out, holds blocks whole
// and holds blocks in part. Images are generated as they are read, so that a
// chain of gigabytes costs only its bitmaps.
func NewChain(cs ChainSpec) *Chain {
	if cs.Share == 0 {
		cs.Share = 0.3
	}
	if cs.Run == 0 {
		cs.Run = 8
	}
	if cs.Leave == 0 && cs.Whole == 0 {
		cs.Leave, cs.Whole = 0.2, 0.1
	}
	c := &Chain{Layers: make([]Layer, cs.Layers)}
	for n := range cs.Layers {
		layer := cs.layer(n)
		if n > 0 {
			parent := &c.Layers[cs.Layers-n]
			layer.Spec.Type = Differencing
			layer.Spec.ParentUUID = parent.Spec.UUID
			layer.Spec.ParentName = parent.Name
			layer.Spec.Locators = []Locator{Relative(`.\` + parent.Name), Absolute(`C:\disks\` + parent.Name)}
		}
		layer.File = layer.Spec.Build()
		c.Layers[cs.Layers-1-n] = layer
	}
	return c
}

func (cs *ChainSpec) layer(n int) Layer {
	size := cs.Size
	if n < len(cs.Sizes) {
		size = cs.Sizes[n]
	}
	if size <= 0 || size%Sector != 0 {
		panic(fmt.Sprintf("vhdtest: chain of %d bytes", size))
	}
	name := "base.vhd"
	if n > 0 {
		name = fmt.Sprintf("snapshot %d.vhd", n)
	}
	layer := Layer{
		Number: n,
		Name:   name,
		Spec: Spec{
			Type:      Dynamic,
			Size:      size,
			BlockSize: DefaultBlockSize,
			UUID:      ID(fmt.Sprintf("chain %d layer %d", cs.Seed, n)),
			Placement: Placement{Aligned: cs.Aligned},
		},
		owned: make([]bool, size/Sector),
	}
	if len(cs.BlockSizes) > 0 {
		layer.Spec.BlockSize = cs.BlockSizes[n%len(cs.BlockSizes)]
	}
	if n == 0 && cs.BaseType == Fixed {
		layer.fillFixed()
	} else {
		layer.fillBlocks(cs, rand.New(rand.NewPCG(cs.Seed, uint64(n))))
	}
	return layer
}

func (l *Layer) fillFixed() {
	l.Spec.Type = Fixed
	for i := range l.owned {
		l.owned[i] = true
	}
	l.Spec.Fill = l.source(0)
}

func (l *Layer) fillBlocks(cs *ChainSpec, random *rand.Rand) {
	perBlock := int(l.Spec.BlockSize / Sector)
	for first := 0; first < len(l.owned); first += perBlock {
		here := l.owned[first:min(first+perBlock, len(l.owned))]
		switch choice := random.Float64(); {
		case choice < cs.Leave:
			continue
		case choice < cs.Leave+cs.Whole:
			for i := range here {
				here[i] = true
			}
		default:
			ragged(here, cs, random)
		}
		bitmap := make([]byte, BitmapLength(l.Spec.BlockSize))
		for i, owned := range here {
			if owned {
				SetBit(bitmap, i)
			}
		}
		l.Spec.Blocks = append(l.Spec.Blocks, Block{
			Index:  first / perBlock,
			Bitmap: bitmap,
			Fill:   l.source(int64(first)),
		})
	}
	if !cs.InOrder {
		blocks := l.Spec.Blocks
		random.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
	}
}

// ragged marks runs of random length so that about Share of here is owned.
func ragged(here []bool, cs *ChainSpec, random *rand.Rand) {
	gap := float64(cs.Run) * (1 - cs.Share) / cs.Share
	for i := random.IntN(int(gap) + 1); i < len(here); {
		run := 1 + random.IntN(2*cs.Run-1)
		for end := min(i+run, len(here)); i < end; i++ {
			here[i] = true
		}
		i += 1 + random.IntN(max(1, int(2*gap)-1))
	}
}

// source generates the layer's own bytes from sector first on: the pattern
// where it owns the sector, zeros where it does not.
func (l *Layer) source(first int64) Source {
	return func(p []byte, off int64) {
		var whole [Sector]byte
		for len(p) > 0 {
			lba, in := first+off/Sector, off%Sector
			n := min(len(p), int(Sector-in))
			switch {
			case lba >= int64(len(l.owned)) || !l.owned[lba]:
				clear(p[:n])
			case n == Sector:
				PutPattern(p[:n], l.Number, lba)
			default:
				PutPattern(whole[:], l.Number, lba)
				copy(p[:n], whole[in:])
			}
			p, off = p[n:], off+int64(n)
		}
	}
}

// From is the chain that ends in layer i instead of the leaf.
func (c *Chain) From(i int) *Chain { return &Chain{Layers: c.Layers[i:]} }

// Size is the resolved disk's size: the leaf's.
func (c *Chain) Size() int64 { return c.Layers[0].Spec.Size }

// Owner is the index in Layers of the one that supplies sector lba; -1 where
// none does and the disk reads as zeros. Behind the end of a layer that is
// smaller than its child there are zeros, whatever lies further down.
func (c *Chain) Owner(lba int64) int {
	for i := range c.Layers {
		owned := c.Layers[i].owned
		if lba >= int64(len(owned)) {
			return -1
		}
		if owned[lba] {
			return i
		}
	}
	return -1
}

// ReadAt reads the resolved disk as the model has it. It implements
// io.ReaderAt.
func (c *Chain) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("vhdtest: read at negative offset %d", off)
	}
	total := 0
	var sector [Sector]byte
	for len(p) > 0 {
		lba, in := off/Sector, off%Sector
		if off >= c.Size() {
			return total, io.EOF
		}
		clear(sector[:])
		if owner := c.Owner(lba); owner >= 0 {
			PutPattern(sector[:], c.Layers[owner].Number, lba)
		}
		n := copy(p, sector[in:])
		p, off, total = p[n:], off+int64(n), total+n
	}
	return total, nil
}

// Contents is the whole resolved disk.
func (c *Chain) Contents() []byte {
	b := make([]byte, c.Size())
	if _, err := c.ReadAt(b, 0); err != nil {
		panic(err)
	}
	return b
}

// WriteFiles writes every layer into a folder under its name.
func (c *Chain) WriteFiles(dir string) error {
	for _, l := range c.Layers {
		if err := l.File.WriteFile(filepath.Join(dir, l.Name)); err != nil {
			return err
		}
	}
	return nil
}
