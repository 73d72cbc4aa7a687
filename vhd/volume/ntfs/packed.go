package ntfs

import (
	"encoding/binary"
	"io"
	"io/fs"
	"sort"
	"sync"

	"vhdscope/vhd/volume/fsys"

	"www.velocidex.com/golang/go-ntfs/parser"
)

// maxUnit is the longest compression unit that is read, bytes. Windows makes
// them of 16 clusters of 4 KiB at most.
const maxUnit = 1 << 20

// packed is an open file that is compressed: in units, each of them as it is,
// or all zeros, or packed by LZNT1 into fewer clusters than it has. The
// library's own reading of such files is wrong where they are fragmented.
type packed struct {
	v     *volume
	info  fs.FileInfo
	s     *stream
	units []unit
	at    int64

	reading sync.Mutex
	last    int // the unit that bytes hold; -1 for none
	bytes   []byte
}

// unit is a run of a compressed file: one packed unit, or any number of
// others.
type unit struct {
	off, length int64         // in the file, bytes
	pieces      []fsys.Extent // in the volume: none of zeros, one of what is as it is; Offset is among the packed bytes
	packed      bool
}

func (v *volume) newPacked(info fs.FileInfo, s *stream) (*packed, error) {
	f := &packed{v: v, info: info, s: s, last: -1}
	size := s.unit * v.cluster
	var open *unit // of one that is not complete
	for _, r := range s.runs {
		for r.count > 0 {
			if open == nil && r.count >= s.unit { // whole ones of one kind
				n := r.count / s.unit * s.unit
				u := unit{off: r.vcn * v.cluster, length: n * v.cluster}
				if r.lcn != hole {
					u.pieces = []fsys.Extent{{Length: u.length, Start: r.lcn * v.cluster}}
				}
				f.units = append(f.units, u)
				r = r.from(n)
				continue
			}
			if open == nil {
				open = &unit{off: r.vcn * v.cluster, length: size}
			}
			n := min(r.count, (open.off+size)/v.cluster-r.vcn)
			if r.lcn != hole {
				open.add(r.lcn*v.cluster, n*v.cluster)
			}
			if r = r.from(n); r.vcn*v.cluster == open.off+size {
				f.units = append(f.units, open.done()...)
				open = nil
			}
		}
	}
	if open != nil { // the runs end inside it
		open.length = s.covered(v.cluster) - open.off
		f.units = append(f.units, open.done()...)
	}
	return f, nil
}

// from is what is left of a run after n clusters.
func (r run) from(n int64) run {
	r.vcn, r.count = r.vcn+n, r.count-n
	if r.lcn != hole {
		r.lcn += n
	}
	return r
}

// add adds clusters that follow to the pieces of a unit.
func (u *unit) add(start, length int64) {
	off := u.taken()
	if last := len(u.pieces) - 1; last >= 0 && u.pieces[last].Start+u.pieces[last].Length == start {
		u.pieces[last].Length += length
		return
	}
	u.pieces = append(u.pieces, fsys.Extent{Offset: off, Length: length, Start: start})
}

// taken is how many bytes of the volume the unit takes.
func (u *unit) taken() int64 {
	if len(u.pieces) == 0 {
		return 0
	}
	last := u.pieces[len(u.pieces)-1]
	return last.Offset + last.Length
}

// done says which kind of unit it is. One that is as it is, in pieces, is as
// many units.
func (u *unit) done() []unit {
	taken := u.taken()
	if taken == 0 || len(u.pieces) == 1 && taken == u.length {
		return []unit{*u}
	}
	if taken < u.length {
		u.packed = true
		return []unit{*u}
	}
	units := make([]unit, len(u.pieces))
	for i, p := range u.pieces {
		units[i] = unit{off: u.off + p.Offset, length: p.Length, pieces: []fsys.Extent{{Length: p.Length, Start: p.Start}}}
	}
	return units
}

func (f *packed) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *packed) Close() error               { return nil }

func (f *packed) Read(p []byte) (int, error) { return readOn(f, &f.at, p) }

func (f *packed) Seek(offset int64, whence int) (int64, error) {
	return seek(&f.at, offset, whence, f.s.size)
}

// Extents implements [fsys.File]. A packed unit that lies in pieces has an
// extent for each, of a share of its bytes.
func (f *packed) Extents() ([]fsys.Extent, error) {
	var extents []fsys.Extent
	for _, u := range f.units {
		end := min(u.off+u.length, f.s.initialized)
		if u.off >= end {
			break
		}
		if len(u.pieces) == 0 {
			extents = append(extents, fsys.Extent{Offset: u.off, Length: end - u.off, Start: hole})
			continue
		}
		for i, p := range u.pieces {
			e := fsys.Extent{Offset: u.off + p.Offset, Start: p.Start}
			e.Length = min(p.Length, end-e.Offset)
			if u.packed {
				e.Stored = p.Length
				if i == len(u.pieces)-1 {
					e.Length = end - e.Offset
				}
			}
			if e.Length > 0 {
				extents = append(extents, e)
			}
		}
	}
	if f.s.size > f.s.initialized {
		extents = append(extents, fsys.Extent{Offset: f.s.initialized, Length: f.s.size - f.s.initialized, Start: hole})
	}
	return extents, nil
}

// ReadAt implements [io.ReaderAt].
func (f *packed) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fs.ErrInvalid
	}
	if off >= f.s.size {
		return 0, io.EOF
	}
	var end error
	if int64(len(p)) > f.s.size-off {
		p, end = p[:f.s.size-off], io.EOF
	}
	done := 0
	i := sort.Search(len(f.units), func(i int) bool { return f.units[i].off+f.units[i].length > off })
	for ; done < len(p); i++ {
		at := off + int64(done)
		if at >= f.s.initialized {
			clear(p[done:])
			return len(p), end
		}
		if i == len(f.units) {
			return done, fsys.Damaged(-1, "the file has no place for its last bytes")
		}
		u := &f.units[i]
		part := p[done:min(int64(len(p)), u.off+u.length-off, f.s.initialized-off)]
		if err := f.read(i, part, at-u.off); err != nil {
			return done, err
		}
		done += len(part)
	}
	return done, end
}

// read reads a part of a unit.
func (f *packed) read(i int, p []byte, skip int64) error {
	u := &f.units[i]
	switch {
	case len(u.pieces) == 0:
		clear(p)
		return nil
	case !u.packed:
		return readPiece(f.v.dev.Volume(), p, u.pieces[0].Start+skip)
	}
	f.reading.Lock()
	defer f.reading.Unlock()
	if f.last != i {
		f.last = -1
		b := make([]byte, u.taken())
		for _, piece := range u.pieces {
			if err := readPiece(f.v.dev.Volume(), b[piece.Offset:piece.Offset+piece.Length], piece.Start); err != nil {
				return err
			}
		}
		if f.bytes == nil {
			f.bytes = make([]byte, f.s.unit*f.v.cluster)
		}
		if err := f.v.dev.Do(func() error { return unpack(f.bytes[:u.length], b) }); err != nil {
			return &fsys.Error{Kind: fsys.ErrDamaged, Offset: u.pieces[0].Start, Msg: "compressed bytes of the file are damaged"}
		}
		f.last = i
	}
	copy(p, f.bytes[skip:])
	return nil
}

func readPiece(r io.ReaderAt, p []byte, at int64) error {
	n, err := r.ReadAt(p, at)
	if n == len(p) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = fsys.Damaged(at+int64(n), "the file goes on behind the end of the volume")
	}
	return err
}

// unpack unpacks a unit: chunks of 4096 bytes, each behind a header of two
// bytes, until one of zeros ([MS-XCA] 2.5). What no chunk holds is zeros.
func unpack(out, in []byte) error {
	const chunk = 4096
	clear(out)
	scratch := make([]byte, 0, chunk+5)
	for len(out) > 0 && len(in) >= 2 {
		header := binary.LittleEndian.Uint16(in)
		if header == 0 {
			return nil
		}
		n := int(header&0xFFF) + 3
		if header&0x7000 != 0x3000 || n > len(in) {
			return errPacked
		}
		// Two zeros behind it are an end to the library, which else reads on.
		scratch = append(append(scratch[:0], in[:n]...), 0, 0)
		plain, err := parser.LZNT1Decompress(scratch)
		if err != nil || len(plain) > chunk {
			return errPacked
		}
		copy(out, plain)
		in, out = in[n:], out[min(chunk, len(out)):]
	}
	return nil
}

var errPacked = fsys.Damaged(-1, "damaged LZNT1")
