package ntfs

import (
	"io"

	"vhdscope/vhd/volume/fsys"

	"www.velocidex.com/golang/go-ntfs/parser"
)

// hole is the place of a run that takes no clusters.
const hole = -1

// run is some clusters of a stream that follow on each other in the volume.
type run struct {
	vcn, lcn, count int64 // in the stream, in the volume (or hole), how many
}

// maxRuns bounds the memory that the runs of a file take.
const maxRuns = 1 << 20

// runs reads the run list of an attribute that has count clusters from first
// on. The library tells holes from runs at the volume's beginning by nothing;
// the headers of the runs do, and they are read first, so that what the
// library decodes lies within the list.
func (v *volume) runs(lib *parser.NTFS_ATTRIBUTE, list []byte, first, count int64) ([]run, bool) {
	const most = 1 << 62
	if first < 0 || count < 0 || first > most/v.cluster || count > most/v.cluster-first {
		return nil, false
	}
	var holes []bool
	i := 0
	for i < len(list) && list[i] != 0 {
		lengthBytes, offsetBytes := int(list[i]&15), int(list[i]>>4)
		if lengthBytes == 0 || lengthBytes > 8 || offsetBytes > 8 {
			return nil, false
		}
		i += 1 + lengthBytes + offsetBytes
		holes = append(holes, offsetBytes == 0)
	}
	if i >= len(list) {
		return nil, false
	}
	decoded := lib.RunList()
	if len(decoded) != len(holes) {
		return nil, false
	}
	runs := make([]run, len(decoded))
	at := first
	for i, d := range decoded {
		r := run{vcn: at, lcn: d.Offset, count: d.Length}
		if r.count <= 0 || r.count > first+count-at {
			return nil, false
		}
		if holes[i] {
			r.lcn = hole
		} else if r.lcn < 0 || r.lcn > v.clusters || r.count > v.clusters-r.lcn {
			return nil, false
		}
		at += r.count
		runs[i] = r
	}
	return runs, at == first+count
}

// stream is an attribute put together from its parts: what a file holds under
// one type and name.
type stream struct {
	kind                         uint32
	name                         string
	size, initialized, allocated int64 // bytes; from initialized on there are zeros
	resident                     bool
	content                      []byte // of a resident one
	place                        int64  // of the content in the $MFT, bytes
	runs                         []run  // of one that is not resident
	unit                         int64  // clusters of a compression unit, 0 where nothing is compressed
	encrypted                    bool
}

// assemble puts the parts of an attribute together. Where some are missing,
// the stream has the runs up to there, and an error comes with it.
func (v *volume) assemble(parts []attribute) (*stream, error) {
	head := parts[0]
	s := &stream{
		kind: head.kind, name: head.name,
		size: head.size, initialized: head.initialized, allocated: head.allocated,
		resident: head.resident, content: head.content, place: head.place,
		encrypted: head.encrypted,
	}
	bad := func(msg string) error { return fsys.Damaged(-1, s.title()+" "+msg) }
	if s.resident {
		return s, nil
	}
	if head.first != 0 {
		return s, bad("lacks its beginning")
	}
	if head.compressed {
		if head.exponent == 0 || head.exponent > 16 || v.cluster<<head.exponent > maxUnit {
			return s, bad("is compressed in units that NTFS does not have")
		}
		s.unit = 1 << head.exponent
	}
	end, taken := int64(0), int64(0)
	for _, p := range parts {
		if p.resident || p.first != end {
			return s, bad("lacks a part of its run list")
		}
		for _, r := range p.runs {
			if r.lcn != hole {
				taken += r.count
			}
			end = r.vcn + r.count
		}
		if taken > v.clusters {
			return s, bad("claims more clusters than the volume has")
		}
		if len(s.runs)+len(p.runs) > maxRuns {
			return s, bad("lies in too many pieces to be read here")
		}
		s.runs = append(s.runs, p.runs...)
	}
	if s.size > end*v.cluster {
		return s, bad("has fewer clusters than its size needs")
	}
	return s, nil
}

// title is what messages call the stream.
func (s *stream) title() string {
	switch {
	case s.kind == typeData && s.name == "":
		return "the content"
	case s.kind == typeData:
		return "the stream " + s.name
	case s.kind == typeIndexAllocation:
		return "the folder's index"
	}
	return "attribute " + dec(int64(s.kind>>4)) + " of the file"
}

// covered is how many bytes the runs stand for.
func (s *stream) covered(cluster int64) int64 {
	if len(s.runs) == 0 {
		return 0
	}
	last := s.runs[len(s.runs)-1]
	return (last.vcn + last.count) * cluster
}

// extents are where the bytes of a stream that is neither resident nor
// compressed lie.
func (v *volume) extents(s *stream) []fsys.Extent {
	extents := make([]fsys.Extent, 0, len(s.runs))
	add := func(e fsys.Extent) {
		if last := len(extents) - 1; last >= 0 {
			l := &extents[last]
			if l.Start < 0 && e.Start < 0 || l.Start >= 0 && e.Start == l.Start+l.Length {
				l.Length += e.Length
				return
			}
		}
		extents = append(extents, e)
	}
	for _, r := range s.runs {
		at := r.vcn * v.cluster
		if at >= s.initialized {
			break
		}
		e := fsys.Extent{Offset: at, Length: min(r.count*v.cluster, s.initialized-at), Start: -1}
		if r.lcn != hole {
			e.Start = r.lcn * v.cluster
		}
		add(e)
	}
	if s.size > s.initialized {
		add(fsys.Extent{Offset: s.initialized, Length: s.size - s.initialized, Start: -1})
	}
	return extents
}

// reader reads a stream of the file system's own out of r, the volume or the
// device before it.
func (v *volume) reader(s *stream, r io.ReaderAt) (io.ReaderAt, error) {
	info := &fsys.Node{Bytes: s.size}
	switch {
	case s.resident:
		return &held{info: info, content: s.content}, nil
	case s.unit != 0 || s.encrypted:
		return nil, fsys.Damaged(-1, s.title()+" is compressed or encrypted, which it may not be")
	}
	return fsys.NewMapped(info, r, v.extents(s)), nil
}
