package ntfs

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"

	"vhdscope/vhd/volume/fsys"

	"www.velocidex.com/golang/go-ntfs/parser"
)

const (
	// maxIndex is the longest index of a folder that is read, bytes: of some
	// 400,000 entries, and never more than 800,000.
	maxIndex = 64 << 20
	// indexName is the name of the attributes that index a folder by names.
	indexName = "$I30"
)

// Kinds of names.
const (
	namePOSIX = 0
	nameWin32 = 1
	nameDOS   = 2
)

// list reads the entries of a folder. What can be listed of a damaged one
// comes with the error.
func (v *volume) list(f *file) (*folder, error) {
	l := &lister{v: v, folder: f}
	err := l.root()
	return l.done(), err
}

// lister gathers the entries of a folder.
type lister struct {
	v       *volume
	folder  *file
	entries []entry // those of DOS names among them
}

// root reads the index's root, which lies in the file record, and from it on
// the rest.
func (l *lister) root() error {
	s, err := l.v.stream(l.folder, typeIndexRoot, indexName)
	if err != nil {
		return err
	}
	if s == nil || !s.resident || len(s.content) < 32 {
		return fsys.Damaged(-1, "the folder has no index of names")
	}
	root := l.v.lib.Profile.INDEX_ROOT(bytes.NewReader(s.content), 0)
	if root.Type() != typeFileName {
		return fsys.Damaged(-1, "the folder's index is not one of names")
	}
	err = l.node(s.content, 16, root.Node())
	if large := s.content[16+12]&1 != 0; large {
		if e := l.blocks(int64(root.Idxalloc_size_b())); err == nil {
			err = e
		}
	}
	return err
}

// blocks reads the index blocks that are in use.
func (l *lister) blocks(size int64) error {
	if !powerOfTwo(size) || size < 512 || size > 64<<10 {
		return fsys.Damaged(-1, "the folder's index is of blocks that cannot be")
	}
	s, err := l.v.stream(l.folder, typeIndexAllocation, indexName)
	if s == nil && err == nil {
		err = fsys.Damaged(-1, "the folder has lost its index blocks")
	}
	if err != nil {
		return err
	}
	if s.size > maxIndex {
		return fsys.Unsupported("the folder's index has " + dec(s.size) + " bytes: more than can be listed here")
	}
	used, err := l.usedBlocks(s.size / size)
	if err != nil {
		return err
	}
	r, err := l.v.reader(s, l.v.dev)
	if err != nil {
		return err
	}
	var first error
	chunk := make([]byte, min(s.size, 256<<10)/size*size)
	for at := int64(0); at+size <= s.size; at += int64(len(chunk)) {
		chunk = chunk[:min(int64(len(chunk)), (s.size-at)/size*size)]
		if n, err := r.ReadAt(chunk, at); n < len(chunk) && err != io.EOF {
			return err
		}
		for i := int64(0); i+size <= int64(len(chunk)); i += size {
			n := (at + i) / size
			if used[n/8]>>(n%8)&1 == 0 {
				continue
			}
			if err := l.block(chunk[i : i+size]); err != nil && first == nil {
				first = err
			}
		}
	}
	return first
}

// usedBlocks is the index's $BITMAP, a bit a block.
func (l *lister) usedBlocks(blocks int64) ([]byte, error) {
	s, err := l.v.stream(l.folder, typeBitmap, indexName)
	if err != nil {
		return nil, err
	}
	if s == nil || s.size*8 < blocks {
		return nil, fsys.Damaged(-1, "the folder does not say which of its index blocks are in use")
	}
	r, err := l.v.reader(s, l.v.dev)
	if err != nil {
		return nil, err
	}
	used := make([]byte, (blocks+7)/8)
	if _, err := r.ReadAt(used, 0); err != nil && err != io.EOF {
		return nil, err
	}
	return used, nil
}

// block reads an index block.
func (l *lister) block(b []byte) error {
	bad := func() error { return fsys.Damaged(-1, "an index block of the folder is damaged: entries are missing") }
	usaOffset, usaCount := int64(u16(b, 4)), int64(u16(b, 6))
	if string(b[:4]) != "INDX" || usaCount != 1+int64(len(b))/512 || usaOffset < 40 || usaOffset+2*usaCount > 510 {
		return bad()
	}
	header, err := parser.DecodeSTANDARD_INDEX_HEADER(l.v.lib, bytes.NewReader(b), 0, int64(len(b)))
	if err != nil {
		return bad() // it was written only in part
	}
	node := header.Node()
	fixed := make([]byte, len(b))
	if _, err := node.Reader.ReadAt(fixed, 0); err != nil {
		return bad()
	}
	return l.node(fixed, 24, node)
}

// node reads the entries of a node whose header lies at a place of b.
func (l *lister) node(b []byte, at int64, header *parser.INDEX_NODE_HEADER) error {
	bad := func() error { return fsys.Damaged(-1, "the folder's index is damaged: entries are missing") }
	end := at + int64(header.Offset_to_end_index_entry())
	at += int64(header.Offset_to_index_entry())
	if end > int64(len(b)) || at < 16 || at%8 != 0 {
		return bad()
	}
	r := bytes.NewReader(b)
	for at+16 <= end {
		record := l.v.lib.Profile.INDEX_RECORD_ENTRY(r, at)
		size := int64(record.SizeOfIndexEntry())
		if size < 16 || size%8 != 0 || at+size > end {
			return bad()
		}
		if record.Flags()&2 != 0 {
			return nil // the last one has no name
		}
		if !l.entry(b[at:at+size], reference(u64(b, at)), record.File()) {
			return bad()
		}
		at += size
	}
	return bad() // the last one is missing
}

// entry reads one entry of the index.
func (l *lister) entry(b []byte, ref reference, name *parser.FILE_NAME) bool {
	const header, key = 16, 66
	if len(b) < header+key {
		return false
	}
	k := b[header:]
	length := 2 * int64(k[64])
	if length == 0 || int64(len(k)) < key+length {
		return false
	}
	if l.folder.number == recordRoot && ref.number() < firstUser {
		return true // the file system's own, and the root itself
	}
	text := fsys.Name(decodeName(k[key : key+length]))
	e := entry{
		name: text, ref: ref, kind: k[65],
		created: u64(k, 8), modified: u64(k, 16), changed: u64(k, 24), accessed: u64(k, 32),
		size: int64(name.FilenameSize()), allocated: int64(name.Allocated_size()),
		flags: uint32(name.Flags().Value),
	}
	if e.flags&flagReparse != 0 {
		e.tag = name.Reparse_value()
	}
	if e.size < 0 || e.flags&flagFolder != 0 {
		e.size = 0
	}
	l.entries = append(l.entries, e)
	return true
}

// done is the folder of the entries, by name, each name once, and the DOS
// names where they belong.
func (l *lister) done() *folder {
	entries := joinDOS(l.entries)
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	entries = slices.CompactFunc(entries, func(a, b entry) bool { return a.name == b.name && a.ref == b.ref })
	for i := 1; i < len(entries); i++ {
		if entries[i].name == entries[i-1].name {
			renameTwins(entries)
			break
		}
	}
	return &folder{entries: slices.Clip(entries)}
}

// joinDOS makes of an entry with a DOS name the other name of the entry that
// the file has besides.
func joinDOS(entries []entry) []entry {
	rank := func(e *entry) int { return (int(e.kind) + 3) % 4 } // Win32, DOS, both, POSIX
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.ref, b.ref), cmp.Compare(rank(&a), rank(&b)))
	})
	kept := entries[:0]
	for _, e := range entries {
		if e.kind == nameDOS && len(kept) > 0 {
			if last := &kept[len(kept)-1]; last.ref == e.ref && last.kind == nameWin32 {
				last.short = e.name
				continue
			}
		}
		kept = append(kept, e)
	}
	return kept
}

// renameTwins gives the later of entries of one name a name of their own.
func renameTwins(entries []entry) {
	names := fsys.Names{}
	for _, e := range entries {
		names[e.name] = true
	}
	first := ""
	for i := range entries {
		if name := entries[i].name; i > 0 && name == first {
			entries[i].name = names.Unique(name, "same name")
		} else {
			first = name
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
}
