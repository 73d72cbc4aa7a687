// Package ntfs looks into volumes of NTFS, through the lower calls of
// www.velocidex.com/golang/go-ntfs: those that decode one structure out of
// bytes at hand. Which bytes these are, where they lie, and whether their
// numbers can be, is settled here, before and after each call.
//
// Names are the Win32 ones; a DOS name is the same entry's other name. Files
// are told apart by case. The file system's own files ($MFT, $LogFile, …) are
// not listed: [fsys.Mapping] tells where they lie. Not read, and said so,
// are files encrypted by EFS, compressed by CompactOS (WOF), deduplicated or
// kept elsewhere. The journal is never replayed.
//
// What is known of deleted files is a guess: their records and clusters are
// what was left, and nothing says that it is whole.
package ntfs

import (
	"io"
	"sort"
	"strconv"
	"strings"
	"sync"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"

	"www.velocidex.com/golang/go-ntfs/parser"
)

// Numbers of the first file records.
const (
	recordMFT     = 0
	recordLogFile = 2
	recordVolume  = 3
	recordRoot    = 5
	recordBitmap  = 6
	recordBad     = 8
	recordExtend  = 11
	firstUser     = 16 // the records before are the file system's own
)

// volume is a mounted one. What it reads through its device, and what it
// keeps, is touched only in the device's Do.
type volume struct {
	*geometry
	dev        *device.Device
	lib        *parser.NTFSContext // its Profile only: the rest of it reads on its own
	about      fsys.About
	mft        io.ReaderAt // through the device
	mftExtents []fsys.Extent
	records    int64 // how many the $MFT has room for
	mirrorUsed bool
	unclean    bool  // the journal was not replayed
	parsed     int64 // file records, so far
	root       reference
	folders    folderCache // listed folders
	lost       folderCache // what was deleted from folders

	scanning sync.Mutex
	scan     *scan // of all file records; nil before it was needed
}

var _ interface {
	fsys.Remembering
	fsys.Mapping
} = (*volume)(nil)

// Open mounts a volume of NTFS of size bytes. Errors are *[fsys.Error], or
// those of r.
func Open(r io.ReaderAt, size int64) (fsys.FS, error) {
	v := &volume{
		dev: device.New(r, size),
		lib: &parser.NTFSContext{Profile: parser.NewNTFSProfile()},

		folders: folderCache{most: 1 << 18},
		lost:    folderCache{most: maxDeleted},
	}
	err := v.dev.Do(func() error {
		var err error
		if v.geometry, err = readGeometry(v.dev, size); err != nil {
			return err
		}
		if err := v.findMFT(); err != nil {
			return err
		}
		v.root = v.own(recordRoot)
		return nil
	})
	if err != nil {
		return nil, err
	}
	v.describe()
	v.noteHibernation()
	return v, nil
}

// findMFT finds all of the $MFT. Its first record says where the first part
// of it lies; where there are more, they are named in records of the parts
// before.
func (v *volume) findMFT() error {
	const most = 1 << 16 // records read: a part could tell of one record each
	v.setMFT([]fsys.Extent{{Length: v.record, Start: v.geometry.mft}})
	for {
		first, err := v.readRecord(recordMFT)
		if err != nil {
			return err
		}
		f := v.gather(first)
		s, err := v.stream(f, typeData, "")
		if s == nil {
			if err == nil {
				err = fsys.Damaged(v.geometry.mft, "the $MFT does not say where it lies")
			}
			return err
		}
		if s.resident || s.unit != 0 || s.encrypted {
			return fsys.Damaged(v.geometry.mft, "the $MFT does not say where it lies")
		}
		known := s.covered(v.cluster)
		s.size, s.initialized = min(s.size, known), min(s.initialized, known)
		grown := s.initialized/v.record > v.records
		v.setMFT(v.extents(s))
		if err == nil {
			return nil
		}
		if !grown || v.parsed > most {
			v.note("The $MFT is known only in part (" + err.Error() + "): files may be missing.")
			return nil
		}
	}
}

func (v *volume) setMFT(extents []fsys.Extent) {
	size := int64(0)
	for _, e := range extents {
		if e.Start < 0 {
			break // the $MFT has no holes; what is not initialized is no record
		}
		size = e.Offset + e.Length
	}
	v.records = size / v.record
	v.mftExtents = extents
	v.mft = fsys.NewMapped(&fsys.Node{Bytes: size}, v.dev, extents)
}

// mftPlace is where a byte of the $MFT lies in the volume, -1 for none.
func (v *volume) mftPlace(off int64) int64 {
	i := sort.Search(len(v.mftExtents), func(i int) bool {
		return v.mftExtents[i].Offset+v.mftExtents[i].Length > off
	})
	if i == len(v.mftExtents) || v.mftExtents[i].Start < 0 {
		return -1
	}
	return v.mftExtents[i].Start + off - v.mftExtents[i].Offset
}

// describe finds out what the volume says of itself. What of that cannot be
// read is no reason not to read the rest.
func (v *volume) describe() {
	v.about = fsys.About{
		Type:    "NTFS",
		UUID:    strings.ToUpper(hex16(v.serial)),
		Cluster: v.cluster,
		Notes:   v.about.Notes,
	}
	if v.backup {
		v.note("The boot sector is damaged; its copy at the end of the volume was used.")
	}
	if v.stated > v.dev.Size() {
		v.note("The volume should have " + dec(v.stated) + " bytes and has " + dec(v.dev.Size()) + ": what lay behind is missing.")
	}
	if err := v.dev.Do(v.label); err != nil {
		v.note("The volume's label and state cannot be read: " + err.Error() + ".")
	}
	if err := v.dev.Do(v.journal); err != nil {
		v.note("The journal cannot be read: " + err.Error() + ".")
	}
	if v.mirrorUsed {
		v.note("The beginning of the $MFT is damaged; its copy in the $MFTMirr was used.")
	}
}

// label reads the file $Volume.
func (v *volume) label() error {
	f, err := v.readFile(v.own(recordVolume))
	if err != nil {
		return err
	}
	for _, a := range f.attributes {
		switch {
		case a.kind == typeVolumeName && a.resident:
			v.about.Label = strings.ToValidUTF8(decodeName(a.content), "\uFFFD")
		case a.kind == typeVolumeInformation && len(a.content) >= 12 && u16(a.content, 10)&1 != 0:
			v.note("The volume is marked as dirty: Windows would check it before use.")
		}
	}
	return nil
}

func (v *volume) note(s string) { v.about.Notes = append(v.about.Notes, s) }

// own is the reference of one of the first file records.
func (v *volume) own(number int64) reference {
	r, err := v.readRecord(number)
	if err != nil {
		return reference(number)
	}
	return r.reference()
}

// About implements [fsys.FS].
func (v *volume) About() fsys.About { return v.about }

func hex16(n uint64) string {
	s := strconv.FormatUint(n, 16)
	return strings.Repeat("0", 16-len(s)) + s
}
