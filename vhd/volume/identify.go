package volume

import (
	"io"
)

// Content is what a volume holds.
type Content struct {
	Type        string // as its users name it: "NTFS", "ext4"; "" where nothing is known
	Label, UUID string // as its own tools write them; "" where it has none
	Browsable   bool   // Mount can open it
	Problem     string // why not, for a person

	boots     bool // it has a boot sector: sector 0 is no partition table
	encrypted bool
}

// Identify tells what a volume of size bytes holds. It reads its start, and
// where the label stands elsewhere that place too. It fails only where the
// start cannot be read.
func Identify(r io.ReaderAt, size int64) (Content, error) {
	w, err := newWindow(r, size)
	if err != nil {
		return Content{}, err
	}
	return identify(w), nil
}

// identify tells what a volume holds.
func identify(w *window) Content {
	for _, look := range []func(*window) Content{recognise, copied, raidEnd, imageEnd} {
		if c := look(w); c.Type != "" {
			return c
		}
	}
	return Content{}
}

// recognisers are asked in this order. What is built on others' volumes comes
// before what may be found inside it, and what leaves the bytes of its
// predecessor standing comes before those.
var recognisers = []func(*window) Content{
	luks, lvm, raid, bitLocker,
	ntfsVolume, exFATVolume, reFS, fatVolume,
	xfsVolume, squashVolume, apfs, extVolume, isoOrUDF,
	btrfs, hfsPlus, zfs, simple, swap, image,
}

// recognise tells what stands at the start of a volume.
func recognise(w *window) Content {
	for _, r := range recognisers {
		if c := r(w); c.Type != "" {
			if !c.Browsable && c.Problem == "" {
				c.Problem = "Files in " + c.Type + " volumes cannot be listed here."
			}
			return c
		}
	}
	return Content{}
}
