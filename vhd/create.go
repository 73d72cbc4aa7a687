package vhd

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"time"
)

// NewImage describes an image that is to be made.
type NewImage struct {
	Type      DiskType  // Fixed, Dynamic or Differencing
	Size      int64     // of the disk in bytes, whole sectors
	BlockSize int64     // bytes of data in a block of a dynamic or differencing image; 0: 2 MiB
	UUID      UUID      // zero: a random one
	Created   time.Time // zero: now
	Parent    *Parent   // of a differencing image, nil for others
}

// Create lays out an empty image: a fixed disk of zeros, or one without a
// block. The error is a [*FormatError] that says what the format has no room
// for.
func Create(n NewImage) (*Plan, error) {
	if n.Type == Fixed {
		footer, err := n.footer()
		if err != nil {
			return nil, err
		}
		p := &Plan{}
		p.addZeros(n.Size)
		p.addData(footer.encode())
		return p, nil
	}
	l, err := n.layout()
	if err != nil {
		return nil, err
	}
	p := &Plan{}
	p.addData(l.head())
	p.addZeros(placeAligned(l.end, footerSize) - l.end)
	p.addData(l.footer.encode())
	return p, nil
}

// The creator fields of images that are made here.
const (
	creator        = "vhsc"
	creatorVersion = 0x00010000
	creatorOS      = "Wi2k" // the only other that the specification knows is Macintosh
)

// footer is the footer of the new image.
func (n NewImage) footer() (Footer, error) {
	f := Footer{Cookie: footerCookie, Features: featReserved, Version: formatV1, DataOffset: newHeaderAt,
		Creator: creator, CreatorVersion: creatorVersion, CreatorOS: creatorOS,
		OriginalSize: uint64(n.Size), CurrentSize: uint64(n.Size), Geometry: GeometryFor(n.Size), Type: n.Type, UUID: n.UUID}
	switch n.Type {
	case Fixed:
		f.DataOffset = noOffset
	case Dynamic, Differencing:
	default:
		return f, broken(RuleDiskType, -1, "a new image is fixed, dynamic or differencing, and not "+n.Type.String())
	}
	if (n.Parent != nil) != (n.Type == Differencing) {
		return f, broken(RuleDiskType, -1, "a differencing image has a parent, and no other image has one")
	}
	if n.Size <= 0 || n.Size%SectorSize != 0 || n.Size > maxOffset-footerSize {
		return f, broken(RuleSize, -1, "a disk of %d bytes cannot be made: a disk has one or more whole sectors of 512 bytes", n.Size)
	}
	if f.UUID.IsZero() {
		f.UUID = randomUUID()
	}
	created := n.Created
	if created.IsZero() {
		created = now()
	}
	f.Created = timestampOf(created)
	return f, nil
}

// randomUUID is a UUID of version 4. Its bytes are in the order of RFC 9562,
// which is that of all other numbers of the format; Windows, which reads its
// first half the other way round, only compares them. A UUID is no secret:
// crypto/rand would cost every visitor of the page 40 KB.
func randomUUID() UUID {
	var u UUID
	binary.BigEndian.PutUint64(u[:8], rand.Uint64())
	binary.BigEndian.PutUint64(u[8:], rand.Uint64())
	u[6] = u[6]&0x0F | 4<<4
	u[8] = u[8]&0x3F | 2<<6
	return u
}

// timestampOf is a moment as the format has it: the nearest that it can tell,
// and 0 for the zero time.
func timestampOf(t time.Time) Timestamp {
	s := t.Unix() - epoch.Unix()
	return Timestamp(min(max(s, 0), math.MaxUint32))
}
