package vhd

import (
	"bytes"
	"errors"
	"strings"
	"time"
)

// opened takes over what Open found, but for what the check tells more
// exactly itself.
func (c *fileCheck) opened() {
	im := c.im
	if c.refused != nil {
		c.addRefusal()
	}
	for _, f := range im.Findings() {
		switch f.Rule {
		case RuleBlockOutside, RuleBlockTruncated, RuleBlockOverlap, RuleBlockStructure, // block by block
			RuleBatmapMismatch, RuleTimestampFuture, RuleFooterCopy:
			continue
		case RuleFooterChecksum:
			if im.footerAt == 0 { // the one at the end was given up
				f.Message += c.footersDiffer(c.footerAtEnd())
			}
		}
		c.add(f)
	}
}

// addRefusal turns the error of Open into a finding.
func (c *fileCheck) addRefusal() {
	f := Finding{Rule: RuleRead, Severity: Error, Offset: -1, Message: c.refused.Error()}
	if e, ok := errors.AsType[*FormatError](c.refused); ok {
		f.Rule, f.Offset, f.Message = e.Rule, e.Offset, strings.ToUpper(e.Msg[:1])+e.Msg[1:]+"."
		switch {
		case e.Offset < 0:
		case e.Rule == RuleSize || e.Rule == RuleHeaderOffset || e.Rule == RuleTableOffset:
			f.Length = 8
		default:
			f.Length = 4
		}
	}
	c.add(f)
	if c.im.footerRaw != nil || c.im.size > maxOffset {
		return
	}
	// Both footers are gone. A header in its usual place tells what it was.
	raw, err := c.im.headerAtOffset(usualHeaderAt)
	if err != nil || raw == nil || be32(raw[headerChecksumAt:]) != checksum(raw, headerChecksumAt) {
		return
	}
	c.add(Finding{Rule: RuleFooterMissing, Severity: Error, Offset: usualHeaderAt, Length: headerSize,
		Message: "A whole dynamic header stands here: the file is a dynamic or differencing VHD that lost both its footers. They can be made anew, but for the disk's exact size and identity."})
}

// checkFooters holds the footer against its copy, and its geometry against
// the size.
func (c *fileCheck) checkFooters() {
	im, f := c.im, &c.im.footer
	if im.footerAt > 0 && (f.Type == Dynamic || f.Type == Differencing) {
		c.checkFooterCopy()
	}
	size := int64(min(f.CurrentSize, maxOffset))
	usual := GeometryFor(size)
	got := Finding{Rule: RuleGeometry, Severity: Note, Offset: im.footerAt + footerGeometryAt, Length: 4,
		Got: f.Geometry.String(), Want: usual.String()}
	// Algorithms differ by up to a cylinder or two.
	cylinder := int64(f.Geometry.Heads) * int64(f.Geometry.PerTrack) * SectorSize
	switch g := f.Geometry.Size(); {
	case g == 0 && usual.Size() > 0:
		got.Message = "The footer gives the disk no geometry; virtual machines that go by it see no disk."
		c.add(got)
	case g > 0 && g < maxCHS*SectorSize && g+2*cylinder < min(size, maxCHS*SectorSize) && g < usual.Size():
		got.Message = "The geometry describes " + dec(size-g) + " bytes less than the disk has, as after a change of its size; virtual machines that go by it do not see the end of the disk."
		c.add(got)
	}
	if f.CurrentSize > maxSparseSize && (f.Type == Dynamic || f.Type == Differencing) {
		c.add(Finding{Rule: RuleCurrentSize, Severity: Note, Offset: im.footerAt + footerCurrentSizeAt, Length: 8,
			Got: udec(f.CurrentSize), Want: "at most " + dec(maxSparseSize),
			Message: "The disk is larger than the 2040 GiB that Windows allows a dynamic or differencing VHD."})
	}
	if f.Creator == "tap\x00" && f.CreatorVersion == 0x00000001 && im.table.allocated > 0 {
		c.add(Finding{Rule: RuleBitmapOrder, Severity: Error, Offset: im.footerAt + footerCreatorAt, Length: 8,
			Got: f.CreatorText(), Message: "The first release of XenServer wrote the bits of a bitmap's bytes in the other order, and this image says that it did; where blocks are held in part, the wrong sectors are shown."})
	}
}

// checkFooterCopy looks at the first sector of a dynamic or differencing
// image.
func (c *fileCheck) checkFooterCopy() {
	im := c.im
	f := Finding{Rule: RuleFooterCopy, Severity: Warning, Offset: 0, Length: footerSize}
	if im.footerCopy == nil {
		p := make([]byte, footerSize)
		if _, err := readFull(im.r, p, 0); err != nil {
			return // which Open told
		}
		f.Message = "The file does not begin with a copy of its footer; many tools look only there."
		c.add(f)
		return
	}
	if bytes.Equal(im.footerCopy, im.footerRaw) {
		return
	}
	f.Message = "The footer's copy at the start differs from the footer at the end, which is used."
	if _, good := footerSum(im.footerCopy); !good {
		f.Message = "The footer's copy at the start is damaged; the footer at the end is used."
	}
	f.Message += c.footersDiffer(im.footerCopy)
	c.add(f)
}

// footerAtEnd is the damaged footer at the end of an image whose copy is
// used; nil where there is none.
func (c *fileCheck) footerAtEnd() []byte {
	p := make([]byte, footerSize)
	n := min(footerSize, c.im.size-c.im.dataEnd)
	if n <= 0 {
		return nil
	}
	if _, err := readFull(c.im.r, p[:n], c.im.dataEnd); err != nil {
		return nil
	}
	return p
}

// footersDiffer is a sentence about the fields in which another footer
// differs from the one that is used; empty where it has no footer.
func (c *fileCheck) footersDiffer(other []byte) string {
	if other == nil {
		return ""
	}
	var names []string
	for _, f := range footerFields {
		if a, b := c.im.footerRaw[f.at:f.at+f.length], other[f.at:f.at+f.length]; !bytes.Equal(a, b) {
			was, _ := f.text(b)
			used, _ := f.text(a)
			names = append(names, strings.ToLower(f.name[:1])+f.name[1:]+" ("+was+" instead of "+used+")")
		}
	}
	if names == nil {
		return ""
	}
	return " It differs in: " + strings.Join(names, ", ") + "."
}

// checkTimes looks for times that are still to come. A day is allowed for
// time zones, which old writers left out.
func (c *fileCheck) checkTimes() {
	late := func(t Timestamp) bool { return t.Time().After(c.Now.Add(24 * time.Hour)) }
	im := c.im
	if t := im.footer.Created; late(t) {
		c.add(Finding{Rule: RuleTimestampFuture, Severity: Note, Offset: im.footerAt + footerCreatedAt, Length: 4, Got: t.String(),
			Message: "The image says that it was made in the future."})
	}
	if im.header == nil || im.kind != Differencing {
		return
	}
	if t := im.header.ParentTimestamp; late(t) {
		c.add(Finding{Rule: RuleTimestampFuture, Severity: Note, Offset: im.headerAt + headerParentTimestampAt, Length: 4, Got: t.String(),
			Message: "The image says that its parent was changed in the future."})
	}
}

// checkParentFields looks at what the header says of a parent, beyond what
// Open needs of it.
func (c *fileCheck) checkParentFields() {
	im, h := c.im, c.im.header
	if im.kind != Differencing {
		slot := 0
		for slot < locatorCount && h.Locators[slot].Code == LocatorNone {
			slot++
		}
		if slot < locatorCount && h.ParentUUID.IsZero() && h.ParentName == [512]byte{} {
			c.add(Finding{Rule: RuleParentStale, Severity: Note, Offset: im.headerAt + headerLocatorsAt + int64(slot)*locatorSize, Length: locatorSize,
				Message: "The image has a parent locator but is no differencing disk; it is not used."})
		}
		return
	}
	if len(im.names) > 0 && im.parentName == "" {
		c.add(Finding{Rule: RuleParentName, Severity: Note, Offset: im.headerAt + headerParentNameAt, Length: 512,
			Message: "The parent's unicode name is empty; tools that go by it alone do not find the parent."})
	}
}
