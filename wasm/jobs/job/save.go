package job

import (
	"context"
	"io"

	"vhdscope/vhd"
	"vhdscope/wasm/output"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// Save makes one new file of layers of a chain.
func (j *Jobs) Save(ctx context.Context, req *SaveRequest, progress worker.Progress) (*output.Saved, error) {
	files, err := j.Layers(req.Disk)
	if err != nil {
		return nil, err
	}
	if req.First < 0 || req.Last < req.First || req.Last >= len(files) {
		return nil, worker.BadRequest("the chain has the layers 0 to " + dec(int64(len(files)-1)) + ", not " + dec(int64(req.First)) + " to " + dec(int64(req.Last)))
	}
	if req.First == 0 {
		defer j.hold(req.Disk)()
	}
	saved, err := j.save(ctx, req, files, progress)
	if err != nil {
		return nil, session.ChainError(err, files[req.First:]...)
	}
	return saved, nil
}

func (j *Jobs) save(ctx context.Context, req *SaveRequest, files []*session.File, progress worker.Progress) (*output.Saved, error) {
	disk, err := diskOf(files[req.First:])
	if err != nil {
		return nil, err
	}
	n := vhd.NewImage{BlockSize: req.BlockSize}
	if req.First > 0 {
		n.UUID = files[req.First].Candidate().Image.UUID()
	}
	switch req.As {
	case "raw", "fixed", "dynamic":
		if req.Last != len(files)-1 {
			return nil, worker.BadRequest("layers without those below them are no whole disk: they can only be saved as a differencing image")
		}
	}
	switch req.As {
	case "raw":
		return output.Write(ctx, j.host, disk.Flatten(), req.To, req.Salvage, progress)
	case "fixed":
		p, err := disk.Fixed(n)
		if err != nil {
			return nil, err
		}
		return output.Write(ctx, j.host, p, req.To, req.Salvage, progress)
	case "dynamic":
		n.Type = vhd.Dynamic
		return j.convert(ctx, disk, vhd.Conversion{NewImage: n}, req, progress)
	case "differencing":
		if req.Parent == 0 && files[req.Last].Candidate().Image.Type() != vhd.Differencing {
			return nil, worker.BadRequest("the layers reach down to the base, so there is no parent for a differencing image")
		}
		if req.Parent == 0 {
			return j.merge(ctx, disk, req, progress)
		}
		c, err := j.against(req)
		if err != nil {
			return nil, err
		}
		return j.convert(ctx, disk, c, req, progress)
	}
	return nil, worker.BadRequest("a file is saved as raw, fixed, dynamic or differencing, not as \"" + req.As + "\"")
}

// merge makes the layers one that takes their place, over the layer below.
func (j *Jobs) merge(ctx context.Context, disk *vhd.Disk, req *SaveRequest, progress worker.Progress) (*output.Saved, error) {
	return output.Assemble(ctx, j.host, req.To, 0, req.Salvage, func(w io.WriterAt, lost func(vhd.Loss)) (int64, error) {
		m := vhd.Merge{BlockSize: req.BlockSize, Lost: lost}
		done, err := disk.Merge(ctx, w, 0, req.Last-req.First, m, progress)
		return done.Size, err
	})
}

func (j *Jobs) convert(ctx context.Context, disk *vhd.Disk, c vhd.Conversion, req *SaveRequest, progress worker.Progress) (*output.Saved, error) {
	return output.Assemble(ctx, j.host, req.To, 0, req.Salvage, func(w io.WriterAt, lost func(vhd.Loss)) (int64, error) {
		c.Lost = lost
		done, err := disk.Convert(ctx, w, c, progress)
		return done.Size, err
	})
}

// against is a conversion that keeps what differs from the disk that is to be
// the parent.
func (j *Jobs) against(req *SaveRequest) (c vhd.Conversion, err error) {
	files, err := j.Layers(req.Parent)
	if err != nil {
		return c, err
	}
	if c.Below, err = diskOf(files); err != nil {
		return c, err
	}
	parent := files[0].Candidate().AsParent()
	c.NewImage = vhd.NewImage{Type: vhd.Differencing, BlockSize: req.BlockSize, Parent: &parent}
	return c, nil
}

// diskOf is the disk that files are, leaf first.
func diskOf(files []*session.File) (*vhd.Disk, error) {
	var images []*vhd.Image
	for _, f := range files {
		images = append(images, f.Candidate().Image)
	}
	return vhd.NewDisk(images...)
}
