package vhdtest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// The geometries that real writers gave their disks.
func TestCHS(t *testing.T) {
	for size, want := range map[int64]Geometry{
		4 << 20: {120, 4, 17}, 40 << 20: {963, 5, 17}, 1 << 30: {2080, 16, 63}, 2040 << 30: {65535, 16, 255},
	} {
		if got := CHS(size); got != want {
			t.Errorf("%d bytes: %v, want %v", size, got, want)
		}
	}
}

func TestEveryOffsetOfTheLayoutHoldsItsStructure(t *testing.T) {
	s := Spec{
		Type: Differencing, Size: 3 << 20, BlockSize: 512 << 10, ParentName: "p.vhd",
		Locators: []Locator{
			{Slot: 3, Code: MacX, Data: []byte("file:///p.vhd")},
			{Code: W2ru, Data: UTF16LE(`.\p.vhd`), SpaceInSectors: true, Space: 1024},
			{Slot: 3, Code: W2ku, Data: UTF16LE(`C:\p.vhd`), ClaimLength: new(uint32(7)), ClaimOffset: new(uint64(1 << 60))},
		},
		Batmap:    &Batmap{},
		Blocks:    []Block{{Index: 4, Data: []byte("four")}, {Index: 1, Bitmap: []byte{0x80}, Data: []byte("one")}},
		Placement: Placement{Aligned: true, ExtraEntries: 2, ZeroTablePad: true, Junk: []byte("junk")},
	}
	f := s.Build()
	l := f.Layout
	for off, want := range map[int64]string{
		l.FooterCopy: "conectix", l.Header: "cxsparse", l.BatmapHead: "tdbatmap", l.Footer: "conectix",
		l.Locators[3]: "file:///p.vhd", l.Blocks[0].Data: "four", l.Blocks[1].Data: "one",
		l.Footer + FooterSize: "junk", l.LocatorEntry(0): "W2ru", l.LocatorEntry(4): "W2ku",
		l.Blocks[1].Bitmap: "\x80\x00", l.Entry(0): "\xFF\xFF\xFF\xFF", l.Entry(8): "\x00\x00\x00\x00",
		l.BatmapMap:                         "\x08\x00",
		l.LocatorEntry(0) + LocatorSpace:    "\x00\x00\x00\x02\x00\x00\x00\x0E",
		l.LocatorEntry(4) + LocatorLength:   "\x00\x00\x00\x07\x00\x00\x00\x00\x10\x00",
		l.Header + HeaderParentName:         "\x00p\x00.\x00v",
		l.Header + HeaderMaxEntries:         "\x00\x00\x00\x08\x00\x08\x00\x00",
		l.Blocks[0].Bitmap:                  "\xFF\xFF",
		l.Locators[0]:                       ".\x00\\\x00",
		l.Locators[4]:                       "C\x00:\x00",
		l.LocatorEntry(1):                   "\x00\x00\x00\x00",
		l.LocatorEntry(3) + LocatorOffset:   string(binary.BigEndian.AppendUint64(nil, uint64(l.Locators[3]))),
		l.Entry(4):                          string(binary.BigEndian.AppendUint32(nil, uint32(l.Blocks[0].Bitmap/Sector))),
		l.Header + HeaderTableOffset:        string(binary.BigEndian.AppendUint64(nil, uint64(l.Table))),
		l.FooterCopy + FooterDataOffset:     string(binary.BigEndian.AppendUint64(nil, uint64(l.Header))),
		l.BatmapHead + BatmapOffset:         string(binary.BigEndian.AppendUint64(nil, uint64(l.BatmapMap))),
		l.BatmapHead + BatmapSectors:        "\x00\x00\x00\x01\x00\x01\x00\x02",
		l.Blocks[1].Bitmap + 1:              "\x00",
		l.Footer + FooterCurrentSize:        "\x00\x00\x00\x00\x00\x30\x00\x00",
		l.Footer + FooterType:               "\x00\x00\x00\x04",
		l.LocatorEntry(3) + LocatorReserved: "\x00\x00\x00\x00",
	} {
		if got := string(f.Get(off, len(want))); got != want {
			t.Errorf("at %#x: %q, want %q", off, got, want)
		}
	}
	for _, b := range l.Blocks {
		if b.Data%4096 != 0 {
			t.Errorf("block %d has its data at %#x", b.Index, b.Data)
		}
	}
	if l.Footer%4096 != 7*Sector {
		t.Errorf("the footer stands at %#x", l.Footer)
	}
}

// Windows wrote this file; the builder places a child as it does.
func TestWindowsChildIsPlacedAsWindowsDoes(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "images", "writers", "windows-8-child-empty.vhd")
	real, err := os.ReadFile(path)
	if err != nil {
		t.Skip("no real images in ../shared/images")
	}
	f := WindowsChild(Spec{Type: Differencing, Size: 40 << 20}, "r", "a").Build()
	be := binary.BigEndian
	if got, want := uint64(f.Layout.Table), be.Uint64(real[Sector+HeaderTableOffset:]); got != want {
		t.Errorf("table at %#x, want %#x", got, want)
	}
	want := map[uint32][2]uint64{}
	got := map[uint32][2]uint64{}
	for slot := range 8 {
		collect(want, real[Sector+HeaderLocators+slot*LocatorEntrySize:])
		collect(got, f.Get(f.Layout.LocatorEntry(slot), LocatorEntrySize))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("locators %v, want %v", got, want)
	}
	if f.Size() != int64(len(real)) {
		t.Errorf("%d bytes, want %d", f.Size(), len(real))
	}
}

// collect notes an entry's space and offset under its code.
func collect(m map[uint32][2]uint64, entry []byte) {
	be := binary.BigEndian
	if code := be.Uint32(entry); code != 0 {
		m[code] = [2]uint64{uint64(be.Uint32(entry[LocatorSpace:])), be.Uint64(entry[LocatorOffset:])}
	}
}

func TestFootersOfAllKinds(t *testing.T) {
	for name, c := range map[string]struct {
		place      Placement
		tail, copy bool
		mod        int64
	}{
		"usual":     {Placement{}, true, true, 0},
		"no copy":   {Placement{NoFooterCopy: true}, true, false, 0},
		"no footer": {Placement{NoFooter: true}, false, true, 0},
		"short":     {Placement{ShortFooter: true}, true, true, 511},
		"junk":      {Placement{Junk: []byte{1, 2, 3}}, true, true, 3},
	} {
		f := Spec{Type: Dynamic, Size: 1 << 20, Placement: c.place}.Build()
		if (f.Layout.Footer >= 0) != c.tail || (f.Layout.FooterCopy >= 0) != c.copy || f.Size()%Sector != c.mod {
			t.Errorf("%s: %d bytes, %+v", name, f.Size(), f.Layout)
		}
		if got := bytes.Count(f.Bytes(), []byte("conectix")); got != len(bySign(f.Layout.Footer, f.Layout.FooterCopy)) {
			t.Errorf("%s: %d footers", name, got)
		}
	}
}

// bySign gives the offsets that are present.
func bySign(offsets ...int64) (present []int64) {
	for _, off := range offsets {
		if off >= 0 {
			present = append(present, off)
		}
	}
	return present
}

func TestFixChecksumsRepairsEveryEdit(t *testing.T) {
	good := Spec{
		Type: Dynamic, Size: 40 << 20, Batmap: &Batmap{Version: batmapVersion11, Map: []byte{0xFF, 0x80}},
		Placement: Placement{ShortFooter: true, Junk: []byte("x")},
	}.Build()
	same := good.Clone()
	same.FixChecksums()
	if !bytes.Equal(same.Bytes(), good.Bytes()) {
		t.Error("fixing a good image changes it")
	}
	edited := good.Clone()
	edited.EditFooters(func(b []byte) { b[FooterSavedState] = 1 })
	edited.EditHeader(func(b []byte) { b[HeaderReserved2] = 1 })
	edited.Put(edited.Layout.BatmapMap, []byte{0x7F})
	stale := edited.Bytes()
	edited.FixChecksums()
	fixed := edited.Bytes()
	l := edited.Layout
	for name, at := range map[string]int64{
		"copy": l.FooterCopy + FooterChecksum, "footer": l.Footer + FooterChecksum,
		"header": l.Header + HeaderChecksum, "batmap": l.BatmapHead + BatmapChecksum,
	} {
		if bytes.Equal(stale[at:at+4], fixed[at:at+4]) {
			t.Errorf("%s: the checksum is still % x", name, fixed[at:at+4])
		}
	}
	if want := Checksum(append(fixed[l.Footer:l.Footer+511:l.Footer+511], 0), FooterChecksum); binary.BigEndian.Uint32(fixed[l.Footer+FooterChecksum:]) != want {
		t.Error("the short footer's sum takes in the byte behind it")
	}
	edited.Truncate(600)
	edited.FixChecksums()
	if edited.Size() != 600 {
		t.Errorf("fixing a cut file made it %d bytes long", edited.Size())
	}
}

func TestLSBBitmaps(t *testing.T) {
	f := Spec{Type: Dynamic, Size: 1 << 20, Blocks: []Block{{Sectors: map[int][]byte{0: {1}, 10: {2}}}}, Placement: Placement{LSBBitmaps: true}}.Build()
	if got := f.Get(f.Layout.Blocks[0].Bitmap, 2); !bytes.Equal(got, []byte{0x01, 0x04}) {
		t.Errorf("bitmap % x", got)
	}
}

func TestDescribe(t *testing.T) {
	sector := Pattern(2, 1234567)
	if got := Describe(sector[:]); got != "layer 2 sector 1234567" {
		t.Error(got)
	}
	sector[400] ^= 1
	if got := Describe(sector[:]); got != "layer 2 sector 1234567, damaged" {
		t.Error(got)
	}
	if got := Describe(make([]byte, Sector)); got != "zeros" {
		t.Error(got)
	}
}

// Worked by hand: 0xFF and 0x80 are −1 and −128 where bytes are signed, 255
// and 128 where they are not.
func TestBatmapChecksumOfEitherVersion(t *testing.T) {
	for version, want := range map[uint32]uint32{batmapVersion11: 128, 0x00010002: ^uint32(383)} {
		if got := batmapChecksum([]byte{0xFF, 0x80}, version); got != want {
			t.Errorf("version %#x: %#x, want %#x", version, got, want)
		}
	}
}
