package vhd

import (
	"context"
	"io"
	"iter"
	"sort"
)

// Plan describes a new file as runs of bytes: given ones, zeros, and ranges
// of files that are open already. Nothing is moved until it is read, so a
// plan for terabytes is a few lines long; a browser can make one Blob of it.
type Plan struct {
	layers    []*Image  // what a segment's Layer counts
	stretches []stretch // in order, without gaps
	size      int64
}

// stretch is a part of a plan: the bytes of data, a range of a disk, a range of
// a layer's file, or zeros.
type stretch struct {
	at, length int64
	data       []byte
	disk       *Disk // whose layers are the plan's
	layer      int   // -1 where no layer's file is meant
	source     int64 // of the range, on the disk or in the layer's file
}

func (p *Plan) add(s stretch) {
	if s.length == 0 {
		return
	}
	s.at = p.size
	p.stretches = append(p.stretches, s)
	p.size += s.length
}

func (p *Plan) addData(b []byte) { p.add(stretch{length: int64(len(b)), data: b, layer: -1}) }
func (p *Plan) addZeros(n int64) { p.add(stretch{length: n, layer: -1}) }
func (p *Plan) addDisk(d *Disk)  { p.addDiskRange(d, 0, d.size) }
func (p *Plan) addDiskRange(d *Disk, off, n int64) {
	p.add(stretch{length: n, disk: d, layer: -1, source: off})
}
func (p *Plan) addFile(layer int, off, n int64) {
	p.add(stretch{length: n, layer: layer, source: off})
}

// Size is the size of the new file in bytes.
func (p *Plan) Size() int64 { return p.size }

// Layers are the images whose files the plan takes bytes from.
func (p *Plan) Layers() []*Image { return p.layers }

// Segment is a run of bytes of a [Plan]. Offset is in the new file; Layer
// indexes [Plan.Layers], and -1 means Data, or zeros where that is nil too.
type Segment struct {
	Extent
	Data []byte
}

// Segments tells what makes up a range of the new file, in order and without
// gaps. A segment with an error cannot be read: see [Disk.Extents].
func (p *Plan) Segments(off, length int64) iter.Seq2[Segment, error] {
	return func(yield func(Segment, error) bool) {
		if off < 0 || length < 0 {
			yield(Segment{Extent: Extent{Offset: off, Length: length, Layer: -1, Source: -1}}, p.outside(off, length))
			return
		}
		for s, r := range p.within(off, min(length, p.size-off)) {
			for g, err := range s.segments(r) {
				if !yield(g, err) {
					return
				}
			}
		}
	}
}

// within yields the stretches of a range that lies in the file, each with the
// part of it that is meant, in bytes of the file.
func (p *Plan) within(off, length int64) iter.Seq2[*stretch, extent] {
	return func(yield func(*stretch, extent) bool) {
		end := off + length
		i := sort.Search(len(p.stretches), func(i int) bool { return p.stretches[i].at+p.stretches[i].length > off })
		for ; i < len(p.stretches) && p.stretches[i].at < end; i++ {
			s := &p.stretches[i]
			if !yield(s, extent{max(off, s.at), min(end, s.at+s.length)}) {
				return
			}
		}
	}
}

func (s *stretch) segments(r extent) iter.Seq2[Segment, error] {
	return func(yield func(Segment, error) bool) {
		from, length := r.from-s.at, r.to-r.from
		e := Extent{Offset: r.from, Length: length, Layer: s.layer, Source: -1}
		switch {
		case s.data != nil:
			yield(Segment{e, s.data[from : from+length]}, nil)
		case s.disk != nil:
			for d, err := range s.disk.Extents(s.source+from, length) {
				d.Offset += s.at - s.source
				if !yield(Segment{Extent: d}, err) {
					return
				}
			}
		default:
			if s.layer >= 0 {
				e.Source = s.source + from
			}
			yield(Segment{Extent: e}, nil)
		}
	}
}

// ReadTo reads n bytes from byte off of the new file to a sink. Fewer come
// with an error, as from [Disk.ReadAt].
func (p *Plan) ReadTo(sink Sink, off, n int64) (int64, error) {
	if off < 0 || n < 0 || off > p.size || n > p.size-off {
		return 0, p.outside(off, n)
	}
	return p.readTo(sink, off, n, 0)
}

// readTo is ReadTo to byte to of the sink; the range lies in the file.
func (p *Plan) readTo(sink Sink, off, n, to int64) (int64, error) {
	for s, r := range p.within(off, n) {
		done, err := s.readTo(sink, r, r.from-off+to)
		if err != nil {
			return r.from - off + done, err
		}
	}
	return n, nil
}

// readTo reads a part of a stretch to byte to of the sink.
func (s *stretch) readTo(sink Sink, r extent, to int64) (int64, error) {
	from, n := r.from-s.at, r.to-r.from
	switch {
	case s.data != nil:
		sink.Put(s.data[from:from+n], to)
	case s.disk != nil:
		return s.disk.readTo(sink, s.source+from, n, to)
	case s.layer >= 0:
		done, err := sink.Read(s.layer, s.source+from, n, to)
		if err != nil {
			return done, inLayer(readFailed("file", s.source+from+done, err), s.layer)
		}
	default:
		sink.Zero(to, n)
	}
	return n, nil
}

// ReadAt implements io.ReaderAt on the new file, so that [Open] takes it.
func (p *Plan) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 {
		return 0, p.outside(off, int64(len(b)))
	}
	if len(b) == 0 {
		return 0, nil
	}
	if off >= p.size {
		return 0, io.EOF
	}
	var atEnd error
	if int64(len(b)) > p.size-off {
		b, atEnd = b[:p.size-off], io.EOF
	}
	n, err := p.ReadTo(&memory{p.layers, b}, off, int64(len(b)))
	if err == nil {
		err = atEnd
	}
	return int(n), err
}

// Loss is a range of a new file whose bytes could not be had. Conversions and
// repairs, which do not keep the disk's bytes in their order, tell of ranges of
// its disk.
type Loss struct {
	Offset, Length int64
	Err            error // why: a [*FormatError]
}

// Salvage is like [Plan.ReadTo], but goes on behind what cannot be read: that
// becomes zeros, and lost is told of it.
func (p *Plan) Salvage(sink Sink, off, n int64, lost func(Loss)) error {
	if off < 0 || n < 0 || off > p.size || n > p.size-off {
		return p.outside(off, n)
	}
	done, err := p.readTo(sink, off, n, 0)
	if err == nil {
		return nil
	}
	// Behind the first byte that cannot be read, what is said to be readable
	// is read alone: one look at a range tells all that is not.
	v := salvager{p, sink, off, lost}
	from := off + done // of what is said to be readable, up to the next that is not
	for s, err := range p.Segments(from, n-done) {
		if err != nil {
			v.read(from, s.Offset)
			v.lose(s.Offset, s.Length, err)
			from = s.Offset + s.Length
		}
	}
	v.read(from, off+n)
	return nil
}

// salvager reads a range of a plan to a sink; what cannot be read is lost.
type salvager struct {
	plan *Plan
	sink Sink
	off  int64 // of the sink's first byte
	lost func(Loss)
}

// read reads a range that should be readable. Where the file will not give it,
// its halves are tried, down to sectors: a read may fail for one bad sector.
func (v *salvager) read(from, to int64) {
	if from == to {
		return
	}
	done, err := v.plan.readTo(v.sink, from, to-from, from-v.off)
	from += done
	switch {
	case err == nil:
	case to-from <= SectorSize:
		v.lose(from, to-from, err)
	default:
		half := from + roundUp((to-from)/2, SectorSize)
		v.read(from, half)
		v.read(half, to)
	}
}

func (v *salvager) lose(off, n int64, err error) {
	v.lost(Loss{off, n, err})
	v.sink.Zero(off-v.off, n)
}

// copyWindow is how much of a new file is in memory at a time.
const copyWindow = 4 << 20

// Copy writes the new file to w, in order and in constant memory. Progress
// counts bytes; it may be nil. Where lost is nil, the first byte that cannot
// be read ends the copy with its error; else see [Plan.Salvage].
func (p *Plan) Copy(ctx context.Context, w io.Writer, progress func(done, total int64), lost func(Loss)) error {
	buf := make([]byte, min(copyWindow, p.size))
	for off := int64(0); off < p.size; {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := buf[:min(int64(len(buf)), p.size-off)]
		sink := &memory{p.layers, b}
		var err error
		if lost == nil {
			_, err = p.readTo(sink, off, int64(len(b)), 0)
		} else {
			err = p.Salvage(sink, off, int64(len(b)), lost)
		}
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		off += int64(len(b))
		if progress != nil {
			progress(off, p.size)
		}
	}
	return nil
}

func (p *Plan) outside(off, length int64) error {
	return &FormatError{Layer: -1, Offset: -1, Rule: RuleBounds, Err: ErrBounds,
		Msg: dec(length) + " bytes at byte " + dec(off) + " do not lie in the new file of " + dec(p.size) + " bytes"}
}
