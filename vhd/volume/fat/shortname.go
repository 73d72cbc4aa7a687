package fat

import (
	"unicode"
	"unicode/utf8"
)

// Case of an 8.3 name that has no long name beside it: bits of Windows NT's
// in the byte that the specification calls DIR_NTRes.
const (
	lowerBase      = 0x08
	lowerExtension = 0x10
)

// shortSize is how much of a directory entry its 8.3 name takes: the name, the
// attributes, and the case.
const shortSize = 13

// shortName is the 8.3 name of an entry ("DIR_Name").
func (v *volume) shortName(slot []byte) string {
	var raw [11]byte
	copy(raw[:], slot)
	if raw[0] == 0x05 {
		raw[0] = 0xE5 // which would mark it as deleted
	}
	name := make([]byte, 0, 64)
	name = v.appendOEM(name, raw[:8], slot[12]&lowerBase != 0)
	if raw[8] != ' ' || raw[9] != ' ' || raw[10] != ' ' {
		name = v.appendOEM(append(name, '.'), raw[8:], slot[12]&lowerExtension != 0)
	}
	return string(name)
}

// appendOEM appends text of the code page, without the blanks at its end.
func (v *volume) appendOEM(to, b []byte, lower bool) []byte {
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	for _, c := range b {
		r := v.codePage.DecodeByte(c)
		if lower {
			r = unicode.ToLower(r)
		}
		to = utf8.AppendRune(to, r)
	}
	return to
}

// oem is text of the code page, without the blanks at its end.
func (v *volume) oem(b []byte) string { return string(v.appendOEM(nil, b, false)) }
