package vhd

import (
	"context"
	"io"
)

// Converted tells what a conversion made.
type Converted struct {
	Size   int64 // of the new file in bytes
	Blocks int64 // that it holds
}

// selector chooses what of a disk a new image is to hold.
type selector interface {
	// nothing reports whether it is plain without reading that none of n
	// bytes from off is to be held.
	nothing(off, n int64) bool
	// choose reads whole sectors from off on to p and marks in keep those
	// that are to be held. The others it makes zeros.
	choose(off int64, p []byte, keep []bool) error
}

// assemble writes a new image to w: the blocks, then what tells where they
// lie, and the two footers last. Before these no reader takes the file for an
// image. A window is what is in memory of the disk at a time; it and a block
// are powers of two.
func assemble(ctx context.Context, w io.WriterAt, l *layout, s selector, window int64, progress func(done, total int64)) (Converted, error) {
	head := l.head()
	b := &blockWriter{w: w, blockSize: int64(l.header.BlockSize), bitmapSize: l.bitmapSize,
		table: head[newTableAt:], end: l.end, block: -1, bitmap: make(bitmap, l.bitmapSize)}
	size := int64(l.footer.CurrentSize)
	window = min(window, size)
	buf, keep := make([]byte, l.bitmapSize+window), make([]bool, window/SectorSize)
	for off := int64(0); off < size; {
		if err := ctx.Err(); err != nil {
			return Converted{}, err
		}
		n := min(window, size-off)
		if !s.nothing(off, n) {
			p, keep := buf[:l.bitmapSize+n], keep[:n/SectorSize]
			clear(keep)
			if err := s.choose(off, p[l.bitmapSize:], keep); err != nil {
				return Converted{}, err
			}
			if err := b.put(off, p, keep); err != nil {
				return Converted{}, err
			}
		}
		off += n
		if progress != nil {
			progress(off, size)
		}
	}
	if err := b.finish(); err != nil {
		return Converted{}, err
	}
	footerAt := placeAligned(b.end, footerSize)
	for _, part := range []Patch{{newHeaderAt, head[newHeaderAt:]}, {footerAt, head[:footerSize]}, {0, head[:footerSize]}} {
		if err := b.write(part.Data, part.Offset); err != nil {
			return Converted{}, err
		}
	}
	return Converted{Size: footerAt + footerSize, Blocks: b.blocks}, nil
}
