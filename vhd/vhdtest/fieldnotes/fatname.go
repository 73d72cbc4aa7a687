package fieldnotes

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// named is one file or directory of a directory: its slots are the long
// name's and then the entry itself.
type named struct {
	name  string
	entry []byte
	slots [][]byte
}

// list is what a directory holds, without its label and its dots.
func list(dir [][]byte) (files []named) {
	var long []uint16
	var before [][]byte
	for _, slot := range dir {
		switch {
		case slot[0] == freeSlot:
			return files
		case slot[0] == deleted, slot[0] == '.':
			continue
		case slot[11] == attrLongName:
			long = append(longNameUnits(slot), long...) // last part first
			before = append(before, slot)
			continue
		case slot[11]&attrLabel != 0:
			continue
		}
		name := string(utf16.Decode(long))
		if long == nil {
			name = strings.TrimRight(string(slot[:8]), " ")
			if ext := strings.TrimRight(string(slot[8:11]), " "); ext != "" {
				name += "." + ext
			}
		}
		files = append(files, named{name, slot, append(before, slot)})
		long, before = nil, nil
	}
	return files
}

func find(dir [][]byte, name string) []byte {
	for _, f := range list(dir) {
		if f.name == name {
			return f.entry
		}
	}
	return nil
}

// shortName is the eleven bytes of a name's 8.3 form, unlike all others in
// the directory.
func shortName(dir [][]byte, name string) string {
	stem, ext := name, ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		stem, ext = name[:dot], name[dot+1:]
	}
	short := fmt.Sprintf("%-8.8s%-3.3s", plain(stem), plain(ext))
	if stem+"."+ext == strings.TrimRight(short[:8], " ")+"."+strings.TrimRight(short[8:], " ") {
		return short
	}
	for n := 1; ; n++ {
		tail := fmt.Sprintf("~%d", n)
		head := plain(stem)
		short := fmt.Sprintf("%-8s%-3.3s", head[:min(len(head), 8-len(tail))]+tail, plain(ext))
		taken := false
		for _, f := range list(dir) {
			taken = taken || string(f.entry[:11]) == short
		}
		if !taken {
			return short
		}
	}
}

// plain is what of a name may stand in an 8.3 name.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		case r == ' ' || r == '.':
			return -1
		}
		return '_'
	}, s)
}

// unitPlaces is where a slot keeps its thirteen UTF-16 units.
var unitPlaces = [13]int{1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30}

// longNameSlots is the slots that precede the entry, in the order of the
// directory; none where the 8.3 name says it all.
func longNameSlots(name, short string) (parts [][]byte) {
	if name == strings.TrimRight(short[:8], " ")+"."+strings.TrimRight(short[8:], " ") ||
		name == strings.TrimRight(short, " ") {
		return nil
	}
	var sum byte
	for _, c := range []byte(short) {
		sum = sum>>1 | sum<<7
		sum += c
	}
	units := utf16.Encode([]rune(name))
	count := (len(units) + 12) / 13
	for part := count; part > 0; part-- {
		slot := make([]byte, 32)
		slot[0] = byte(part)
		if part == count {
			slot[0] |= 0x40
		}
		slot[11] = attrLongName
		slot[13] = sum
		for i, place := range unitPlaces {
			unit := uint16(0xFFFF)
			switch at := (part-1)*13 + i; {
			case at < len(units):
				unit = units[at]
			case at == len(units):
				unit = 0
			}
			le.PutUint16(slot[place:], unit)
		}
		parts = append(parts, slot)
	}
	return parts
}

func longNameUnits(slot []byte) (units []uint16) {
	for _, place := range unitPlaces {
		unit := le.Uint16(slot[place:])
		if unit == 0 {
			break
		}
		units = append(units, unit)
	}
	return units
}
