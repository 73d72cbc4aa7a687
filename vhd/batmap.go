package vhd

import (
	"context"
	"sync/atomic"
)

// batmap is XenServer's extension that follows the BAT: a bit for each
// block, set where every sector of the block is present, so that the block's
// bitmap need not be read (blktap: vhd.h, struct dd_batmap_hdr). It saves
// reads and decides nothing: a bit is believed only after its bitmap was
// seen to agree.
type batmap struct {
	headerAt int64
	raw      []byte // the 512-byte header
	at       int64
	length   int64  // of the map, as much of it as the disk's table needs; 0 where it cannot be located
	bits     []byte // nil where the map cannot be used
	marked   int64  // blocks marked full
	flaw     string // why it cannot be used
	state    atomic.Int32
}

const (
	batmapHeaderSize = 512

	batmapV1 = 0x00010001
	batmapV2 = 0x00010002
)

// Offsets of the batmap header's fields.
const (
	batmapOffsetAt   = 0x08
	batmapSizeAt     = 0x10
	batmapVersionAt  = 0x14
	batmapChecksumAt = 0x18
	batmapMarkerAt   = 0x1C
)

// BatmapState is what is known of an image's batmap.
type BatmapState int32

const (
	BatmapNone        BatmapState = iota // the image has none
	BatmapInvalid                        // it is malformed and not used
	BatmapUnchecked                      // well formed, not yet held against the bitmaps; not used
	BatmapAgrees                         // every block that it marks is full; used
	BatmapContradicts                    // it marks a block that is not full; not used
)

func (m *batmap) usable() bool { return m != nil && m.bits != nil }

// full reports whether block b is marked.
func (m *batmap) full(b int64) bool {
	return m.usable() && b>>3 < int64(len(m.bits)) && m.bits[b>>3]&(0x80>>(b&7)) != 0
}

// trusted reports whether block b is full beyond doubt.
func (m *batmap) trusted(b int64) bool {
	return m != nil && BatmapState(m.state.Load()) == BatmapAgrees && m.full(b)
}

// Batmap tells the state of the image's batmap, how many blocks it marks as
// full, and why it cannot be used where it cannot.
func (im *Image) Batmap() (state BatmapState, marked int64, flaw string) {
	if im.batmap == nil {
		return BatmapNone, 0, ""
	}
	return BatmapState(im.batmap.state.Load()), im.batmap.marked, im.batmap.flaw
}

// openBatmap reads the batmap that may follow the BAT. The writer's version
// would tell which images have one, but copies keep the bytes and change the
// creator, so the cookie decides.
func (im *Image) openBatmap() {
	at := roundUp(im.table.at+im.table.declared*tableEntrySize, SectorSize)
	if at > im.size-batmapHeaderSize {
		return
	}
	raw := make([]byte, batmapHeaderSize)
	if _, err := readFull(im.r, raw, at); err != nil || string(raw[:8]) != batmapCookie {
		return
	}
	m := &batmap{headerAt: at, raw: raw}
	im.batmap = m
	if m.flaw = im.readBatmap(m); m.flaw != "" {
		m.bits = nil
		m.state.Store(int32(BatmapInvalid))
		im.note(Finding{Rule: RuleBatmap, Severity: Note, Offset: at, Length: batmapHeaderSize,
			Message: "The batmap is not used: " + m.flaw + "."})
		return
	}
	m.state.Store(int32(BatmapUnchecked))
}

// readBatmap reads the map itself and tells what is wrong with it.
func (im *Image) readBatmap(m *batmap) (flaw string) {
	offset, size := be64(m.raw[batmapOffsetAt:]), int64(be32(m.raw[batmapSizeAt:]))*SectorSize
	if v := be32(m.raw[batmapVersionAt:]); v != batmapV1 && v != batmapV2 {
		return "its version is " + versionString(v)
	}
	if offset > uint64(im.size) || uint64(size) > uint64(im.size)-offset {
		return "it does not lie in the file"
	}
	if size > maxTable {
		return "it is larger than any that is read"
	}
	need := ceilDiv(im.table.entries(), 8)
	if size < need {
		return "it is too small for the disk's blocks"
	}
	m.at = int64(offset)
	// The map has room for as many blocks as the BAT; more is not its own.
	m.length = min(size, roundUp(max(ceilDiv(im.table.declared, 8), 1), SectorSize))
	m.bits = make([]byte, m.length)
	if _, err := readFull(im.r, m.bits, m.at); err != nil {
		return err.Error()
	}
	if sum := be32(m.raw[batmapChecksumAt:]); !batmapSum(m.bits, im.disk, sum) {
		return "its checksum is wrong"
	}
	for b := range im.table.entries() {
		if m.full(b) {
			m.marked++
			if im.table.entry(b) == unallocated {
				return "it marks block " + dec(b) + ", which is not allocated, as full"
			}
		}
	}
	return ""
}

// batmapSummed is how much of a map blktap sums.
func batmapSummed(bits []byte, disk int64) int64 {
	return min(roundUp(max(disk>>24, 1), SectorSize), int64(len(bits)))
}

// batmapChecksum is the checksum of a map as blktap computes it: in version 1.1
// of signed bytes.
func batmapChecksum(bits []byte, disk int64, version uint32) uint32 {
	var sum uint32
	for _, c := range bits[:batmapSummed(bits, disk)] {
		if version == batmapV1 {
			sum += uint32(int8(c))
		} else {
			sum += uint32(c)
		}
	}
	return ^sum
}

// batmapSum tells whether sum is right for the map. Writers differ in how
// much they sum: the sectors that 2 MiB blocks of the disk need, or all; and
// version 1.1 summed signed bytes.
func batmapSum(bits []byte, disk int64, sum uint32) bool {
	for _, n := range []int64{batmapSummed(bits, disk), int64(len(bits))} {
		var unsigned, signed uint32
		for _, c := range bits[:n] {
			unsigned += uint32(c)
			signed += uint32(int8(c))
		}
		if sum == ^unsigned || sum == ^signed {
			return true
		}
	}
	return false
}

// CheckBatmap holds the batmap against the bitmap of every block that it
// marks; if all agree, their bitmaps need not be read again. It reads one
// bitmap a marked block and reports after each how far it is, in blocks. The
// error is the context's or a read error; what the batmap says is in
// [Image.Batmap] and the findings.
func (im *Image) CheckBatmap(ctx context.Context, progress func(done, total int64)) error {
	m := im.batmap
	if !m.usable() || BatmapState(m.state.Load()) != BatmapUnchecked {
		return nil
	}
	done := int64(0)
	for b := range im.table.entries() {
		if !m.full(b) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if p := im.blockProblem(b); p != nil {
			return p
		}
		if _, err := im.bitmap(b); err != nil { // compares the two
			return err
		}
		if BatmapState(m.state.Load()) == BatmapContradicts {
			return nil
		}
		done++
		if progress != nil {
			progress(done, m.marked)
		}
	}
	m.state.CompareAndSwap(int32(BatmapUnchecked), int32(BatmapAgrees))
	return nil
}

// compareBatmap notices a batmap that calls a ragged block full.
func (im *Image) compareBatmap(b int64, bm bitmap) {
	m := im.batmap
	if !m.full(b) || BatmapState(m.state.Load()) == BatmapContradicts || bm.full(im.sectors(b)) {
		return
	}
	if BatmapState(m.state.Swap(int32(BatmapContradicts))) != BatmapContradicts {
		im.note(Finding{Rule: RuleBatmapMismatch, Severity: Warning, Offset: m.at + b>>3, Length: 1,
			Message: "The batmap calls block " + dec(b) + " full, but the block's bitmap does not; the batmap is not used."})
	}
}
