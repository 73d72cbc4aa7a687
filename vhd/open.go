package vhd

import (
	"bytes"
	"io"
	"time"
)

// Open reads the structures of one VHD file of size bytes. It reads the ends
// of the file, the BAT, locators and batmap, in a few large reads, and no
// block. The reader is kept for reading the disk.
//
// What is wrong but survivable becomes a [Finding]. The error is a
// [*FormatError] that matches ErrNotVHD where the file is something else,
// and ErrFormat where it is a VHD whose data cannot be located.
func Open(r io.ReaderAt, size int64) (*Image, error) {
	im := &Image{r: r, size: size}
	if err := im.open(); err != nil {
		return nil, err
	}
	return im, nil
}

// open is Open. After an error the image tells what was read until then.
func (im *Image) open() error {
	if err := im.checkFileSize(); err != nil {
		return err
	}
	if err := im.findFooter(); err != nil {
		return err
	}
	im.checkFooter()
	if err := im.takeType(); err != nil {
		return err
	}
	if im.footer.CurrentSize > maxOffset {
		return broken(RuleSize, im.footerAt+footerCurrentSizeAt, "the footer gives the disk a size of "+udec(im.footer.CurrentSize)+" bytes, which no disk can have")
	}
	im.disk = int64(im.footer.CurrentSize)
	im.checkSize()
	if im.kind == Fixed {
		im.checkFixed()
		return nil
	}
	if err := im.openHeader(); err != nil {
		return err
	}
	if err := im.openTable(); err != nil {
		return err
	}
	im.openBatmap()
	im.openParent()
	im.checkBlocks()
	return nil
}

// checkFileSize refuses a file in which not every byte has an offset.
func (im *Image) checkFileSize() error {
	if im.size < 0 || im.size > maxOffset {
		return broken(RuleSize, -1, "a file of %d bytes is beyond what can be addressed", im.size)
	}
	return nil
}

// takeType takes the footer's disk type for the image's, if there is data of
// that type.
func (im *Image) takeType() error {
	switch im.footer.Type {
	case Fixed, Dynamic, Differencing:
		im.kind = im.footer.Type
		return nil
	}
	return broken(RuleDiskType, im.footerAt+footerTypeAt, "disk type %d holds no data that could be shown: it is neither fixed (2), dynamic (3) nor differencing (4)", int64(im.footer.Type))
}

// tailScan is how far from the end of the file a footer is looked for:
// eight sectors of bytes that something appended, and the footer.
const tailScan = 9 * footerSize

// found is a place in the file that has a footer's cookie.
type found struct {
	at   int64
	raw  []byte // 512 bytes
	good bool   // the checksum is right
}

// readEnds reads the first sector and the last tailScan bytes of the file, or
// as much of the two as the file gives; one of them is enough to go on.
func (im *Image) readEnds() (head, tail []byte, err error) {
	head = make([]byte, min(im.size, footerSize))
	_, headErr := readFull(im.r, head, 0)
	if headErr != nil {
		head = nil
	}
	var tailErr error
	for _, n := range []int64{tailScan, footerSize} {
		tail = make([]byte, min(im.size, n))
		if _, tailErr = readFull(im.r, tail, im.size-int64(len(tail))); tailErr == nil {
			break
		}
		tail = nil
	}
	switch {
	case head == nil && tail == nil:
		return nil, nil, readFailed("file", 0, headErr)
	case head == nil:
		im.note(Finding{Rule: RuleRead, Severity: Error, Offset: 0, Length: footerSize, Message: "The start of the file cannot be read: " + headErr.Error()})
	case int64(len(tail)) < min(im.size, tailScan):
		im.note(Finding{Rule: RuleRead, Severity: Error, Offset: max(0, im.size-tailScan), Length: min(im.size, tailScan), Message: "The end of the file cannot all be read."})
	}
	return head, tail, nil
}

// findFooter finds the footer to trust and notes what is odd about its place.
func (im *Image) findFooter() error {
	head, tail, err := im.readEnds()
	if err != nil {
		return err
	}
	return im.takeFooter(head, tail)
}

// takeFooter is findFooter in the first and the last bytes of the file; either
// is nil where it was not read.
func (im *Image) takeFooter(head, tail []byte) error {
	candidates := footersIn(tail, im.size-int64(len(tail)))
	var first *found
	if len(head) == footerSize && isFooter(head) {
		_, good := footerSum(head)
		first = &found{0, head, good}
		if first.isCopy() {
			im.footerCopy = head
		}
	}
	chosen := bestFooter(candidates, first, im.size)
	if chosen == nil {
		return im.notVHD(head, first != nil)
	}
	im.footerRaw, im.footerAt, im.footerGood = chosen.raw, chosen.at, chosen.good
	im.footer = parseFooter(im.footerRaw)
	switch {
	case im.footerAt > 0 || im.footer.Type == Fixed:
		im.dataEnd = im.footerAt
	case len(candidates) > 0 && candidates[0].at > 0 && candidates[0].at+footerSize >= im.size:
		im.dataEnd = candidates[0].at // a damaged footer at the end is no data
	default:
		im.dataEnd = im.size
	}
	im.reportFooterPlace(candidates)
	if im.footer.Type == Fixed {
		im.footerCopy = nil
	}
	return nil
}

// isCopy reports whether a footer at the start may be the copy of the one at
// the end. A fixed image has no copy: what looks like one is a VHD that
// begins the fixed disk's own data.
func (c *found) isCopy() bool {
	t := parseFooter(c.raw).Type
	return t == Dynamic || t == Differencing
}

// bestFooter chooses among the footers near the end, the last first, and the
// one at the start, which may be nil: first the one that ends the file, then
// the copy, then one that other bytes follow, each with a right checksum;
// then, whatever its checksum, one at the end with a known type, the copy,
// and at last anything that ends the file.
func bestFooter(candidates []found, first *found, size int64) *found {
	hasCopy := first != nil && first.isCopy() && first.good
	for i := range candidates {
		c := &candidates[i]
		ends := c.at+footerSize >= size
		if c.good && c.at > 0 && (ends || !hasCopy || bytes.Equal(c.raw, first.raw)) {
			return c
		}
	}
	if hasCopy {
		return first
	}
	for i := range candidates {
		if t := parseFooter(candidates[i].raw).Type; t == Fixed || t == Dynamic || t == Differencing {
			return &candidates[i]
		}
	}
	if first != nil && first.isCopy() {
		return first
	}
	if len(candidates) > 0 {
		return &candidates[0]
	}
	return nil
}

// footersIn lists the footers in the last bytes of a file, the last first.
func footersIn(tail []byte, tailAt int64) []found {
	var list []found
	add := func(i int) {
		if i < 0 || !isFooter(tail[i:]) {
			return
		}
		raw := make([]byte, footerSize)
		copy(raw, tail[i:]) // a 511-byte footer is summed as if a zero followed
		_, good := footerSum(raw)
		list = append(list, found{tailAt + int64(i), raw, good})
	}
	end := len(tail)
	add(end - footerSize)
	add(end - shortFooterSize)
	for i := end - 2*footerSize; i >= 0; i -= SectorSize {
		add(i)
	}
	if odd := int(int64(end)+tailAt) % SectorSize; odd != 0 {
		// Bytes that are no whole sector follow: look on sector borders too.
		for i := end - odd - footerSize; i >= 0; i -= SectorSize {
			add(i)
		}
	}
	return list
}

func isFooter(b []byte) bool {
	return len(b) >= shortFooterSize && (string(b[:8]) == footerCookie || string(b[:8]) == poisonedCookie)
}

// reportFooterPlace notes what findFooter had to work around.
func (im *Image) reportFooterPlace(candidates []found) {
	switch end := im.size - im.footerAt; {
	case im.footerAt == 0 && len(candidates) > 0 && candidates[0].at > 0:
		im.note(Finding{Rule: RuleFooterChecksum, Severity: Warning, Offset: candidates[0].at + footerChecksumAt, Length: 4,
			Message: "The footer at the end is damaged; its copy at the start of the file is used."})
	case im.footerAt == 0 && im.size > footerSize:
		im.note(Finding{Rule: RuleFooterMissing, Severity: Warning, Offset: max(0, im.size-footerSize), Length: min(im.size, footerSize),
			Message: "No footer stands at the end of the file, so it may be cut short; the footer's copy at the start is used."})
	case end == shortFooterSize:
		im.note(Finding{Rule: RuleFooterShort, Severity: Note, Offset: im.footerAt, Length: end,
			Got: "511 bytes", Want: "512 bytes", Message: "The footer has 511 bytes, as Virtual PC wrote it before 2004."})
	case end > footerSize:
		im.note(Finding{Rule: RuleTrailingBytes, Severity: Warning, Offset: im.footerAt + footerSize, Length: end - footerSize,
			Message: dec(end-footerSize) + " bytes follow the footer; they are not used."})
	}
	if !im.footerGood {
		want, _ := footerSum(im.footerRaw)
		im.note(Finding{Rule: RuleFooterChecksum, Severity: Warning, Offset: im.footerAt + footerChecksumAt, Length: 4,
			Got: hex32(im.footer.Checksum), Want: hex32(want),
			Message: "The footer's checksum is wrong, and there is no better copy; its fields may be too."})
	}
}

// checkFooter notes what is odd about the footer's fields.
func (im *Image) checkFooter() {
	f, at := &im.footer, im.footerAt
	if f.Cookie == poisonedCookie {
		im.note(Finding{Rule: RuleFooterPoisoned, Severity: Error, Offset: at, Length: 8, Got: poisonedCookie, Want: footerCookie,
			Message: "XenServer marked this image as unusable while it changed it; the change may be half done."})
	}
	if f.Version != formatV1 {
		im.note(Finding{Rule: RuleFooterVersion, Severity: Warning, Offset: at + footerVersionAt, Length: 4,
			Got: versionString(f.Version), Want: "1.0", Message: "The footer has another format version than the only one there is."})
	}
	if f.Features&featReserved == 0 || f.Features&^(featReserved|featTemp) != 0 {
		im.note(Finding{Rule: RuleFooterFeatures, Severity: Note, Offset: at + footerFeaturesAt, Length: 4,
			Got: hex32(f.Features), Want: hex32(featReserved), Message: "The footer's feature bits are not those of the specification."})
	}
	if !allZero(im.footerRaw[footerReservedAt:]) {
		im.note(Finding{Rule: RuleFooterReserved, Severity: Note, Offset: at + footerReservedAt, Length: footerSize - footerReservedAt,
			Message: "The footer's reserved bytes are not all zero."})
	}
	if f.SavedState != 0 {
		im.note(Finding{Rule: RuleSavedState, Severity: Note, Offset: at + footerSavedStateAt, Length: 1, Got: dec(int64(f.SavedState)), Want: "0",
			Message: "A virtual machine was saved with this disk: memory that belongs to it may hold newer data."})
	}
	if f.Hidden != 0 {
		im.note(Finding{Rule: RuleHidden, Severity: Note, Offset: at + footerHiddenAt, Length: 1, Got: dec(int64(f.Hidden)), Want: "0",
			Message: "XenServer's hidden flag is set: the image was kept only as a parent of others."})
	}
	if f.UUID.IsZero() {
		im.note(Finding{Rule: RuleUUID, Severity: Warning, Offset: at + footerUUIDAt, Length: 16,
			Message: "The image has no UUID, so a child cannot tell it from another file."})
	}
	if f.Created.Time().After(now().Add(24 * time.Hour)) {
		im.note(Finding{Rule: RuleTimestampFuture, Severity: Note, Offset: at + footerCreatedAt, Length: 4, Got: f.Created.String(),
			Message: "The image says that it was made in the future."})
	}
	if im.footerCopy != nil && at != 0 && !bytes.Equal(im.footerCopy, im.footerRaw) {
		_, good := footerSum(im.footerCopy)
		finding := Finding{Rule: RuleFooterCopy, Severity: Warning, Offset: 0, Length: footerSize,
			Message: "The footer's copy at the start differs from the footer at the end, which is used."}
		if !good {
			finding.Message = "The footer's copy at the start is damaged; the footer at the end is used."
		}
		im.note(finding)
	}
}

var now = time.Now // tests set it

// checkSize notes what is odd about the disk's size.
func (im *Image) checkSize() {
	f, at := &im.footer, im.footerAt
	if f.CurrentSize == 0 || f.CurrentSize%SectorSize != 0 {
		im.note(Finding{Rule: RuleCurrentSize, Severity: Warning, Offset: at + footerCurrentSizeAt, Length: 8,
			Got: dec(im.disk), Want: "whole sectors of 512 bytes", Message: "The size of the disk is not a number of whole sectors."})
	}
	if g := f.Geometry.Size(); g > im.disk {
		im.note(Finding{Rule: RuleGeometry, Severity: Note, Offset: at + footerGeometryAt, Length: 4,
			Got: f.Geometry.String() + " = " + dec(g) + " bytes", Want: "at most " + dec(im.disk) + " bytes",
			Message: "The geometry describes more than the disk has; the disk's size is used."})
	}
}

// checkFixed notes what is odd about a fixed image.
func (im *Image) checkFixed() {
	if im.disk > im.dataEnd {
		im.note(Finding{Rule: RuleFixedSize, Severity: Error, Offset: im.footerAt + footerCurrentSizeAt, Length: 8,
			Got: dec(im.disk), Want: "at most " + dec(im.dataEnd),
			Message: "The file holds only the first " + dec(im.dataEnd) + " bytes of the disk; the rest cannot be read."})
	}
	if im.footer.DataOffset != noOffset && im.footer.DataOffset != 0xFFFFFFFF {
		im.note(Finding{Rule: RuleFixedDataOffset, Severity: Note, Offset: im.footerAt + footerDataOffsetAt, Length: 8,
			Got: hexa(im.footer.DataOffset), Want: "all ones", Message: "A fixed disk has no dynamic header, but the footer points to one; it is not used."})
	}
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
