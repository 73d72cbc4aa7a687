package vhd

import (
	"encoding/binary"
	"strings"
)

// fieldSpec describes a field of a structure: where it stands there, and how
// its bytes are put in words. Text also tells what is remarkable about the
// value, where the field alone can tell.
type fieldSpec struct {
	name       string
	at, length int
	text       func(b []byte) (value, note string)
}

var footerFields = []fieldSpec{
	{"Cookie", 0, 8, codeField},
	{"Features", footerFeaturesAt, 4, featuresField},
	{"Format version", footerVersionAt, 4, versionField},
	{"Data offset", footerDataOffsetAt, 8, offsetField},
	{"Created", footerCreatedAt, 4, timeField},
	{"Creator application", footerCreatorAt, 4, creatorField},
	{"Creator version", footerCreatorVersionAt, 4, versionField},
	{"Creator host OS", footerCreatorOSAt, 4, hostField},
	{"Original size", footerOriginalSizeAt, 8, sizeField},
	{"Current size", footerCurrentSizeAt, 8, sizeField},
	{"Geometry", footerGeometryAt, 4, geometryField},
	{"Disk type", footerTypeAt, 4, diskTypeField},
	{"Checksum", footerChecksumAt, 4, checksumField},
	{"Unique ID", footerUUIDAt, 16, uuidField},
	{"Saved state", footerSavedStateAt, 1, savedStateField},
	{"Hidden (XenServer)", footerHiddenAt, 1, numberField},
	{"Reserved", footerReservedAt, footerSize - footerReservedAt, reservedField},
}

// headerFields stand before the locators, headerTailFields behind.
var headerFields = []fieldSpec{
	{"Cookie", 0, 8, codeField},
	{"Data offset", headerDataOffsetAt, 8, offsetField},
	{"Table offset", headerTableOffsetAt, 8, offsetField},
	{"Header version", headerVersionAt, 4, versionField},
	{"Max table entries", headerEntriesAt, 4, numberField},
	{"Block size", headerBlockSizeAt, 4, sizeField},
	{"Checksum", headerChecksumAt, 4, checksumField},
	{"Parent unique ID", headerParentUUIDAt, 16, uuidField},
	{"Parent timestamp", headerParentTimestampAt, 4, parentTimeField},
	{"Reserved", headerReservedAt, 4, reservedField},
	{"Parent unicode name", headerParentNameAt, 512, nameField},
}

var headerTailFields = []fieldSpec{
	{"Reserved", headerTailAt, headerSize - headerTailAt, reservedField},
}

// locatorFields are those of one slot. Of an unused slot the first is shown.
var locatorFields = []fieldSpec{
	{"platform code", 0, 4, locatorCodeField},
	{"data space", 4, 4, spaceField},
	{"data length", 8, 4, bytesField},
	{"reserved", 12, 4, reservedField},
	{"data offset", 16, 8, offsetField},
}

var batmapFields = []fieldSpec{
	{"Cookie", 0, 8, codeField},
	{"Map offset", batmapOffsetAt, 8, offsetField},
	{"Map size", batmapSizeAt, 4, sectorsField},
	{"Version", batmapVersionAt, 4, versionField},
	{"Checksum of the map", batmapChecksumAt, 4, checksumField},
	{"Marker", batmapMarkerAt, 1, numberField},
}

func codeField(b []byte) (value, note string)     { return printable(string(b)), "" }
func versionField(b []byte) (value, note string)  { return versionString(be32(b)), "" }
func checksumField(b []byte) (value, note string) { return hex32(be32(b)), "" }
func timeField(b []byte) (value, note string)     { return Timestamp(be32(b)).String(), "" }
func sizeField(b []byte) (value, note string)     { return sizeText(uintOf(b)), "" }
func numberField(b []byte) (value, note string)   { return udec(uintOf(b)), "" }
func bytesField(b []byte) (value, note string)    { return udec(uintOf(b)) + " bytes", "" }
func sectorsField(b []byte) (value, note string)  { return udec(uintOf(b)) + " sectors", "" }

func featuresField(b []byte) (value, note string) {
	v := be32(b)
	var on []string
	if v&featTemp != 0 {
		on = append(on, "temporary")
	}
	if v&featReserved != 0 {
		on = append(on, "reserved bit, always set")
	}
	if rest := v &^ (featTemp | featReserved); rest != 0 {
		on = append(on, "unknown "+hex32(rest))
	}
	if on == nil {
		return "none", ""
	}
	return strings.Join(on, ", "), ""
}

func offsetField(b []byte) (value, note string) {
	v := uintOf(b)
	if v == noOffset {
		return "all ones (none)", ""
	}
	return "byte " + hexa(v), ""
}

func creatorField(b []byte) (value, note string) {
	code := string(b)
	return printable(code) + " (" + creatorName(code, "unknown") + ")", ""
}

func hostField(b []byte) (value, note string) {
	switch string(b) {
	case "Wi2k":
		return "Wi2k (Windows)", ""
	case "Mac ":
		return "Mac (Macintosh)", ""
	}
	return codeField(b)
}

func geometryField(b []byte) (value, note string) {
	g := parseGeometry(b)
	return g.String() + " cylinders/heads/sectors = " + sizeText(uint64(g.Size())), ""
}

func diskTypeField(b []byte) (value, note string) {
	t := DiskType(be32(b))
	return dec(int64(t)) + " (" + t.String() + ")", ""
}

func uuidField(b []byte) (value, note string) {
	u := UUID(b)
	if u.IsZero() {
		return "all zero (none)", ""
	}
	value = u.String()
	if guid := u.GUID(); guid != value {
		value += " (as Windows shows it: " + strings.ToUpper(guid) + ")"
	}
	return value, ""
}

func savedStateField(b []byte) (value, note string) {
	if b[0] != 0 {
		note = "a virtual machine was saved in the middle of its run"
	}
	return dec(int64(b[0])), note
}

func parentTimeField(b []byte) (value, note string) {
	if be32(b) == 0 {
		return "0 (not written)", ""
	}
	return timeField(b)
}

func nameField(b []byte) (value, note string) {
	value, note = decodeUTF16(b, true)
	if value == "" {
		value = "(empty)"
	}
	return value, note
}

func reservedField(b []byte) (value, note string) {
	if allZero(b) {
		return "zero", ""
	}
	return "not zero", "the specification wants zeros"
}

func locatorCodeField(b []byte) (value, note string) {
	c := LocatorCode(be32(b))
	return c.String() + " (" + c.Meaning() + ")", ""
}

func spaceField(b []byte) (value, note string) {
	e := LocatorEntry{Space: be32(b)}
	space := dec(int64(e.Space))
	switch n, ok := e.spaceBytes(); {
	case !ok:
		return space + " (neither sectors nor whole sectors in bytes)", ""
	case n == int64(e.Space):
		return space + " bytes", ""
	default:
		return space + " sectors = " + dec(n) + " bytes", ""
	}
}

// sizeText writes a number of bytes, with its short form where that is exact.
func sizeText(n uint64) string {
	v, unit := n, ""
	for _, u := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if v == 0 || v%1024 != 0 {
			break
		}
		v, unit = v/1024, u
	}
	text := udec(n) + " bytes"
	if unit != "" {
		text += " (" + udec(v) + " " + unit + ")"
	}
	return text
}

// be32 and be64 read the number at the start of b, uintOf all of b.
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
func be64(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

func uintOf(b []byte) uint64 {
	var v uint64
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v
}
