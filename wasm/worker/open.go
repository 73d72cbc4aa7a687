package worker

import (
	"errors"

	"vhdscope/vhd"
)

// OpenImage opens a file as an image. A file of whole sectors and of no format
// that is known could be the raw base of a chain: of that, the image comes with
// the error why it is no VHD.
func OpenImage(s Source) (*vhd.Image, error) {
	im, err := vhd.Open(s, s.Size())
	if errors.Is(err, vhd.ErrNotVHD) && !vhd.IsOtherFormat(err) && s.Size() >= vhd.SectorSize && s.Size()%vhd.SectorSize == 0 {
		return vhd.OpenRaw(s, s.Size()), err
	}
	return im, err
}
