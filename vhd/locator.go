package vhd

import "io"

// LocatorCode tells the platform and encoding of a parent locator, as four
// characters in the order of the file.
type LocatorCode uint32

// The codes of section "Parent Locator Platform Codes".
const (
	LocatorNone LocatorCode = 0
	LocatorWi2r LocatorCode = 0x57693272 // Windows, relative path, ANSI; deprecated
	LocatorWi2k LocatorCode = 0x5769326B // Windows, absolute path, ANSI; deprecated
	LocatorW2ru LocatorCode = 0x57327275 // Windows, relative path, UTF-16LE
	LocatorW2ku LocatorCode = 0x57326B75 // Windows, absolute path, UTF-16LE
	LocatorMac  LocatorCode = 0x4D616320 // Mac OS alias, opaque
	LocatorMacX LocatorCode = 0x4D616358 // file URL, UTF-8
)

// String gives the code's four characters.
func (c LocatorCode) String() string {
	if c == LocatorNone {
		return "none"
	}
	return printable(string([]byte{byte(c >> 24), byte(c >> 16), byte(c >> 8), byte(c)}))
}

// Meaning describes the code in words.
func (c LocatorCode) Meaning() string {
	switch c {
	case LocatorNone:
		return "unused slot"
	case LocatorWi2r:
		return "Windows relative path (ANSI)"
	case LocatorWi2k:
		return "Windows absolute path (ANSI)"
	case LocatorW2ru:
		return "Windows relative path (UTF-16)"
	case LocatorW2ku:
		return "Windows absolute path (UTF-16)"
	case LocatorMac:
		return "Mac OS alias"
	case LocatorMacX:
		return "file URL (UTF-8)"
	}
	return "unknown platform"
}

// Locator is a parent locator with its data.
type Locator struct {
	LocatorEntry
	Slot int    // 0 to 7
	Data []byte // as stored; nil where it cannot be located
	Name string // the decoded path or URL; empty where there is none
}

// maxLocatorData bounds a locator's data: the longest Windows path.
const maxLocatorData = 1 << 16

// spaceBytes is the space that a locator reserves. The specification counts
// sectors, as XenOrchestra and ocaml-vhd do; Windows, VirtualBox and
// XenServer write bytes. Small numbers can only be sectors.
func (e LocatorEntry) spaceBytes() (n int64, ok bool) {
	switch {
	case e.Space < SectorSize:
		return int64(e.Space) * SectorSize, true
	case e.Space%SectorSize == 0:
		return int64(e.Space), true
	}
	return 0, false
}

// slotText names a slot for a sentence.
func slotText(slot int) string { return "slot " + dec(int64(slot)) }

// firstSlot is the first locator slot with a code that one of them has.
func (h *Header) firstSlot(code LocatorCode) int {
	slot := 0
	for h.Locators[slot].Code != code {
		slot++
	}
	return slot
}

// readLocators reads and decodes the used locator slots.
func (im *Image) readLocators() {
	for slot, e := range im.header.Locators {
		at := im.headerAt + headerLocatorsAt + int64(slot)*locatorSize
		if e.Code == LocatorNone {
			if e != (LocatorEntry{}) {
				im.note(Finding{Rule: RuleLocatorEmpty, Severity: Note, Offset: at, Length: locatorSize,
					Message: "Locator " + slotText(slot) + " has no platform code, but other fields of it are set; it is not used."})
			}
			continue
		}
		if first := im.header.firstSlot(e.Code); first < slot {
			im.note(Finding{Rule: RuleLocatorDuplicate, Severity: Note, Offset: at, Length: locatorSize,
				Message: "Locator slots " + dec(int64(first)) + " and " + dec(int64(slot)) + " both have the code " + e.Code.String() + "; both are used."})
		}
		if e.Reserved != 0 {
			im.note(Finding{Rule: RuleLocatorReserved, Severity: Note, Offset: at + 12, Length: 4,
				Got: hex32(e.Reserved), Want: "0", Message: "Locator " + slotText(slot) + " has a reserved field that is not zero."})
		}
		l := Locator{LocatorEntry: e, Slot: slot}
		l.Data = im.locatorData(slot, e, at)
		im.decodeLocator(&l, at)
		im.locators = append(im.locators, l)
	}
}

// locatorData reads the bytes that a slot points to, bounded by its space
// and the file. It returns nil where they cannot be located.
func (im *Image) locatorData(slot int, e LocatorEntry, at int64) []byte {
	length := int64(e.Length)
	space, ok := e.spaceBytes()
	if !ok {
		im.note(Finding{Rule: RuleLocatorSpace, Severity: Warning, Offset: at + 4, Length: 4,
			Got: dec(int64(e.Space)), Want: "sectors, or bytes in whole sectors",
			Message: "The space of locator " + slotText(slot) + " is neither sectors nor whole sectors in bytes; it is not used."})
	}
	if ok && space > 0 && length > space {
		im.note(Finding{Rule: RuleLocatorLength, Severity: Warning, Offset: at + 8, Length: 4,
			Got: dec(length), Want: "at most " + dec(space),
			Message: "The data of locator " + slotText(slot) + " is longer than its space; only the part inside is used."})
		length = space
	}
	if e.Offset > uint64(im.size) || uint64(length) > uint64(im.size)-e.Offset {
		im.note(Finding{Rule: RuleLocatorOffset, Severity: Warning, Offset: at + 16, Length: 8,
			Got: dec(length) + " bytes at " + hexa(e.Offset), Want: "inside the file's " + dec(im.size) + " bytes",
			Message: "The data of locator " + slotText(slot) + " does not lie in the file; the slot is not used."})
		return nil
	}
	if here := (extent{int64(e.Offset), int64(e.Offset) + length}); im.overStructure(here) || here.to > im.dataEnd {
		im.note(Finding{Rule: RuleLocatorOverlap, Severity: Warning, Offset: at + 16, Length: 8, Got: hexa(e.Offset),
			Message: "The data of locator slot " + dec(int64(slot)) + " is said to lie over the image's own structures; the slot is not used."})
		return nil
	}
	if length > maxLocatorData {
		im.note(Finding{Rule: RuleLocatorLength, Severity: Warning, Offset: at + 8, Length: 4,
			Got: dec(length), Want: "at most " + dec(maxLocatorData),
			Message: "The data of locator " + slotText(slot) + " is too long for any path; the slot is not used."})
		return nil
	}
	data := make([]byte, length)
	if _, err := readFull(im.r, data, int64(e.Offset)); err != nil {
		im.note(Finding{Rule: RuleRead, Severity: Error, Offset: int64(e.Offset), Length: length,
			Message: "The data of locator " + slotText(slot) + " cannot be read: " + err.Error()})
		return nil
	}
	return data
}

// decodeLocator turns a locator's data into a name, if its code promises one.
func (im *Image) decodeLocator(l *Locator, at int64) {
	var flaw string
	switch l.Code {
	case LocatorW2ru, LocatorW2ku:
		l.Name, flaw = decodeUTF16(l.Data, false)
	case LocatorMacX:
		l.Name, flaw = decodeUTF8(l.Data)
		if flaw == "" {
			_, flaw = fileURLPath(l.Name)
		}
	case LocatorWi2r, LocatorWi2k:
		l.Name, flaw = decodeANSI(l.Data)
	case LocatorMac:
		return // an alias record: kept as bytes
	default:
		im.note(Finding{Rule: RuleLocatorCode, Severity: Warning, Offset: at, Length: 4,
			Got: hex32(uint32(l.Code)) + " (" + l.Code.String() + ")", Want: "W2ru, W2ku, MacX, Mac, Wi2r or Wi2k",
			Message: "Locator " + slotText(l.Slot) + " has an unknown platform code; its data is not taken for a path."})
		return
	}
	if l.Data == nil {
		return // there is no text, and that was told
	}
	if l.Name == "" {
		flaw = "it is empty"
	}
	if flaw != "" {
		im.note(Finding{Rule: RuleLocatorText, Severity: Warning, Offset: int64(min(l.Offset, maxOffset)), Length: int64(len(l.Data)),
			Message: "The " + l.Code.String() + " locator in " + slotText(l.Slot) + " is not clean text: " + flaw + "."})
	}
}

// readFull fills p from r at off; anything less is an error.
func readFull(r io.ReaderAt, p []byte, off int64) (int, error) {
	n, err := r.ReadAt(p, off)
	if n == len(p) {
		return n, nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
