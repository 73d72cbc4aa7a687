package vhd

import "io"

// Identify tells which image a file of size bytes is without opening it: it
// gives the footer that [Open] would trust. It reads the last 512 bytes, where
// that stands (section "Hard Disk Footer Format"), and, only where it is
// damaged or missing there, the first 512, where a dynamic or differencing
// image has a copy. A footer that other bytes follow is not seen.
//
// A raw disk has none. The error is a [*FormatError] as that of Open: it
// matches ErrNotVHD where neither end of the file is a footer.
func Identify(r io.ReaderAt, size int64) (*Footer, error) {
	im := &Image{r: r, size: size}
	if err := im.checkFileSize(); err != nil {
		return nil, err
	}
	tail, unread := im.readEnd(max(0, size-footerSize))
	if im.takeFooter(nil, tail) != nil || !im.footerGood {
		head, err := im.readEnd(0)
		if err != nil {
			unread = err
		}
		if err := im.takeFooter(head, tail); err != nil {
			if unread != nil {
				err = unread // a footer may stand there
			}
			return nil, err
		}
	}
	if err := im.takeType(); err != nil {
		return nil, err
	}
	return &im.footer, nil
}

// readEnd reads one end of the file, the 512 bytes from an offset or all that
// there are; nil where that fails.
func (im *Image) readEnd(off int64) ([]byte, error) {
	p := make([]byte, min(im.size, footerSize))
	if _, err := readFull(im.r, p, off); err != nil {
		return nil, readFailed("file", off, err)
	}
	return p, nil
}
