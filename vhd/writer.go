package vhd

import (
	"io"
	"strings"
	"sync"
)

// Storage is a file that a [Writer] changes. It grows when it is written to
// past its end; bytes that were never written are zeros. A Storage that is
// read while a Writer changes it must allow that.
//
// Where order matters, the Writer calls the Storage's method Sync() error if
// it has one, and goes on when all that was written before will last.
type Storage interface {
	io.ReaderAt
	io.WriterAt
}

// Writer writes to the disk of an image, in place. In a fixed disk that is all
// there is to it. Dynamic and differencing images grow by blocks, and keep for
// each sector whether it was written.
//
// Every operation leaves an image that opens with its old or its new bytes in
// each sector, even if it was cut short: what is not there yet is not yet
// pointed to. A sector is taken to be written whole or not at all.
type Writer struct {
	mu   sync.Mutex
	f    Storage
	im   *Image
	disk *Disk // of the image and what lies below

	// Of a dynamic or differencing image.
	size     int64 // of the file; after a failure it may be shorter
	end      int64 // of all structures and blocks; new blocks go behind
	footerAt int64 // of the footer that ends the file; -1 where none does
	copied   bool  // the copy at the start is that footer
	batmap   *batmap
	outdated bool  // the batmap has bits that are not true
	failed   error // why the image must not be changed any more
}

// OpenWriter opens the image in a file of size bytes for writing; below are
// the images under a differencing one, its parent first. They are only read.
//
// An image that [Open] finds damaged is refused, with a [*FormatError] that
// tells the damage. A footer that is missing from its place, or has 511 bytes,
// or that other bytes follow, is no damage while there is a good one: it is
// put in order with the first change.
func OpenWriter(f Storage, size int64, below ...*Image) (*Writer, error) {
	im, err := Open(f, size)
	if err != nil {
		return nil, err
	}
	if err := im.checkSound(); err != nil {
		return nil, err
	}
	w := &Writer{f: f, im: im, size: size}
	if im.header != nil {
		if err := w.openSparse(); err != nil {
			return nil, err
		}
	}
	if w.disk, err = NewDisk(append([]*Image{im}, below...)...); err != nil {
		return nil, err
	}
	return w, nil
}

// Image is the image that is written to, for disks that read what was
// written. Its findings, footers and header are those that were opened, and it
// has no batmap: the Writer keeps that. To check or relink the file as it has
// become, open it anew.
func (w *Writer) Image() *Image { return w.im }

// FileSize is the size of the file in bytes; after a write that failed, the
// most that it may be.
func (w *Writer) FileSize() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.size
}

// checkSound refuses an image whose structures cannot be relied on.
func (im *Image) checkSound() error {
	for _, f := range im.Findings() {
		fatal := f.Severity == Error
		switch f.Rule {
		case RuleFooterChecksum:
			fatal = fatal || !im.footerGood
		case RuleHeaderChecksum, RuleFooterVersion, RuleHeaderVersion:
			fatal = true
		case RuleHeaderOffset, RuleTableOffset:
			fatal = f.Severity >= Warning
		}
		if fatal {
			return unsound(f.Rule, f.Offset, f.Message)
		}
	}
	return nil
}

// unsound is the error for an image that must not be written to; why is a
// sentence.
func unsound(rule Rule, offset int64, why string) *FormatError {
	return broken(rule, offset, "the image has to be repaired before it is written to: "+strings.TrimSuffix(why, "."))
}

// WriteAt writes to the disk. Sectors written in part are completed with what
// the disk holds; where that cannot be read, nothing is changed. The error is a
// [*FormatError], ErrBounds for bytes that do not lie on the disk, of which
// none are written. With another error the first n bytes are written, and of
// those behind, each sector may be.
func (w *Writer) WriteAt(p []byte, off int64) (n int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if off < 0 || off > w.im.disk || int64(len(p)) > w.im.disk-off {
		return 0, w.disk.outside(off, int64(len(p)))
	}
	if len(p) == 0 {
		return 0, nil
	}
	if w.im.header == nil {
		n, err := w.f.WriteAt(p, off)
		return n, writeFailed("data of the disk", off, err)
	}
	data, err := w.wholeSectors(p, off)
	if err != nil {
		return 0, err
	}
	if err := w.prepare(); err != nil {
		return 0, err
	}
	first := off / SectorSize * SectorSize
	for done := int64(0); done < int64(len(data)); {
		b, in := (first+done)/w.im.blockSize, (first+done)%w.im.blockSize
		part := data[done:min(int64(len(data)), done+w.im.blockSize-in)]
		if err := w.writeBlock(b, in, part); err != nil {
			return int(max(first+done-off, 0)), err
		}
		done += int64(len(part))
	}
	return len(p), nil
}

// wholeSectors is p with the rest of the sectors in which it begins and ends.
// Behind the disk's end that is zeros.
func (w *Writer) wholeSectors(p []byte, off int64) ([]byte, error) {
	from, to := off/SectorSize*SectorSize, roundUp(off+int64(len(p)), SectorSize)
	if to-from == int64(len(p)) {
		return p, nil
	}
	data := make([]byte, to-from)
	for _, e := range []extent{{from, off}, {off + int64(len(p)), min(to, w.im.disk)}} {
		if e.from >= e.to {
			continue
		}
		if _, err := w.disk.ReadTo(&memory{w.disk.layers, data[e.from-from:]}, e.from, e.to-e.from); err != nil {
			return nil, err
		}
	}
	copy(data[off-from:], p)
	return data, nil
}

// Revert gives n bytes from byte off of a differencing image's disk, whole
// sectors, back to its parent. Blocks stay allocated.
func (w *Writer) Revert(off, n int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.im.kind != Differencing {
		return broken(RuleDiskType, -1, "a "+w.im.kind.String()+" image has no parent to go back to")
	}
	if off < 0 || n < 0 || off > w.im.disk || n > w.im.disk-off {
		return w.disk.outside(off, n)
	}
	end := off + n
	if off%SectorSize != 0 || end%SectorSize != 0 && end != w.im.disk {
		return broken(RuleBounds, -1, "%d bytes at byte %d are no whole sectors, and only those can go back to the parent", n, off)
	}
	if err := w.prepare(); err != nil {
		return err
	}
	for off < end {
		b := off / w.im.blockSize
		if b += w.im.table.unallocatedRun(b, ceilDiv(end, w.im.blockSize)); b*w.im.blockSize >= end {
			return nil
		}
		off = max(off, b*w.im.blockSize)
		to := min(end, (b+1)*w.im.blockSize)
		if err := w.revertBlock(b, off-b*w.im.blockSize, to-b*w.im.blockSize); err != nil {
			return err
		}
		off = to
	}
	return nil
}

// write writes to the file.
func (w *Writer) write(what string, p []byte, at int64) error {
	_, err := w.f.WriteAt(p, at)
	return writeFailed(what, at, err)
}

// sync waits until all that was written will last.
func (w *Writer) sync() error {
	s, ok := w.f.(interface{ Sync() error })
	if !ok {
		return nil
	}
	return writeFailed("file", -1, s.Sync())
}

// writeFailed is the error for bytes that the file would not take; nil for
// none.
func writeFailed(what string, offset int64, err error) error {
	if err == nil {
		return nil
	}
	return &FormatError{Layer: -1, Offset: offset, Rule: RuleWrite,
		Msg: "cannot write the " + what + ": " + err.Error(), Err: err}
}
