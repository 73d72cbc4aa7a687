package job

import (
	"context"

	"vhdscope/vhd"
	"vhdscope/wasm/output"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// Create makes a new, empty image.
func (j *Jobs) Create(ctx context.Context, req *CreateRequest, progress worker.Progress) (*output.Saved, error) {
	n := vhd.NewImage{Size: req.Size, BlockSize: req.BlockSize}
	switch req.Type {
	case "fixed":
		n.Type = vhd.Fixed
	case "dynamic":
		n.Type = vhd.Dynamic
	case "differencing":
		n.Type = vhd.Differencing
		f, err := j.Image(req.Parent)
		if err != nil {
			return nil, err
		}
		parent := parentOf(f, req.Relative, req.Absolute)
		n.Parent, n.Size = &parent, wholeSectors(f.Candidate().Image.Size())
	default:
		return nil, worker.BadRequest("a new image is fixed, dynamic or differencing, not \"" + req.Type + "\"")
	}
	p, err := vhd.Create(n)
	if err != nil {
		return nil, err
	}
	return output.Write(ctx, j.host, p, req.To, false, progress)
}

// wholeSectors is the size of a child of a disk of so many bytes: a raw one
// may end inside a sector.
func wholeSectors(size int64) int64 {
	return (size + vhd.SectorSize - 1) / vhd.SectorSize * vhd.SectorSize
}

// parentOf is what a child says of an open file that is its parent, under the
// names that were given.
func parentOf(f *session.File, relative, absolute string) vhd.Parent {
	p := f.Candidate().AsParent()
	if relative != "" {
		p.Relative = relative
	}
	p.Absolute = absolute
	return p
}
