package fat

import (
	"unicode/utf16"
	"unicode/utf8"
)

// attrLongName marks a directory entry as a part of a long name
// ("FAT Long Directory Entries").
const (
	attrLongName     = 0x0F
	attrLongNameMask = 0x3F
	lastPart         = 0x40
	maxParts         = 20
	unitsOfPart      = 13
)

func isLongName(slot []byte) bool { return slot[11]&attrLongNameMask == attrLongName }

// longName gathers the parts of a long name, which stand before the entry
// that they name, the last part first.
type longName struct {
	units    [maxParts * unitsOfPart]uint16
	next     int // the part that must follow; 0: none, they are all there
	parts    int // 0: there is no name
	checksum uint8
}

// add takes the next part. One that is out of order or of another name ends
// what was gathered.
func (l *longName) add(slot []byte) {
	part := int(slot[0] &^ lastPart)
	switch {
	case slot[0]&lastPart != 0 && part >= 1 && part <= maxParts:
		l.parts, l.checksum = part, slot[13]
	case l.parts == 0 || part != l.next || part == 0 || slot[13] != l.checksum:
		l.parts = 0
		return
	}
	l.next = part - 1
	unitsOf(slot, l.units[l.next*unitsOfPart:])
}

// name is the long name of an entry, "" where it has none.
func (l *longName) name(slot []byte) string {
	if l.parts == 0 || l.next != 0 || checksum(slot) != l.checksum {
		return ""
	}
	return textOf(l.units[:l.parts*unitsOfPart])
}

// unitsOf copies a part's UTF-16 units.
func unitsOf(slot []byte, units []uint16) {
	for i := range 5 {
		units[i] = le.Uint16(slot[1+2*i:])
	}
	for i := range 6 {
		units[5+i] = le.Uint16(slot[14+2*i:])
	}
	for i := range 2 {
		units[11+i] = le.Uint16(slot[28+2*i:])
	}
}

// checksum is that of an 8.3 name in the parts of its long name
// ("Checksum").
func checksum(slot []byte) uint8 {
	var sum uint8
	for _, c := range slot[:11] {
		sum = sum>>1 | sum<<7
		sum += c
	}
	return sum
}

// textOf is the UTF-8 of UTF-16 up to a NUL. Half a surrogate pair stays what
// it is in three bytes, which are no UTF-8: so it can be told from others.
func textOf(units []uint16) string {
	b := make([]byte, 0, maxParts*unitsOfPart*3)
	for i := 0; i < len(units) && units[i] != 0; i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) {
			if i+1 < len(units) {
				if pair := utf16.DecodeRune(r, rune(units[i+1])); pair != utf8.RuneError {
					b = utf8.AppendRune(b, pair)
					i++
					continue
				}
			}
			b = append(b, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0xBF, 0x80|byte(r)&0xBF)
			continue
		}
		b = utf8.AppendRune(b, r)
	}
	return string(b)
}
