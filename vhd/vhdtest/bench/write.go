package main

import (
	"os"
	"path/filepath"

	"vhdscope/vhd/vhdtest"
)

// writeImages writes what the browser's measurements read: for each kind of
// chain a folder with its layers and, as flat.raw, the disk that they resolve
// to; huge/, a 2040 GiB dynamic disk with a child of that size; and volumes/.
func writeImages(dir string, size int64) error {
	kinds := map[string]vhdtest.ChainSpec{
		// As most writers fill blocks: whole. Each snapshot has half of them.
		"blocks": {Seed: 5, Layers: 3, Size: size, BaseType: vhdtest.Fixed, Leave: 0.5, Whole: 0.5},
		// As snapshots look that ran for days: half of the blocks touched, in
		// runs of some 32 KiB, over a base that has everything.
		"usual": {Seed: 3, Layers: 3, Size: size, BaseType: vhdtest.Fixed, Leave: 0.5, Whole: 0.2, Run: 64, InOrder: true},
		// As bad as it gets: most blocks ragged in all layers, in runs of
		// 4 KiB, and in no order.
		"ragged": {Seed: 4, Layers: 3, Size: size},
	}
	for kind, spec := range kinds {
		sub := filepath.Join(dir, kind)
		if err := os.MkdirAll(sub, 0o755); err != nil {
			return err
		}
		_, disk, err := openChain(sub, vhdtest.NewChain(spec))
		if err != nil {
			return err
		}
		if err := flatten(disk, filepath.Join(sub, "flat.raw")); err != nil {
			return err
		}
	}
	if err := writeHuge(filepath.Join(dir, "huge")); err != nil {
		return err
	}
	return writeVolumes(filepath.Join(dir, "volumes"), size)
}

// hugeSize is the largest dynamic disk that Windows makes.
const hugeSize = 2040 << 30

func writeHuge(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	first := func(text string) []vhdtest.Block {
		return []vhdtest.Block{
			{Index: 0, Sectors: map[int][]byte{0: []byte(text)}},
			{Index: hugeSize/2/(2<<20) + 1, Sectors: map[int][]byte{5: []byte(text)}},
		}
	}
	base := vhdtest.Spec{Type: vhdtest.Dynamic, Size: hugeSize, UUID: vhdtest.ID("bench base"), Blocks: first("base")}
	child := vhdtest.Spec{Type: vhdtest.Differencing, Size: hugeSize, UUID: vhdtest.ID("bench child"), ParentUUID: base.UUID,
		ParentName: "base.vhd", Locators: []vhdtest.Locator{vhdtest.Relative(`.\base.vhd`)}, Blocks: first("child")}
	if err := base.Build().WriteFile(filepath.Join(dir, "base.vhd")); err != nil {
		return err
	}
	return child.Build().WriteFile(filepath.Join(dir, "child.vhd"))
}
