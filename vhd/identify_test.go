package vhd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// endsOnly is a file that gives its first 1,536 bytes and its last 512, each
// end once, and records what was asked of it.
type endsOnly struct {
	io.ReaderAt
	size  int64
	given []extent
}

func (r *endsOnly) ReadAt(p []byte, off int64) (int, error) {
	e := extent{off, off + int64(len(p))}
	if e.to > 1536 && e.from < r.size-512 {
		return 0, fmt.Errorf("bytes %d to %d are neither of the first 1,536 nor of the last 512", e.from, e.to)
	}
	for _, g := range r.given {
		if g == e && r.size > 512 {
			return 0, fmt.Errorf("bytes %d to %d are read twice", e.from, e.to)
		}
	}
	r.given = append(r.given, e)
	return r.ReaderAt.ReadAt(p, off)
}

// identifiesAsOpened fails unless a file is identified as Open opens it, by no more
// than its ends and what they point to.
func identifiesAsOpened(t testing.TB, r io.ReaderAt, size int64) {
	t.Helper()
	im, err := Open(r, size)
	if err != nil {
		t.Fatal(err)
	}
	ends := &endsOnly{ReaderAt: r, size: size}
	id, err := Identify(ends, size)
	if err != nil {
		t.Fatalf("Identify: %v", err)
	}
	if id.Type != im.Type() || id.UUID != im.UUID() {
		t.Errorf("identified as %s %s, opened as %s %s", id.Type, id.UUID, im.Type(), im.UUID())
	}
	if n := len(ends.given); n > 2 {
		t.Errorf("%d reads", n)
	}
	if id, err = Identify(r, size); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		uuid, names, err := id.Parent()
		if err != nil || uuid != im.ParentUUID() || !slices.EqualFunc(names, im.ParentNames(), sameParentName) {
			t.Errorf("its parent is %s %v (%v), opened %s %v", uuid, names, err, im.ParentUUID(), im.ParentNames())
		}
	}
}

func sameParentName(a, b ParentName) bool {
	return a.Origin == b.Origin && a.Text == b.Text && a.path.equal(b.path) == (len(a.path.parts) > 0)
}

func TestIdentifyAgreesWithOpen(t *testing.T) {
	for i, seed := range fuzzSeeds() {
		t.Run(fmt.Sprint("seed ", i), func(t *testing.T) { identifiesAsOpened(t, bytes.NewReader(seed), int64(len(seed))) })
	}
	ragged := func(edit func(f *vhdtest.File)) *vhdtest.File {
		f := child(nil)
		edit(f)
		return f
	}
	at := func(off func(l vhdtest.Layout) int64, field int64) func(*vhdtest.File) {
		return func(f *vhdtest.File) {
			b := f.Get(off(f.Layout)+field, 1)
			f.Put(off(f.Layout)+field, []byte{b[0] ^ 0xFF})
		}
	}
	first := func(l vhdtest.Layout) int64 { return l.FooterCopy }
	last := func(l vhdtest.Layout) int64 { return l.Footer }
	for name, f := range map[string]*vhdtest.File{
		"cookie wrong at the end":        ragged(at(last, 0)),
		"checksum wrong at the end":      ragged(at(last, vhdtest.FooterChecksum)),
		"UUID damaged at the end":        ragged(at(last, vhdtest.FooterUUID)),
		"cookie wrong at the start":      ragged(at(first, 0)),
		"UUID damaged at the start":      ragged(at(first, vhdtest.FooterUUID)),
		"UUID damaged at both ends":      ragged(func(f *vhdtest.File) { at(first, vhdtest.FooterUUID)(f); at(last, vhdtest.FooterUUID)(f) }),
		"no copy":                        vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096, Placement: vhdtest.Placement{NoFooterCopy: true}}.Build(),
		"no footer":                      ragged(func(f *vhdtest.File) { f.Truncate(f.Layout.Footer) }),
		"cut in the middle":              ragged(func(f *vhdtest.File) { f.Truncate(f.Layout.Footer - 300) }),
		"bytes behind the footer":        ragged(func(f *vhdtest.File) { f.Append([]byte("junk\r\n")) }),
		"fixed":                          fixedImage(),
		"fixed, 511-byte footer":         vhdtest.Spec{Type: vhdtest.Fixed, Size: 1024, Placement: vhdtest.Placement{ShortFooter: true}}.Build(),
		"fixed disk that begins as one":  vhdtest.Spec{Type: vhdtest.Fixed, Size: 4096, Data: child(nil).Get(0, 4096)}.Build(),
		"fixed, of no bytes":             vhdtest.Spec{Type: vhdtest.Fixed}.Build(),
		"header elsewhere":               vhdtest.Spec{Type: vhdtest.Differencing, Size: 4096, BlockSize: 4096, ParentUUID: vhdtest.ID("p"), ParentName: "p.vhd", Placement: vhdtest.Placement{HeaderOffset: 8192}}.Build(),
		"header not where it is said":    ragged(footers(put64(vhdtest.FooterDataOffset, 1<<40))),
		"null UUID of a raw parent":      vhdtest.Spec{Type: vhdtest.Differencing, Size: 4096, BlockSize: 4096, ParentName: "p.raw"}.Build(),
		"locator over the header":        locators(vhdtest.Locator{Code: vhdtest.W2ru, Data: vhdtest.UTF16LE("p.vhd"), ClaimOffset: new(uint64(512))}),
		"mixed-endian":                   ragged(footers(func(b []byte) { id := vhdtest.MixedEndian(vhdtest.ID("x")); copy(b[vhdtest.FooterUUID:], id[:]) })),
		"stale checksum of early blktap": ragged(footers(func(b []byte) { copy(b[vhdtest.FooterCreator:], "tap\x00"); b[vhdtest.FooterHidden] = 1 })),
	} {
		t.Run(name, func(t *testing.T) { identifiesAsOpened(t, f, f.Size()) })
	}
}

// TestIdentifyReadsLittle: a good footer at the end is enough; a child's
// parent takes the start of the file beside, once.
func TestIdentifyReadsLittle(t *testing.T) {
	f := child(func(s *vhdtest.Spec) { s.Locators = nil })
	r := &endsOnly{ReaderAt: f, size: f.Size()}
	id, err := Identify(r, r.size)
	if want := []extent{{r.size - 512, r.size}}; err != nil || !slices.Equal(r.given, want) {
		t.Fatalf("read %v (%v), want %v", r.given, err, want)
	}
	if _, names, err := id.Parent(); err != nil || len(names) == 0 || !slices.Equal(r.given, []extent{{r.size - 512, r.size}, {0, 1536}}) {
		t.Errorf("read %v for the names %v (%v)", r.given, names, err)
	}
	f.Truncate(f.Layout.Footer)
	r = &endsOnly{ReaderAt: f, size: f.Size()}
	if id, err = Identify(r, r.size); err != nil {
		t.Fatal(err)
	}
	if _, _, err := id.Parent(); err != nil || len(r.given) != 2 {
		t.Errorf("a file without its footer: read %v (%v)", r.given, err)
	}
}

// TestIdentifyRefuses what Open refuses, and what only a look beyond the ends
// would tell.
func TestIdentifyRefuses(t *testing.T) {
	raw := make([]byte, 8192)
	fixed := fixedImage()
	fixed.Append(make([]byte, 512))
	odd := fixedImage()
	footers(put32(vhdtest.FooterType, 6))(odd)
	for name, c := range map[string]struct {
		r    io.ReaderAt
		size int64
		is   error
		rule Rule
	}{
		"nothing":                      {bytes.NewReader(nil), 0, ErrNotVHD, RuleCookie},
		"510 bytes":                    {bytes.NewReader(raw), 510, ErrNotVHD, RuleCookie},
		"zeros":                        {bytes.NewReader(raw), 8192, ErrNotVHD, RuleCookie},
		"another format":               {bytes.NewReader(append([]byte("vhdxfile"), raw...)), 8200, ErrNotVHD, RuleOtherFormat},
		"fixed disk, sectors behind":   {fixed, fixed.Size(), ErrNotVHD, RuleCookie},
		"disk type 6":                  {odd, odd.Size(), ErrFormat, RuleDiskType},
		"negative size":                {fixed, -1, ErrFormat, RuleSize},
		"size beyond 2^53":             {fixed, 1 << 60, ErrFormat, RuleSize},
		"shorter than its size":        {fixed, fixed.Size() + 4096, io.ErrUnexpectedEOF, RuleRead},
		"unreadable end, no copy":      {failingReader{fixed, 2048, 2049}, 2560, errBadSector, RuleRead},
		"unreadable":                   {failingReader{fixed, 0, fixed.Size()}, fixed.Size(), errBadSector, RuleRead},
		"unreadable start, no VHD end": {failingReader{bytes.NewReader(raw), 0, 512}, 8192, errBadSector, RuleRead},
	} {
		_, err := Identify(c.r, c.size)
		var e *FormatError
		if !errors.As(err, &e) || !errors.Is(err, c.is) || e.Rule != c.rule || e.Msg == "" {
			t.Errorf("%s: %v, want %v by the rule %s", name, err, c.is, c.rule)
		}
	}
	for name, f := range map[string]*vhdtest.File{
		"no header":     func() *vhdtest.File { f := child(nil); f.Put(f.Layout.Header, make([]byte, 8)); return f }(),
		"no block size": func() *vhdtest.File { f := child(nil); header(put32(vhdtest.HeaderBlockSize, 3))(f); return f }(),
	} {
		id, err := Identify(f, f.Size())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_, want := Open(f, f.Size())
		for range 2 {
			if _, _, err := id.Parent(); err == nil || err.Error() != want.Error() {
				t.Errorf("%s: Parent says %v, Open %v", name, err, want)
			}
		}
	}
}

// TestIdentifyWithOneEnd: one end of a file is enough where the other cannot
// be read.
func TestIdentifyWithOneEnd(t *testing.T) {
	f := child(nil)
	want := mustOpen(t, f)
	for name, r := range map[string]io.ReaderAt{
		"start": failingReader{f, 0, 512}, "end": failingReader{f, f.Size() - 512, f.Size()},
	} {
		if id, err := Identify(r, f.Size()); err != nil || id.UUID != want.UUID() || id.Type != want.Type() {
			t.Errorf("the %s cannot be read: %+v, %v", name, id, err)
		}
	}
	id, err := Identify(failingReader{f, 0, 1536}, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := id.Parent(); !errors.Is(err, errBadSector) {
		t.Errorf("without a header: %v", err)
	}
}

// TestIdentifyRealImages: the files of other writers are identified as they
// open.
func TestIdentifyRealImages(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range expectedRows(t) {
		for _, name := range row.files {
			if seen[name] {
				continue
			}
			seen[name] = true
			t.Run(name, func(t *testing.T) {
				f, err := os.Open(filepath.Join(imagesDir, name))
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				info, err := f.Stat()
				if err != nil {
					t.Fatal(err)
				}
				identifiesAsOpened(t, f, info.Size())
			})
		}
	}
}

// TestNameRankIsThatOfResolve: among files of the right UUID, the one that
// Resolve takes has the highest rank, and where two have it, Resolve takes
// none.
func TestNameRankIsThatOfResolve(t *testing.T) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	folders := []string{"", "a/", "a/c/", "A/C/", "x/y/", "c/"}
	files := []string{"b.vhd", "B.VHD", "caf\u00e9.vhd", "cafe\u0301.vhd", "other.vhd"}
	name := func() string { return folders[random.IntN(len(folders))] + files[random.IntN(len(files))] }
	for range 2000 {
		var list []vhdtest.Locator
		for range random.IntN(3) {
			list = append(list, []vhdtest.Locator{vhdtest.Relative(name()), vhdtest.Relative(`..\` + name()), vhdtest.Absolute(`C:\` + name()), vhdtest.FileURL("", "/"+name())}[random.IntN(4)])
		}
		leaf := tiny(t, folders[random.IntN(len(folders))]+"leaf.vhd", "leaf", "base", knows(name(), list...))
		var pool []Candidate
		best, holders := int64(-1), 0
		for i := range 1 + random.IntN(4) {
			c := tiny(t, name(), "base", "", made(uint32(i+1)))
			pool = append(pool, c)
			switch rank := NameRank(leaf.Image.ParentNames(), leaf.Name, c.Name); {
			case rank > best:
				best, holders = rank, 1
			case rank == best:
				holders++
			}
		}
		res := Resolve(leaf, pool)
		if holders > 1 && reasonOf(res) == Ambiguous {
			continue
		}
		if holders > 1 || res.Missing != nil || NameRank(leaf.Image.ParentNames(), leaf.Name, res.Chain[1].Name) != best {
			t.Fatalf("seed %d: %d of %d files have the rank %d; the chain is %v, %s", seed, holders, len(pool), best, namesOf(res), reasonOf(res))
		}
	}
}

func FuzzIdentify(f *testing.F) {
	for _, seed := range fuzzSeeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxFuzzInput {
			return
		}
		size := int64(len(b))
		ends := &endsOnly{ReaderAt: bytes.NewReader(b), size: size}
		_, err := Identify(ends, size)
		var e *FormatError
		if err != nil && (!errors.As(err, &e) || !errors.Is(err, ErrNotVHD) && !errors.Is(err, ErrFormat)) {
			t.Fatalf("%#v", err)
		}
		id, again := Identify(bytes.NewReader(b), size)
		if (err == nil) != (again == nil) {
			t.Fatalf("with the ends only %v, else %v", err, again)
		}
		im, opened := Open(bytes.NewReader(b), size)
		if errors.Is(opened, ErrNotVHD) && !errors.Is(err, ErrNotVHD) {
			t.Fatalf("identified, but Open says %v", opened)
		}
		if id != nil && opened != nil {
			id.Parent()
		}
		if opened != nil || im.footerAt > 0 && im.footerAt < size-footerSize {
			return // other bytes follow the footer
		}
		if err != nil || id.Type != im.Type() || id.UUID != im.UUID() {
			t.Fatalf("identified as %+v (%v), opened as %s %s", id, err, im.Type(), im.UUID())
		}
		uuid, names, err := id.Parent()
		if err != nil || uuid != im.ParentUUID() {
			t.Fatalf("its parent is %s (%v), opened %s", uuid, err, im.ParentUUID())
		}
		if _, over := findingOf(im, RuleLocatorOverlap); !over && !slices.EqualFunc(names, im.ParentNames(), sameParentName) {
			t.Fatalf("names %v, opened %v", names, im.ParentNames())
		}
	})
}
