package fsys

import (
	"io"
	"io/fs"
	"sort"
)

// Mapped is a [File] whose bytes lie in a volume as its extents say.
type Mapped struct {
	info    fs.FileInfo
	volume  io.ReaderAt
	extents []Extent
	at      int64
}

// NewMapped returns a file whose extents hold its bytes one by one: none has
// Stored. They are in order, without gaps, up to the file's size, and checked
// against the volume.
func NewMapped(info fs.FileInfo, volume io.ReaderAt, extents []Extent) *Mapped {
	return &Mapped{info: info, volume: volume, extents: extents}
}

// Stat implements [fs.File].
func (f *Mapped) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements [fs.File].
func (f *Mapped) Close() error { return nil }

// Extents implements [File].
func (f *Mapped) Extents() ([]Extent, error) { return f.extents, nil }

// Read implements [io.Reader]. It is not for concurrent use.
func (f *Mapped) Read(p []byte) (int, error) {
	n, err := f.ReadAt(p, f.at)
	f.at += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

// Seek implements [io.Seeker]. It is not for concurrent use.
func (f *Mapped) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.info.Size()
	}
	if offset < 0 {
		return 0, fs.ErrInvalid
	}
	f.at = offset
	return offset, nil
}

// ReadAt implements [io.ReaderAt].
func (f *Mapped) ReadAt(p []byte, off int64) (int, error) {
	size := f.info.Size()
	if off < 0 {
		return 0, fs.ErrInvalid
	}
	if off >= size {
		return 0, io.EOF
	}
	short := int64(len(p)) > size-off
	if short {
		p = p[:size-off]
	}
	i := sort.Search(len(f.extents), func(i int) bool { return f.extents[i].Offset+f.extents[i].Length > off })
	done := 0
	for ; done < len(p) && i < len(f.extents); i++ {
		e := f.extents[i]
		skip := off + int64(done) - e.Offset
		part := p[done:]
		if n := e.Length - skip; int64(len(part)) > n {
			part = part[:n]
		}
		if e.Start < 0 {
			clear(part)
			done += len(part)
			continue
		}
		n, err := f.volume.ReadAt(part, e.Start+skip)
		done += n
		if n < len(part) {
			if err == nil || err == io.EOF {
				err = Damaged(e.Start+skip+int64(n), "the file goes on behind the end of the volume")
			}
			return done, err
		}
	}
	if done < len(p) {
		return done, Damaged(-1, "the file has no place for its last bytes")
	}
	if short {
		return done, io.EOF
	}
	return done, nil
}
