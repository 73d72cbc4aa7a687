package fat

import (
	"errors"
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
	v.about.Label = v.labelOf(v.folder(v.top))
	return v, nil
}

// readBoot reads the boot sector, or what stands in for it.
func (v *volume) readBoot() error {
	b := make([]byte, bootSize)
	n, err := v.r.ReadAt(b, 0)
	if n < len(b) && err != io.EOF && err != nil {
		return v.readBackup(&fsys.Error{Kind: fsys.ErrDamaged, Msg: "the boot sector cannot be read", Err: err})
	}
	b = b[:n]
	v.geometry, err = parseBoot(b, v.size)
	if err != nil {
		return v.readBackup(err)
	}
	return nil
}

// readBackup reads the copy of a FAT32 volume's boot sector. Where the
// original is damaged, nothing tells the copy's place or the size of a
// sector: it is looked for in sector 6, as the specification demands ("FAT32
// FSInfo Sector Structure and Backup Boot Sector").
func (v *volume) readBackup(damage error) error {
	b := make([]byte, bootSize)
	for sector := int64(512); sector <= 4096; sector *= 2 {
		if n, _ := v.r.ReadAt(b, 6*sector); n < len(b) {
			continue
		}
		g, err := parseBoot(b, v.size)
		if err != nil || g.bits != 32 || g.sector != sector {
			continue
		}
		var why *fsys.Error
		errors.As(damage, &why)
		v.geometry = g
		v.note("The boot sector is damaged: " + why.Msg + ". Its copy in sector 6 is used.")
		return nil
	}
	return damage
}
