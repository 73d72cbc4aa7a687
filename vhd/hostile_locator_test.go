package vhd

import (
	"fmt"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// locatorCase is a child with one locator, and what its name and findings
// must be.
type locatorCase struct {
	name     string
	locator  vhdtest.Locator
	want     string
	rule     Rule // "": nothing is wrong
	severity Severity
}

func (c locatorCase) run(t *testing.T) {
	f := child(func(s *vhdtest.Spec) { s.ParentName, s.Locators = "unicode name.vhd", []vhdtest.Locator{c.locator} })
	var im *Image
	text := 8 * int64(len(c.locator.Data)) // decoding passes through runes
	if spent := allocated(func() { im = mustOpen(t, f) }); spent > allowance(f.Size())+text {
		t.Errorf("Open of %d bytes allocated %d", f.Size(), spent)
	}
	visit(im)
	repairAll(t, f, f.Size(), RepairOptions{})
	c.check(t, f)
	l := im.Locators()
	if len(l) != 1 || l[0].Name != c.want {
		t.Fatalf("locators %+v, want the name %q", l, c.want)
	}
	if c.rule == "" {
		wantClean(t, im)
	} else {
		wantFinding(t, im, c.rule, c.severity)
	}
	// Whatever became of the locator, the unicode name still counts.
	names := im.ParentNames()
	if last := names[len(names)-1]; last.Text != "unicode name.vhd" {
		t.Errorf("names %+v", names)
	}
}

// check checks the image: what is wrong with the locator must be told.
func (c locatorCase) check(t *testing.T, f *vhdtest.File) {
	rule, severity := c.rule, c.severity
	if of, ok := locatorSpaces[c.name]; ok {
		rule, severity = RuleLocatorSpace, of
	}
	found := checkFile(t, f, f.Size(), CheckOptions{})
	if (rule == "") != (len(found) == 0) || rule != "" && !hasFinding(found, rule, severity) {
		t.Errorf("the check finds %+v, want %s", found, rule)
	}
}

// locatorSpaces are the cases in which only a check minds the space that is
// reserved for the data.
var locatorSpaces = map[string]Severity{"space 0": Note, "space 511 sectors": Warning, "space 65536 bytes": Warning}

func TestHostileLocatorLengths(t *testing.T) {
	// claims makes a locator whose data is at hand and whose entry says space,
	// length and offset, -1 for the truth.
	claims := func(space, length int64, offset *uint64) vhdtest.Locator {
		l := vhdtest.Relative(`.\p.vhd`)
		if space >= 0 {
			l.ClaimSpace = new(uint32(space))
		}
		if length >= 0 {
			l.ClaimLength = new(uint32(length))
		}
		l.ClaimOffset = offset
		return l
	}
	long := func(units int) vhdtest.Locator { return vhdtest.Relative(strings.Repeat("n", units)) }
	cases := []locatorCase{
		{"length 0", claims(-1, 0, nil), "", RuleLocatorText, Warning},
		{"length 1", claims(-1, 1, nil), "", RuleLocatorText, Warning},
		{"length odd", claims(-1, 13, nil), `.\p.vh`, RuleLocatorText, Warning},
		{"length past its text", claims(-1, 100, nil), `.\p.vhd`, "", 0},
		{"length past its space in sectors", claims(1, 600, nil), `.\p.vhd`, RuleLocatorLength, Warning},
		{"length past its space in bytes", claims(512, 600, nil), `.\p.vhd`, RuleLocatorLength, Warning},
		{"length 0xFFFFFFFF, space 512", claims(512, 0xFFFFFFFF, nil), `.\p.vhd`, RuleLocatorLength, Warning},
		{"length 0xFFFFFFFF, space 0xFFFFFE00", claims(0xFFFFFE00, 0xFFFFFFFF, nil), "", RuleLocatorOffset, Warning},
		{"length 0xFFFFFFFF, space 0", claims(0, 0xFFFFFFFF, nil), "", RuleLocatorOffset, Warning},
		{"length 0x80000000", claims(0, 0x80000000, nil), "", RuleLocatorOffset, Warning},
		{"space 0", claims(0, -1, nil), `.\p.vhd`, "", 0},
		{"space 1 sector", claims(1, -1, nil), `.\p.vhd`, "", 0},
		{"space 511 sectors", claims(511, -1, nil), `.\p.vhd`, "", 0},
		{"space 512 bytes", claims(512, -1, nil), `.\p.vhd`, "", 0},
		{"space 513", claims(513, -1, nil), `.\p.vhd`, RuleLocatorSpace, Warning},
		{"space 65536 bytes", claims(65536, -1, nil), `.\p.vhd`, "", 0},
		{"space 0xFFFFFFFF", claims(0xFFFFFFFF, -1, nil), `.\p.vhd`, RuleLocatorSpace, Warning},
		{"offset past the end", claims(-1, -1, new(uint64(1<<40))), "", RuleLocatorOffset, Warning},
		{"offset 2^63", claims(-1, -1, new(uint64(1<<63))), "", RuleLocatorOffset, Warning},
		{"offset -1", claims(-1, -1, new(uint64(1<<64-1))), "", RuleLocatorOffset, Warning},
		{"offset near 2^64", claims(-1, -1, new(uint64(1<<64-512))), "", RuleLocatorOffset, Warning},
		{"65534 bytes", long(32767), strings.Repeat("n", 32767), "", 0},
		{"too long for a path", long(40000), "", RuleLocatorLength, Warning},
		{"reserved field", func() vhdtest.Locator { l := claims(-1, -1, nil); l.Reserved = 7; return l }(), `.\p.vhd`, RuleLocatorReserved, Note},
	}
	for _, n := range []int{63, 64, 65, 511, 512, 513} { // 127, 128, 129, 1023, 1024 bytes and around
		cases = append(cases, locatorCase{fmt.Sprintf("%d bytes", 2*n), long(n), strings.Repeat("n", n), "", 0})
	}
	for _, n := range []int{127, 129, 1023} {
		cases = append(cases, locatorCase{fmt.Sprintf("%d bytes of UTF-16", n),
			vhdtest.Locator{Code: vhdtest.W2ku, Data: vhdtest.UTF16LE(strings.Repeat("n", n/2+1))[:n]}, strings.Repeat("n", n/2), RuleLocatorText, Warning})
	}
	for _, c := range cases {
		t.Run(c.name, c.run)
	}
}

func TestHostileLocatorText(t *testing.T) {
	url := func(s string) vhdtest.Locator { return vhdtest.Locator{Code: vhdtest.MacX, Data: []byte(s)} }
	utf16 := func(b ...byte) vhdtest.Locator { return vhdtest.Locator{Code: vhdtest.W2ru, Data: b} }
	for _, c := range []locatorCase{
		{"one NUL", vhdtest.Relative("p.vhd\x00"), "p.vhd", "", 0},
		{"many NULs", vhdtest.Relative("p.vhd" + strings.Repeat("\x00", 50)), "p.vhd", "", 0},
		{"NUL in the middle", vhdtest.Relative("p.vhd\x00junk"), "p.vhd", RuleLocatorText, Warning},
		{"only NULs", vhdtest.Relative("\x00\x00\x00"), "", RuleLocatorText, Warning},
		{"BOM", vhdtest.Relative("\uFEFFp.vhd"), "p.vhd", "", 0},
		{"other byte order", vhdtest.Locator{Code: vhdtest.W2ru, Data: vhdtest.UTF16BE("p.vhd")}, "p.vhd", RuleLocatorText, Warning},
		{"other byte order with BOM", vhdtest.Locator{Code: vhdtest.W2ru, Data: vhdtest.UTF16BE("\uFEFF日.vhd")}, "日.vhd", RuleLocatorText, Warning},
		{"high surrogate alone", utf16('a', 0, 0x3D, 0xD8), "a\uFFFD", RuleLocatorText, Warning},
		{"low surrogate alone", utf16(0x00, 0xDE, 'a', 0), "\uFFFDa", RuleLocatorText, Warning},
		{"surrogates in the wrong order", utf16(0x00, 0xDE, 0x3D, 0xD8), "\uFFFD\uFFFD", RuleLocatorText, Warning},
		{"emoji", vhdtest.Relative(`.\😀.vhd`), `.\😀.vhd`, "", 0},
		{"é composed", vhdtest.Relative("\u00e9.vhd"), "\u00e9.vhd", "", 0},
		{"é decomposed", vhdtest.Relative("e\u0301.vhd"), "e\u0301.vhd", "", 0},

		{"URL localhost", url("file://localhost/a/p.vhd"), "file://localhost/a/p.vhd", "", 0},
		{"URL without host", url("file:///a/p.vhd"), "file:///a/p.vhd", "", 0},
		{"URL dot", url("file://./p.vhd\x00"), "file://./p.vhd", "", 0},
		{"URL escaped blank", url("file:///a%20b.vhd"), "file:///a%20b.vhd", "", 0},
		{"URL bad escape", url("file:///a%zz.vhd"), "file:///a%zz.vhd", RuleLocatorText, Warning},
		{"URL cut escape", url("file:///a%2"), "file:///a%2", RuleLocatorText, Warning},
		{"URL of no UTF-8", url("file:///a\xff.vhd"), "file:///a\uFFFD.vhd", RuleLocatorText, Warning},
		{"URL escaping no UTF-8", url("file:///a%ff.vhd"), "file:///a%ff.vhd", RuleLocatorText, Warning},
		{"no URL", url("/a/p.vhd"), "/a/p.vhd", RuleLocatorText, Warning},
		{"URL and nothing", url("file://"), "file://", "", 0},

		{"ANSI", vhdtest.RelativeANSI([]byte("..\\p.vhd")), `..\p.vhd`, "", 0},
		{"ANSI above ASCII", vhdtest.AbsoluteANSI([]byte("C:\\\xe9\x80.vhd")), "C:\\é€.vhd", RuleLocatorText, Warning},
		{"alias", vhdtest.Locator{Code: vhdtest.Mac, Data: []byte("\x00\x00p.vhd")}, "", "", 0},
		{"unknown code", vhdtest.Locator{Code: 0x01020304, Data: vhdtest.UTF16LE("p.vhd")}, "", RuleLocatorCode, Warning},
		{"code of the wrong byte order", vhdtest.Locator{Code: 0x75723257, Data: vhdtest.UTF16LE("p.vhd")}, "", RuleLocatorCode, Warning},
	} {
		t.Run(c.name, c.run)
	}
}

func TestHostileLocatorSlots(t *testing.T) {
	rel := vhdtest.Relative(`.\p.vhd`)
	rel.Slot = 7
	im := mustOpen(t, locators(rel))
	wantClean(t, im)
	if l := im.Locators(); len(l) != 1 || l[0].Slot != 7 || !strings.Contains(im.ParentNames()[0].Origin, "slot 7") {
		t.Errorf("only slot 7: %+v", l)
	}

	im = mustOpen(t, locators(vhdtest.Relative(`.\a.vhd`), vhdtest.Relative(`.\b.vhd`)))
	wantFinding(t, im, RuleLocatorDuplicate, Note)
	if n := im.ParentNames(); len(n) != 3 || n[0].Text != `.\a.vhd` || n[1].Text != `.\b.vhd` {
		t.Errorf("one code twice: %+v", n)
	}

	var all []vhdtest.Locator
	for range 8 {
		all = append(all, vhdtest.Locator{Code: 0xFFFFFFFF, Data: []byte("x")})
	}
	if im = mustOpen(t, locators(all...)); len(im.Locators()) != 8 || len(im.ParentNames()) != 1 {
		t.Errorf("eight unknown codes: %+v", im.ParentNames())
	}
}

// TestLocatorUnreadable: bytes that the file will not give cost the locator
// and not the image.
func TestLocatorUnreadable(t *testing.T) {
	roomy := vhdtest.Relative(`.\p.vhd`)
	roomy.Space = 65536
	f := locators(roomy, vhdtest.Absolute(`C:\p.vhd`))
	at := f.Layout.Locators[0]
	im, err := Open(failingReader{f, at, at + 512}, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	if found := wantFinding(t, im, RuleRead, Error); found.Offset != at {
		t.Errorf("at byte %#x, want %#x", found.Offset, at)
	}
	if n := im.ParentNames(); n[0].Text != `C:\p.vhd` {
		t.Errorf("names %+v", n)
	}
}

func TestHostileParentName(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want string
		rule Rule
	}{
		"256 units without NUL": {vhdtest.UTF16BE(strings.Repeat("n", 256)), strings.Repeat("n", 256), ""},
		"native byte order":     {vhdtest.UTF16LE("p.vhd"), "p.vhd", RuleParentName},
		"half a pair at end":    {append(vhdtest.UTF16BE("p"), 0xD8, 0x3D), "p\uFFFD", RuleParentName},
		"bytes behind the NUL":  {vhdtest.UTF16BE("p.vhd\x00old name"), "p.vhd", RuleParentName},
		"empty":                 {nil, "", RuleParentName},
	} {
		im := mustOpen(t, child(func(s *vhdtest.Spec) { s.ParentName, s.ParentNameRaw = "", c.raw }))
		if im.parentName != c.want {
			t.Errorf("%s: %q", name, im.parentName)
		}
		if c.rule == "" {
			wantClean(t, im)
		} else {
			wantFinding(t, im, c.rule, Warning)
		}
	}
}

// Of a name that does not lie in the file only that is told.
func TestLocatorOutsideTheFileIsToldOnce(t *testing.T) {
	for code, l := range map[string]vhdtest.Locator{"MacX": vhdtest.FileURL("", "/p.vhd"), "W2ru": vhdtest.Relative(`.\p.vhd`)} {
		l.ClaimOffset = new(uint64(1 << 40))
		f := child(func(s *vhdtest.Spec) { s.ParentName, s.Locators = "p.vhd", []vhdtest.Locator{l} })
		for _, e := range mustOpen(t, f).Findings() {
			if e.Rule != RuleLocatorOffset {
				t.Errorf("%s: finding %+v", code, e)
			}
		}
	}
}
