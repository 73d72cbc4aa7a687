package vhd

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
)

// The subtests of the three TestBehavioursOf… bear the numbers of the faults
// that an earlier implementation of differencing VHDs had, R for those that
// its review found; each shows the right behaviour. Numbers that are missing
// concern writing.

// TestBehavioursOfLocators shows how a parent's names are read.
func TestBehavioursOfLocators(t *testing.T) {
	const name = "é日本😀.vhd"
	onlyName := func(t *testing.T, f *vhdtest.File) string {
		t.Helper()
		im := mustOpen(t, f)
		if l := im.Locators(); len(l) == 1 {
			return l[0].Name
		}
		t.Fatalf("locators: %+v", im.Locators())
		return ""
	}
	t.Run("R1 one decoder for every encoding", func(t *testing.T) {
		for want, l := range map[string]vhdtest.Locator{
			`.\` + name:             vhdtest.Relative(`.\` + name),
			`C:\` + name:            vhdtest.Absolute(`C:\` + name),
			"file:///a/" + name:     {Code: vhdtest.MacX, Data: []byte("file:///a/" + name)},
			`.\caf` + "é" + `.vhd`:  vhdtest.RelativeANSI([]byte(".\\caf\xe9.vhd")),
			`C:\caf` + "é" + `.vhd`: vhdtest.AbsoluteANSI([]byte("C:\\caf\xe9.vhd")),
		} {
			if got := onlyName(t, locators(l)); got != want {
				t.Errorf("%s: %q, want %q", LocatorCode(l.Code), got, want)
			}
		}
	})
	t.Run("R2 R3 codes are in the file's order", func(t *testing.T) {
		f := locators(vhdtest.Relative(`.\p.vhd`))
		if got := f.Get(f.Layout.LocatorEntry(0), 4); string(got) != "W2ru" {
			t.Fatalf("built code %q", got)
		}
		if l := mustOpen(t, f).Locators()[0]; l.Code != LocatorW2ru || uint32(l.Code) != 0x57327275 || l.Code.String() != "W2ru" {
			t.Errorf("code %#x %s", uint32(l.Code), l.Code)
		}
	})
	t.Run("R4 unknown code is listed and no path", func(t *testing.T) {
		im := mustOpen(t, locators(vhdtest.Locator{Code: 0x58595A21, Data: vhdtest.UTF16LE("evil.vhd")}, vhdtest.Relative(`.\p.vhd`)))
		wantFinding(t, im, RuleLocatorCode, Warning)
		if l := im.Locators(); len(l) != 2 || l[0].Name != "" || len(l[0].Data) != 16 || l[1].Name != `.\p.vhd` {
			t.Errorf("locators: %+v", l)
		}
		for _, n := range im.ParentNames() {
			if strings.Contains(n.Text, "evil") {
				t.Errorf("%q is taken for a name of the parent", n.Text)
			}
		}
	})
	t.Run("R5 empty slots are skipped", func(t *testing.T) {
		f := child(nil)
		wantClean(t, mustOpen(t, f))
		f.PutUint32(f.Layout.LocatorEntry(3)+vhdtest.LocatorLength, 20)
		f.FixChecksums()
		im := mustOpen(t, f)
		wantFinding(t, im, RuleLocatorEmpty, Note)
		if l := im.Locators(); len(l) != 0 {
			t.Errorf("locators: %+v", l)
		}
	})
	t.Run("R6 offsets have 64 bits", func(t *testing.T) {
		l := vhdtest.Relative(`.\p.vhd`)
		l.At = 1<<32 + 4096
		if got := onlyName(t, locators(l)); got != `.\p.vhd` {
			t.Errorf("got %q", got)
		}
		l = vhdtest.Relative(`.\p.vhd`)
		l.ClaimOffset = new(uint64(1<<64 - 512))
		wantFinding(t, mustOpen(t, locators(l)), RuleLocatorOffset, Warning)
	})
	t.Run("R7 no NUL stays in a name", func(t *testing.T) {
		if got := onlyName(t, locators(vhdtest.Relative(".\\p.vhd\x00\x00\x00"))); got != `.\p.vhd` {
			t.Errorf("got %q", got)
		}
	})
	t.Run("1 names of any length", func(t *testing.T) {
		for _, n := range []int{1, 63, 64, 127, 128, 129, 255, 256, 1000, 32767} {
			want := strings.Repeat("x", n)
			if got := onlyName(t, locators(vhdtest.Relative(want))); got != want {
				t.Errorf("%d units: got %d", n, len(got))
			}
		}
	})
	t.Run("2 a flawed locator does not hide the next", func(t *testing.T) {
		im := mustOpen(t, locators(vhdtest.Locator{Code: vhdtest.W2ru, Data: make([]byte, 20)}, vhdtest.Absolute(`C:\p.vhd`)))
		wantFinding(t, im, RuleLocatorText, Warning)
		if n := im.ParentNames(); len(n) == 0 || n[0].Text != `C:\p.vhd` {
			t.Errorf("names: %+v", n)
		}
	})
	t.Run("3 surrogates", func(t *testing.T) {
		im := mustOpen(t, locators(vhdtest.Relative("😀")))
		if l := im.Locators()[0]; l.Name != "😀" {
			t.Errorf("a pair: %q", l.Name)
		}
		wantClean(t, im)
		im = mustOpen(t, locators(vhdtest.Locator{Code: vhdtest.W2ru, Data: []byte{'a', 0, 0x3D, 0xD8, 'b', 0}}))
		wantFinding(t, im, RuleLocatorText, Warning)
		if l := im.Locators()[0]; l.Name != "a\uFFFDb" || !bytes.Equal(l.Data, []byte{'a', 0, 0x3D, 0xD8, 'b', 0}) {
			t.Errorf("half a pair: %q, % x", l.Name, l.Data)
		}
	})
	t.Run("4 file URLs", func(t *testing.T) {
		for url, want := range map[string]string{
			"file://localhost/Vol/p.vhd": "/Vol/p.vhd",
			"file:///Vol/p%20q.vhd":      "/Vol/p q.vhd",
			"file://./p.vhd":             "./p.vhd",
			"FILE://LocalHost/p.vhd":     "/p.vhd",
			"file:///%E6%97%A5.vhd":      "/日.vhd",
		} {
			if got, flaw := fileURLPath(url); got != want || flaw != "" {
				t.Errorf("%s: %q (%s), want %q", url, got, flaw, want)
			}
		}
	})
	t.Run("5 29 names are kept and never made up", func(t *testing.T) {
		for _, name := range []string{`C:\a\b.vhd`, `\\srv\share\b.vhd`, `\\?\Volume{1-2}\a\b.vhd`, `a:stream\b.vhd`, `file:x\b.vhd`} {
			im := mustOpen(t, locators(vhdtest.Absolute(name)))
			if got := im.ParentNames()[0].Text; got != name {
				t.Errorf("%q became %q", name, got)
			}
			if got := im.ParentFileName(); got != "b.vhd" {
				t.Errorf("%q: file name %q", name, got)
			}
		}
	})
	t.Run("7 an unusable locator does not stop Open", func(t *testing.T) {
		huge := vhdtest.Relative(`.\p.vhd`)
		huge.ClaimLength = new(uint32(0xFFFFFFFF))
		huge.ClaimSpace = new(uint32(0xFFFFFE00))
		im := mustOpen(t, locators(huge, vhdtest.Relative(""), vhdtest.Absolute(`C:\p.vhd`)))
		wantFinding(t, im, RuleLocatorOffset, Warning)
		wantFinding(t, im, RuleLocatorText, Warning)
		if n := im.ParentNames(); n[0].Text != `C:\p.vhd` {
			t.Errorf("names: %+v", n)
		}
	})
}

// TestBehavioursOfParents shows how a parent is found, and what it supplies.
func TestBehavioursOfParents(t *testing.T) {
	leaf := Candidate{Name: "d/child.vhd", Image: mustOpen(t, child(func(s *vhdtest.Spec) {
		s.Locators = []vhdtest.Locator{vhdtest.Absolute(`C:\d\wrong.vhd`), vhdtest.Relative(`.\right.vhd`)}
		s.ParentTimestamp = 1000
	}))}
	base := func(name, id string) Candidate {
		return Candidate{Name: name, Image: mustOpen(t, vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096, UUID: vhdtest.ID(id)}.Build())}
	}
	t.Run("6 UUID decides, then relative before absolute", func(t *testing.T) {
		res := Resolve(leaf, []Candidate{leaf, base("d/wrong.vhd", "other"), base("renamed", "parent")})
		if res.Missing != nil || res.Chain[1].Name != "renamed" {
			t.Errorf("chain %v, missing %+v", namesOf(res), res.Missing)
		}
		if n := leaf.Image.ParentNames(); n[0].Text != `.\right.vhd` || n[1].Text != `C:\d\wrong.vhd` {
			t.Errorf("order of names: %+v", n)
		}
	})
	t.Run("9 type 4 makes a child, not a name", func(t *testing.T) {
		nameless := mustOpen(t, child(func(s *vhdtest.Spec) { s.ParentName = "" }))
		wantFinding(t, nameless, RuleParentName, Warning)
		if res := Resolve(Candidate{Image: nameless}, []Candidate{base("x", "parent")}); res.Missing != nil {
			t.Errorf("nameless child: %+v", res.Missing)
		}
		stale := mustOpen(t, vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096, ParentName: "old.vhd", ParentUUID: vhdtest.ID("parent"),
			Locators: []vhdtest.Locator{vhdtest.Relative(`.\old.vhd`)}}.Build())
		wantFinding(t, stale, RuleParentStale, Note)
		if res := Resolve(Candidate{Image: stale}, []Candidate{base("old.vhd", "parent")}); res.Missing != nil || len(res.Chain) != 1 {
			t.Errorf("stale names: chain %v", namesOf(res))
		}
	})
	t.Run("10 identity, time, cycle, depth", func(t *testing.T) {
		res := Resolve(leaf, []Candidate{base("d/right.vhd", "other")})
		if res.Missing == nil || res.Missing.Reason != Mismatch {
			t.Errorf("wrong UUID: %+v", res.Missing)
		}
		old := base("d/right.vhd", "parent")
		old.Modified = epoch.Add(99 * time.Hour)
		if res := Resolve(leaf, []Candidate{old}); res.Missing != nil || !strings.Contains(strings.Join(res.Links[0].Evidence, " "), Timestamp(1000).String()) {
			t.Errorf("wrong time: %+v", res)
		}
		self := Candidate{Image: mustOpen(t, child(func(s *vhdtest.Spec) { s.UUID = s.ParentUUID }))}
		if res := Resolve(self, []Candidate{self}); res.Missing == nil || res.Missing.Reason != Cycle {
			t.Errorf("self-parent: %+v", res.Missing)
		}
	})
	t.Run("18 raw parent", func(t *testing.T) {
		f := child(func(s *vhdtest.Spec) {
			s.ParentUUID, s.ParentName = vhdtest.UUID{}, "disk.img"
			s.Blocks = []vhdtest.Block{{Sectors: map[int][]byte{1: pattern(1, 1)}}}
		})
		raw := vhdtest.Spec{Type: vhdtest.Fixed, Size: 4096, Data: pattern(0, 0)}.Build()
		raw.Truncate(4096)
		im := mustOpen(t, f)
		wantFinding(t, im, RuleParentUUID, Note)
		res := Resolve(Candidate{Image: im}, []Candidate{{Name: "disk.img", Image: OpenRaw(raw, raw.Size())}})
		if res.Missing != nil || len(res.Chain) != 2 || res.Links[0].SameUUID {
			t.Fatalf("%+v", res)
		}
		d := mustDisk(t, im, res.Chain[1].Image)
		want := slices.Concat(pattern(0, 0), pattern(1, 1), make([]byte, 3072))
		wantBytes(t, readAll(t, d), want)
	})
	t.Run("24 unallocated is not zero", func(t *testing.T) {
		d := mustDisk(t, leaf.Image)
		n, err := d.ReadAt(make([]byte, 512), 0)
		if f := wantError(t, err, ErrNoParent, RuleParentMissing); n != 0 || f.Layer != 1 {
			t.Errorf("%d bytes, layer %d", n, f.Layer)
		}
		if d.Complete() {
			t.Error("the chain is called complete")
		}
		for e, err := range d.Extents(0, 4096) {
			if !errors.Is(err, ErrNoParent) || e != (Extent{0, 4096, 1, -1}) {
				t.Errorf("%+v, %v", e, err)
			}
		}
	})
	t.Run("30 every candidate and why it was refused", func(t *testing.T) {
		res := Resolve(leaf, []Candidate{base("x.vhd", "x"), base("d/right.vhd", "y")})
		m := res.Missing
		if m == nil || m.UUID != UUID(vhdtest.ID("parent")) || len(m.Names) != 3 || len(m.Refused) != 2 {
			t.Fatalf("%+v", m)
		}
		if r := m.Refused[0]; r.Candidate.Name != "d/right.vhd" || !r.SameName || !r.Usable ||
			!strings.Contains(r.Message, UUID(vhdtest.ID("y")).String()) || !strings.Contains(r.Message, m.UUID.String()) {
			t.Errorf("first refusal: %+v", r)
		}
		if r := m.Refused[1]; r.SameName || !strings.Contains(r.Message, UUID(vhdtest.ID("x")).String()) {
			t.Errorf("second refusal: %+v", r)
		}
	})
}

// namesOf lists the files of a chain.
func namesOf(res Resolution) []string {
	var names []string
	for _, c := range res.Chain {
		names = append(names, c.Name)
	}
	return names
}

// pad writes n as a name that sorts by number.
func pad(n int) string { return fmt.Sprintf("%05d", n) }
