package vhd

import (
	"encoding/binary"
	"strings"
)

// Footer is the 512-byte structure that ends every VHD and, in dynamic and
// differencing images, also begins it (section "Hard Disk Footer Format").
type Footer struct {
	Cookie         string // 8 bytes
	Features       uint32
	Version        uint32 // 0x00010000
	DataOffset     uint64 // of the dynamic header; all ones in a fixed disk
	Created        Timestamp
	Creator        string // 4 bytes, such as "win ", "tap\0"
	CreatorVersion uint32
	CreatorOS      string // 4 bytes: "Wi2k" or "Mac "
	OriginalSize   uint64 // bytes, when the disk was made
	CurrentSize    uint64 // bytes: the size of the disk
	Geometry       Geometry
	Type           DiskType
	Checksum       uint32
	UUID           UUID
	SavedState     uint8 // 1: a virtual machine was saved in the middle of its run
	Hidden         uint8 // XenServer only
}

// Offsets of the footer's fields.
const (
	footerFeaturesAt       = 0x08
	footerVersionAt        = 0x0C
	footerDataOffsetAt     = 0x10
	footerCreatedAt        = 0x18
	footerCreatorAt        = 0x1C
	footerCreatorVersionAt = 0x20
	footerCreatorOSAt      = 0x24
	footerOriginalSizeAt   = 0x28
	footerCurrentSizeAt    = 0x30
	footerGeometryAt       = 0x38
	footerTypeAt           = 0x3C
	footerChecksumAt       = 0x40
	footerUUIDAt           = 0x44
	footerSavedStateAt     = 0x54
	footerHiddenAt         = 0x55
	footerReservedAt       = 0x56
)

// parseFooter decodes 512 bytes; every bit pattern has a decoding.
func parseFooter(b []byte) Footer {
	be := binary.BigEndian
	return Footer{
		Cookie:         string(b[:8]),
		Features:       be.Uint32(b[footerFeaturesAt:]),
		Version:        be.Uint32(b[footerVersionAt:]),
		DataOffset:     be.Uint64(b[footerDataOffsetAt:]),
		Created:        Timestamp(be.Uint32(b[footerCreatedAt:])),
		Creator:        string(b[footerCreatorAt : footerCreatorAt+4]),
		CreatorVersion: be.Uint32(b[footerCreatorVersionAt:]),
		CreatorOS:      string(b[footerCreatorOSAt : footerCreatorOSAt+4]),
		OriginalSize:   be.Uint64(b[footerOriginalSizeAt:]),
		CurrentSize:    be.Uint64(b[footerCurrentSizeAt:]),
		Geometry:       parseGeometry(b[footerGeometryAt:]),
		Type:           DiskType(be.Uint32(b[footerTypeAt:])),
		Checksum:       be.Uint32(b[footerChecksumAt:]),
		UUID:           UUID(b[footerUUIDAt : footerUUIDAt+16]),
		SavedState:     b[footerSavedStateAt],
		Hidden:         b[footerHiddenAt],
	}
}

func parseGeometry(b []byte) Geometry {
	return Geometry{Cylinders: binary.BigEndian.Uint16(b), Heads: b[2], PerTrack: b[3]}
}

// checksum is the one's complement of the sum of all bytes, those of the
// checksum field at offset at taken as zero.
func checksum(b []byte, at int) uint32 {
	var sum uint32
	for _, c := range b {
		sum += uint32(c)
	}
	for _, c := range b[at : at+4] {
		sum -= uint32(c)
	}
	return ^sum
}

// footerSum tells whether a footer's checksum is right. Early XenServer set
// the hidden flag without summing again, so that flag may be left out.
func footerSum(b []byte) (want uint32, ok bool) {
	got := binary.BigEndian.Uint32(b[footerChecksumAt:])
	want = checksum(b, footerChecksumAt)
	if got == want {
		return want, true
	}
	if b[footerHiddenAt] == 1 && strings.HasPrefix(string(b[footerCreatorAt:]), "tap\x00") {
		return want, got == want+1
	}
	return want, false
}

// creators are the applications seen in the field, by creator code.
var creators = []struct{ code, name string }{
	{"vpc ", "Microsoft Virtual PC"},
	{"vs  ", "Microsoft Virtual Server"},
	{"win ", "Microsoft Windows"},
	{"wa\x00\x00", "Microsoft Azure"},
	{"d2v ", "Sysinternals Disk2vhd"},
	{"qemu", "QEMU"},
	{"qem2", "QEMU"},
	{"vbox", "VirtualBox"},
	{"tap\x00", "XenServer (blktap)"},
	{"CTXS", "Citrix"},
	{"dutl", "DiscUtils"},
	{"caml", "ocaml-vhd"},
	{"mini", "MiniVHD"},
	{"pcem", "PCem"},
	{"86b ", "86Box"},
	{"dbx ", "DOSBox-X"},
	{"vhsc", "vhdscope"},
}

// creatorName names the application of a creator code, or the other name
// where the code is unknown.
func creatorName(code, other string) string {
	for _, c := range creators {
		if c.code == code {
			return c.name
		}
	}
	return other
}

// CreatorText names the application that wrote the image, with its version.
func (f *Footer) CreatorText() string {
	return creatorName(f.Creator, printable(f.Creator)) + " " + versionString(f.CreatorVersion)
}
