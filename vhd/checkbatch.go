package vhd

// bitmapsBatch reads bitmaps of blocks that lie one behind the other in the
// file, many with one read where that is cheaper.
type bitmapsBatch struct {
	im   *Image
	all  []byte   // of one batch
	span []byte   // read in one go, gaps and all
	p    [][]byte // parts of all
	off  []int64
	errs []error
}

func newBitmapBatch(im *Image, most int) *bitmapsBatch {
	return &bitmapsBatch{im: im, all: make([]byte, int64(most)*im.bitmapSize)}
}

// read reads the bitmaps of some elements of fileCheck.blocks.
func (r *bitmapsBatch) read(blocks []uint64) {
	size := r.im.bitmapSize
	r.p, r.off, r.errs = r.p[:0], r.off[:0], r.errs[:0]
	for i, placed := range blocks {
		r.p = append(r.p, r.all[int64(i)*size:int64(i+1)*size])
		r.off = append(r.off, r.im.blockExtent(blockOf(placed)).from)
		r.errs = append(r.errs, nil)
	}
	if many, ok := r.im.r.(ManyReader); ok && len(blocks) > 1 && many.ReadMany(r.p, r.off) == nil {
		return
	}
	cost := r.im.readCost()
	for i := 0; i < len(r.off); {
		n := 1
		for i+n < len(r.off) && r.off[i+n]-r.off[i+n-1]-size <= cost && r.off[i+n]+size-r.off[i] <= checkWindow {
			n++
		}
		r.readSpan(i, n)
		i += n
	}
}

// readSpan reads n bitmaps from the i-th on in one go or, where that fails,
// one by one.
func (r *bitmapsBatch) readSpan(i, n int) {
	if n > 1 {
		length := r.off[i+n-1] + r.im.bitmapSize - r.off[i]
		if int64(len(r.span)) < length {
			r.span = make([]byte, length)
		}
		if _, err := readFull(r.im.r, r.span[:length], r.off[i]); err == nil {
			for j := i; j < i+n; j++ {
				copy(r.p[j], r.span[r.off[j]-r.off[i]:])
			}
			return
		}
	}
	for j := i; j < i+n; j++ {
		_, r.errs[j] = readFull(r.im.r, r.p[j], r.off[j])
	}
}

// bitmap is the i-th of those read last, until the next are read.
func (r *bitmapsBatch) bitmap(i int) (bitmap, error) {
	if r.errs[i] != nil {
		return nil, r.errs[i]
	}
	return r.p[i], nil
}
