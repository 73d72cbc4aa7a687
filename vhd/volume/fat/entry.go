package fat

import (
	"fmt"
	"io/fs"
	"time"

	"vhdscope/vhd/volume/fsys"
)

// entrySize is that of a directory entry, in FAT and in exFAT.
const entrySize = 32

// Attributes ("DIR_Attr", "FileAttributes Field").
const (
	attrReadOnly  = 0x01
	attrHidden    = 0x02
	attrSystem    = 0x04
	attrLabel     = 0x08 // not of exFAT
	attrDirectory = 0x10
	attrArchive   = 0x20
)

// entry is a file or folder, and an [fs.DirEntry]. It is made small: folders
// have 100,000 of them.
type entry struct {
	v          *volume
	name       string
	short      [shortSize]byte // its 8.3 name where name is another; zeros for none
	size       int64           // 0 of a folder of FAT
	valid      int64           // how much of it was ever written; the rest is zeros
	first      uint32          // cluster; 0 for none
	attributes uint8
	contiguous bool // the FAT has no chain for it
	deleted    bool

	created, modified, accessed stamp

	problem error // why it cannot be read
}

// place is where a folder lies; of FAT12's and FAT16's root all is zero.
type place struct {
	first      uint32
	size       int64 // bytes; 0 where only its chain tells
	contiguous bool
	deleted    bool
}

func (e *entry) place() place { return place{e.first, e.size, e.contiguous, e.deleted} }

// Name implements [fs.DirEntry].
func (e *entry) Name() string { return e.name }

// IsDir implements [fs.DirEntry].
func (e *entry) IsDir() bool { return e.attributes&attrDirectory != 0 }

// Type implements [fs.DirEntry].
func (e *entry) Type() fs.FileMode { return e.mode().Type() }

// Info implements [fs.DirEntry].
func (e *entry) Info() (fs.FileInfo, error) { return e.node(), nil }

func (e *entry) mode() fs.FileMode {
	switch {
	case e.IsDir():
		return fs.ModeDir | 0o755
	case e.attributes&attrReadOnly != 0:
		return 0o444
	}
	return 0o644
}

func (e *entry) node() *fsys.Node {
	n := &fsys.Node{Base: e.name, FileMode: e.mode(), Meta: fsys.Meta{
		Attributes: attributeLetters(e.attributes),
		Allocated:  -1,
		Deleted:    e.deleted,
		Problem:    e.problem,
	}}
	if e.short != ([shortSize]byte{}) {
		n.Meta.Short = fsys.Name(e.v.shortName(e.short[:]))
	}
	if !e.IsDir() {
		n.Bytes = e.size
		n.Meta.Links = 1
	}
	if e.problem == nil {
		n.Meta.ID = uint64(e.first)
	}
	if !e.deleted {
		if count, ok := e.v.clustersOf(e.size); ok && (e.size > 0 || !e.IsDir()) {
			n.Meta.Allocated = int64(count) * e.v.cluster
		}
	}
	for _, t := range []struct {
		to   *time.Time
		from stamp
	}{{&n.Meta.Created, e.created}, {&n.Modified, e.modified}, {&n.Meta.Accessed, e.accessed}} {
		when, local := t.from.time()
		*t.to = when
		n.Meta.Local = n.Meta.Local || local
	}
	return n
}

// attributeLetters is attributes as Windows' attrib names them.
func attributeLetters(attributes uint8) string {
	s := ""
	for _, a := range []struct {
		bit    uint8
		letter string
	}{{attrReadOnly, "R"}, {attrHidden, "H"}, {attrSystem, "S"}, {attrArchive, "A"}} {
		if attributes&a.bit != 0 {
			s += a.letter
		}
	}
	return s
}

// check says what is wrong with an entry before the FAT is asked.
func (e *entry) check() error {
	v := e.v
	if e.first == 0 && e.size == 0 && (v.exFAT || !e.IsDir()) {
		return nil
	}
	if !v.has(e.first) {
		return v.badLink(0, e.first)
	}
	n, ok := v.clustersOf(e.size)
	if !ok || e.contiguous && int64(e.first)-2+int64(n) > int64(v.clusters) {
		return fsys.Damaged(-1, fmt.Sprintf("its %d bytes from cluster %d on are more than the volume has", uint64(e.size), e.first))
	}
	if e.IsDir() && e.size > maxFolder {
		return fsys.Damaged(-1, fmt.Sprintf("it is a folder of %d bytes: at most %d are possible", e.size, maxFolder))
	}
	return nil
}
