package fat

import (
	"fmt"
	"math/bits"

	"vhdscope/vhd/volume/fsys"
)

// Types of directory entries in use (section 6.2 and 7).
const (
	typeEnd    = 0x00 // nothing was ever written from here on
	typeBitmap = 0x81
	typeUpCase = 0x82
	typeLabel  = 0x83
	typeFile   = 0x85
	typeStream = 0xC0
	typeName   = 0xC1

	inUse     = 0x80
	secondary = 0x40

	maxSet = 1 + 18 // directory entries of a file
)

// exDirectory reads the entries of a folder of exFAT.
type exDirectory struct {
	*folder
	v      *volume
	set    []byte // the directory entries of a file, as far as they came
	at     int64  // where they begin
	broken error  // the first file whose entries are not complete
}

// read takes the next directory entry, nil for one that cannot be read, and
// tells whether there may be more.
func (d *exDirectory) read(slot []byte, at int64) bool {
	kind := byte(typeEnd)
	if slot != nil {
		kind = slot[0]
	}
	if len(d.set) > 0 && (len(d.set) == setSize(d.set) || kind&(inUse|secondary) != d.set[0]&inUse|secondary) {
		if !d.finish() {
			return false
		}
	}
	switch {
	case slot == nil:
	case kind == typeEnd:
		return false
	case kind|inUse == typeFile:
		d.set, d.at = append(d.set, slot...), at
	case kind&secondary != 0 && len(d.set) > 0:
		d.set = append(d.set, slot...)
	case kind == typeBitmap && int(slot[1]&1) == d.v.active:
		d.bitmap = d.v.systemEntry(slot)
	case kind == typeUpCase:
		d.upCase = d.v.systemEntry(slot)
		d.upCaseSum = le.Uint32(slot[4:])
	case kind == typeLabel:
		d.label = textOf(appendUnits(nil, slot[2:], min(int(slot[1]), 11)))
	}
	return true
}

// finish ends a set. With less than it should have it is broken.
func (d *exDirectory) finish() bool {
	if len(d.set) == 0 {
		return true
	}
	e, deleted := d.v.entryOfSet(d.set), d.set[0]&inUse == 0
	d.set = d.set[:0]
	if e != nil {
		return d.add(e, deleted)
	}
	if !deleted && d.broken == nil {
		d.broken = fsys.Damaged(d.at, "a part of the folder is damaged: the entries of a file are not complete")
	}
	return true
}

// setSize is how many bytes a set has by its first entry.
func setSize(set []byte) int { return min(1+int(set[1]), maxSet) * entrySize }

// systemEntry reads the entry of the allocation bitmap or of the up-case
// table (sections 7.1 and 7.2).
func (v *volume) systemEntry(slot []byte) *entry {
	e := &entry{v: v, first: le.Uint32(slot[20:]), size: int64(le.Uint64(slot[24:]))}
	e.valid = e.size
	e.problem = e.check()
	return e
}

// entryOfSet reads the set of directory entries of a file or folder (sections
// 7.4, 7.6 and 7.7). It is nil where there is not even a name.
func (v *volume) entryOfSet(set []byte) *entry {
	if len(set) < 3*entrySize {
		return nil
	}
	stream := set[entrySize:]
	length := int(stream[3])
	if names := (length + 14) / 15; stream[0]|inUse != typeStream || length == 0 || len(set) < (2+names)*entrySize {
		return nil
	}
	units := make([]uint16, 0, (maxSet-2)*15)
	for at := 2 * entrySize; len(units) < length; at += entrySize {
		if set[at]|inUse != typeName {
			return nil
		}
		units = appendUnits(units, set[at+2:], 15)
	}
	e := &entry{
		v:          v,
		name:       fsys.Name(textOf(units[:length])),
		attributes: set[4],
		first:      le.Uint32(stream[20:]),
		size:       int64(le.Uint64(stream[24:])),
		valid:      int64(le.Uint64(stream[8:])),
		contiguous: stream[1]&2 != 0,
		created:    stamp{le.Uint16(set[10:]), le.Uint16(set[8:]), set[20], set[22]},
		modified:   stamp{le.Uint16(set[14:]), le.Uint16(set[12:]), set[21], set[23]},
		accessed:   stamp{le.Uint16(set[18:]), le.Uint16(set[16:]), 0, set[24]},
	}
	switch e.problem = e.check(); {
	case len(set) != setSize(set) || le.Uint16(set[2:]) != setChecksum(set):
		e.problem = fsys.Damaged(-1, "the checksum of its directory entries is wrong: its size and place cannot be trusted")
	case e.problem == nil && (e.valid < 0 || e.valid > e.size):
		e.problem = fsys.Damaged(-1, fmt.Sprintf("its valid length of %d bytes is more than its length of %d", uint64(e.valid), e.size))
	}
	return e
}

// setChecksum is that of a set of directory entries (section 6.3.3), as of
// entries in use.
func setChecksum(set []byte) uint16 {
	var sum uint16
	for i, c := range set {
		if i%entrySize == 0 {
			c |= inUse
		}
		if i != 2 && i != 3 {
			sum = bits.RotateLeft16(sum, -1) + uint16(c)
		}
	}
	return sum
}

// appendUnits appends n UTF-16 units.
func appendUnits(to []uint16, b []byte, n int) []uint16 {
	for i := range n {
		to = append(to, le.Uint16(b[2*i:]))
	}
	return to
}
