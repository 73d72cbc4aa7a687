package squashfs

import (
	"io"
	"io/fs"

	"vhdscope/vhd/volume/fsys"
)

const (
	maxBlocks   = 1 << 21
	blockStored = 1 << 24 // of a size: the block is not compressed
)

// block is a run of the volume that holds a block of a file, or a fragment
// that holds the ends of several. One of size 0 is a hole.
type block struct {
	start int64
	size  uint32
}

// file is an open file.
type file struct {
	info   *fsys.Node
	source *source
	blocks []block
	tail   block // the fragment, where the file has one, …
	skip   int64 // … and the place in it, unpacked
	at     int64
}

// Open implements [tree.Source].
func (f *source) Open(ref uint64, info *fsys.Node) (fsys.File, error) {
	n, err := f.inode(ref)
	if err != nil {
		return nil, err
	}
	count := info.Bytes / f.super.block
	if n.fragment == noFragment && info.Bytes%f.super.block != 0 {
		count++
	}
	if count > maxBlocks {
		return nil, fsys.Unsupported("the file has more blocks than can be told here")
	}
	open := &file{info: info, source: f}
	at := int64(min(n.start, 1<<60))
	b := make([]byte, 4)
	for c := n.rest; count > 0; count-- {
		if err := c.take(b); err != nil {
			return nil, err
		}
		next := block{at, le.Uint32(b)}
		if err := f.check(next, n.rest.at); err != nil {
			return nil, err
		}
		if want := min(f.super.block, info.Bytes-int64(len(open.blocks))*f.super.block); next.size&blockStored != 0 && int64(next.size&^blockStored) < want {
			return nil, fsys.Damaged(n.rest.at, "a block of the file is too short")
		}
		open.blocks = append(open.blocks, next)
		at += int64(next.size &^ blockStored)
	}
	if n.fragment != noFragment && info.Bytes%f.super.block != 0 {
		if open.tail, err = f.fragment(n.fragment); err != nil {
			return nil, err
		}
		end := int64(n.inFragment) + info.Bytes%f.super.block
		if end > f.super.block || open.tail.size&blockStored != 0 && end > int64(open.tail.size&^blockStored) {
			return nil, fsys.Damaged(n.rest.at, "the end of the file is damaged")
		}
		open.skip = int64(n.inFragment)
	}
	return open, nil
}

// check checks a block of a file; where is the metadata that tells of it.
func (f *source) check(b block, where int64) error {
	size := int64(b.size &^ blockStored)
	if size > f.super.block || b.start < superSize && size > 0 || b.start+size > f.super.size {
		return fsys.Damaged(where, "a block of the file lies outside")
	}
	return nil
}

// fragment is an entry of the table of fragments.
func (f *source) fragment(i uint32) (block, error) {
	if f.super.fragmentTable < 0 || int64(i) >= f.super.fragments {
		return block{}, fsys.Damaged(-1, "there is no such fragment")
	}
	b := make([]byte, 16)
	if err := f.entry(f.super.fragmentTable, int64(i), b); err != nil {
		return block{}, err
	}
	tail := block{int64(min(le.Uint64(b), 1<<60)), le.Uint32(b[8:])}
	if tail.size&^blockStored == 0 { // no hole, as in a file
		return block{}, fsys.Damaged(f.super.fragmentTable, "a fragment is empty")
	}
	return tail, f.check(tail, f.super.fragmentTable)
}

// Stat implements [fs.File].
func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements [fs.File].
func (f *file) Close() error { return nil }

// Extents implements [fsys.File].
func (f *file) Extents() ([]fsys.Extent, error) {
	var list []fsys.Extent
	size := f.source.super.block
	for at := int64(0); at < f.info.Bytes; at += size {
		b, skip := f.block(at / size)
		e := fsys.Extent{Offset: at, Length: min(size, f.info.Bytes-at), Start: b.start}
		switch {
		case b.size == 0:
			e.Start = -1
		case b.size&blockStored != 0:
			e.Start += skip
		default:
			e.Stored = int64(b.size)
		}
		if i := len(list) - 1; i >= 0 && e.Stored == 0 && list[i].Stored == 0 &&
			(e.Start < 0 && list[i].Start < 0 || list[i].Start >= 0 && list[i].Start+list[i].Length == e.Start) {
			list[i].Length += e.Length
			continue
		}
		list = append(list, e)
	}
	return list, nil
}

// block is what holds a block of the file, and where in that it starts.
func (f *file) block(i int64) (block, int64) {
	if i < int64(len(f.blocks)) {
		return f.blocks[i], 0
	}
	return f.tail, f.skip
}

// Read implements [io.Reader]. It is not for concurrent use.
func (f *file) Read(p []byte) (int, error) {
	n, err := f.ReadAt(p, f.at)
	f.at += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

// Seek implements [io.Seeker]. It is not for concurrent use.
func (f *file) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.info.Bytes
	}
	if offset < 0 {
		return 0, fs.ErrInvalid
	}
	f.at = offset
	return offset, nil
}

// ReadAt implements [io.ReaderAt].
func (f *file) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fs.ErrInvalid
	}
	size := f.source.super.block
	err = f.source.device.Hold(func() error {
		for n < len(p) {
			if off+int64(n) >= f.info.Bytes {
				return io.EOF
			}
			at := off + int64(n)
			b, skip := f.block(at / size)
			part := p[n:min(int64(len(p)), int64(n)+size-at%size, int64(n)+f.info.Bytes-at)]
			if b.size == 0 {
				clear(part)
				n += len(part)
				continue
			}
			content, err := f.source.content(b)
			if err != nil {
				return err
			}
			skip += at % size
			if skip+int64(len(part)) > int64(len(content)) {
				return fsys.Damaged(b.start, "a block of the file is too short")
			}
			n += copy(part, content[skip:])
		}
		return nil
	})
	return n, err
}

// content unpacks a block. The last ones are kept: reads are smaller than
// blocks, and files share fragments.
func (f *source) content(b block) ([]byte, error) {
	for i, kept := range f.contents {
		if kept.block == b {
			copy(f.contents[1:i+1], f.contents[:i])
			f.contents[0] = kept
			return kept.bytes, nil
		}
	}
	packed := make([]byte, b.size&^blockStored)
	if err := f.device.Fill(packed, b.start); err != nil {
		return nil, err
	}
	content := packed
	if b.size&blockStored == 0 {
		var err error
		if content, err = f.unpack(packed, int(f.super.block)); err != nil {
			return nil, &fsys.Error{Kind: fsys.ErrDamaged, Offset: b.start, Msg: "a block of the file is damaged", Err: err}
		}
	}
	copy(f.contents[1:], f.contents[:])
	f.contents[0] = unpackedBlock{b, content}
	return content, nil
}
