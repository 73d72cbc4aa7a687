package vhd

import "io"

// ReadCoster is implemented by readers that know what a read costs them
// beside its bytes: the number of bytes that they could read in that time.
// [Disk.ReadAt] reads up to as many in vain to save a read. Readers that do
// not say are taken for local files.
type ReadCoster interface {
	ReadCost() int64
}

const (
	// window is how much of the disk is read at a time: each layer is asked
	// once for all that it has of it, and not run by run. Where reads are
	// dear, larger ones pay.
	window     = 2 << 20
	dearWindow = 8 << 20

	// fileCost is the ReadCost of a local file whose bytes are in memory.
	fileCost = 4 << 10

	// maxSpan bounds what is read in one go, gaps and all.
	maxSpan = dearWindow + dearWindow/2
)

// readCost is the cost of a read of this image's file.
func (im *Image) readCost() int64 {
	if c, ok := im.r.(ReadCoster); ok {
		return min(max(c.ReadCost(), 0), dearWindow)
	}
	return fileCost
}

// window is how much of the disk is read at a time.
func (d *Disk) window() int64 {
	if d.layers[len(d.layers)-1].readCost() > fileCost {
		return dearWindow
	}
	return window
}

// ReadAt reads the disk as a virtual machine would. It implements
// io.ReaderAt: fewer bytes than asked for come with an error, io.EOF at the
// disk's end, else a [*FormatError] for the first byte that cannot be read.
func (d *Disk) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, d.outside(off, int64(len(p)))
	}
	if len(p) == 0 {
		return 0, nil
	}
	if off >= d.size {
		return 0, io.EOF
	}
	var atEnd error
	if int64(len(p)) > d.size-off {
		p, atEnd = p[:d.size-off], io.EOF
	}
	n, err := d.ReadTo(&memory{d.layers, p}, off, int64(len(p)))
	if err == nil {
		err = atEnd
	}
	return int(n), err
}

// ReadTo reads n bytes from byte off of the disk, which must lie on it, to a
// sink. Fewer come with an error, as from [Disk.ReadAt].
func (d *Disk) ReadTo(sink Sink, off, n int64) (int64, error) {
	if off < 0 || n < 0 || off > d.size || n > d.size-off {
		return 0, d.outside(off, n)
	}
	return d.readTo(sink, off, n, 0)
}

// readTo is ReadTo to byte to of the sink; the range lies on the disk.
func (d *Disk) readTo(sink Sink, off, n, to int64) (int64, error) {
	g := gatherers.Get().(*gatherer)
	defer gatherers.Put(g)
	size := d.window()
	for done := int64(0); done < n; {
		at := off + done
		m, err := g.read(d, sink, at, min(n-done, size-at%size), to+done)
		done += m
		if err != nil {
			return done, err
		}
	}
	return n, nil
}
