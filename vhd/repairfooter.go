package vhd

import (
	"bytes"
	"encoding/binary"
)

// repairFooter finds the footer and puts its fields right. Where there is none
// left, the dynamic header tells enough to make one.
func (p *repairer) repairFooter() error {
	im := p.im
	if err := im.findFooter(); err != nil {
		return p.footerFromHeader(err)
	}
	p.footerWas = im.footerRaw
	im.footerRaw = bytes.Clone(im.footerRaw)
	p.reportFooter()
	p.repairFooterFields()
	return p.repairType()
}

// reportFooter tells what the place and sum of the footer make necessary.
func (p *repairer) reportFooter() {
	im := p.im
	unread := false // the end, told first
	for _, f := range im.Findings() {
		switch {
		case f.Rule == RuleRead && f.Offset == 0 || f.Rule == RuleFooterChecksum && !im.footerGood && f.Offset == im.footerAt+footerChecksumAt:
			continue // told with the copy, and below
		case f.Rule == RuleRead:
			if unread = im.footerAt == 0; unread {
				p.changeFooter(f.Rule, 0, footerSize, "The footer at the end cannot be read; it is written anew from its copy at the start of the file.")
			}
		case f.Rule == RuleFooterMissing && !unread:
			p.changeFooter(f.Rule, 0, footerSize, "No footer stood at the end of the file; one is written there from its copy at the start.")
		case f.Rule == RuleFooterChecksum:
			p.changeFooter(f.Rule, 0, footerSize, "The footer at the end was damaged; it is written anew from its copy at the start of the file.")
		case f.Rule == RuleFooterShort:
			p.changeFooter(f.Rule, shortFooterSize, 1, "The footer had 511 bytes, as Virtual PC wrote it before 2004; the zero that the others have is added.")
		case f.Rule == RuleTrailingBytes:
			p.changeFooter(f.Rule, 0, footerSize, "The file now ends with its footer: "+dec(f.Length)+" bytes that followed it are left out.")
		}
	}
	if !im.footerGood {
		p.changeFooter(RuleFooterChecksum, footerChecksumAt, 4, "The footer's checksum was wrong, and there was no better copy; it is computed anew over the fields as they are, which nothing proves.")
	}
}

// repairFooterFields puts right the fields for which readers refuse a file and
// whose only value is known.
func (p *repairer) repairFooterFields() {
	im := p.im
	raw := im.footerRaw
	if im.footer.Cookie == poisonedCookie {
		copy(raw, footerCookie)
		p.changeFooter(RuleFooterPoisoned, 0, 8, "XenServer had marked the image as unusable while it changed it; the mark is taken away, but the change may be half done, and its journal is not in this file.")
	}
	if v := im.footer.Version; v != formatV1 {
		binary.BigEndian.PutUint32(raw[footerVersionAt:], formatV1)
		p.changeFooter(RuleFooterVersion, footerVersionAt, 4, "The footer's format version was "+versionString(v)+"; it is now 1.0, the only one there is.")
	}
	if f := im.footer.Features; f>>16 != 0 {
		// The upper half is part of what 7-Zip knows a footer by.
		binary.BigEndian.PutUint32(raw[footerFeaturesAt:], f&featTemp|featReserved)
		p.changeFooter(RuleFooterFeatures, footerFeaturesAt, 4, "The footer's feature bits were "+hex32(f)+"; those that do not exist are cleared.")
	}
	im.footer = parseFooter(raw)
}

// repairType takes the type from the header where the footer's cannot be
// true, and sets the image's kind.
func (p *repairer) repairType() error {
	im := p.im
	t := im.footer.Type
	known := t == Fixed || t == Dynamic || t == Differencing
	if !known || t == Fixed && !im.footerGood {
		raw, err := im.headerAtOffset(im.footer.DataOffset)
		if raw == nil && !known {
			raw, err = im.headerAtOffset(usualHeaderAt)
		}
		switch {
		case raw != nil && headerSum(raw):
			was := t
			t = typeOf(parseHeader(raw))
			binary.BigEndian.PutUint32(im.footerRaw[footerTypeAt:], uint32(t))
			p.changeFooter(RuleDiskType, footerTypeAt, 4, "The footer gave the disk type "+dec(int64(was))+", but the file has a sound dynamic header; the type is now "+dec(int64(t))+" ("+t.String()+"), as the header's parent fields tell.")
			im.footer.Type = t
		case !known && err != nil:
			return err
		case !known:
			return broken(RuleDiskType, im.footerAt+footerTypeAt, "disk type %d holds no data, and no sound dynamic header tells what the type was", int64(t))
		}
	}
	im.kind = t
	if im.footerAt == 0 || t == Fixed {
		return nil
	}
	// What repairType made dynamic may have its copy at the start.
	if head := make([]byte, footerSize); im.footerCopy == nil {
		if _, err := readFull(im.r, head, 0); err == nil && isFooter(head) {
			im.footerCopy = head
		}
	}
	return nil
}

// typeOf is the type of the image that a header belongs to.
func typeOf(h *Header) DiskType {
	if h.ParentUUID.IsZero() && h.ParentName == [512]byte{} && h.Locators == [locatorCount]LocatorEntry{} {
		return Dynamic
	}
	return Differencing
}

// footerFromHeader makes a footer for a file that has lost both. lost says why
// the file cannot be opened.
func (p *repairer) footerFromHeader(lost error) error {
	im := p.im
	raw, at, err := im.findHeader(usualHeaderAt)
	if IsOtherFormat(lost) || raw == nil && err != nil {
		return lost
	}
	if raw == nil || !headerSum(raw) {
		if f, ok := lost.(*FormatError); ok && f.Rule == RuleCookie {
			f.Msg += "; nor is there a sound dynamic header to make one from. If this was a fixed disk, it can be read as a raw disk"
		}
		return lost
	}
	h := parseHeader(raw)
	size := uint64(h.MaxTableEntries) * uint64(h.BlockSize)
	if size > maxOffset {
		return broken(RuleSize, at+headerEntriesAt, "both footers are lost, and the header has room for a disk of "+udec(size)+" bytes, which no disk can have")
	}
	n := NewImage{Type: Dynamic, Size: int64(size), UUID: randomUUID()}
	footer := Footer{Cookie: footerCookie, Features: featReserved, Version: formatV1, DataOffset: uint64(at), Created: timestampOf(now()),
		Creator: creator, CreatorVersion: creatorVersion, CreatorOS: creatorOS,
		OriginalSize: size, CurrentSize: size, Geometry: GeometryFor(n.Size), Type: typeOf(h), UUID: n.UUID}
	im.footerRaw = footer.encode()
	im.footer, im.kind, im.footerGood, im.dataEnd = footer, footer.Type, true, im.size
	p.changeFooter(RuleFooterMissing, 0, footerSize, "Both footers were lost; new ones are made from the dynamic header. The disk's size is the most that its table has room for, "+
		dec(int64(size))+" bytes, and may have been less; the UUID is a new one, so that children will not know the image by it.")
	return nil
}

// repairFixed makes a fixed disk as long as its footer says.
func (p *repairer) repairFixed() error {
	im := p.im
	raw := im.footerRaw
	size := im.footer.CurrentSize
	if size > maxOffset || size > uint64(im.dataEnd) && !im.footerGood {
		p.setSize(uint64(im.dataEnd), "The footer gave the disk "+udec(size)+" bytes, which cannot be true; it now has the "+dec(im.dataEnd)+" that stand before the footer.")
	}
	if !bytes.Equal(raw, p.footerWas) || !im.footerGood {
		sign(raw, footerChecksumAt)
	}
	im.disk = int64(im.footer.CurrentSize)
	p.base = im.dataEnd
	if missing := im.disk - p.base; missing > 0 {
		p.added.addZeros(missing)
		p.change(RuleFixedSize, p.base, missing, "The file held only the first "+dec(p.base)+" bytes of the disk; the others are zeros, and lost.")
		p.lose(p.base, im.disk, broken(RuleFixedSize, p.base, "the file ends before the disk does"))
	}
	if p.o.Data {
		return p.readFixed()
	}
	return nil
}

// setSize puts another disk size into the footer.
func (p *repairer) setSize(size uint64, message string) {
	im := p.im
	binary.BigEndian.PutUint64(im.footerRaw[footerCurrentSizeAt:], size)
	im.footer.CurrentSize = size
	p.changeFooter(RuleSize, footerCurrentSizeAt, 8, message)
}
