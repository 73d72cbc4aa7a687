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

// endsOnly is a file that gives its first 512 bytes and its last 512, each
// once, and records what was asked of it.
type endsOnly struct {
	io.ReaderAt
	size  int64
	given []extent
}

func (r *endsOnly) ReadAt(p []byte, off int64) (int, error) {
	e := extent{off, off + int64(len(p))}
	if e.to > 512 && e.from < r.size-512 {
		return 0, fmt.Errorf("bytes %d to %d are neither of the first 512 nor of the last", e.from, e.to)
	}
	if r.size > 512 && slices.Contains(r.given, e) {
		return 0, fmt.Errorf("bytes %d to %d are read twice", e.from, e.to)
	}
	r.given = append(r.given, e)
	return r.ReaderAt.ReadAt(p, off)
}

// identifiesAsOpened fails unless a file is identified as Open opens it, by its
// ends.
func identifiesAsOpened(t testing.TB, r io.ReaderAt, size int64) {
	t.Helper()
	f, err := Identify(&endsOnly{ReaderAt: r, size: size}, size)
	im, opened := Open(r, size)
	if err != nil || opened != nil {
		t.Fatalf("Identify: %v, Open: %v", err, opened)
	}
	if *f != im.Footer() {
		t.Errorf("identified as %+v, opened as %+v", *f, im.Footer())
	}
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
		"no copy, checksum wrong":        footerWithBadSum(vhdtest.Spec{Type: vhdtest.Fixed, Size: 4096}.Build()),
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

func footerWithBadSum(f *vhdtest.File) *vhdtest.File {
	f.EditFooters(func(b []byte) { b[vhdtest.FooterChecksum] ^= 0xFF })
	return f
}

// TestIdentifyReadsLittle: a good footer at the end is enough.
func TestIdentifyReadsLittle(t *testing.T) {
	f := child(nil)
	end := extent{f.Size() - 512, f.Size()}
	for _, want := range [][]extent{{end}, {end, {0, 512}}} {
		r := &endsOnly{ReaderAt: f, size: f.Size()}
		if _, err := Identify(r, r.size); err != nil || !slices.Equal(r.given, want) {
			t.Errorf("read %v (%v), want %v", r.given, err, want)
		}
		f.Put(end.from, make([]byte, 8)) // the second time
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

// TestIdentifyFindsWhatResolveTakes makes pools of images, of which some have
// the same UUID, and takes from them, level by level, only those of the UUID
// that is missing. They make the same chain as the whole pool.
func TestIdentifyFindsWhatResolveTakes(t *testing.T) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	names := []string{"a.vhd", "d/a.vhd", "D/A.VHD", "b.vhd", "d/e/b.vhd", "caf\u00e9.vhd", "cafe\u0301.vhd"}
	pick := func() string { return names[random.IntN(len(names))] }
	incomplete := 0
	for round := range 1000 {
		var files []*vhdtest.File
		var pool []Candidate
		for i := range 2 + random.IntN(7) {
			id, parent := vhdtest.ID(fmt.Sprint(random.IntN(6))), vhdtest.ID(fmt.Sprint(random.IntN(6)))
			if random.IntN(4) == 0 {
				id = vhdtest.MixedEndian(id)
			}
			s := vhdtest.Spec{Type: vhdtest.Differencing, Size: 512, BlockSize: 512, UUID: id, ParentUUID: parent, Timestamp: uint32(i + 1),
				ParentTimestamp: uint32(random.IntN(8)), ParentName: pick(), Locators: []vhdtest.Locator{vhdtest.Relative(pick())}}
			if i > 0 && random.IntN(3) == 0 {
				s.Type = []uint32{vhdtest.Fixed, vhdtest.Dynamic}[random.IntN(2)]
			}
			s.NoFooterCopy = random.IntN(4) == 0
			s.NoFooter = s.Type != vhdtest.Fixed && !s.NoFooterCopy && random.IntN(4) == 0
			files = append(files, s.Build())
			pool = append(pool, Candidate{Name: pick(), Image: mustOpen(t, files[i])})
		}
		taken := []Candidate{pool[0]}
		for {
			m := Resolve(pool[0], taken).Missing
			before := len(taken)
			for i, f := range files {
				footer, err := Identify(&endsOnly{ReaderAt: f, size: f.Size()}, f.Size())
				if err != nil {
					t.Fatal(err)
				}
				if m != nil && footer.UUID == m.UUID && !slices.Contains(taken, pool[i]) {
					taken = append(taken, pool[i])
				}
			}
			if len(taken) == before {
				break
			}
		}
		got, want := Resolve(pool[0], taken), Resolve(pool[0], pool)
		if !slices.Equal(got.Chain, want.Chain) || reasonOf(got) != reasonOf(want) && reasonOf(want) != Mismatch {
			t.Fatalf("seed %d, round %d: %v %s, of all %v %s", seed, round, namesOf(got), reasonOf(got), namesOf(want), reasonOf(want))
		}
		if got.Missing != nil {
			incomplete++
		}
	}
	if incomplete < 100 || incomplete > 900 {
		t.Errorf("seed %d: %d of 1000 chains are incomplete", seed, incomplete)
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
		got, err := Identify(&endsOnly{ReaderAt: bytes.NewReader(b), size: size}, size)
		var e *FormatError
		if err != nil && (!errors.As(err, &e) || !errors.Is(err, ErrNotVHD) && !errors.Is(err, ErrFormat)) {
			t.Fatalf("%#v", err)
		}
		im, opened := Open(bytes.NewReader(b), size)
		if errors.Is(opened, ErrNotVHD) && !errors.Is(err, ErrNotVHD) {
			t.Fatalf("identified, but Open says %v", opened)
		}
		if opened != nil || im.footerAt > 0 && im.footerAt < size-footerSize {
			return // other bytes follow the footer
		}
		if err != nil || *got != im.Footer() {
			t.Fatalf("identified as %+v (%v), opened as %+v", got, err, im.Footer())
		}
	})
}
