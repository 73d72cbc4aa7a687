// Package fsys says what a file system in a volume is to whoever looks into
// it: an [io/fs.FS] whose files tell where their bytes lie.
//
// Each kind of file system has an adapter in a package of its own. Paths are
// those of io/fs: "a/b", and "." for the root. Links are told of and never
// followed. Images are hostile: whatever an adapter reads is checked against
// the volume before it is used, and damage is an error of the file or folder
// that has it, never an empty folder or zeros.
package fsys

import (
	"io"
	"io/fs"
	"time"
)

// FS is a mounted file system. Its methods may be called concurrently.
//
// Stat and the entries of ReadDir tell of a link itself. What a FileInfo's Sys
// returns is a *[Meta]. ReadDir lists what lives; see [Remembering] for what
// was deleted. Open returns a [File] for every regular file.
type FS interface {
	fs.ReadDirFS
	fs.StatFS
	About() About
}

// About is what a volume says of itself.
type About struct {
	Type        string   // as its users name it: "NTFS", "ext4", "FAT32"
	Label, UUID string   // "" where it has none; UUID as its own tools write it
	Cluster     int64    // its unit of allocation, bytes; 0 where it has none
	Notes       []string // what a person should know: "The journal was not replayed: …"
}

// Remembering is a file system that still knows deleted files. What they hold
// is a guess: it is given only where nothing else is known to lie there now.
type Remembering interface {
	FS
	// Deleted lists what was deleted from a folder. Names are unique among
	// these and the folder's living ones, and can be opened as those can.
	Deleted(name string) ([]fs.DirEntry, error)
}

// Mapping is a file system that can tell what lies where no file does.
type Mapping interface {
	FS
	// Structures calls yield for each run of the volume that belongs to no
	// file, in any order, until it returns false: tables, journals, and what
	// is free.
	Structures(yield func(Structure) bool) error
}

// Structure is a run of a volume, in bytes. Name is a term of the file
// system's: "FAT 1", "inode table of group 3"; [Free] where nothing is.
type Structure struct {
	Name          string
	Start, Length int64
}

// Free is the name of a structure that is none.
const Free = "free space"

// Meta is what is known of a file or folder besides name, size, mode and time
// of the last change.
type Meta struct {
	// ID stays the same when the file is renamed or its content changes, and
	// is shared by the names of one file. 0 where the file system has nothing
	// of the kind.
	ID uint64

	Links                      int       // names of this file; 0 where that is not known
	Created, Changed, Accessed time.Time // zero where not kept; Changed is of these data
	Local                      bool      // times are of a clock in a zone that is not kept, and written as if of UTC
	Attributes                 string    // as its users write them: "rwxr-xr-x", "RHSA"
	Owner                      string    // user and group as their numbers: "1000:100"; "" where not kept
	Allocated                  int64     // bytes of the volume; -1 where not known
	Short                      string    // another name of the same entry: "LONGNA~1.TXT"
	Target                     string    // of a link
	Streams                    []Stream  // besides the content; opened as "name:stream"
	Deleted                    bool
	Problem                    error // why the content cannot be read, where that is known before it is tried
}

// Stream is a named stream of a file.
type Stream struct {
	Name string
	Size int64
}

// MetaOf is what is known of a file of an [FS].
func MetaOf(info fs.FileInfo) *Meta {
	if m, ok := info.Sys().(*Meta); ok {
		return m
	}
	return &Meta{Allocated: -1}
}

// File is an open regular file.
type File interface {
	fs.File
	io.ReaderAt
	// Extents are where its bytes lie, in order and without gaps up to its
	// size.
	Extents() ([]Extent, error)
}

// Extent is a run of a file's bytes in the volume.
type Extent struct {
	Offset, Length int64 // in the file, bytes
	Start          int64 // in the volume, bytes; -1 where it has none: zeros
	// Stored is how many bytes of the volume hold this run where they are not
	// the file's own bytes one by one: those of a compressed run, or of a
	// block shared with other files. 0 elsewhere.
	Stored int64
}

// Volume is the run of the volume that holds the extent; length 0 where none
// does.
func (e Extent) Volume() (start, length int64) {
	switch {
	case e.Start < 0:
		return 0, 0
	case e.Stored > 0:
		return e.Start, e.Stored
	}
	return e.Start, e.Length
}
