package vhdtest

import "encoding/binary"

// EditFooters lets edit change the bytes of the footer at the end and of its
// copy, whichever the file has. Checksums stay as they are.
func (f *File) EditFooters(edit func(footer []byte)) {
	f.edit(f.Layout.FooterCopy, FooterSize, edit)
	f.edit(f.Layout.Footer, f.Layout.FooterLength, edit)
}

// EditHeader lets edit change the dynamic header's bytes. The checksum stays
// as it is.
func (f *File) EditHeader(edit func(header []byte)) {
	f.edit(f.Layout.Header, HeaderSize, edit)
}

// SetEntry sets table entry i, an absolute sector number.
func (f *File) SetEntry(i int, sector uint32) { f.PutUint32(f.Layout.Entry(i), sector) }

// FixChecksums recomputes the checksums of footers, header and batmap from
// what stands where the Layout says, so that an edit is all that is wrong.
func (f *File) FixChecksums() {
	f.EditFooters(func(b []byte) { putChecksum(b, FooterChecksum) })
	f.EditHeader(func(b []byte) { putChecksum(b, HeaderChecksum) })
	f.edit(f.Layout.BatmapHead, BatmapHeaderSize, func(b []byte) {
		// The map's length is the layout's, which cannot be absurd.
		bits := f.Get(f.Layout.BatmapMap, f.Layout.batmapLength)
		version := binary.BigEndian.Uint32(b[BatmapVersion:])
		binary.BigEndian.PutUint32(b[BatmapChecksum:], batmapChecksum(bits, version))
	})
}

func putChecksum(b []byte, field int) {
	binary.BigEndian.PutUint32(b[field:], Checksum(b, field))
}

// edit does nothing for a structure that is absent or has been cut off.
func (f *File) edit(off int64, length int, edit func([]byte)) {
	if off < 0 || off+int64(length) > f.size {
		return
	}
	b := f.Get(off, length)
	edit(b)
	f.Put(off, b)
}
