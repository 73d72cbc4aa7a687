package vhd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// maxFuzzInput bounds the files that the fuzzer is given: enough for all
// structures and a few blocks.
const maxFuzzInput = 64 << 10

// fuzzSeeds are small images of every kind, good and odd.
func fuzzSeeds() [][]byte {
	list := []*vhdtest.File{
		fixedImage(), goodImage(), tableImage(), child(nil), batmapImage(&vhdtest.Batmap{}),
		batmapImage(&vhdtest.Batmap{Map: []byte{0xF0}}), batmapImage(&vhdtest.Batmap{Version: 0x00010001}),
		child(func(s *vhdtest.Spec) {
			s.Locators = []vhdtest.Locator{vhdtest.Relative(`..\é😀.vhd`), vhdtest.Absolute(`C:\p.vhd`), vhdtest.FileURL("localhost", "/a b.vhd"),
				vhdtest.RelativeANSI([]byte("\xe9.vhd")), vhdtest.AbsoluteANSI([]byte(`C:\p.vhd`)), {Code: vhdtest.Mac, Data: []byte("alias")}, {Code: 1}}
			s.Blocks = []vhdtest.Block{{Data: pattern(1, 0), Bitmap: []byte{0x81}}}
		}),
		vhdtest.WindowsChild(vhdtest.Spec{Type: vhdtest.Differencing, Size: 8192, BlockSize: 4096, ParentUUID: vhdtest.ID("p")}, `.\p.vhd`, `C:\p.vhd`).Build(),
		vhdtest.Spec{Type: vhdtest.Dynamic, Size: 3000, BlockSize: 512, Blocks: []vhdtest.Block{{Index: 5, Data: []byte("end"), Stored: 512}, {Index: 0}},
			Placement: vhdtest.Placement{ShortFooter: true}}.Build(),
		vhdtest.Spec{Type: vhdtest.Dynamic, Size: 8192, BlockSize: 4096, Placement: vhdtest.Placement{NoFooter: true, ExtraEntries: 5, ZeroTablePad: true}}.Build(),
		vhdtest.Spec{Type: vhdtest.Dynamic, Size: 8192, BlockSize: 4096, Placement: vhdtest.Placement{Junk: make([]byte, 600)}}.Build(),
	}
	var seeds [][]byte
	for _, f := range list {
		if f.Size() <= maxFuzzInput {
			seeds = append(seeds, f.Bytes())
		}
	}
	return seeds
}

func FuzzFooter(f *testing.F) {
	for _, seed := range fuzzSeeds() {
		f.Add(seed[len(seed)-512:])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		b = ofSize(b, footerSize)
		footer := parseFooter(b)
		_ = footer.CreatorText() + footer.Geometry.String() + footer.Created.String() + footer.Type.String() + footer.UUID.GUID()
		want, ok := footerSum(b)
		binary.BigEndian.PutUint32(b[footerChecksumAt:], want)
		if _, again := footerSum(b); !again || want != vhdtest.Checksum(b, footerChecksumAt) {
			t.Errorf("sum %#x, good before: %t, after it was set: %t", want, ok, again)
		}
		im, err := Open(bytes.NewReader(b), int64(len(b)))
		if err == nil && im.Type() != Fixed {
			t.Errorf("a footer alone opens as %s", im.Type())
		}
	})
}

// ofSize copies b, cut or filled up with zeros: a fuzzer's input must not be
// written to.
func ofSize(b []byte, size int) []byte {
	c := make([]byte, size)
	copy(c, b)
	return c
}

func FuzzHeader(f *testing.F) {
	for _, seed := range fuzzSeeds() {
		if len(seed) > 1536 && string(seed[512:520]) == headerCookie {
			f.Add(seed[512:1536])
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		b = ofSize(b, headerSize)
		h := parseHeader(b)
		if h.TableOffset != binary.BigEndian.Uint64(b[0x10:]) || h.Locators[7].Offset != binary.BigEndian.Uint64(b[0x2F8:]) {
			t.Error("fields are not where they should be")
		}
		for _, l := range h.Locators {
			if n, ok := l.spaceBytes(); ok && (n < 0 || n%SectorSize != 0) {
				t.Errorf("space %d becomes %d", l.Space, n)
			}
		}
		image := child(nil)
		image.Put(image.Layout.Header, b)
		openAndUse(t, image.Bytes())
	})
}

func FuzzLocator(f *testing.F) {
	for _, seed := range []struct {
		code uint32
		data []byte
	}{
		{vhdtest.W2ru, vhdtest.UTF16LE(`.\é😀.vhd`)}, {vhdtest.W2ku, vhdtest.UTF16BE(`C:\p.vhd`)}, {vhdtest.W2ru, []byte{0x3D, 0xD8, 1}},
		{vhdtest.MacX, []byte("file://localhost/a%20b%zz%")}, {vhdtest.MacX, []byte("file://./\xff\x00x")}, {vhdtest.MacX, []byte("FILE://host")},
		{vhdtest.Wi2r, []byte("..\\\x80\x81.vhd")}, {vhdtest.Mac, []byte("x")}, {7, nil},
	} {
		f.Add(seed.code, seed.data, "dir/child.vhd")
	}
	f.Fuzz(func(t *testing.T, code uint32, data []byte, path string) {
		if len(data) > 8192 || len(path) > 4096 {
			return
		}
		im := mustOpen(t, locators(vhdtest.Locator{Code: code, Data: data}))
		visit(im)
		for _, l := range im.Locators() {
			if !bytes.Equal(l.Data, data) {
				t.Errorf("data % x became % x", data, l.Data)
			}
		}
		for _, n := range im.ParentNames() {
			p := splitPath(n.Text)
			for _, part := range p.from(splitPath(path)).parts {
				if part == "" || part == "." {
					t.Errorf("%q has the part %q", n.Text, part)
				}
			}
			if !sameName(n.Text, n.Text) {
				t.Errorf("%q is not its own name", n.Text)
			}
		}
		im.NamesParent(path)
	})
}

func FuzzOpen(f *testing.F) {
	for _, seed := range fuzzSeeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) <= maxFuzzInput {
			openAndUse(t, b)
		}
	})
}

// openAndUse opens a file and does with it whatever can be done.
func openAndUse(t *testing.T, b []byte) {
	t.Helper()
	size := int64(len(b))
	im, err := Open(bytes.NewReader(b), size)
	if err != nil {
		var e *FormatError
		if !errors.As(err, &e) || e.Rule == "" || e.Msg == "" || !errors.Is(err, ErrNotVHD) && !errors.Is(err, ErrFormat) || e.Offset < -1 || e.Offset > size {
			t.Fatalf("error %#v", err)
		}
		return
	}
	visit(im)
	for _, found := range im.Findings() {
		if found.Rule == "" || found.Message == "" || found.Offset < -1 || found.Length < 0 {
			t.Errorf("finding %+v", found)
		}
	}
	for _, s := range im.Structures() {
		if s.Offset < 0 || s.Length < 0 || s.Offset+s.Length > size+1 { // a 511-byte footer is taken for 512
			t.Errorf("structure %s at %d+%d of %d", s.Name, s.Offset, s.Length, size)
		}
		for _, field := range s.Fields {
			if field.Offset < s.Offset || field.Offset+int64(len(field.Raw)) > s.Offset+s.Length {
				t.Errorf("%s: field %s at %d+%d", s.Name, field.Name, field.Offset, len(field.Raw))
			}
		}
	}
	d := mustDisk(t, im)
	use(t, d, []io.ReaderAt{bytes.NewReader(b)})
	if err := im.CheckBatmap(context.Background(), nil); err != nil {
		var e *FormatError
		if !errors.As(err, &e) {
			t.Errorf("CheckBatmap: %v", err)
		}
	}
	use(t, d, []io.ReaderAt{bytes.NewReader(b)})
}

// use reads both ends of a disk and holds the bytes against its extents.
func use(t *testing.T, d *Disk, files []io.ReaderAt) {
	t.Helper()
	const most = 32 << 10
	for _, off := range []int64{0, d.Size()/2 - 100, d.Size() - most} {
		off = max(off, 0)
		p := bytes.Repeat([]byte{0xEE}, most)
		n, err := d.ReadAt(p, off)
		if n < most && err == nil || n < 0 || n > most {
			t.Fatalf("ReadAt(%d): %d, %v", off, n, err)
		}
		at := off
		for e, err := range d.Extents(off, int64(n)) {
			if err != nil || e.Offset != at || e.Length <= 0 || e.Layer < -1 || e.Layer >= len(files) {
				t.Fatalf("extent %+v at %d of bytes that can be read: %v", e, at, err)
			}
			want := make([]byte, e.Length)
			if e.Layer >= 0 {
				if _, err := files[e.Layer].ReadAt(want, e.Source); err != nil && err != io.EOF {
					t.Fatalf("extent %+v: %v", e, err)
				}
			}
			if got := p[e.Offset-off:][:e.Length]; !bytes.Equal(got, want) {
				t.Fatalf("extent %+v: %s", e, vhdtest.Diff(got, want))
			}
			at += e.Length
		}
		if at != off+int64(n) {
			t.Fatalf("extents end at %d of %d", at, off+int64(n))
		}
		if off < d.Size() {
			steps, err := d.Explain(off)
			n, _ := d.ReadAt(p[:1], off)
			if err != nil || len(steps) == 0 || (n == 0) != (steps[len(steps)-1].Verdict == Unreadable) {
				t.Fatalf("Explain(%d): %+v, %v; ReadAt gave %d", off, steps, err, n)
			}
		}
	}
}

// FuzzRead changes bytes of a chain's files, six bytes of input each: which
// file, where, what. What both the disk and the naive reader can read must be
// the same, and what the disk alone cannot must be for a reason it names.
func FuzzRead(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, []byte{})
		f.Add(seed, []byte("\x00\x00\x06\x03\x00\x09\x01\x00\x06\x02\x07\xff"))
	}
	f.Fuzz(func(t *testing.T, seed uint64, edits []byte) {
		c := randomChain(seed)
		if c.Size() > 128<<10 || len(edits) > 6*200 {
			return
		}
		for ; len(edits) >= 6; edits = edits[6:] {
			editFile(c.Layers[int(edits[0])%len(c.Layers)].File, edits[1:6])
		}
		var images []*Image
		var chain []*naiveImage
		for i, l := range c.Layers {
			cost := readCosts[(seed+uint64(i))%uint64(len(readCosts))]
			im, err := Open(costlyReader{l.File, cost}, l.File.Size())
			plain, naive := openNaive(l.File, l.File.Size())
			if err != nil || naive != nil || i+1 < len(c.Layers) && im.Type() != Differencing {
				return
			}
			images, chain = append(images, im), append(chain, plain)
		}
		d := mustDisk(t, images...)
		all := make([]byte, min(d.Size(), 256*SectorSize))
		readable, _ := d.ReadAt(all, 0)
		for lba := uint64(0); lba < min(uint64(d.Size()+511)/512, 256); lba++ {
			want, _, _, naive := naiveSector(chain, lba)
			got := make([]byte, len(want))
			if naive != nil {
				got = make([]byte, 1)
			}
			n, err := d.ReadAt(got, int64(lba)*512)
			switch {
			case naive == nil && err == nil:
				if at := int(lba * 512); at+len(got) <= readable && !bytes.Equal(all[at:at+len(got)], got) {
					t.Fatalf("sector %d: read with others it is %s, alone %s", lba, vhdtest.Describe(all[at:at+len(got)]), vhdtest.Describe(got))
				}
				if !bytes.Equal(got, want) {
					t.Fatalf("sector %d: got %s, want %s", lba, vhdtest.Describe(got), vhdtest.Describe(want))
				}
			case naive != nil && err == nil:
				t.Fatalf("sector %d reads, but cannot be read: %v", lba, naive)
			case err != nil:
				var e *FormatError
				if !errors.As(err, &e) || n == len(got) {
					t.Fatalf("sector %d: %d, %v", lba, n, err)
				}
				switch e.Rule {
				case RuleBlockOutside, RuleBlockTruncated, RuleBlockStructure, RuleFixedSize, RuleTableTruncated, RuleParentMissing:
				default:
					t.Fatalf("sector %d: %v", lba, err)
				}
			}
		}
	})
}

// editFile changes a byte of a file by five bytes of a fuzzer's input: where,
// what, and whether checksums are set right then.
func editFile(file *vhdtest.File, edit []byte) {
	at := int64(edit[0])<<16 | int64(edit[1])<<8 | int64(edit[2])
	switch {
	case edit[4]&1 == 0 && file.Layout.Table > 0: // most damage is in the structures
		at = 512 + at%(file.Layout.Table+4*int64(file.Layout.Entries)-512)
	case edit[4]&2 == 0:
		at = file.Size() - 512 + at%512
	default:
		at %= file.Size()
	}
	file.Put(at, []byte{edit[3]})
	if edit[4]&4 == 0 {
		file.FixChecksums()
	}
}
