package ntfs

import (
	"io"

	"vhdscope/vhd/volume/fsys"
)

// clusterBits is the volume's $Bitmap: a bit for each cluster.
type clusterBits struct {
	r        io.ReaderAt
	clusters int64
}

// bitmap is the $Bitmap, read through r.
func (v *volume) bitmap(r io.ReaderAt) (*clusterBits, error) {
	f, err := v.readFile(v.own(recordBitmap))
	if err != nil {
		return nil, err
	}
	s, err := v.stream(f, typeData, "")
	if err == nil && (s == nil || s.size < (v.clusters+7)/8) {
		err = fsys.Damaged(-1, "the $Bitmap is too short for the volume")
	}
	if err != nil {
		return nil, err
	}
	bits, err := v.reader(s, r)
	return &clusterBits{bits, v.clusters}, err
}

// each calls yield for the runs of clusters that are all in use or all free,
// until it returns false.
func (b *clusterBits) each(first, count int64, yield func(first, count int64, used bool) bool) error {
	chunk := make([]byte, min(64<<10, count/8+2))
	start, at, end := first, first, first+count
	used := false
	for at < end {
		p := chunk[:min(int64(len(chunk)), (end+7)/8-at/8)]
		if n, err := b.r.ReadAt(p, at/8); n < len(p) {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		for base := at / 8 * 8; at < min(end, base+8*int64(len(p))); {
			bits := p[(at-base)/8]
			step := int64(1)
			now := bits>>(at%8)&1 != 0
			if at%8 == 0 && (bits == 0 || bits == 0xFF) && at+8 <= end {
				step = 8
			}
			if now != used {
				if at > start && !yield(start, at-start, used) {
					return nil
				}
				start, used = at, now
			}
			at += step
		}
	}
	if end > start {
		yield(start, end-start, used)
	}
	return nil
}
