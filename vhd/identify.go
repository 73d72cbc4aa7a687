package vhd

import "io"

// Identity is which image a file is, as the ends of the file tell.
type Identity struct {
	Type DiskType
	UUID UUID

	image *Image // its footer and nothing more; then what Parent reads
}

// startSize is the bytes at the start of a file with the footer's copy and,
// as nearly every writer has it, the header.
const startSize = usualHeaderAt + headerSize

// Identify tells which image a file of size bytes is without opening it: from
// its last 512 bytes, where the footer stands (section "Hard Disk Footer
// Format"), and, only where that is damaged or missing, from its first 1,536,
// where a dynamic or differencing image has a copy. It trusts the footer that
// [Open] trusts; but a footer that other bytes follow is not seen.
//
// A raw disk has no identity. The error is a [*FormatError] as that of Open:
// it matches ErrNotVHD where neither end has a footer.
func Identify(r io.ReaderAt, size int64) (*Identity, error) {
	im := &Image{r: r, size: size}
	if err := im.checkFileSize(); err != nil {
		return nil, err
	}
	tail, unread := im.readEnd(max(0, size-footerSize), size)
	if im.takeFooter(nil, tail) != nil || !im.footerGood {
		start, err := im.readStart()
		if err != nil {
			unread = err
		}
		if err := im.takeFooter(start[:min(len(start), footerSize)], tail); err != nil {
			if unread != nil {
				err = unread // a footer may stand there
			}
			return nil, err
		}
	}
	if err := im.takeType(); err != nil {
		return nil, err
	}
	return &Identity{im.kind, im.footer.UUID, im}, nil
}

// Parent tells what a differencing image says of its parent: its UUID, all
// zero for a raw disk, and its names, as [Image.ParentNames]. It reads the
// first 1,536 bytes, unless Identify did; the header, where it stands
// elsewhere; and the data of each locator. The error is a [*FormatError] for a
// file that Open refuses because of its header.
//
// It must not be called concurrently.
func (id *Identity) Parent() (UUID, []ParentName, error) {
	im := id.image
	if im.kind == Differencing && im.header == nil {
		if _, ok := im.r.(*started); !ok {
			if _, err := im.readStart(); err != nil {
				return UUID{}, nil, err
			}
		}
		if err := im.openHeader(); err != nil {
			im.header = nil
			return UUID{}, nil, err
		}
		im.placeStructures()
		im.openParent()
	}
	return im.ParentUUID(), im.names, nil
}

// readStart reads the first startSize bytes of the file, or all that it has,
// and keeps them for later reads.
func (im *Image) readStart() ([]byte, error) {
	start, err := im.readEnd(0, min(im.size, startSize))
	if err == nil {
		im.r = &started{im.r, start}
	}
	return start, err
}

// readEnd reads an end of the file; nil where that fails.
func (im *Image) readEnd(from, to int64) ([]byte, error) {
	p := make([]byte, to-from)
	if _, err := readFull(im.r, p, from); err != nil {
		return nil, readFailed("file", from, err)
	}
	return p, nil
}

// started is a file of which the start was read.
type started struct {
	io.ReaderAt
	start []byte
}

func (s *started) ReadAt(p []byte, off int64) (int, error) {
	if off >= 0 && off+int64(len(p)) <= int64(len(s.start)) {
		return copy(p, s.start[off:]), nil
	}
	return s.ReaderAt.ReadAt(p, off)
}
