package fat

import (
	"fmt"
	"io"

	"vhdscope/vhd/volume/fsys"
)

// Options is what a volume does not say of itself.
type Options struct {
	CodePage string // of 8.3 names, one of [CodePages]; "" is 437
}

// Open opens the volume of size bytes. Its errors are *[fsys.Error]. The file
// system is also an [fsys.Remembering] and an [fsys.Mapping].
func Open(r io.ReaderAt, size int64, o Options) (fsys.FS, error) {
	page, err := pageOf(o.CodePage)
	if err != nil {
		return nil, err
	}
	v := &volume{r: r, size: size, codePage: page, kept: map[place]*folder{}}
	if err := v.readBoot(); err != nil {
		return nil, err
	}
	v.table = newTable(v)
	v.noteTable()
	v.top = &entry{v: v, name: ".", first: v.rootStart, attributes: attrDirectory}
	root := v.list(v.top)
	v.about.Label = root.label
	if v.exFAT {
		v.openSystem(root)
	} else if v.about.Label == "" && string(v.label) != "NO NAME    " {
		v.about.Label = v.oem(v.label)
	}
	v.keep(root) // judging what is deleted takes the allocation bitmap
	return v, nil
}

// readBoot reads the boot sector, or a sound copy of one that is damaged.
func (v *volume) readBoot() error {
	g, checksum, err := v.bootAt(0)
	damage := err
	if damage == nil {
		damage = checksum
	}
	if damage == nil {
		v.geometry = g
		return nil
	}
	why := damage.Error()
	if e, ok := damage.(*fsys.Error); ok {
		why = e.Msg
	}
	if copy, sector, ok := v.backupBoot(); ok {
		v.geometry = copy
		v.note(fmt.Sprintf("The boot sector is damaged: %s. Its copy in sector %d is used.", why, sector))
		return nil
	}
	if err != nil {
		return err
	}
	v.geometry = g
	v.note("The boot sector may be damaged: " + why + ". There is no sound copy of it.")
	return nil
}

// backupBoot finds the copy of a boot sector. Where the original is damaged,
// nothing tells the copy's place or the size of a sector: it is looked for in
// sector 6 for FAT32, as the specification demands ("FAT32 FSInfo Sector
// Structure and Backup Boot Sector"), and in 12 for exFAT (section 3.1).
func (v *volume) backupBoot() (geometry, int64, bool) {
	for sector := int64(512); sector <= 4096; sector *= 2 {
		for _, i := range []int64{6, bootSectors} {
			g, checksum, err := v.bootAt(i * sector)
			if err == nil && checksum == nil && g.sector == sector && g.bits == 32 && g.exFAT == (i == bootSectors) {
				return g, i, true
			}
		}
	}
	return geometry{}, 0, false
}

// bootAt reads a boot sector. Where it only contradicts its checksum, which
// exFAT has, the geometry can be used.
func (v *volume) bootAt(at int64) (g geometry, checksum, err error) {
	b := make([]byte, bootSize)
	if n, err := v.r.ReadAt(b, at); n < len(b) {
		if v.size < bootSize {
			return g, nil, fsys.Damaged(0, fmt.Sprintf("a volume of %d bytes has no room for a boot sector", v.size))
		}
		return g, nil, &fsys.Error{Kind: fsys.ErrDamaged, Offset: at, Msg: "the boot sector cannot be read", Err: err}
	}
	if string(b[3:11]) != exFATName {
		g, err = parseBoot(b, v.size)
		return g, nil, err
	}
	if g, err = parseExFAT(b, v.size); err != nil {
		return g, nil, err
	}
	region := make([]byte, bootSectors*g.sector)
	if n, err := v.r.ReadAt(region, at); n < len(region) {
		return g, &fsys.Error{Kind: fsys.ErrDamaged, Offset: at, Msg: "the boot region cannot be read", Err: err}, nil
	}
	summed := len(region) - int(g.sector)
	if le.Uint32(region[summed:]) != bootChecksum(region[:summed]) {
		return g, fsys.Damaged(at+int64(summed), "its checksum is wrong"), nil
	}
	return g, nil, nil
}
