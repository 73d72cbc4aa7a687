package vhd

import (
	"cmp"
	"io"
	"slices"
)

// Patch is a run of bytes that a new file has in another file's place.
type Patch struct {
	Offset int64
	Data   []byte
}

// patched is a plan of a file with patches over it. They do not overlap; the
// file ends at size, with zeros where neither it nor a patch has bytes.
func patched(r io.ReaderAt, fileSize, size int64, patches []Patch) *Plan {
	patches = slices.Clone(patches)
	slices.SortFunc(patches, func(a, b Patch) int { return cmp.Compare(a.Offset, b.Offset) })
	p := &Plan{layers: []*Image{OpenRaw(r, fileSize)}}
	upTo := func(end int64) {
		if from := p.size; from < fileSize {
			p.addFile(0, from, min(end, fileSize)-from)
		}
		p.addZeros(end - p.size)
	}
	for _, c := range patches {
		upTo(c.Offset)
		p.addData(c.Data)
	}
	upTo(size)
	return p
}
