package volume

import (
	"bytes"
	"encoding/hex"
	"strings"

	"vhdscope/vhd/volume/iso"
)

const (
	typeISO = "ISO 9660"
	typeUDF = "UDF"

	isoDescriptor = 2048 // bytes
)

// isoOrUDF reads the descriptors at 32 KiB. A medium that is both is told of
// as ISO 9660, which can be browsed.
func isoOrUDF(w *window) Content {
	b := w.from(iso.DescriptorStart, int64(len(w.head))-iso.DescriptorStart)
	if label, uuid, ok := iso.Describe(b); ok {
		return Content{Type: typeISO, Browsable: true, Label: label, UUID: uuid}
	}
	for ; len(b) >= isoDescriptor; b = b[isoDescriptor:] {
		switch id := string(b[1:6]); {
		case id == "NSR02" || id == "NSR03":
			return udf(w)
		case string(b[9:14]) == "CDROM":
			return Content{Type: "High Sierra"}
		case id != "BEA01" && id != "BOOT2" && id != "CD001":
			return Content{}
		}
	}
	return Content{}
}

// udf reads the label and the identifier from the volume descriptors, which
// the anchor tells the place of. ECMA-167, part 3.
func udf(w *window) Content {
	c := Content{Type: typeUDF}
	const anchor, primary, logical, end = 2, 1, 6, 8
	for _, sector := range []int64{2048, 512, 1024, 4096} {
		a, err := w.at(256*sector, 512)
		if err != nil || le.Uint16(a) != anchor || le.Uint32(a[12:]) != 256 {
			continue
		}
		length, start := int64(le.Uint32(a[16:])), int64(le.Uint32(a[20:]))
		if start > w.size/sector {
			break
		}
		descriptors, err := w.at(start*sector, min(length, 64<<10, w.size-start*sector))
		if err != nil {
			break
		}
		for ; int64(len(descriptors)) >= sector; descriptors = descriptors[sector:] {
			switch le.Uint16(descriptors) {
			case primary:
				c.UUID = udfUUID(dstring(descriptors[72:200]))
			case logical:
				c.Label = strings.TrimRight(dstring(descriptors[84:212]), " ")
			case end:
				return c
			}
		}
		break
	}
	return c
}

// dstring is text in a field whose first byte tells its encoding and whose
// last byte how much of it is used.
func dstring(field []byte) string {
	n := int(field[len(field)-1])
	if n < 1 || n >= len(field) {
		return ""
	}
	switch text := field[1:n]; field[0] {
	case 8:
		runes := make([]rune, 0, len(text))
		for _, b := range bytes.TrimRight(text, "\x00") {
			runes = append(runes, rune(b))
		}
		return string(runes)
	case 16:
		return utf16Text(text, be.Uint16)
	}
	return ""
}

// udfUUID makes an identifier of a volume set's, which begins with 8 or 16
// hexadecimal digits if it was made as the format asks. It is the one that
// Linux shows.
func udfUUID(set string) string {
	if len(set) < 8 {
		return ""
	}
	set += strings.Repeat("\x00", 16)
	digits := 0
	for digits < 16 && strings.IndexByte("0123456789abcdefABCDEF", set[digits]) >= 0 {
		digits++
	}
	switch {
	case digits < 8:
		return hex.EncodeToString([]byte(set[:8]))
	case digits < 16:
		return strings.ToLower(set[:8]) + hex.EncodeToString([]byte(set[8:12]))
	}
	return strings.ToLower(set[:16])
}
