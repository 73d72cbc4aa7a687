package vhd

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
)

// relink relinks an image and holds the result to what is true of any: it is
// the source's bytes but for the patches, which lie apart and change
// something; it opens with no finding that the source does not have, holds
// the same sectors, and has a right header.
func relink(t testing.TB, f *vhdtest.File, r Relink) (*vhdtest.File, []Patch) {
	t.Helper()
	im := mustOpen(t, f)
	p, patches, err := im.Relink(r)
	if err != nil {
		t.Fatal(err)
	}
	out := vhdtest.NewFile()
	b := make([]byte, p.Size())
	if n, err := p.ReadAt(b, 0); n != len(b) {
		t.Fatal(err)
	}
	out.Put(0, b)
	want := f.Get(0, len(b))
	patched := make([]bool, len(b))
	for _, c := range patches {
		if len(c.Data) == 0 || bytes.Equal(c.Data, f.Get(c.Offset, len(c.Data))) && c.Offset+int64(len(c.Data)) <= f.Size() {
			t.Errorf("the patch of %d bytes at %d changes nothing", len(c.Data), c.Offset)
		}
		copy(want[c.Offset:], c.Data)
		for i := range c.Data {
			if patched[int(c.Offset)+i] {
				t.Fatalf("byte %d is patched twice", int(c.Offset)+i)
			}
			patched[int(c.Offset)+i] = true
		}
	}
	if !bytes.Equal(b, want) {
		t.Error("more has changed than the patches")
	}
	if out.Size() > f.Size() && out.Size()%4096 != 0 {
		t.Errorf("the file grew to %d bytes, where the next block's data would not begin on 4 KiB", out.Size())
	}
	relinked := mustOpen(t, out)
	for _, found := range relinked.Findings() {
		if _, old := findingOf(im, found.Rule); !old {
			t.Errorf("new finding: %+v", found)
		}
	}
	wantSameSectors(t, im, relinked)
	header := b[relinked.headerAt:][:headerSize]
	if got, want := relinked.header.Checksum, vhdtest.Checksum(header, 0x24); got != want {
		t.Errorf("header checksum %#x, want %#x", got, want)
	}
	return out, patches
}

// wantSameSectors compares what two images say of their disks.
func wantSameSectors(t testing.TB, a, b *Image) {
	t.Helper()
	if a.disk != b.disk {
		t.Fatalf("disks of %d and %d bytes", a.disk, b.disk)
	}
	for off := int64(0); off < a.disk; {
		r, err := a.runAt(off, a.disk)
		s, err2 := b.runAt(off, a.disk)
		if r != s || fmt.Sprint(err) != fmt.Sprint(err2) {
			t.Fatalf("at %d: %+v, %v; was %+v, %v", off, s, err2, r, err)
		}
		if r.verdict == here {
			p, q := make([]byte, r.length), make([]byte, r.length)
			a.r.ReadAt(p, r.source)
			b.r.ReadAt(q, s.source)
			wantBytes(t, q, p)
		}
		off += r.length
	}
}

// wantPatches compares the ranges of patches, in any order.
func wantPatches(t *testing.T, patches []Patch, want ...extent) {
	t.Helper()
	var got []extent
	for _, p := range patches {
		got = append(got, extent{p.Offset, p.Offset + int64(len(p.Data))})
	}
	byFrom := func(a, b extent) int { return int(a.from - b.from) }
	slices.SortFunc(got, byFrom)
	slices.SortFunc(want, byFrom)
	if !slices.Equal(got, want) {
		t.Errorf("patched are %v, want %v", got, want)
	}
}

// headerField is a field of a header that stands at byte 512.
func headerField(at, length int64) extent { return extent{512 + at, 512 + at + length} }

var (
	newSum       = headerField(0x24, 4)
	newUuid      = headerField(0x28, 16)
	newTimestamp = headerField(0x38, 4)
	newName      = headerField(0x40, 512)
)

func newLocator(slot int64) extent { return headerField(0x240+24*slot, 24) }

// windowsChild is a child of "old parent.vhd" as Windows 10 lays it out.
func windowsChild(edit func(*vhdtest.Spec)) *vhdtest.File {
	s := vhdtest.WindowsChild(vhdtest.Spec{Type: vhdtest.Differencing, Size: 4 << 20, BlockSize: 512 << 10, UUID: vhdtest.ID("child"),
		ParentUUID: vhdtest.ID("parent"), ParentName: `C:\disks\old parent.vhd`,
		Blocks: []vhdtest.Block{{Index: 3, Sectors: map[int][]byte{1: pattern(1, 1), 9: pattern(1, 9)}}, {Index: 7, Data: pattern(2, 7)}},
	}, `.\old parent.vhd`, `C:\disks\old parent.vhd`)
	if edit != nil {
		edit(&s)
	}
	return s.Build()
}

var newParent = Parent{UUID: UUID(vhdtest.ID("new")), Modified: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC),
	Relative: "moved/new.vhd", Absolute: `D:\moved\new.vhd`}

func TestRelinkInTheOldSpace(t *testing.T) {
	f := windowsChild(nil)
	out, patches := relink(t, f, Relink{Parent: newParent, Names: true, UUID: true, Modified: true})
	wantPatches(t, patches, newSum, newUuid, newTimestamp, newName, newLocator(0), newLocator(1),
		extent{0x1000, 0x1000 + 2*int64(len(`C:\disks\old parent.vhd`))}, // the longer one
		extent{0x3000, 0x3000 + 2*int64(len(`.\old parent.vhd`))})
	im := mustOpen(t, out)
	wantClean(t, im)
	want := []string{`.\moved\new.vhd`, `D:\moved\new.vhd`, "new.vhd"}
	for i, n := range im.ParentNames() {
		if i >= len(want) || n.Text != want[i] {
			t.Errorf("name %d is %s %q", i, n.Origin, n.Text)
		}
	}
	if im.ParentUUID() != newParent.UUID || !im.header.ParentTimestamp.Time().Equal(newParent.Modified) {
		t.Errorf("parent %s of %s", im.ParentUUID(), im.header.ParentTimestamp)
	}
	if b := out.Get(0x1000, 100); !bytes.Equal(b, append(vhdtest.UTF16LE(`D:\moved\new.vhd`), make([]byte, 100-32)...)) {
		t.Errorf("the old path is not gone: %q", b)
	}
	if l := im.header.Locators[1]; l.Space != 65536 || l.Offset != 0x3000 {
		t.Errorf("the space is another: %+v", l)
	}
}

func TestRelinkOneFieldAlone(t *testing.T) {
	f := windowsChild(nil)
	_, patches := relink(t, f, Relink{Parent: newParent, Modified: true})
	wantPatches(t, patches, newSum, newTimestamp)
	_, patches = relink(t, f, Relink{Parent: newParent, UUID: true})
	wantPatches(t, patches, newSum, newUuid)
	_, patches = relink(t, f, Relink{Parent: newParent, Names: true})
	wantPatches(t, patches, newSum, newName, newLocator(0), newLocator(1), extent{0x1000, 0x1000 + 46}, extent{0x3000, 0x3000 + 32})
	_, patches = relink(t, f, Relink{})
	wantPatches(t, patches)
}

// TestRelinkToALongerPath: it moves behind the last block, the footer behind
// it, and the next block's data would begin on 4 KiB.
func TestRelinkToALongerPath(t *testing.T) {
	f := windowsChild(func(s *vhdtest.Spec) { s.Locators[0].Space, s.Locators[1].Space, s.Locators[0].At = 512, 512, 0x1200 })
	parent := newParent
	parent.Relative = strings.Repeat("long/", 60) + "new.vhd"
	out, patches := relink(t, f, Relink{Parent: parent, Names: true})
	end := f.Layout.Footer
	wantPatches(t, patches, newSum, newName, newLocator(0), newLocator(1),
		extent{0x1200, 0x1200 + 46}, extent{0x3000, 0x3000 + 32}, // the old one is gone
		extent{end, out.Size()})
	im := mustOpen(t, out)
	wantClean(t, im)
	if got, want := im.ParentNames()[0].Text, `.\`+strings.ReplaceAll(parent.Relative, "/", `\`); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if l := im.header.Locators[1]; l.Offset != uint64(end) || l.Space%512 != 0 || int64(l.Offset)+int64(l.Space) > im.footerAt {
		t.Errorf("%+v, footer at %d", l, im.footerAt)
	}
	if (im.footerAt+512)%4096 != 0 || !bytes.Equal(out.Get(im.footerAt, 512), f.Get(end, 512)) {
		t.Errorf("the footer lies at %d", im.footerAt)
	}
	if out.Get(end, 8)[0] == 'c' {
		t.Error("the old footer is still there")
	}
}

// TestRelinkSlots: what becomes of the locators of all codes.
func TestRelinkSlots(t *testing.T) {
	const unknown = 0x58595A30
	at := func(slot int, l vhdtest.Locator) vhdtest.Locator { l.Slot = slot; return l }
	of := func(code uint32, data string) vhdtest.Locator { return vhdtest.Locator{Code: code, Data: []byte(data)} }
	full := make([]vhdtest.Locator, 8)
	for i := range full {
		full[i] = of(unknown+uint32(i), "x")
	}
	for name, c := range map[string]struct {
		have []vhdtest.Locator
		want string // slot, code and text of what it has then
		p    Parent
	}{
		"none":            {nil, `0 W2ru .\new.vhd`, Parent{Relative: "new.vhd"}},
		"none, absolute":  {nil, `0 W2ku D:\new.vhd`, Parent{Absolute: `D:\new.vhd`}},
		"late slots":      {[]vhdtest.Locator{at(6, vhdtest.Absolute(`C:\o.vhd`)), at(7, vhdtest.Relative(`.\o.vhd`))}, `6 W2ku D:\new.vhd 7 W2ru .\new.vhd`, Parent{Relative: "new.vhd", Absolute: `D:\new.vhd`}},
		"the old codes":   {[]vhdtest.Locator{vhdtest.RelativeANSI([]byte("o.vhd")), vhdtest.AbsoluteANSI([]byte(`C:\o.vhd`)), of(0x4D616320, "alias")}, `3 W2ru .\new.vhd`, Parent{Relative: "new.vhd"}},
		"twice":           {[]vhdtest.Locator{vhdtest.Relative(`.\o.vhd`), vhdtest.Relative(`.\o2.vhd`)}, `0 W2ru .\new.vhd`, Parent{Relative: "new.vhd"}},
		"a URL":           {[]vhdtest.Locator{vhdtest.FileURL("", "/o.vhd")}, `0 MacX file:///d/n%20w.vhd 1 W2ru .\n w.vhd 2 W2ku /d/n w.vhd`, Parent{Relative: "n w.vhd", Absolute: "/d/n w.vhd"}},
		"a URL alone":     {[]vhdtest.Locator{vhdtest.FileURL("", "/o.vhd")}, `0 MacX file://./n.vhd 1 W2ru .\n.vhd`, Parent{Relative: "n.vhd"}},
		"one slot left":   {append([]vhdtest.Locator{vhdtest.Relative(`.\o.vhd`)}, full[:7]...), `0 W2ru .\n.vhd`, Parent{Relative: "n.vhd", Absolute: `D:\n.vhd`}},
		"a stale one":     {[]vhdtest.Locator{vhdtest.Relative(`.\o.vhd`), vhdtest.Absolute(`C:\o.vhd`)}, `1 W2ku D:\new.vhd`, Parent{Absolute: `D:\new.vhd`}},
		"unknown":         {[]vhdtest.Locator{of(unknown, "data"), vhdtest.Relative(`.\o.vhd`)}, `0 XYZ0 data 1 W2ru .\new.vhd`, Parent{Relative: "new.vhd"}},
		"a slot to reuse": {append([]vhdtest.Locator{of(0x4D616320, "alias")}, full[:7]...), `0 W2ru .\new.vhd`, Parent{Relative: "new.vhd"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := child(func(s *vhdtest.Spec) { s.Locators = c.have })
			out, _ := relink(t, f, Relink{Parent: c.p, Names: true})
			var got []string
			for _, l := range mustOpen(t, out).Locators() {
				text := l.Name
				if text == "" {
					text = string(l.Data)
				}
				got = append(got, fmt.Sprint(l.Slot, " ", l.Code, " ", text))
			}
			if s := strings.Join(got, " "); s != c.want && !(len(c.have) == locatorCount && strings.HasPrefix(s, c.want)) {
				t.Errorf("%s, want %s", s, c.want)
			}
			for _, old := range []string{"o.vhd", "alias"} {
				if bytes.Contains(out.Bytes(), []byte(old)) || bytes.Contains(out.Bytes(), vhdtest.UTF16LE(old)) {
					t.Errorf("%q is still there", old)
				}
			}
		})
	}
	_, _, err := mustOpen(t, child(func(s *vhdtest.Spec) { s.Locators = full })).Relink(Relink{Parent: newParent, Names: true})
	wantError(t, err, ErrFormat, RuleLocatorCode)
}

// TestRelinkKeepsDataThatAnUnknownLocatorShares.
func TestRelinkKeepsDataThatAnUnknownLocatorShares(t *testing.T) {
	f := windowsChild(func(s *vhdtest.Spec) {
		s.Locators = append(s.Locators, vhdtest.Locator{Code: 0x58595A30, Data: []byte("data")})
	})
	f.PutUint64(f.Layout.LocatorEntry(2)+vhdtest.LocatorOffset, 0x3008) // in the relative path
	f.FixChecksums()
	out, _ := relink(t, f, Relink{Parent: newParent, Names: true})
	if got := mustOpen(t, out).Locators()[2].Data; !bytes.Equal(got, f.Get(0x3008, 4)) {
		t.Errorf("%q", got)
	}
}

// TestRelinkKeepsWhatNobodyKnows: reserved bytes of the header and a slot, and
// the batmap.
func TestRelinkKeepsWhatNobodyKnows(t *testing.T) {
	f := windowsChild(func(s *vhdtest.Spec) { s.TableOffset, s.Batmap = 0, &vhdtest.Batmap{} })
	f.EditHeader(func(b []byte) {
		b[0x3D], b[0x300], b[0x3FF], b[8] = 1, 2, 3, 4
		b[0x240+24+12] = 5
	})
	f.FixChecksums()
	out, _ := relink(t, f, Relink{Parent: newParent, Names: true, UUID: true, Modified: true})
	b := out.Get(512, 1024)
	if b[0x3D] != 1 || b[0x300] != 2 || b[0x3FF] != 3 || b[8] != 4 || b[0x240+24+12] != 5 {
		t.Error("reserved bytes are gone")
	}
	if state, _, _ := mustOpen(t, out).Batmap(); state != BatmapUnchecked {
		t.Errorf("batmap: %v", state)
	}
}

// TestRelinkLeavesSharedSpaceAlone: a locator whose data another one, a block
// or a larger claim shares is not written over.
func TestRelinkLeavesSharedSpaceAlone(t *testing.T) {
	long := Parent{Relative: strings.Repeat("n", 200) + ".vhd", Absolute: `D:\` + strings.Repeat("n", 200) + ".vhd"}
	for name, edit := range map[string]func(f *vhdtest.File, l *vhdtest.Layout){
		"two share their data": func(f *vhdtest.File, l *vhdtest.Layout) {
			f.PutUint64(l.LocatorEntry(1)+vhdtest.LocatorOffset, uint64(l.Locators[0]))
		},
		"space that reaches over a block": func(f *vhdtest.File, l *vhdtest.Layout) {
			f.PutUint64(l.LocatorEntry(0)+vhdtest.LocatorOffset, uint64(l.Blocks[0].Bitmap-64))
			f.Put(l.Blocks[0].Bitmap-64, vhdtest.UTF16LE(`.\old parent.vhd`))
			f.PutUint32(l.LocatorEntry(0)+vhdtest.LocatorLength, 32)
		},
		"data in a block": func(f *vhdtest.File, l *vhdtest.Layout) {
			f.PutUint64(l.LocatorEntry(0)+vhdtest.LocatorOffset, uint64(l.Blocks[1].Data+512))
		},
		"no space": func(f *vhdtest.File, l *vhdtest.Layout) {
			f.PutUint32(l.LocatorEntry(0)+vhdtest.LocatorSpace, 0)
		},
		"odd space": func(f *vhdtest.File, l *vhdtest.Layout) {
			f.PutUint32(l.LocatorEntry(0)+vhdtest.LocatorSpace, 513)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := windowsChild(nil)
			edit(f, &f.Layout)
			f.FixChecksums()
			out, _ := relink(t, f, Relink{Parent: long, Names: true})
			im := mustOpen(t, out)
			for _, n := range im.ParentNames() {
				if !strings.HasSuffix(n.Text, long.Relative) {
					t.Errorf("%s: %q", n.Origin, n.Text)
				}
			}
		})
	}
}

func TestRelinkRefuses(t *testing.T) {
	long := Relink{Parent: Parent{Relative: strings.Repeat("n/", 200) + "n.vhd"}, Names: true}
	small := func(s *vhdtest.Spec) { s.Locators[1].Space = 512 }
	outside := windowsChild(small)
	outside.SetEntry(5, 0x00FFFFFF)
	cut := windowsChild(func(s *vhdtest.Spec) { small(s); s.NoFooter = true })
	cut.Truncate(cut.Size() - 4096 - 1024)
	tail := windowsChild(func(s *vhdtest.Spec) {
		s.HeaderOffset, s.TableOffset, s.NoFooter, s.Blocks = 0x14000, 0x600, true, nil
	})
	tail.Truncate(0x14000 + 1024)
	tail.Put(0x14000+512, []byte("conectix")) // a damaged footer, in the header
	overlap := windowsChild(nil)
	overlap.EditHeader(func(b []byte) { put64(0x10, 0x600-4)(b) })
	overlap.Put(0x600-4, bytes.Repeat([]byte{0xFF}, 64))
	for name, c := range map[string]struct {
		f    *vhdtest.File
		r    Relink
		rule Rule
	}{
		"a dynamic image":                {vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096}.Build(), Relink{}, RuleDiskType},
		"a fixed image":                  {vhdtest.Spec{Type: vhdtest.Fixed, Size: 4096}.Build(), Relink{}, RuleDiskType},
		"no name":                        {windowsChild(nil), Relink{Names: true}, RuleParentName},
		"a block behind the file":        {outside, long, RuleBlockTruncated},
		"a block that is cut":            {cut, long, RuleBlockTruncated},
		"a header in a damaged footer":   {tail, long, RuleHeaderOffset},
		"a header that shares its bytes": {overlap, long, RuleHeaderOffset},
	} {
		t.Run(name, func(t *testing.T) {
			im := mustOpen(t, c.f)
			_, _, err := im.Relink(c.r)
			wantError(t, err, ErrFormat, c.rule)
		})
	}
	// What fits its old space needs no growth, and is written.
	relink(t, outside, Relink{Parent: newParent, Names: true})
	relink(t, cut, Relink{Parent: newParent, Names: true})
}

// TestRelinkWithABadFooter: it stays as it is, unless it has to move.
func TestRelinkWithABadFooter(t *testing.T) {
	long := Parent{Relative: strings.Repeat("n/", 200) + "n.vhd"}
	for name, edit := range map[string]func(f *vhdtest.File) *vhdtest.File{
		"missing":  func(f *vhdtest.File) *vhdtest.File { f.Truncate(f.Layout.Footer); return f },
		"damaged":  func(f *vhdtest.File) *vhdtest.File { f.Put(f.Layout.Footer+100, []byte("damage")); return f },
		"followed": func(f *vhdtest.File) *vhdtest.File { f.Append(bytes.Repeat([]byte("junk"), 700)); return f },
		"short":    func(f *vhdtest.File) *vhdtest.File { f.Truncate(f.Size() - 1); return f },
		"no copy":  func(f *vhdtest.File) *vhdtest.File { f.Put(0, make([]byte, 512)); return f },
	} {
		t.Run(name, func(t *testing.T) {
			f := edit(windowsChild(func(s *vhdtest.Spec) { s.Locators[1].Space = 512 }))
			out, _ := relink(t, f, Relink{Parent: newParent, Names: true})
			if out.Size() != f.Size() || !bytes.Equal(out.Get(f.Layout.Footer, 4096), f.Get(f.Layout.Footer, 4096)) {
				t.Error("the end changed")
			}
			out, _ = relink(t, f, Relink{Parent: long, Names: true})
			im := mustOpen(t, out)
			if im.footerAt+512 != out.Size() {
				t.Errorf("the footer lies at %d of %d", im.footerAt, out.Size())
			}
			if got := im.ParentNames()[0].Text; got != `.\`+strings.ReplaceAll(long.Relative, "/", `\`) {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestRelinkMendsTheHeadersChecksum(t *testing.T) {
	f := windowsChild(nil)
	f.PutUint32(512+0x24, 0xBAD)
	out, patches := relink(t, f, Relink{Parent: newParent, Modified: true})
	wantPatches(t, patches, newSum, newTimestamp)
	wantClean(t, mustOpen(t, out))
}

// TestRelinkWithTheLastBlockCut: XenServer stores of the last block what the
// disk has. New paths keep out of the rest's place.
func TestRelinkWithTheLastBlockCut(t *testing.T) {
	f := windowsChild(func(s *vhdtest.Spec) {
		s.Size, s.Locators[1].Space = 4<<20-256<<10, 512
		s.Blocks[1].Stored = 256 << 10
	})
	out, _ := relink(t, f, Relink{Parent: Parent{Relative: strings.Repeat("n/", 200) + "n.vhd"}, Names: true})
	im := mustOpen(t, out)
	b, _ := f.Layout.Block(7)
	if l := im.header.Locators[1]; l.Offset < uint64(b.Data+512<<10) {
		t.Errorf("the path lies at %d, in the block at %d", l.Offset, b.Bitmap)
	}
	wantClean(t, im)
}

// TestRelinkAnyImageToAnyName: random children of all layouts, names of all
// lengths; the new parent is found by the new identity and name.
func TestRelinkAnyImageToAnyName(t *testing.T) {
	first := rand.Uint64()
	for seed := first; seed < first+rounds(150, 40); seed++ {
		random := rand.New(rand.NewPCG(seed, 10))
		f := randomChild(random)
		letters := []rune("aß语😀 .-_%#é")
		name := "n"
		for range random.IntN(120) {
			name += string(letters[random.IntN(len(letters))])
		}
		name += ".vhd"
		folder := strings.Repeat("folder/", random.IntN(60))
		p := Parent{UUID: UUID(vhdtest.ID(name)), Relative: folder + name}
		if random.IntN(2) == 0 {
			p.Absolute = `X:\` + folder + name
		}
		out, _ := relink(t, f, Relink{Parent: p, Names: true, UUID: true, Modified: true})
		leaf := Candidate{Name: "here/child.vhd", Image: mustOpen(t, out)}
		parent := Candidate{Name: "here/" + folder + name, Image: mustOpen(t, vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, UUID: vhdtest.ID(name)}.Build())}
		twin := Candidate{Name: "here/other.vhd", Image: mustOpen(t, vhdtest.Spec{Type: vhdtest.Dynamic, Size: 8192, UUID: vhdtest.ID(name)}.Build())}
		res := Resolve(leaf, []Candidate{twin, leaf, parent})
		if len(res.Chain) != 2 || res.Chain[1].Image != parent.Image {
			t.Errorf("the chain is %v, missing %+v", namesOf(res), res.Missing)
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// randomChild is a child with any locators in any slots and spaces.
func randomChild(random *rand.Rand) *vhdtest.File {
	s := vhdtest.Spec{Type: vhdtest.Differencing, Size: 512 * (1 + random.Int64N(3000)), BlockSize: 4096 << random.IntN(6),
		UUID: vhdtest.ID("child"), ParentUUID: vhdtest.ID("parent"), ParentName: "parent.vhd", Placement: vhdtest.Placement{Aligned: random.IntN(2) == 0}}
	codes := []vhdtest.Locator{vhdtest.Relative(`.\parent.vhd`), vhdtest.Absolute(`C:\parent.vhd`), vhdtest.FileURL("localhost", "/parent.vhd"),
		vhdtest.RelativeANSI([]byte("parent.vhd")), vhdtest.AbsoluteANSI([]byte(`C:\parent.vhd`)), {Code: 0x4D616320, Data: []byte("alias")}}
	for _, i := range random.Perm(len(codes))[:random.IntN(len(codes)+1)] {
		l := codes[i]
		l.Slot = random.IntN(3)
		l.Space = 512 << random.IntN(5)
		l.SpaceInSectors = random.IntN(3) == 0
		s.Locators = append(s.Locators, l)
	}
	for b := range int(ceilDiv(s.Size, int64(s.BlockSize))) {
		if random.IntN(3) == 0 {
			s.Blocks = append(s.Blocks, vhdtest.Block{Index: b, Sectors: map[int][]byte{random.IntN(8): pattern(1, int64(b))}})
		}
	}
	random.Shuffle(len(s.Blocks), func(i, j int) { s.Blocks[i], s.Blocks[j] = s.Blocks[j], s.Blocks[i] })
	return s.Build()
}

// TestRelinkTheRealChains: every child is told a longer and a shorter name of
// its parent, which lies elsewhere now; the disk is the same.
func TestRelinkTheRealChains(t *testing.T) {
	for _, row := range expectedRows(t) {
		if len(row.files) == 1 {
			continue
		}
		d := realDisk(t, row)
		for _, relative := range []string{"p.vhd", strings.Repeat("elsewhere/", 300) + "родитель.vhd"} {
			parent := Candidate{Name: "here/" + relative, Image: d.layers[1], Modified: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)}
			to := parent.AsParent()
			to.Relative = relative
			p, _, err := d.layers[0].Relink(Relink{Parent: to, Names: true, UUID: true, Modified: true})
			if err != nil {
				t.Fatalf("%s: %v", row.files[0], err)
			}
			im, err := Open(p, p.Size())
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range im.Findings() {
				if _, old := findingOf(d.layers[0], found.Rule); !old {
					t.Errorf("%s: new finding %+v", row.files[0], found)
				}
			}
			leaf := Candidate{Name: "here/" + filepath.Base(row.files[0]), Image: im}
			pool := []Candidate{leaf, parent}
			for i, other := range d.layers[2:] {
				pool = append(pool, Candidate{Name: "here/" + filepath.Base(row.files[i+2]), Image: other})
			}
			res := Resolve(leaf, pool)
			if res.Missing != nil {
				t.Fatalf("%s: %+v", row.files[0], res.Missing)
			}
			if l := res.Links[0]; !l.SameUUID || !strings.Contains(strings.Join(l.Evidence, " "), "leads exactly to it") {
				t.Errorf("%s: %q", row.files[0], l.Evidence)
			}
			whole := mustDisk(t, imagesOf(res.Chain)...)
			if got := sha(t, io.NewSectionReader(whole, 0, whole.Size())); got != row.sum {
				t.Errorf("%s: sha256 %s, want %s", row.files[0], got, row.sum)
			}
		}
	}
}
