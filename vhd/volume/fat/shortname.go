package fat

import (
	"strings"
)

// Case of an 8.3 name that has no long name beside it: bits of Windows NT's
// in the byte that the specification calls DIR_NTRes.
const (
	lowerBase      = 0x08
	lowerExtension = 0x10
)

// shortName is the 8.3 name of an entry ("DIR_Name").
func (v *volume) shortName(slot []byte) string {
	var raw [11]byte
	copy(raw[:], slot)
	if raw[0] == 0x05 {
		raw[0] = 0xE5 // which would mark it as deleted
	}
	base, extension := v.oem(raw[:8]), v.oem(raw[8:])
	if slot[12]&lowerBase != 0 {
		base = strings.ToLower(base)
	}
	if slot[12]&lowerExtension != 0 {
		extension = strings.ToLower(extension)
	}
	if extension == "" {
		return base
	}
	return base + "." + extension
}

// oem is text of the code page, without the blanks at its end.
func (v *volume) oem(b []byte) string {
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(v.codePage.DecodeByte(c))
	}
	return s.String()
}
