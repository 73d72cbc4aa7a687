package vhd

import (
	"bytes"
	"encoding/binary"
)

// headerScan is how much of a file's start is searched for a dynamic header
// that no footer leads to.
const headerScan = 64 << 10

func headerSum(raw []byte) bool {
	return checksum(raw, headerChecksumAt) == be32(raw[headerChecksumAt:])
}

// findHeader finds the dynamic header: where the footer points, in its usual
// place, or, with a right checksum, on any sector of the file's start; nil
// where there is none. What the footer points to may have lost its cookie,
// but not its sum.
func (im *Image) findHeader(offset uint64) (raw []byte, at int64, err error) {
	for _, at := range []uint64{offset, usualHeaderAt} {
		if raw, err = im.headerAtOffset(at); raw != nil {
			return raw, int64(at), nil
		}
	}
	head := make([]byte, min(im.size, headerScan))
	if _, scanErr := readFull(im.r, head, 0); scanErr == nil {
		for at := 0; at+headerSize <= len(head); at += SectorSize {
			if raw := head[at : at+headerSize]; string(raw[:8]) == headerCookie && headerSum(raw) {
				return bytes.Clone(raw), int64(at), nil
			}
		}
	}
	if raw := im.headerWithoutCookie(offset); raw != nil {
		return raw, int64(offset), nil
	}
	return nil, 0, err
}

// headerWithoutCookie reads a header that is one by its checksum, as it
// stands or with the cookie that it should have.
func (im *Image) headerWithoutCookie(offset uint64) []byte {
	if offset > uint64(im.size) || uint64(im.size)-offset < headerSize {
		return nil
	}
	raw := make([]byte, headerSize)
	if _, err := readFull(im.r, raw, int64(offset)); err != nil {
		return nil
	}
	with := bytes.Clone(raw)
	copy(with, headerCookie)
	if headerSum(raw) || headerSum(with) {
		return raw
	}
	return nil
}

// repairHeader finds the header and puts its fields right. Without one no
// block can be located, and there is no copy of it.
func (p *repairer) repairHeader() error {
	im := p.im
	raw, at, err := im.findHeader(im.footer.DataOffset)
	if raw == nil {
		if err != nil {
			return err
		}
		return broken(RuleHeaderOffset, max(0, im.footerAt)+footerDataOffsetAt, "the dynamic header is lost, of which a file has no copy; without it no data can be located")
	}
	p.headerWas = raw
	im.headerRaw, im.headerAt = bytes.Clone(raw), at
	if string(raw[:8]) != headerCookie {
		copy(im.headerRaw, headerCookie)
		p.change(RuleHeaderOffset, at, 8, "The dynamic header had lost its mark, which its checksum gives away; it is written anew.")
	}
	if was := im.footer.DataOffset; was != uint64(at) {
		p.setHeaderOffset(at)
		p.changeFooter(RuleHeaderOffset, footerDataOffsetAt, 8, "The footer pointed to byte "+hexa(was)+" for the dynamic header; it now points to byte "+hexa(uint64(at))+", where the header is.")
	}
	im.header = parseHeader(im.headerRaw)
	if err := im.checkHeader(); err != nil {
		return err
	}
	if !headerSum(raw) && string(raw[:8]) == headerCookie {
		p.change(RuleHeaderChecksum, at+headerChecksumAt, 4, "The dynamic header's checksum was wrong, and there is no copy; it is computed anew over the fields as they are, which nothing proves.")
	}
	if v := im.header.Version; v != formatV1 {
		p.setHeader32(headerVersionAt, formatV1)
		p.change(RuleHeaderVersion, at+headerVersionAt, 4, "The dynamic header's version was "+versionString(v)+"; it is now 1.0, the only one there is.")
	}
	if next := im.header.DataOffset; next != noOffset {
		// DiscUtils follows it, and in a circle without end.
		binary.BigEndian.PutUint64(im.headerRaw[headerDataOffsetAt:], noOffset)
		p.change(RuleHeaderNext, at+headerDataOffsetAt, 8, "The dynamic header pointed to a further structure at byte "+hexa(next)+", which the format does not have; the pointer is cleared.")
	}
	here := extent{at, at + headerSize}
	p.headerMoves = here.overlaps(footerCopyPlace) || here.to > im.dataEnd
	return nil
}

// footerCopyPlace is where every image that has blocks keeps its footer's
// copy.
var footerCopyPlace = extent{0, footerSize}

func (p *repairer) setHeaderOffset(at int64) {
	binary.BigEndian.PutUint64(p.im.footerRaw[footerDataOffsetAt:], uint64(at))
	p.im.footer.DataOffset = uint64(at)
}

func (p *repairer) setHeader32(field int, v uint32) {
	binary.BigEndian.PutUint32(p.im.headerRaw[field:], v)
	p.im.header = parseHeader(p.im.headerRaw)
}

// repairSize sets the disk's size, from the header where the footer's is more
// than any table has room for.
func (p *repairer) repairSize() error {
	im := p.im
	f := &im.footer
	if !im.hasRoom(f.CurrentSize) {
		entries := uint64(im.header.MaxTableEntries)
		room := entries * uint64(im.blockSize)
		was := "The footer gave the disk " + udec(f.CurrentSize) + " bytes, for which no table has room; it now has "
		switch old := f.OriginalSize; {
		case im.hasRoom(old) && ceilDiv(int64(old), im.blockSize) == int64(entries):
			p.setSize(old, was+"the "+udec(old)+" with which it was made, which is what its table is for.")
		case im.hasRoom(room):
			p.setSize(room, was+"the most that its own has room for, "+udec(room)+", and may have had less.")
		default:
			return broken(RuleSize, max(0, im.footerAt)+footerCurrentSizeAt, "the footer gives the disk a size of "+udec(f.CurrentSize)+" bytes, for which no table has room, and neither tells the header how large it was")
		}
	}
	im.disk = int64(f.CurrentSize)
	return nil
}

// hasRoom reports whether there can be a table for a disk of a size.
func (im *Image) hasRoom(size uint64) bool {
	return size <= maxOffset && ceilDiv(int64(size), im.blockSize)*tableEntrySize <= maxTable
}

// placeHeader puts the header into the new file, and the footer in order.
func (p *repairer) placeHeader() {
	im := p.im
	if !bytes.Equal(im.headerRaw, p.headerWas) || !headerSum(p.headerWas) {
		sign(im.headerRaw, headerChecksumAt)
	}
	switch {
	case p.headerMoves:
		at := roundUp(p.end(), SectorSize)
		p.fillTo(at)
		p.added.addData(im.headerRaw)
		p.setHeaderOffset(at)
		p.change(RuleHeaderOffset, at, headerSize, "The dynamic header lay over the footer or its copy, at byte "+hexa(uint64(im.headerAt))+"; it now has a place of its own.")
	case !bytes.Equal(im.headerRaw, p.headerWas):
		p.patches = append(p.patches, Patch{im.headerAt, im.headerRaw})
	}
	if !bytes.Equal(im.footerRaw, p.footerWas) || !im.footerGood {
		sign(im.footerRaw, footerChecksumAt)
	}
}
