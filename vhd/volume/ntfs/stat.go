package ntfs

import (
	"bytes"
	"io/fs"

	"vhdscope/vhd/volume/fsys"
)

// Attributes of files, as $STANDARD_INFORMATION and $FILE_NAME have them.
const (
	flagReadOnly  = 1 << 0
	flagSystem    = 1 << 2
	flagOffline   = 1 << 12
	flagEncrypted = 1 << 14
	flagReparse   = 1 << 10
	flagRecall    = 1<<18 | 1<<22 // what is read comes from elsewhere
	flagFolder    = 1 << 28       // in $FILE_NAME only
)

// attributeLetters writes attributes as Windows does: R read-only, H hidden,
// S system, A archive, C compressed, E encrypted, O offline, T temporary,
// P sparse, L reparse point, I not indexed.
func attributeLetters(flags uint32) string {
	const letters = "RHSACEOTPLI"
	bits := [len(letters)]byte{0, 1, 2, 5, 11, 14, 12, 8, 9, 10, 13}
	var b [len(letters)]byte
	n := 0
	for i, bit := range bits {
		if flags>>bit&1 != 0 {
			b[n] = letters[i]
			n++
		}
	}
	return string(b[:n])
}

// mode is what io/fs calls the file, with the permissions that Go gives files
// on Windows.
func mode(flags, tag uint32) fs.FileMode {
	m := fs.FileMode(0o666)
	if flags&flagReadOnly != 0 {
		m = 0o444
	}
	if flags&flagReparse != 0 {
		if special := reparseMode(tag); special != 0 {
			return m | special
		}
	}
	if flags&flagFolder != 0 {
		return m | 0o111 | fs.ModeDir
	}
	return m
}

// node is what a file's records say of it under one of its names.
func (v *volume) node(f *file, name, short string) *fsys.Node {
	n := &fsys.Node{Base: name, Meta: fsys.Meta{ID: uint64(f.reference()), Short: short}}
	m := &n.Meta
	var flags uint32
	for _, a := range f.attributes {
		switch {
		case a.kind == typeStandardInformation && len(a.content) >= 36:
			lib := v.lib.Profile.STANDARD_INFORMATION(bytes.NewReader(a.content), 0)
			flags = uint32(lib.Flags().Value)
			m.Created, n.Modified = fileTime(u64(a.content, 0)), fileTime(u64(a.content, 8))
			m.Changed, m.Accessed = fileTime(u64(a.content, 16)), fileTime(u64(a.content, 24))
		case a.kind == typeFileName && len(a.content) >= 66 && a.content[65] != nameDOS:
			m.Links++
		}
	}
	flags &^= flagFolder
	if f.folder {
		flags |= flagFolder
	}
	tag, link := v.reparse(f)
	if tag != 0 {
		flags |= flagReparse
	}
	n.FileMode = mode(flags, tag)
	m.Attributes = attributeLetters(flags)
	m.Problem = unreadable(flags, tag)
	missing := f.broken // what the content would be in
	for _, parts := range v.streams(f.attributes, typeData) {
		s, err := v.assemble(parts)
		if s.name != "" {
			m.Streams = append(m.Streams, fsys.Stream{Name: fsys.Name(s.name), Size: s.size})
			continue
		}
		if f.folder {
			continue
		}
		n.Bytes, m.Allocated = s.size, s.allocated
		if err == nil {
			missing = nil
		} else if missing == nil {
			missing = err
		}
	}
	if m.Problem == nil && !f.folder {
		m.Problem = missing
	}
	if link == "" && !f.folder && mayBeInterix(flags, n.Bytes) {
		if link = v.interix(f); link != "" {
			n.FileMode = n.FileMode.Perm() | fs.ModeSymlink
		}
	}
	if n.FileMode&fs.ModeSymlink != 0 {
		m.Target, n.Bytes = link, int64(len(link))
	}
	return n
}
