package browse

import (
	"context"

	"vhdscope/vhd/volume/locate"
	"vhdscope/wasm/worker"
)

// owners is the index of what the places of a volume belong to, built when it
// is first asked for.
type owners struct {
	building chan struct{} // holds one element while somebody builds it
	index    *locate.Index
}

func newOwners() owners { return owners{building: make(chan struct{}, 1)} }

// get is the index; where it is being built for somebody else, that is waited
// for.
func (o *owners) get(ctx context.Context, build func() (*locate.Index, error)) (*locate.Index, error) {
	select {
	case o.building <- struct{}{}:
		defer func() { <-o.building }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if o.index == nil {
		index, err := build()
		if err != nil {
			return nil, err
		}
		o.index = index
	}
	return o.index, nil
}

// Owner tells what a byte of the disk belongs to.
func (v *Volume) Owner(ctx context.Context, req *OwnerRequest, progress worker.Progress) (*Owner, error) {
	m, err := v.mounted()
	if err != nil {
		return nil, err
	}
	if req.Offset < m.start || req.Offset >= m.start+m.size {
		return nil, worker.BadRequest("byte " + dec(req.Offset) + " of the disk does not lie in the volume")
	}
	index, err := m.owners.get(ctx, func() (*locate.Index, error) {
		return locate.Build(ctx, m.fs, func(entries int64) { progress(entries, 0) })
	})
	if err != nil {
		return nil, m.problem(err)
	}
	place := index.At(req.Offset - m.start)
	r := &Owner{Files: []OwnerFile{}, More: place.More, Structure: place.Structure, Notes: index.Notes}
	r.Known = len(place.Owners) > 0 || place.Structure != ""
	for _, o := range place.Owners {
		r.Files = append(r.Files, OwnerFile{Path: outside(o.Path), Offset: sizeOf(o.Offset), Packed: sizeOf(o.Packed), Links: o.Links})
	}
	return r, nil
}
