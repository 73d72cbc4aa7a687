package vhd

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
)

// tiny is a small image: a child where parent is not "".
func tiny(t testing.TB, path, id, parent string, edit ...func(*vhdtest.Spec)) Candidate {
	t.Helper()
	s := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096, UUID: vhdtest.ID(id)}
	if parent != "" {
		s.Type, s.ParentUUID = vhdtest.Differencing, vhdtest.ID(parent)
	}
	for _, e := range edit {
		e(&s)
	}
	return Candidate{Name: path, Image: mustOpen(t, s.Build())}
}

// knows gives a child locators and a unicode name for its parent.
func knows(name string, list ...vhdtest.Locator) func(*vhdtest.Spec) {
	return func(s *vhdtest.Spec) { s.ParentName, s.Locators = name, list }
}

// made makes files of one UUID differ.
func made(seconds uint32) func(*vhdtest.Spec) {
	return func(s *vhdtest.Spec) { s.Timestamp = seconds }
}

// wantChain fails unless the chain is complete and has these files, whatever
// the order of the pool.
func wantChain(t *testing.T, leaf Candidate, pool []Candidate, want ...string) Resolution {
	t.Helper()
	res := Resolve(leaf, pool)
	for range 2 {
		if res.Missing != nil || !slices.Equal(namesOf(res), want) {
			t.Errorf("chain %q (missing %v), want %q", namesOf(res), reasonOf(res), want)
		}
		if len(res.Links) != len(res.Chain)-1 {
			t.Errorf("%d links for %d files", len(res.Links), len(res.Chain))
		}
		pool = slices.Clone(pool)
		slices.Reverse(pool)
		res = Resolve(leaf, pool)
	}
	return res
}

// wantMissing fails unless the chain ends with these files for the reason,
// whatever the order of the pool.
func wantMissing(t *testing.T, leaf Candidate, pool []Candidate, why Reason, want ...string) *MissingParent {
	t.Helper()
	var res Resolution
	for range 2 {
		if res = Resolve(leaf, pool); reasonOf(res) != why || !slices.Equal(namesOf(res), want) {
			t.Fatalf("chain %q, missing for reason %q; want %q, %q", namesOf(res), reasonOf(res), want, why)
		}
		pool = slices.Clone(pool)
		slices.Reverse(pool)
	}
	if m := res.Missing; m.Child.Name != want[len(want)-1] || m.UUID != m.Child.Image.ParentUUID() {
		t.Errorf("missing %+v", m)
	}
	return res.Missing
}

func reasonOf(res Resolution) Reason {
	if res.Missing == nil {
		return ""
	}
	return res.Missing.Reason
}

func TestResolveByUUID(t *testing.T) {
	leaf := tiny(t, "leaf.vhd", "leaf", "mid", knows("mid.vhd"))
	mid := tiny(t, "was mid.vhd", "mid", "base", knows("base.vhd"))
	base := tiny(t, "x/y", "base", "")
	decoy := tiny(t, "base.vhd", "another", "")
	res := wantChain(t, leaf, []Candidate{decoy, leaf, base, mid}, "leaf.vhd", "was mid.vhd", "x/y")
	for i, l := range res.Links {
		if !l.SameUUID || l.Chosen || len(l.Evidence) < 2 || !strings.Contains(l.Evidence[0], res.Chain[i+1].Image.UUID().String()) ||
			!strings.Contains(l.Evidence[1], "renamed") {
			t.Errorf("link %d: %+v", i, l)
		}
	}
	wantChain(t, base, []Candidate{leaf, mid, base}, "x/y")
}

func TestResolveRefusesTheWrongFile(t *testing.T) {
	leaf := tiny(t, "d/leaf.vhd", "leaf", "base", knows("base.vhd"))
	m := wantMissing(t, leaf, []Candidate{leaf, tiny(t, "z.vhd", "z", ""), tiny(t, "d/base.vhd", "impostor", "")}, Mismatch, "d/leaf.vhd")
	if len(m.Refused) != 2 || m.Refused[0].Candidate.Name != "d/base.vhd" || !m.Refused[0].SameName {
		t.Fatalf("refused: %+v", m.Refused)
	}
	for _, id := range []string{"impostor", "base"} {
		if s := UUID(vhdtest.ID(id)).String(); !strings.Contains(m.Refused[0].Message, s) {
			t.Errorf("%q does not name %s", m.Refused[0].Message, s)
		}
	}
	m = wantMissing(t, leaf, []Candidate{leaf}, NotFound, "d/leaf.vhd")
	if len(m.Names) != 1 || m.Names[0].Text != "base.vhd" || m.Names[0].Origin == "" {
		t.Errorf("names: %+v", m.Names)
	}
	swapped := tiny(t, "x.vhd", "base", "", func(s *vhdtest.Spec) { s.UUID = vhdtest.MixedEndian(s.UUID) })
	m = wantMissing(t, leaf, []Candidate{swapped}, NotFound, "d/leaf.vhd")
	if !strings.Contains(m.Refused[0].Message, "order") {
		t.Errorf("a UUID in the other byte order: %q", m.Refused[0].Message)
	}
}

// TestResolveRanksNames: among files of one UUID the exact path is better
// than a longer common end, and that than the bare file name.
func TestResolveRanksNames(t *testing.T) {
	base := func(path string, seconds uint32) Candidate { return tiny(t, path, "base", "", made(seconds)) }
	rel := func(path string) func(*vhdtest.Spec) { return knows("", vhdtest.Relative(path)) }
	for name, c := range map[string]struct {
		knows func(*vhdtest.Spec)
		want  string
		other []string
	}{
		"exact before suffix":         {knows("", vhdtest.Relative(`..\b.vhd`), vhdtest.Absolute(`C:\q\x\y\z\b.vhd`)), "a/b.vhd", []string{"x/y/z/b.vhd", "b.vhd"}},
		"suffix before file name":     {knows("", vhdtest.Absolute(`C:\x\y\b.vhd`)), "w/y/b.vhd", []string{"b.vhd", "w/b.vhd"}},
		"file name before no name":    {knows("b.vhd"), "q/r/b.vhd", []string{"c.vhd", "q/d.vhd"}},
		"same folder":                 {rel(`.\b.vhd`), "a/c/b.vhd", []string{"b.vhd", "a/b.vhd", "c/b.vhd"}},
		"folder above":                {rel(`..\..\b.vhd`), "b.vhd", []string{"a/b.vhd", "a/c/b.vhd"}},
		"folder below":                {rel(`d\b.vhd`), "a/c/d/b.vhd", []string{"d/b.vhd", "a/d/b.vhd"}},
		"slashes":                     {rel(`../c/./b.vhd`), "a/c/b.vhd", []string{"b.vhd", "c/b.vhd"}},
		"mixed slashes":               {rel(`..\c/b.vhd`), "a/c/b.vhd", []string{"c/b.vhd"}},
		"drive":                       {knows("", vhdtest.Absolute(`C:\a\k\b.vhd`)), "a/k/b.vhd", []string{"k/b.vhd", "b.vhd"}},
		"UNC":                         {knows("", vhdtest.Absolute(`\\srv\share\k\b.vhd`)), "share/k/b.vhd", []string{"k/b.vhd", "b.vhd"}},
		"volume":                      {knows("", vhdtest.Absolute(`\\?\Volume{0123}\k\b.vhd`)), "any/k/b.vhd", []string{"any/b.vhd"}},
		"POSIX path in a W2ku":        {knows("", vhdtest.Absolute(`/home/u/b.vhd`)), "home/u/b.vhd", []string{"u/b.vhd"}},
		"URL":                         {knows("", vhdtest.FileURL("localhost", "/Vol/my disks/b.vhd")), "my disks/b.vhd", []string{"disks/b.vhd"}},
		"URL of XenServer":            {knows("", vhdtest.FileURL(".", "/b.vhd")), "a/c/b.vhd", []string{"b.vhd", "c/b.vhd"}},
		"path in the unicode name":    {knows(`C:\k\b.vhd`), "k/b.vhd", []string{"b.vhd"}},
		"case":                        {knows("ÄÖ.VHD"), "äö.vhd", []string{"ao.vhd"}},
		"composed and decomposed":     {knows("caf\u00e9.vhd"), "cafe\u0301.vhd", []string{"cafe.vhd"}},
		"decomposed and composed":     {knows("CAFE\u0301.vhd"), "caf\u00e9.vhd", []string{"cafe.vhd"}},
		"sharp s is not ss":           {knows("straße.vhd"), "STRAßE.VHD", []string{"strasse.vhd", "STRASSE.VHD"}},
		"dotted I is not i":           {knows("İ.vhd"), "I\u0307.vhd", []string{"i.vhd", "I.vhd", "ı.vhd"}},
		"trailing dot":                {knows("b.vhd."), "b.vhd", []string{"c.vhd"}},
		"emoji":                       {knows("😀.vhd"), "x/😀.vhd", []string{"x/😁.vhd"}},
		"the second locator fits":     {knows("", vhdtest.Relative(`.\gone.vhd`), vhdtest.Absolute(`D:\b.vhd`)), "b.vhd", []string{"c.vhd"}},
		"drive without a root":        {knows("", vhdtest.Absolute(`c:b.vhd`)), "b.vhd", []string{"c.vhd"}},
		"a name that is no suffix":    {knows("b.vhd"), "x/b.vhd", []string{"x/ab.vhd", "x/b.vhd.old"}},
		"dots that lead above a root": {rel(`..\..\..\..\..\b.vhd`), "x/b.vhd", []string{"x/c.vhd"}},
	} {
		t.Run(name, func(t *testing.T) {
			leaf := tiny(t, "a/c/leaf.vhd", "leaf", "base", c.knows)
			pool := []Candidate{base(c.want, 1)}
			for i, other := range c.other {
				pool = append(pool, base(other, uint32(i+2)))
			}
			wantChain(t, leaf, pool, leaf.Name, c.want)
		})
	}
}

func TestResolveAmong(t *testing.T) {
	leaf := tiny(t, "leaf.vhd", "leaf", "base", knows("base.vhd"))
	one, two := tiny(t, "one.vhd", "base", "", made(1)), tiny(t, "two.vhd", "base", "", made(2))
	t.Run("ambiguous", func(t *testing.T) {
		m := wantMissing(t, leaf, []Candidate{one, two}, Ambiguous, "leaf.vhd")
		for _, r := range m.Refused {
			if !r.Usable || r.UUID != UUID(vhdtest.ID("base")) || !strings.Contains(r.Message, "others") {
				t.Errorf("refusal %+v", r)
			}
		}
	})
	t.Run("copies", func(t *testing.T) {
		one, copied := one, one
		copied.Name, copied.Image = "copy of one.vhd", tiny(t, "", "base", "", made(1)).Image
		// The same structures do not make the same data: the one may have
		// been written to since. The same time does.
		wantMissing(t, leaf, []Candidate{one, copied}, Ambiguous, "leaf.vhd")
		one.Modified, copied.Modified = epoch.Add(time.Hour), epoch.Add(2*time.Hour)
		wantMissing(t, leaf, []Candidate{one, copied}, Ambiguous, "leaf.vhd")
		copied.Modified = one.Modified
		res := Resolve(leaf, []Candidate{one, copied})
		if res.Missing != nil || res.Chain[1].Name != "one.vhd" || !strings.Contains(strings.Join(res.Links[0].Evidence, " "), "copies") {
			t.Errorf("chain %v, links %+v", namesOf(res), res.Links)
		}
	})
	t.Run("time of the file", func(t *testing.T) {
		at := leafWithTime(t, 5000)
		two := two
		two.Modified = epoch.Add(5001 * time.Second)
		res := wantChain(t, at, []Candidate{one, two}, "leaf.vhd", "two.vhd")
		if !strings.Contains(strings.Join(res.Links[0].Evidence, " "), Timestamp(5000).String()) {
			t.Errorf("evidence %q", res.Links[0].Evidence)
		}
	})
	t.Run("time of the footer", func(t *testing.T) {
		wantChain(t, leafWithTime(t, 2), []Candidate{one, two}, "leaf.vhd", "two.vhd")
	})
	t.Run("time 0 is no time", func(t *testing.T) {
		zero := tiny(t, "zero.vhd", "base", "", made(3))
		zero.Modified = epoch
		wantMissing(t, leaf, []Candidate{zero, one}, Ambiguous, "leaf.vhd")
	})
	t.Run("time off by an hour is only said", func(t *testing.T) {
		one := one
		one.Modified = epoch.Add(8600 * time.Second)
		res := wantChain(t, leafWithTime(t, 5000), []Candidate{one}, "leaf.vhd", "one.vhd")
		if !strings.Contains(strings.Join(res.Links[0].Evidence, " "), Timestamp(5000).String()) {
			t.Errorf("evidence %q", res.Links[0].Evidence)
		}
	})
	t.Run("a name outweighs a time", func(t *testing.T) {
		named := tiny(t, "base.vhd", "base", "", made(9))
		wantChain(t, leafWithTime(t, 2), []Candidate{two, named}, "leaf.vhd", "base.vhd")
	})
	t.Run("a child and its parent of one UUID", func(t *testing.T) {
		// DOSBox-X and 86Box make UUIDs from the time.
		twin := tiny(t, "leaf.vhd", "twin", "twin", knows("base.vhd", vhdtest.Relative(`.\base.vhd`)))
		base := tiny(t, "base.vhd", "twin", "")
		wantChain(t, twin, []Candidate{twin, base}, "leaf.vhd", "base.vhd")
	})
	t.Run("sizes are told", func(t *testing.T) {
		small := tiny(t, "base.vhd", "base", "", func(s *vhdtest.Spec) { s.Size = 1024 })
		res := wantChain(t, leaf, []Candidate{small}, "leaf.vhd", "base.vhd")
		if !strings.Contains(strings.Join(res.Links[0].Evidence, " "), "1024") {
			t.Errorf("evidence %q", res.Links[0].Evidence)
		}
	})
}

// leafWithTime is a leaf that noted its parent's time and no name.
func leafWithTime(t *testing.T, seconds uint32) Candidate {
	return tiny(t, "leaf.vhd", "leaf", "base", knows("base.vhd"), func(s *vhdtest.Spec) { s.ParentTimestamp = seconds })
}
