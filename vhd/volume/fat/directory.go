package fat

import "vhdscope/vhd/volume/fsys"

// The first byte of a directory entry's name ("DIR_Name[0]").
const (
	slotEnd     = 0x00 // nothing was ever written from here on
	slotDeleted = 0xE5
)

// parseFAT reads the entries of a folder of FAT.
func (v *volume) parseFAT(spans []span, f *folder, add func(*[]*entry, *entry) bool) error {
	var long longName
	return v.slots(spans, func(slot []byte, at int64) bool {
		switch {
		case slot == nil:
			long.parts = 0
			return true
		case slot[0] == slotEnd:
			return false
		case slot[0] == slotDeleted:
			long.parts = 0
			return true
		case isLongName(slot):
			long.add(slot)
			return true
		case slot[11]&attrLabel != 0:
			if f.label == "" {
				f.label = v.oem(slot[:11])
			}
		case string(slot[:11]) != ".          " && string(slot[:11]) != "..         ":
			if !add(&f.living, v.entryOf(slot, long.name(slot))) {
				return false
			}
		}
		long.parts = 0
		return true
	})
}

// entryOf reads a directory entry ("FAT 32 Byte Directory Entry Structure").
// long is its long name, "" for none.
func (v *volume) entryOf(slot []byte, long string) *entry {
	e := &entry{v: v, attributes: slot[11], size: int64(le.Uint32(slot[28:])), first: uint32(le.Uint16(slot[26:]))}
	if v.bits == 32 { // elsewhere OS/2 uses the field for its own
		e.first |= uint32(le.Uint16(slot[20:])) << 16
	}
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
