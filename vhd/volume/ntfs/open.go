package ntfs

import (
	"io"
	"io/fs"

	"vhdscope/vhd/volume/fsys"
)

// Stat implements [fs.StatFS].
func (v *volume) Stat(name string) (fs.FileInfo, error) {
	at, err := v.lookup(name, true)
	if err != nil {
		return nil, wrap("stat", name, err)
	}
	_, _, info, err := v.inspect(at)
	if err != nil {
		return nil, wrap("stat", name, err)
	}
	return info, nil
}

// Open implements [fs.FS].
func (v *volume) Open(name string) (fs.File, error) {
	at, err := v.lookup(name, true)
	if err != nil {
		return nil, wrap("open", name, err)
	}
	if at.folder() && at.stream == "" {
		_, _, info, err := v.inspect(at)
		if err != nil {
			return nil, wrap("open", name, err)
		}
		return fsys.NewFolder(info, func() ([]fs.DirEntry, error) { return v.ReadDir(name) }), nil
	}
	f, err := v.open(at)
	if err != nil {
		return nil, wrap("open", name, err)
	}
	return f, nil
}

// inspect reads a file's records, and the stream that is meant: nil for that
// of a folder, or of a file that has none.
func (v *volume) inspect(at *target) (f *file, s *stream, info *fsys.Node, err error) {
	if at.ref == unknownFolder {
		return nil, nil, at.entry.node, nil
	}
	err = v.dev.Do(func() error {
		if at.deleted() {
			f, err = v.readDeleted(at.ref)
		} else {
			f, err = v.readFile(at.ref)
		}
		if err != nil {
			return err
		}
		name, short := at.name, ""
		if at.entry != nil {
			name, short = at.entry.name, at.entry.short
		}
		info = v.node(f, name, short)
		if at.deleted() {
			v.judge(f, info, v.clusters)
		}
		if at.stream == "" {
			if !f.folder && info.Meta.Problem == nil {
				s, err = v.stream(f, typeData, "")
			}
			return err
		}
		s, err = v.namedStream(f, at.stream)
		if err != nil {
			return err
		}
		info.Base, info.Bytes, info.FileMode = at.name, s.size, info.FileMode.Perm()&^0o111
		info.Meta.ID, info.Meta.Links, info.Meta.Short, info.Meta.Target, info.Meta.Streams = 0, 0, "", "", nil
		info.Meta.Allocated, info.Meta.Problem = s.allocated, nil
		if s.encrypted {
			info.Meta.Problem = errEncrypted
		} else if at.deleted() {
			info.Meta.Problem = v.reused(s, v.clusters)
		}
		return nil
	})
	return f, s, info, err
}

// namedStream is the stream that a path names.
func (v *volume) namedStream(f *file, name string) (*stream, error) {
	for _, parts := range v.streams(f.attributes, typeData) {
		if parts[0].name != "" && fsys.Name(parts[0].name) == name {
			s, err := v.assemble(parts)
			if err != nil && f.broken != nil {
				err = f.broken
			}
			return s, err
		}
	}
	if f.broken != nil {
		return nil, f.broken
	}
	return nil, fs.ErrNotExist
}

// open opens what is not a folder.
func (v *volume) open(at *target) (fs.File, error) {
	f, s, info, err := v.inspect(at)
	switch {
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		// A link's content is where it leads to, held by its file record.
		record := fsys.Extent{Length: info.Size(), Start: v.mftPlace(f.number * v.record), Stored: v.record}
		return &held{info: info, content: []byte(info.Meta.Target), extents: []fsys.Extent{record}}, nil
	case info.Meta.Problem != nil:
		return nil, info.Meta.Problem
	case s == nil:
		return &held{info: info}, nil
	case s.encrypted:
		return nil, errEncrypted
	case s.resident:
		return &held{info: info, content: s.content, extents: v.heldExtents(s)}, nil
	case s.unit != 0:
		return v.newPacked(info, s)
	}
	return fsys.NewMapped(info, v.dev.Volume(), v.extents(s)), nil
}

// held is an open file whose bytes are at hand: those of a resident stream.
type held struct {
	info    fs.FileInfo
	content []byte
	extents []fsys.Extent
	at      int64
}

func (f *held) Stat() (fs.FileInfo, error)       { return f.info, nil }
func (f *held) Close() error                     { return nil }
func (f *held) Extents() ([]fsys.Extent, error)  { return f.extents, nil }
func (f *held) Read(p []byte) (n int, err error) { return readOn(f, &f.at, p) }

func (f *held) Seek(offset int64, whence int) (int64, error) {
	return seek(&f.at, offset, whence, f.info.Size())
}

// ReadAt implements [io.ReaderAt].
func (f *held) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fs.ErrInvalid
	}
	if off >= int64(len(f.content)) {
		return 0, io.EOF
	}
	n := copy(p, f.content[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// heldExtents are where a resident stream lies in the $MFT, sector by sector.
// The last two bytes of each sector hold a check instead of what belongs
// there, so a run with these is not the file's own bytes.
func (v *volume) heldExtents(s *stream) []fsys.Extent {
	const sector, check = 512, 2
	var extents []fsys.Extent
	for at := int64(0); at < s.size; {
		place := s.place + at
		n := min(sector-place%sector, s.size-at)
		e := fsys.Extent{Offset: at, Length: n, Start: v.mftPlace(place)}
		if place%sector+n > sector-check {
			e.Stored = n
		}
		extents = append(extents, e)
		at += n
	}
	return extents
}

// readOn reads on from a place that it moves.
func readOn(r io.ReaderAt, at *int64, p []byte) (int, error) {
	n, err := r.ReadAt(p, *at)
	*at += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

func seek(at *int64, offset int64, whence int, size int64) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += *at
	case io.SeekEnd:
		offset += size
	}
	if offset < 0 {
		return 0, fs.ErrInvalid
	}
	*at = offset
	return offset, nil
}
