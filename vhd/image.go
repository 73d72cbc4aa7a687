package vhd

import (
	"io"
	"slices"
	"sync"
)

// Image is one opened file. Its methods may be called concurrently.
type Image struct {
	r    io.ReaderAt
	size int64 // of the file
	kind DiskType
	disk int64 // virtual size

	// Fixed, dynamic and differencing.
	footer     Footer
	footerRaw  []byte // 512 bytes, as used
	footerAt   int64  // where it was found
	footerCopy []byte // the 512 bytes at 0 of a dynamic or differencing image
	footerGood bool   // its checksum is right
	dataEnd    int64  // data ends before the footer at the end, or with the file

	// Dynamic and differencing.
	header     *Header
	headerRaw  []byte
	headerAt   int64
	headerGood bool
	blockSize  int64
	bitmapSize int64
	table      table
	bitmaps    bitmapCache
	batmap     *batmap
	structures []extent // of the footer's copy, header and table

	// Differencing.
	locators   []Locator
	parentName string
	names      []ParentName

	mu       sync.Mutex // guards findings, which grow when reading finds more
	findings []Finding
}

// OpenRaw takes bytes without a format for the base of a chain: XenServer's
// children name such a parent by an all-zero UUID.
func OpenRaw(r io.ReaderAt, size int64) *Image {
	return &Image{r: r, size: size, kind: Raw, disk: size, dataEnd: size, footerAt: -1}
}

// Reader is the file, as it was given to [Open] or [OpenRaw].
func (im *Image) Reader() io.ReaderAt { return im.r }

// Type is the kind of image: Fixed, Dynamic, Differencing or Raw.
func (im *Image) Type() DiskType { return im.kind }

// Size is the virtual size in bytes: the footer's current size, never CHS.
func (im *Image) Size() int64 { return im.disk }

// Footer is the footer that was used; zero for a raw image.
func (im *Image) Footer() Footer { return im.footer }

// Header is the dynamic header, nil in fixed and raw images.
func (im *Image) Header() *Header {
	if im.header == nil {
		return nil
	}
	h := *im.header
	return &h
}

// UUID identifies the image; zero for a raw image.
func (im *Image) UUID() UUID { return im.footer.UUID }

// ParentUUID identifies the parent of a differencing image. It is zero for a
// raw parent, and for images without a parent.
func (im *Image) ParentUUID() UUID {
	if im.kind != Differencing {
		return UUID{}
	}
	return im.header.ParentUUID
}

// Locators are the used parent locator slots of a differencing image.
func (im *Image) Locators() []Locator { return slices.Clone(im.locators) }

// ParentNames are the names by which a differencing image knows its parent,
// the ones that a move leaves true first. They are hints: see [Resolve].
func (im *Image) ParentNames() []ParentName { return slices.Clone(im.names) }

// BlockSize is the bytes of data in a block; 0 in fixed and raw images.
func (im *Image) BlockSize() int64 { return im.blockSize }

// Blocks counts the blocks that the disk's size needs, and how many of them
// the image holds.
func (im *Image) Blocks() (all, allocated int64) {
	if im.header == nil {
		return 0, 0
	}
	return ceilDiv(im.disk, im.blockSize), im.table.count()
}

// BlockOffset is the byte offset in the file of the bitmap of block b, which
// the block's data follows.
func (im *Image) BlockOffset(b int64) (int64, error) {
	if im.table.entries() == 0 {
		return 0, broken(RuleBounds, -1, "the image has no blocks")
	}
	if b < 0 || b >= im.table.entries() {
		return 0, broken(RuleBounds, -1, "the table has blocks 0 to %d, and not %d", im.table.entries()-1, b)
	}
	if im.table.entry(b) == unallocated {
		return 0, broken(RuleBounds, im.table.at+b*tableEntrySize, "block %d is not allocated in this file", b)
	}
	if p := im.blockProblem(b); p != nil {
		return 0, p
	}
	return im.blockExtent(b).from, nil
}

// Findings lists what is wrong with the image but survivable, worst first.
// Reading may add to it.
func (im *Image) Findings() []Finding {
	im.mu.Lock()
	defer im.mu.Unlock()
	return slices.Clone(im.findings)
}

// note records a finding in its place: worst first, then in order of notice.
func (im *Image) note(f Finding) {
	im.mu.Lock()
	defer im.mu.Unlock()
	list := append(im.findings, f)
	for i := len(list) - 1; i > 0 && list[i-1].Severity < f.Severity; i-- {
		list[i], list[i-1] = list[i-1], list[i]
	}
	im.findings = list
}
