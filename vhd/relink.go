package vhd

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Relink says what a differencing image is to tell of its parent from now on,
// and what of that is new. The rest stays as it is.
type Relink struct {
	Parent   Parent
	Names    bool // the parent's paths: the locators and the unicode name
	UUID     bool // the parent's UUID
	Modified bool // the time of the parent's file
}

// Relink describes a copy of a differencing image that tells something else
// of its parent, and lists what is other in it. The image itself stays as it
// is, and so does every byte of the copy that need not change; the header's
// checksum is right afterwards, whatever it was.
//
// Of the locators, W2ru, W2ku and MacX get the new paths. The image keeps the
// ones that it has. The relative one is added where it lacks it, and so is
// the absolute one where that path is known and a slot is left. Locators of the
// old parent that cannot be written anew are dropped, since they would lead
// to it: Wi2r, Wi2k and Mac, and second ones of a code. Those of codes that
// nobody knows stay.
//
// A path goes where the old one was, if its space has room; what is left of
// the old one becomes zeros. Otherwise it goes behind all that is in the file,
// and the footer behind it. A footer at the end that is missing or damaged
// stays so unless it has to move; to mend it is [Repair]'s work.
//
// The error is a [*FormatError]: the image has no parent, a path is none that
// an image has room for, the file is too damaged to be written to, or a [Writer]
// writes to it.
func (im *Image) Relink(r Relink) (*Plan, []Patch, error) {
	if im.kind != Differencing {
		return nil, nil, broken(RuleDiskType, im.footerAt, "a "+im.kind.String()+" image has no parent that it could be linked to")
	}
	if im.table.live != nil {
		return nil, nil, broken(RuleWrite, -1, "the image is being written to; open the file anew to relink it")
	}
	l := &relinker{im: im, header: slices.Clone(im.headerRaw), size: im.size}
	if err := l.checkHeader(); err != nil {
		return nil, nil, err
	}
	if r.UUID {
		copy(l.header[headerParentUUIDAt:], r.Parent.UUID[:])
	}
	if r.Modified {
		binary.BigEndian.PutUint32(l.header[headerParentTimestampAt:], uint32(timestampOf(r.Parent.Modified)))
	}
	if r.Names {
		f, err := r.Parent.encode()
		if err != nil {
			return nil, nil, err
		}
		copy(l.header[headerParentNameAt:], f.name[:])
		if err := l.writeLocators(f.locators, r.Parent.Absolute != ""); err != nil {
			return nil, nil, err
		}
	}
	sign(l.header, headerChecksumAt)
	l.patchHeader()
	return patched(im.r, im.size, l.size, l.patches), l.patches, nil
}

// relinker gathers the patches that make an image another parent's child.
type relinker struct {
	im      *Image
	header  []byte // as it is to be
	patches []Patch
	size    int64 // of the new file
}

// checkHeader refuses an image whose header lies over something else, which
// writing to it would change too.
func (l *relinker) checkHeader() error {
	im := l.im
	here := extent{im.headerAt, im.headerAt + headerSize}
	for _, s := range im.structures {
		if s != here && s.overlaps(here) {
			return broken(RuleHeaderOffset, im.headerAt, "the dynamic header shares bytes with another structure, so it cannot be written")
		}
	}
	if here.to > im.dataEnd && here.from < im.dataEnd+footerSize {
		return broken(RuleHeaderOffset, im.headerAt, "the dynamic header shares bytes with the footer at the end, so it cannot be written")
	}
	return nil
}

// patchHeader lists the fields of the header that are other than they were.
func (l *relinker) patchHeader() {
	fields := []extent{{headerChecksumAt, headerParentUUIDAt}, {headerParentUUIDAt, headerParentTimestampAt},
		{headerParentTimestampAt, headerReservedAt}, {headerParentNameAt, headerLocatorsAt}}
	for slot := range int64(locatorCount) {
		at := headerLocatorsAt + slot*locatorSize
		fields = append(fields, extent{at, at + locatorSize})
	}
	for _, f := range fields {
		if b := l.header[f.from:f.to]; !bytes.Equal(b, l.im.headerRaw[f.from:f.to]) {
			l.patches = append(l.patches, Patch{l.im.headerAt + f.from, b})
		}
	}
}
