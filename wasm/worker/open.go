package worker

import (
	"errors"

	"vhdscope/vhd"
)

// OpenImage opens a file as an image. A file of whole sectors and of no format
// that is known could be the raw base of a chain: of that, the image comes with
// the error why it is no VHD.
//
// What a network does not give says nothing of the image, so it is an error,
// and no finding.
func OpenImage(s Source) (*vhd.Image, error) {
	var failed error
	if r, ok := s.(Remote); ok {
		defer r.OnFailure(func(err error) { failed = err })()
	}
	im, err := vhd.Open(s, s.Size())
	if failed != nil {
		return nil, failed
	}
	if MayBeRaw(err, s.Size()) {
		return vhd.OpenRaw(s, s.Size()), err
	}
	return im, err
}

// MayBeRaw reports whether a file that is no VHD, for the reason of an error,
// may be a raw disk.
func MayBeRaw(err error, size int64) bool {
	return errors.Is(err, vhd.ErrNotVHD) && !vhd.IsOtherFormat(err) && size >= vhd.SectorSize && size%vhd.SectorSize == 0
}
