package ntfs

import "vhdscope/vhd/volume/fsys"

// journal says where the $LogFile holds changes that were not carried out. Its
// two restart pages say whether the volume was left in good order: no client
// is open, or it was marked so (ntfs-3g reads them the same way).
func (v *volume) journal() error {
	f, err := v.readFile(v.own(recordLogFile))
	if err != nil {
		return err
	}
	s, err := v.stream(f, typeData, "")
	if err == nil && s == nil {
		err = fsys.Damaged(-1, "the $LogFile has no content")
	}
	if err != nil {
		return err
	}
	r, err := v.reader(s, v.dev)
	if err != nil {
		return err
	}
	newest := uint64(0)
	clean := true
	page := make([]byte, 512)
	for _, at := range []int64{0, 4096} {
		if _, err := r.ReadAt(page, at); err != nil || string(page[:4]) != "RSTR" {
			continue // it is filled with ones where nothing was ever written
		}
		area := int64(u16(page, 0x18))
		if area < 0x1E || area+16 > 510 {
			continue
		}
		if lsn := u64(page, area); lsn >= newest {
			newest = lsn
			clean = u16(page, area+12) == 0xFFFF || u16(page, area+14)&2 != 0
		}
	}
	if v.unclean = !clean; v.unclean {
		v.note("The volume was not cleanly unmounted. The journal was not replayed: the newest changes may be missing or half done.")
	}
	return nil
}

// noteHibernation says where Windows is asleep on the volume.
func (v *volume) noteHibernation() {
	at, err := v.lookup("hiberfil.sys", false)
	if err != nil {
		return
	}
	f, err := v.open(at)
	if err != nil {
		return
	}
	file, ok := f.(fsys.File)
	if !ok {
		return
	}
	magic := make([]byte, 4)
	if n, _ := file.ReadAt(magic, 0); n < len(magic) {
		return
	}
	if string(magic) == "hibr" || string(magic) == "HIBR" {
		v.note("Windows was hibernated, or shut down with fast startup: its newest changes may not be in the volume.")
	}
}
