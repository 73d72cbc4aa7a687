package browse

import (
	"context"
	"slices"

	"vhdscope/vhd"
	"vhdscope/wasm/worker"
)

// Chain opens the files of a chain. Which they are, and in which order, was
// found out where the person opened them; all must open here too. They stay
// open as long as the worker lives.
func (v *Volume) Chain(ctx context.Context, req *ChainRequest, progress worker.Progress) (*Chain, error) {
	c := &chain{}
	for i, f := range req.Files {
		err := ctx.Err()
		var source worker.Source
		if err == nil {
			source, err = v.host.Open(f.Name, f.File)
		}
		var im *vhd.Image
		if err == nil {
			if im, err = worker.OpenImage(source); im != nil {
				err = nil
			}
		}
		if err != nil {
			return nil, &worker.ChainError{Err: err, Files: []string{f.Name}}
		}
		c.files, c.images = append(c.files, f.Name), append(c.images, im)
		progress(int64(i+1), int64(len(req.Files)))
	}
	var err error
	if c.disk, err = vhd.NewDisk(c.images...); err != nil {
		return nil, c.problem(err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.chain != nil {
		return nil, worker.BadRequest("a chain is open already")
	}
	v.chain = c
	return &Chain{Size: c.disk.Size()}, nil
}

// from is the chain from a layer down.
func (c *chain) from(layer int) (*chain, error) {
	if layer < 0 || layer >= len(c.images) {
		return nil, worker.BadRequest("the chain has the layers 0 to " + dec(int64(len(c.images)-1)) + ", not " + dec(int64(layer)))
	}
	if layer == 0 {
		return c, nil
	}
	below := &chain{files: slices.Clip(c.files[layer:]), images: slices.Clip(c.images[layer:])}
	disk, err := vhd.NewDisk(below.images...)
	if err != nil {
		return nil, below.problem(err)
	}
	below.disk = disk
	return below, nil
}

// inside reports as an error that a range does not lie on the disk.
func (c *chain) inside(off, length int64) error {
	if off < 0 || length < 0 || off > c.disk.Size() || length > c.disk.Size()-off {
		return worker.BadRequest(dec(length) + " bytes at byte " + dec(off) + " do not lie on the disk of " + dec(c.disk.Size()) + " bytes")
	}
	return nil
}
