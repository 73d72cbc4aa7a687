package ntfs

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"vhdscope/vhd/volume/fsys"

	"www.velocidex.com/golang/go-ntfs/parser"
)

// maxRecord is the largest file record that is read, bytes. NTFS makes them
// of 1024 or 4096.
const maxRecord = 4096

// Types of attributes.
const (
	typeStandardInformation = 0x10
	typeAttributeList       = 0x20
	typeFileName            = 0x30
	typeVolumeName          = 0x60
	typeVolumeInformation   = 0x70
	typeData                = 0x80
	typeIndexRoot           = 0x90
	typeIndexAllocation     = 0xA0
	typeBitmap              = 0xB0
	typeReparsePoint        = 0xC0
	typeEnd                 = 0xFFFFFFFF
)

// reference names a file record: its number, and in the upper 16 bits how
// often it was used.
type reference uint64

const recordMask = 1<<48 - 1

func (r reference) number() int64 { return int64(r & recordMask) }
func (r reference) seq() uint16   { return uint16(r >> 48) }

// record is a file record of the $MFT.
type record struct {
	number       int64
	seq          uint16
	used, folder bool
	base         reference // of the file whose further attributes these are; 0 for none
	attributes   []attribute
}

func (r *record) reference() reference {
	return reference(r.number) | reference(r.seq)<<48
}

// is says whether the record is the one that was referred to. A record's use
// is counted on when it is freed.
func (r *record) is(ref reference) bool {
	return r.seq == ref.seq() || !r.used && r.seq == ref.seq()+1
}

// attribute is one of a record, or a part of one: of those that do not fit
// into a record, each part has the run list of some clusters.
type attribute struct {
	kind     uint32
	name     string
	resident bool

	content []byte // of a resident one
	place   int64  // of the content in the $MFT, bytes

	first                        int64 // cluster of the attribute that this part begins with
	size, initialized, allocated int64 // in the first part only
	compressed, sparse           bool
	encrypted                    bool
	exponent                     uint16 // of the clusters of a compression unit
	runs                         []run
}

// parseRecord reads one file record out of the bytes that hold it, which it
// changes: it puts back what the update sequence took out.
func (v *volume) parseRecord(b []byte, number int64) (*record, error) {
	v.parsed++
	bad := func(msg string) error { return fsys.Damaged(v.mftPlace(number*v.record), msg) }
	switch string(b[:4]) {
	case "FILE":
	case "BAAD":
		return nil, bad("file record " + dec(number) + " was found damaged by a check before")
	case "\x00\x00\x00\x00":
		return nil, bad("file record " + dec(number) + " was never written")
	default:
		return nil, bad("file record " + dec(number) + " is overwritten by something else")
	}
	size := int64(len(b))
	usaOffset, usaCount := int64(u16(b, 4)), int64(u16(b, 6))
	if usaCount != 1+size/512 || usaOffset < 40 || usaOffset+2*usaCount > 510 || int64(u32(b, 28)) != size {
		return nil, bad("file record " + dec(number) + " has a damaged header")
	}
	// With these numbers the library's fixing up stays in the record.
	fixed, err := parser.FixUpDiskMFTEntry(v.lib.Profile.MFT_ENTRY(bytes.NewReader(b), 0))
	if err != nil {
		return nil, &fsys.Error{Kind: fsys.ErrDamaged, Offset: v.mftPlace(number * v.record), Msg: "file record " + dec(number) + " was written only in part"}
	}
	if _, err := fixed.ReadAt(b, 0); err != nil {
		return nil, err
	}
	header := v.lib.Profile.MFT_ENTRY(bytes.NewReader(b), 0)
	flags := u16(b, 22)
	r := &record{
		number: number,
		seq:    header.Sequence_value(),
		used:   flags&1 != 0,
		folder: flags&2 != 0,
		base:   reference(header.Base_record_reference()),
	}
	end := int64(u32(b, 24))
	at := int64(header.Attribute_offset())
	if end > size || at < usaOffset+2*usaCount || at%8 != 0 {
		return nil, bad("file record " + dec(number) + " has a damaged header")
	}
	for {
		if at+4 > end {
			return nil, bad("the attributes of file record " + dec(number) + " have no end")
		}
		if u32(b, at) == typeEnd {
			return r, nil
		}
		a, length, ok := v.parseAttribute(b[:end], at)
		if !ok {
			return nil, bad("file record " + dec(number) + " has a damaged attribute")
		}
		a.place += number * v.record
		r.attributes = append(r.attributes, a)
		at += length
	}
}

// parseAttribute reads the attribute at a place of a record.
func (v *volume) parseAttribute(b []byte, at int64) (a attribute, length int64, ok bool) {
	room := int64(len(b)) - at
	if room < 24 {
		return a, 0, false
	}
	lib := v.lib.Profile.NTFS_ATTRIBUTE(bytes.NewReader(b), at)
	length = int64(lib.Length())
	if length < 24 || length > room || length%8 != 0 {
		return a, 0, false
	}
	b = b[at : at+length]
	nameLength, nameOffset := int64(b[9])*2, int64(u16(b, 10))
	if nameLength > 0 && nameOffset+nameLength > length {
		return a, 0, false
	}
	if nameLength > 0 {
		a.name = decodeName(b[nameOffset : nameOffset+nameLength])
	}
	flags := uint64(*lib.Flags())
	a.kind = u32(b, 0)
	a.compressed, a.encrypted, a.sparse = flags&0xFF != 0, flags&0x4000 != 0, flags&0x8000 != 0
	if lib.Resident().Value > 1 {
		return a, 0, false
	}
	if lib.IsResident() {
		from, size := int64(lib.Content_offset()), int64(lib.Content_size())
		if from+size > length {
			return a, 0, false
		}
		a.resident = true
		a.content, a.place = b[from:from+size:from+size], at+from
		a.size, a.initialized = size, size
		return a, length, true
	}
	if length < 64 || int64(lib.Runlist_offset()) < 64 || int64(lib.Runlist_offset()) > length {
		return a, 0, false
	}
	a.exponent = lib.Compression_unit_size()
	a.first = int64(lib.Runlist_vcn_start())
	if a.first == 0 {
		a.allocated, a.size, a.initialized = int64(lib.Allocated_size()), int64(lib.Actual_size()), int64(lib.Initialized_size())
		if a.size < 0 || a.initialized < 0 || a.initialized > a.size || a.allocated < 0 {
			return a, 0, false
		}
		if a.exponent != 0 && length >= 72 && int64(lib.Runlist_offset()) >= 72 {
			a.allocated = int64(u64(b, 64)) // what is really taken, of compressed and sparse ones
		}
	}
	count := int64(lib.Runlist_vcn_end()) + 1 - a.first
	a.runs, ok = v.runs(lib, b[lib.Runlist_offset():], a.first, count)
	return a, length, ok
}

// decodeName is a name in UTF-16 as UTF-8. Surrogates that stand alone, which
// NTFS allows and the library makes one and the same sign of, are kept as the
// three bytes that they would be, so that names stay different.
func decodeName(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	out := make([]byte, 0, len(units)+len(units)/2)
	for i := 0; i < len(units); i++ {
		u := units[i]
		if !utf16.IsSurrogate(rune(u)) {
			out = utf8.AppendRune(out, rune(u))
			continue
		}
		if i+1 < len(units) {
			if r := utf16.DecodeRune(rune(u), rune(units[i+1])); r != utf8.RuneError {
				out = utf8.AppendRune(out, r)
				i++
				continue
			}
		}
		out = append(out, 0xE0|byte(u>>12), 0x80|byte(u>>6)&0x3F, 0x80|byte(u)&0x3F)
	}
	return string(out)
}

func u16(b []byte, at int64) uint16 { return binary.LittleEndian.Uint16(b[at:]) }
func u32(b []byte, at int64) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
func u64(b []byte, at int64) uint64 { return binary.LittleEndian.Uint64(b[at:]) }
