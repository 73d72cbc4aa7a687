package vhd

// verdict is what one image says of a range of the disk.
type verdict int

const (
	absent verdict = iota // a differencing image leaves it to its parent
	zeros                 // the image says that it reads as zeros
	here                  // the image's file holds it
)

// run is a range of the disk for which an image has one answer.
type run struct {
	length  int64 // bytes
	verdict verdict
	source  int64 // byte offset in the file, where the verdict is here
}

// runAt is the longest run that can be told at once from off on, up to end;
// both lie on the disk. With an error, length is what cannot be read.
func (im *Image) runAt(off, end int64) (run, error) {
	switch im.kind {
	case Fixed, Raw:
		if off >= im.dataEnd {
			return run{length: end - off}, broken(RuleFixedSize, im.dataEnd, "the file ends before the disk does")
		}
		return run{min(end, im.dataEnd) - off, here, off}, nil
	}
	clear := absent
	if im.kind == Dynamic {
		clear = zeros
	}
	b, entries := off/im.blockSize, im.table.entries()
	if b >= entries {
		if b < im.table.declared {
			return run{length: end - off}, broken(RuleTableTruncated, im.table.at+entries*tableEntrySize,
				"the file ends inside the block allocation table, before the entry of block %d", b)
		}
		return run{end - off, clear, 0}, nil
	}
	if n := im.table.unallocatedRun(b, ceilDiv(end, im.blockSize)); n > 0 {
		return run{min(end, (b+n)*im.blockSize) - off, clear, 0}, nil
	}
	end = min(end, (b+1)*im.blockSize)
	if p := im.blockProblem(b); p != nil {
		return run{length: end - off}, p
	}
	return im.blockRun(b, off-b*im.blockSize, end-b*im.blockSize, clear)
}

// blockRun is runAt inside the allocated block b; from and to are bytes from
// the block's start, and clear is what a clear bit means.
func (im *Image) blockRun(b, from, to int64, clear verdict) (run, error) {
	data := im.blockExtent(b).from + im.bitmapSize
	length := to - from
	if !im.batmap.trusted(b) {
		bm, err := im.bitmap(b)
		if err != nil {
			return run{length: length}, err
		}
		first := from / SectorSize
		n := bm.run(first, ceilDiv(to, SectorSize))
		length = min(to, (first+n)*SectorSize) - from
		if !bm.has(first) {
			return run{length, clear, 0}, nil
		}
	}
	if stored := im.dataEnd - data; from+length > stored {
		// The file ends inside the block. Whole sectors before that are there.
		stored -= stored % SectorSize
		if from >= stored {
			return run{length: length}, broken(RuleBlockTruncated, data+from, "the file ends inside block %d", b)
		}
		length = stored - from
	}
	return run{length, here, data + from}, nil
}
