package volume

import (
	"io"

	"vhdscope/vhd/volume/ext"
	"vhdscope/vhd/volume/fat"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/iso"
	"vhdscope/vhd/volume/ntfs"
	"vhdscope/vhd/volume/squashfs"
	"vhdscope/vhd/volume/xfs"
)

// Options are what a volume itself does not say.
type Options struct {
	CodePage string // of FAT short names: one of [fat.CodePages], "" for DOS's
}

// Mount opens the file system of a volume of size bytes. Errors are
// *[fsys.Error]: [fsys.ErrUnsupported] and [fsys.ErrEncrypted] where the
// volume is well but cannot be read here.
func Mount(r io.ReaderAt, size int64, o Options) (fsys.FS, error) {
	content, err := Identify(r, size)
	if err != nil {
		return nil, &fsys.Error{Kind: fsys.ErrDamaged, Offset: 0, Msg: "the start of the volume cannot be read", Err: err}
	}
	switch {
	case content.encrypted:
		return nil, &fsys.Error{Kind: fsys.ErrEncrypted, Offset: -1, Msg: content.Problem}
	case content.Type == "":
		return nil, fsys.Unsupported("Nothing is known of what the volume holds.")
	case !content.Browsable:
		return nil, fsys.Unsupported(content.Problem)
	}
	switch content.Type {
	case "FAT12", "FAT16", "FAT32", "exFAT":
		return fat.Open(r, size, fat.Options{CodePage: o.CodePage})
	case "NTFS":
		return ntfs.Open(r, size)
	case "ext2", "ext3", "ext4":
		return ext.Open(r, size)
	case "squashfs":
		return squashfs.Open(r, size)
	case "XFS":
		return xfs.Open(r, size)
	case typeISO:
		return iso.Open(r, size)
	}
	return nil, fsys.Unsupported(content.Type + " volumes cannot be opened here.")
}
