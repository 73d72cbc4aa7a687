package vhd

// usualHeaderAt is where nearly every writer puts the dynamic header.
const usualHeaderAt = footerSize

// openHeader reads the dynamic header. Without it no block can be located,
// and there is no second copy of it.
func (im *Image) openHeader() error {
	at := im.footerAt + footerDataOffsetAt
	offset := im.footer.DataOffset
	raw, err := im.headerAtOffset(offset)
	if raw == nil {
		// The footer's pointer is the only way to the header. Where it leads
		// nowhere, the usual place is worth a look.
		var again error
		raw, again = im.headerAtOffset(usualHeaderAt)
		if raw == nil {
			if err == nil {
				err = again
			}
			if err != nil {
				return err
			}
			return broken(RuleHeaderOffset, at, "no dynamic header where the footer points (byte "+hexa(offset)+") or in its usual place")
		}
		im.note(Finding{Rule: RuleHeaderOffset, Severity: Warning, Offset: at, Length: 8,
			Got: hexa(offset), Want: hexa(usualHeaderAt),
			Message: "The footer points to no dynamic header; the one in the usual place is used."})
		offset = usualHeaderAt
	}
	im.headerRaw, im.headerAt, im.header = raw, int64(offset), parseHeader(raw)
	return im.checkHeader()
}

// headerAtOffset reads the header at an offset; nil where there is none.
func (im *Image) headerAtOffset(offset uint64) ([]byte, error) {
	if offset > uint64(im.size) || uint64(im.size)-offset < headerSize {
		return nil, nil
	}
	raw := make([]byte, headerSize)
	if _, err := readFull(im.r, raw, int64(offset)); err != nil {
		return nil, readFailed("dynamic header", int64(offset), err)
	}
	if string(raw[:8]) != headerCookie {
		return nil, nil
	}
	return raw, nil
}

// checkHeader notes what is odd about the header, and refuses a block size
// that no block can have.
func (im *Image) checkHeader() error {
	h, at := im.header, im.headerAt
	if want := checksum(im.headerRaw, headerChecksumAt); h.Checksum != want {
		im.note(Finding{Rule: RuleHeaderChecksum, Severity: Warning, Offset: at + headerChecksumAt, Length: 4,
			Got: hex32(h.Checksum), Want: hex32(want), Message: "The dynamic header's checksum is wrong, and there is no copy; its fields may be too."})
	} else {
		im.headerGood = true
	}
	if !validBlockSize(h.BlockSize) {
		return broken(RuleBlockSize, at+headerBlockSizeAt, "a block size of %d bytes cannot be read: it is not a power of two from 512 bytes to 256 MiB", int64(h.BlockSize))
	}
	if at%SectorSize != 0 {
		im.note(Finding{Rule: RuleHeaderOffset, Severity: Note, Offset: im.footerAt + footerDataOffsetAt, Length: 8,
			Got: hexa(uint64(at)), Want: "whole sectors", Message: "The dynamic header does not begin on a sector."})
	}
	if h.Version != formatV1 {
		im.note(Finding{Rule: RuleHeaderVersion, Severity: Warning, Offset: at + headerVersionAt, Length: 4,
			Got: versionString(h.Version), Want: "1.0", Message: "The dynamic header has another version than the only one there is."})
	}
	if h.DataOffset != noOffset {
		im.note(Finding{Rule: RuleHeaderNext, Severity: Note, Offset: at + headerDataOffsetAt, Length: 8,
			Got: hexa(h.DataOffset), Want: "all ones", Message: "The dynamic header points to a further structure, which the format does not have; it is not read."})
	}
	if h.Reserved != 0 || !allZero(im.headerRaw[headerTailAt:]) {
		im.note(Finding{Rule: RuleHeaderReserved, Severity: Note, Offset: at + headerTailAt, Length: headerSize - headerTailAt,
			Message: "The dynamic header's reserved bytes are not all zero."})
	}
	im.blockSize = int64(h.BlockSize)
	im.bitmapSize = bitmapSize(im.blockSize)
	return nil
}

// openParent decodes what a differencing image says of its parent.
func (im *Image) openParent() {
	h, at := im.header, im.headerAt
	if im.kind != Differencing {
		if !h.ParentUUID.IsZero() || h.ParentName != [512]byte{} {
			im.note(Finding{Rule: RuleParentStale, Severity: Note, Offset: at + headerParentUUIDAt, Length: 16,
				Message: "The image names a parent but is no differencing disk; the parent is not used."})
		}
		return
	}
	im.readLocators()
	name, flaw := decodeUTF16(h.ParentName[:], true)
	im.parentName = name
	if flaw != "" {
		im.note(Finding{Rule: RuleParentName, Severity: Warning, Offset: at + headerParentNameAt, Length: 512,
			Message: "The parent's unicode name is not clean text: " + flaw + "."})
	}
	im.names = im.parentNames()
	if len(im.names) == 0 {
		im.note(Finding{Rule: RuleParentName, Severity: Warning, Offset: at + headerParentNameAt, Length: 512,
			Message: "The image names its parent neither by a locator nor by its unicode name; only the UUID can tell."})
	}
	switch {
	case h.ParentUUID.IsZero():
		im.note(Finding{Rule: RuleParentUUID, Severity: Note, Offset: at + headerParentUUIDAt, Length: 16,
			Message: "The parent's UUID is all zero: the parent is a raw disk, which only its name can tell."})
	case h.ParentUUID == im.footer.UUID:
		im.note(Finding{Rule: RuleSelfParent, Severity: Warning, Offset: at + headerParentUUIDAt, Length: 16,
			Got: h.ParentUUID.String(), Message: "The parent's UUID is the image's own; only names can tell the two apart."})
	}
}
