package browse

import (
	"context"

	"vhdscope/wasm/worker"
)

// Touched tells which bytes of a range of the disk a layer supplies.
func (v *Volume) Touched(ctx context.Context, req *TouchedRequest, progress worker.Progress) (*TouchedRuns, error) {
	c, err := v.opened()
	if err != nil {
		return nil, err
	}
	if err := c.inside(req.Start, req.Length); err != nil {
		return nil, err
	}
	below, err := c.from(req.Layer)
	if err != nil {
		return nil, err
	}
	r := &TouchedRuns{Runs: []worker.Span{}}
	for e := range below.images[0].Held(req.Start, req.Length) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.Bytes += e.Length
		switch n := len(r.Runs); {
		case n > 0 && r.Runs[n-1].Offset+r.Runs[n-1].Length == e.Offset:
			r.Runs[n-1].Length += e.Length
		case n == maxExtents:
			r.More = true
		default:
			r.Runs = append(r.Runs, worker.Span{Offset: e.Offset, Length: e.Length})
		}
		progress(e.Offset+e.Length-req.Start, req.Length)
	}
	return r, nil
}
