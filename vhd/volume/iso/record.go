package iso

import (
	"time"

	"vhdscope/vhd/volume/fsys"
)

const (
	flagHidden     = 0x01
	flagFolder     = 0x02
	flagAssociated = 0x04
	flagMore       = 0x80 // another extent of the file follows
)

// record is a directory record: a name and where what it names lies. ECMA-119,
// 9.1.
type record struct {
	at        int64 // in the volume
	block     int64 // behind the extended attribute record
	size      uint32
	time      []byte
	flags     byte
	unit, gap byte // of a file whose blocks lie apart
	disc      uint16
	name      []byte
	use       []byte // the system use area
	twoFold   bool   // block and size are written twice, and alike
}

// parseRecord reads the record that b begins with, and tells its length: 0
// where there is none.
func parseRecord(b []byte, at int64) (record, int, error) {
	n := int(b[0])
	if n == 0 {
		return record{}, 0, nil
	}
	if n < 34 || n > len(b) || 33+int(b[32]) > n {
		return record{}, n, fsys.Damaged(at, "a directory record is not as long as it says")
	}
	name := b[33 : 33+int(b[32])]
	use := 33 + len(name)
	use += 1 - len(name)%2
	r := record{
		at: at, block: int64(le.Uint32(b[2:])) + int64(b[1]), size: le.Uint32(b[10:]), time: b[18:25],
		flags: b[25], unit: b[26], gap: b[27], disc: le.Uint16(b[28:]),
		name: name, use: b[min(use, n):n],
	}
	r.twoFold = isTwoFold(b[2:]) && isTwoFold(b[10:])
	return r, n, nil
}

// isTwoFold tells whether a number is written alike in both byte orders.
// Writers that leave the second out are let pass.
func isTwoFold(b []byte) bool {
	second := be.Uint32(b[4:])
	return second == le.Uint32(b) || second == 0
}

// isSelf and isParent tell of the two records that every folder begins with.
func (r *record) isSelf() bool   { return len(r.name) == 1 && r.name[0] == 0 }
func (r *record) isParent() bool { return len(r.name) == 1 && r.name[0] == 1 }

// shortTime is a time of 7 bytes, in the zone that the last one tells, in
// quarters of an hour. ECMA-119, 9.1.5.
func shortTime(b []byte) time.Time {
	if b[1] < 1 || b[1] > 12 || b[2] < 1 || b[2] > 31 {
		return time.Time{}
	}
	return time.Date(1900+int(b[0]), time.Month(b[1]), int(b[2]), int(b[3]), int(b[4]), int(b[5]), 0, zone(b[6]))
}

// longTime is a time of 16 digits and a zone. ECMA-119, 8.4.26.1. The parser of
// time would cost every visitor 8 KB.
func longTime(b []byte) time.Time {
	var parts [7]int // year, month, day, hour, minute, second, hundredths
	at := 0
	for i, n := range [...]int{4, 2, 2, 2, 2, 2, 2} {
		for range n {
			if b[at] < '0' || b[at] > '9' {
				return time.Time{}
			}
			parts[i] = parts[i]*10 + int(b[at]-'0')
			at++
		}
	}
	t := time.Date(parts[0], time.Month(parts[1]), parts[2], parts[3], parts[4], parts[5], parts[6]*10_000_000, zone(b[16]))
	if t.Month() != time.Month(parts[1]) || t.Day() != parts[2] || t.Hour() != parts[3] || t.Minute() != parts[4] || t.Second() != parts[5] {
		return time.Time{}
	}
	return t
}

func zone(quarters byte) *time.Location {
	n := int(int8(quarters))
	if n == 0 {
		return time.UTC
	}
	return time.FixedZone("", n*15*60)
}
