package iso

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"vhdscope/vhd/volume/fsys"
)

var le, be = binary.LittleEndian, binary.BigEndian

const (
	// DescriptorStart is where the volume descriptors begin, and sectorSize
	// how long each is; records do not cross that boundary either.
	DescriptorStart = 32 << 10
	sectorSize      = 2048
	maxDescriptors  = 32
)

// descriptors are those of a volume. ECMA-119, 8.
type descriptors struct {
	primary []byte // nil for none
	joliet  []byte // nil for none
	udf     bool   // it is a UDF volume too
	end     int64  // where they end, in the volume
}

// parseDescriptors reads the descriptors that begin at DescriptorStart.
func parseDescriptors(b []byte) descriptors {
	d := descriptors{end: DescriptorStart}
	for ; len(b) >= sectorSize; b = b[sectorSize:] {
		sector := b[:sectorSize]
		switch id := string(sector[1:6]); {
		case id == "CD001" && sector[0] == 1 && d.primary == nil:
			d.primary = sector
		case id == "CD001" && sector[0] == 2 && isJoliet(sector):
			d.joliet = sector
		case id == "NSR02", id == "NSR03":
			d.udf = true
		case id == "CD001", id == "BEA01", id == "TEA01", id == "BOOT2":
		default:
			return d
		}
		d.end += sectorSize
	}
	return d
}

// isJoliet tells whether a supplementary descriptor's text is UCS-2.
func isJoliet(sector []byte) bool {
	switch string(sector[88:91]) {
	case "%/@", "%/C", "%/E":
		return true
	}
	return false
}

// Describe tells the label of a volume and what serves as its UUID: the time,
// to a hundredth of a second, at which it was changed or made. It takes the
// bytes from [DescriptorStart] on; ok tells whether they are of such a volume.
func Describe(b []byte) (label, uuid string, ok bool) {
	d := parseDescriptors(b)
	if d.primary == nil {
		return "", "", false
	}
	label = strings.TrimRight(text(d.primary[40:72]), " ")
	if d.joliet != nil && len(label) <= 16 {
		// Joliet has Unicode, but only half as many characters.
		if unicode := strings.TrimRight(ucs2(d.joliet[40:72]), " "); unicode != "" {
			label = unicode
		}
	}
	for _, at := range []int{830, 813} {
		t := string(d.primary[at : at+16])
		if strings.Trim(t, "0") != "" && strings.Trim(t, "0123456789") == "" {
			uuid = strings.Join([]string{t[:4], t[4:6], t[6:8], t[8:10], t[10:12], t[12:14], t[14:]}, "-")
			break
		}
	}
	return label, uuid, true
}

// text is text up to a NUL.
func text(b []byte) string {
	s, _, _ := strings.Cut(string(b), "\x00")
	if s == "" {
		return ""
	}
	return fsys.Name(s)
}

// ucs2 is text of two bytes a character, or four: newer writers use UTF-16.
func ucs2(b []byte) string {
	var units []uint16
	for ; len(b) >= 2; b = b[2:] {
		u := be.Uint16(b)
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}

// Open opens the volume of size bytes. Its errors are *[fsys.Error].
func Open(r io.ReaderAt, size int64) (fsys.FS, error) {
	b := make([]byte, max(0, min(maxDescriptors*sectorSize, size-DescriptorStart)))
	n, err := r.ReadAt(b, DescriptorStart)
	if n < len(b) && err != nil && err != io.EOF {
		return nil, &fsys.Error{Kind: fsys.ErrDamaged, Offset: DescriptorStart, Msg: "the volume descriptors cannot be read", Err: err}
	}
	b = b[:n]
	d := parseDescriptors(b)
	if d.primary == nil {
		return nil, fsys.Damaged(DescriptorStart, "there is no primary volume descriptor")
	}
	v := &volume{r: r, size: size, descriptors: d, kept: map[place]*folder{}}
	v.block = int64(le.Uint16(d.primary[128:]))
	if v.block < 512 || v.block > sectorSize || v.block&(v.block-1) != 0 {
		return nil, fsys.Damaged(DescriptorStart, fmt.Sprintf("the volume has blocks of %d bytes; they have 512, 1024 or 2048", v.block))
	}
	v.discs, v.disc = le.Uint16(d.primary[120:]), le.Uint16(d.primary[124:])
	v.about.Type, v.about.Cluster = "ISO 9660", v.block
	v.about.Label, v.about.UUID, _ = Describe(b)
	if err := v.chooseTree(); err != nil {
		return nil, err
	}
	if claimed := int64(le.Uint32(d.primary[80:])) * v.block; claimed > size {
		v.note(fmt.Sprintf("The volume says that it has %d bytes; only %d are there. Files behind its end cannot be read.", claimed, size))
	}
	if d.udf {
		v.note("The volume is UDF too. Only what its ISO 9660 part lists is shown; large files may be missing in that.")
	}
	return v, nil
}

func (v *volume) note(text string) { v.about.Notes = append(v.about.Notes, text) }

// chooseTree takes the primary folders where Rock Ridge completes them, else
// those of Joliet, else the primary ones as they are.
func (v *volume) chooseTree() error {
	const rootRecord = 156
	primary, primaryErr := v.rootOf(v.descriptors.primary[rootRecord:], DescriptorStart+rootRecord)
	if primaryErr == nil {
		v.findRockRidge(primary)
	}
	if v.descriptors.joliet != nil && !v.rockRidge {
		root, err := v.rootOf(v.descriptors.joliet[rootRecord:], DescriptorStart+rootRecord)
		if err == nil {
			v.joliet, v.root = true, v.rootEntry(root)
			return nil
		}
		v.note("The folders of Joliet cannot be read; names are the short ones of ISO 9660.")
	}
	if primaryErr != nil {
		return primaryErr
	}
	v.root = v.rootEntry(primary)
	return nil
}

// rootOf is where the root folder lies, by its record in a descriptor.
func (v *volume) rootOf(b []byte, at int64) (place, error) {
	r, _, err := parseRecord(b[:34], at)
	if err != nil {
		return place{}, err
	}
	if start := r.block * v.block; start >= v.size || r.flags&flagFolder == 0 {
		return place{}, fsys.Damaged(at, "the root folder does not lie in the volume")
	}
	return place{start: r.block * v.block, size: int64(r.size)}, nil
}

func (v *volume) rootEntry(p place) *entry {
	e := &entry{place: p}
	e.Base, e.FileMode = ".", folderMode
	e.Meta.ID, e.Meta.Allocated = p.id(), p.size
	return e
}
