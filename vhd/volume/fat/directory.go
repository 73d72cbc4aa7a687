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

// parseFAT reads the entries of a folder of FAT.
func (v *volume) parseFAT(spans []span, f *folder, add func(*[]*entry, *entry) bool) error {
	var long longName
	var gone goneName
	list := &f.living
	if f.of.deleted {
		list = &f.deleted
	}
	first := true
	return v.slots(spans, func(slot []byte, at int64) bool {
		begins := first
		first = false
		switch {
		case slot == nil:
			long.parts, gone.units = 0, gone.units[:0]
			return true
		case begins && f.of.deleted && !v.isDot(slot, f.of.first):
			f.err = errReused // nothing else tells that this was a folder
			return false
		case slot[0] == slotEnd:
			return false
		case slot[0] == slotDeleted && isLongName(slot):
			long.parts = 0
			gone.add(slot)
			return true
		case slot[0] == slotDeleted:
			name := gone.restore(slot)
			if slot[11]&attrLabel == 0 {
				e := v.entryOf(slot, name)
				e.deleted = true
				if !add(&f.deleted, e) {
					return false
				}
			}
		case isLongName(slot):
			gone.units = gone.units[:0]
			long.add(slot)
			return true
		case slot[11]&attrLabel != 0:
			if f.label == "" {
				f.label = v.oem(slot[:11])
			}
		case string(slot[:11]) != dot && string(slot[:11]) != dotDot:
			e := v.entryOf(slot, long.name(slot))
			e.deleted = f.of.deleted
			if !add(list, e) {
				return false
			}
		}
		long.parts, gone.units = 0, gone.units[:0]
		return true
	})
}

// entryOf reads a directory entry ("FAT 32 Byte Directory Entry Structure").
// long is its long name, "" for none.
func (v *volume) entryOf(slot []byte, long string) *entry {
	e := &entry{v: v, attributes: slot[11], size: int64(le.Uint32(slot[28:])), first: v.firstCluster(slot)}
	e.name = fsys.Name(v.shortName(slot))
	if long = fsys.Name(long); long != fsys.Name("") && long != e.name {
		e.name, e.short = long, e.name
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
