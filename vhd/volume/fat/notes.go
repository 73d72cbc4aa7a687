package fat

import (
	"bytes"
	"fmt"
	"io"
)

// noteTable says what the FAT tells of the whole volume.
func (v *volume) noteTable() {
	p := v.table.pages.page(0)
	failed := false
	if n := int64(v.bits / 8); v.bits != 12 && !v.exFAT {
		// "Special Notes about the FAT Entry 1": two bits that are cleared
		// while the volume is in use, and by errors of the disk.
		if b, err := p.at(n, n); err == nil {
			flags := b[n-1]
			if v.bits == 16 {
				flags >>= 4
			}
			v.dirty = v.dirty || flags&8 == 0
			failed = flags&4 == 0
		}
	}
	if v.dirty {
		v.note("The volume was in use when it was last written: its last changes may be incomplete.")
	}
	if failed || v.failed {
		v.note("A system that used the volume met errors of the disk.")
	}
	if p.lost != nil {
		v.note(fmt.Sprintf("FAT %d cannot be read in places, and no copy of it there.", v.active+1))
	} else if p.patched {
		v.note(fmt.Sprintf("FAT %d cannot be read in places: a copy of it is used there.", v.active+1))
	}
	if v.alike {
		v.compareTables(p)
	}
}

// compareTables compares the first page of the FAT, which is all of a small
// one, with the same of its copies.
func (v *volume) compareTables(p *page) {
	for i, copy := range v.table.pages.copies[1:] {
		b := make([]byte, len(p.bytes))
		if n, err := copy.ReadAt(b, 0); n < len(b) && err != io.EOF {
			v.note(fmt.Sprintf("FAT %d cannot be read in places.", i+2))
			continue
		}
		for at := 0; at < len(b); at += 512 {
			end := min(at+512, len(b))
			if !bytes.Equal(b[at:end], p.bytes[at:end]) && p.lost[int64(at/512)] == nil {
				v.note(fmt.Sprintf("FAT %d differs from FAT 1, first for cluster %d or one after it: FAT 1 is used.", i+2, at*8/v.bits))
				break
			}
		}
	}
}
