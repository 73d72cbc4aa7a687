package fat

import "vhdscope/vhd/volume/fsys"

// The first byte of a directory entry's name ("DIR_Name[0]").
const (
	slotEnd     = 0x00 // nothing was ever written from here on
	slotDeleted = 0xE5
)

// The names of a folder's first two entries: itself, and the one that it is
// in.
const (
	dot    = ".          "
	dotDot = "..         "
)

// isDot tells whether an entry is the one with which the folder that begins
// at a cluster begins.
func (v *volume) isDot(slot []byte, cluster uint32) bool {
	return string(slot[:11]) == dot && slot[11]&attrDirectory != 0 && v.firstCluster(slot) == cluster
}

// firstCluster is the entry's "DIR_FstClusLO" and, where it has one,
// "DIR_FstClusHI": elsewhere OS/2 uses that field for its own.
func (v *volume) firstCluster(slot []byte) uint32 {
	first := uint32(le.Uint16(slot[26:]))
	if v.bits == 32 {
		first |= uint32(le.Uint16(slot[20:])) << 16
	}
	return first
}

// directory reads the entries of a folder of FAT.
type directory struct {
	*folder
	v     *volume
	begun bool
	long  longName
	gone  goneName
}

// read takes the next directory entry, nil for one that cannot be read, and
// tells whether there may be more.
func (d *directory) read(slot []byte, _ int64) bool {
	if !d.begun && d.of.deleted && (slot == nil || !d.v.isDot(slot, d.of.first)) {
		d.err = errReused // nothing else tells that this was the folder
		return false
	}
	d.begun = true
	more := true
	switch {
	case slot == nil:
	case slot[0] == slotEnd:
		return false
	case isLongName(slot) && slot[0] == slotDeleted:
		d.long.parts = 0
		d.gone.add(slot)
		return true
	case isLongName(slot):
		d.gone.units = d.gone.units[:0]
		d.long.add(slot)
		return true
	case slot[11]&attrLabel != 0:
		if d.label == "" && slot[0] != slotDeleted {
			d.label = d.v.oem(slot[:11])
		}
	case slot[0] == slotDeleted:
		name := d.gone.restore(slot)
		more = d.add(d.v.entryOf(slot, name), true)
	case string(slot[:11]) != dot && string(slot[:11]) != dotDot:
		more = d.add(d.v.entryOf(slot, d.long.name(slot)), false)
	}
	d.long.parts, d.gone.units = 0, d.gone.units[:0]
	return more
}

// entryOf reads a directory entry ("FAT 32 Byte Directory Entry Structure").
// long is its long name, "" for none.
func (v *volume) entryOf(slot []byte, long string) *entry {
	e := &entry{v: v, attributes: slot[11], size: int64(le.Uint32(slot[28:])), first: v.firstCluster(slot)}
	if long == "" {
		e.name = fsys.Name(v.shortName(slot))
	} else {
		e.name = fsys.Name(long)
		copy(e.short[:], slot)
	}
	e.created = stamp{date: le.Uint16(slot[16:]), clock: le.Uint16(slot[14:]), hundredths: slot[13]}
	e.accessed = stamp{date: le.Uint16(slot[18:])}
	e.modified = stamp{date: le.Uint16(slot[24:]), clock: le.Uint16(slot[22:])}
	if e.IsDir() {
		e.size = 0
	}
	e.valid = e.size
	e.problem = e.check()
	return e
}
