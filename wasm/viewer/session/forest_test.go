package session

import (
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// disk finds the disk of a leaf.
func disk(t testing.TB, f *Forest, id int) DiskInfo {
	t.Helper()
	for _, d := range f.Disks {
		if d.ID == id {
			return d
		}
	}
	t.Fatalf("disk %d is not among %+v", id, f.Disks)
	return DiskInfo{}
}

// wantStates fails unless a disk has these layers and, where it misses one,
// says so for this reason.
func wantStates(t *testing.T, d DiskInfo, reason string, want ...string) *Missing {
	t.Helper()
	got := ""
	if d.Missing != nil {
		got = d.Missing.Reason
		if d.Missing.Message == "" || strings.ContainsAny(d.Missing.Message[len(d.Missing.Message)-1:], " ,:") {
			t.Errorf("missing: %q", d.Missing.Message)
		}
	}
	if !slices.Equal(states(d), want) || got != reason || d.Complete != (reason == "") {
		t.Fatalf("layers %q, complete %v, missing %q; want %q, missing %q", states(d), d.Complete, got, want, reason)
	}
	for i, l := range d.Layers {
		if (l.File == 0) != (d.Missing != nil && i == len(d.Layers)-1) {
			t.Errorf("layer %d: %+v", i, l)
		}
	}
	return d.Missing
}

// TestSharedParents: a parent may have several children, each a disk, and
// what two disks share is two layers of one file.
func TestSharedParents(t *testing.T) {
	s, _ := newSession()
	f := open(t, s, given("base.vhd", tiny("base", "")), given("a.vhd", tiny("a", "base")), given("mid.vhd", tiny("mid", "base")),
		given("b.vhd", tiny("b", "mid")), given("c.vhd", tiny("c", "mid")), given("alone.vhd", tiny("alone", "")))
	if len(f.Disks) != 4 {
		t.Fatalf("%d disks", len(f.Disks))
	}
	wantStates(t, disk(t, f, 2), "", "a.vhd resolved", "base.vhd resolved")
	wantStates(t, disk(t, f, 4), "", "b.vhd resolved", "mid.vhd resolved", "base.vhd resolved")
	wantStates(t, disk(t, f, 5), "", "c.vhd resolved", "mid.vhd resolved", "base.vhd resolved")
	wantStates(t, disk(t, f, 6), "", "alone.vhd resolved")
	f = ask[Forest](t, s, CommandClose, CloseRequest{[]int{4, 5}})
	if len(f.Disks) != 3 {
		t.Fatalf("%d disks", len(f.Disks))
	}
	wantStates(t, disk(t, f, 3), "", "mid.vhd resolved", "base.vhd resolved")
}

func TestEvidence(t *testing.T) {
	s, _ := newSession()
	f := open(t, s, given("d/leaf.vhd", tiny("leaf", "base")), given("d/base.vhd", tiny("base", "")))
	l := disk(t, f, 1).Layers[1]
	if all := strings.Join(l.Evidence, " "); !strings.Contains(all, text(vhdtest.ID("base"))) || !strings.Contains(all, "exactly") {
		t.Errorf("evidence %q", l.Evidence)
	}
	s, _ = newSession()
	f = open(t, s, given("leaf.vhd", tiny("leaf", "base")), given("renamed.vhd", tiny("base", "")))
	l = disk(t, f, 1).Layers[1]
	if all := strings.Join(l.Evidence, " "); l.Name != "renamed.vhd" || !strings.Contains(all, "renamed") || !strings.Contains(all, "base.vhd") {
		t.Errorf("layer %+v", l)
	}
}

func TestMissingParent(t *testing.T) {
	s, _ := newSession()
	f := open(t, s, given("leaf.vhd", tiny("leaf", "base")), given("other.vhd", tiny("other", "")))
	m := wantStates(t, disk(t, f, 1), "not-found", "leaf.vhd resolved", "base.vhd missing")
	id := text(vhdtest.ID("base"))
	if m.Child != 1 || m.UUID != id || len(m.Names) != 2 || m.Names[0].Text != `.\base.vhd` || !strings.Contains(m.Message, "base.vhd") || !strings.Contains(m.Message, id) {
		t.Errorf("missing %+v", m)
	}
	if len(m.Refused) != 1 || m.Refused[0].File != 2 || m.Refused[0].Name != "other.vhd" || m.Refused[0].UUID != text(vhdtest.ID("other")) || !m.Refused[0].Usable || m.Refused[0].Reason == "" {
		t.Errorf("refused %+v", m.Refused)
	}
	s, _ = newSession()
	f = open(t, s, given("leaf.vhd", tiny("leaf", "base", func(s *vhdtest.Spec) { s.ParentName, s.Locators = "", nil })))
	m = wantStates(t, disk(t, f, 1), "not-found", "leaf.vhd resolved", "unnamed parent missing")
	if len(m.Names) != 0 || !strings.Contains(m.Message, "unknown name") {
		t.Errorf("missing %+v", m)
	}
}

// TestWrongParent: a file of the right name and another identity is refused,
// and both identities are told.
func TestWrongParent(t *testing.T) {
	s, _ := newSession()
	f := open(t, s, given("leaf.vhd", tiny("leaf", "base")), given("other.vhd", tiny("other", "")), given("base.vhd", tiny("impostor", "")))
	m := wantStates(t, disk(t, f, 1), "mismatch", "leaf.vhd resolved", "base.vhd mismatch")
	want, got := text(vhdtest.ID("base")), text(vhdtest.ID("impostor"))
	if m.UUID != want || !strings.Contains(m.Message, want) || len(m.Refused) != 2 {
		t.Fatalf("missing %+v", m)
	}
	if r := m.Refused[0]; r.File != 3 || r.UUID != got || !r.Usable || !strings.Contains(r.Reason, got) || !strings.Contains(r.Reason, want) {
		t.Errorf("refused first: %+v", r)
	}
	if len(f.Disks) != 3 {
		t.Errorf("%d disks: those refused are disks of their own", len(f.Disks))
	}
}

func TestAmbiguousParent(t *testing.T) {
	s, _ := newSession()
	of := func(seconds uint32) *vhdtest.File {
		return tiny("base", "", func(s *vhdtest.Spec) { s.Timestamp = seconds })
	}
	f := open(t, s, given("leaf.vhd", tiny("leaf", "base")), given("x.vhd", of(1)), given("y.vhd", of(2)))
	m := wantStates(t, disk(t, f, 1), "ambiguous", "leaf.vhd resolved", "base.vhd missing")
	if !strings.Contains(m.Message, "Choose") || len(m.Refused) != 2 || !m.Refused[0].Usable || !m.Refused[1].Usable {
		t.Errorf("missing %+v", m)
	}
	f = ask[Forest](t, s, CommandChoose, ChooseRequest{1, 3})
	wantStates(t, disk(t, f, 1), "", "leaf.vhd resolved", "y.vhd resolved")
	if l := disk(t, f, 1).Layers[1]; !l.Chosen {
		t.Errorf("layer %+v", l)
	}
}

// TestDamagedParent: a file that is no VHD but has the parent's name stands
// in its place and is refused.
func TestDamagedParent(t *testing.T) {
	s, _ := newSession()
	f := open(t, s, given("leaf.vhd", tiny("leaf", "base")), given("x/BASE.vhd", raw(make([]byte, 700))), given("x/base2.vhd", raw(make([]byte, 700))))
	m := wantStates(t, disk(t, f, 1), "not-found", "leaf.vhd resolved", "x/BASE.vhd damaged")
	if len(m.Refused) != 1 || m.Refused[0].File != 2 || m.Refused[0].Usable || m.Refused[0].UUID != "" || !strings.Contains(m.Refused[0].Reason, "cannot be opened") {
		t.Errorf("refused %+v", m.Refused)
	}
	if !strings.Contains(m.Message, "cannot be read") {
		t.Errorf("missing: %s", m.Message)
	}
	// The right file under another name is taken all the same.
	f = open(t, s, worker.OpenFile{Key: 9, Name: "good.vhd", File: tiny("base", "")})
	wantStates(t, disk(t, f, 1), "", "leaf.vhd resolved", "good.vhd resolved")
}

// TestDamagedLayer: a layer of which parts cannot be trusted says so, and
// the chain is complete.
func TestDamagedLayer(t *testing.T) {
	s, _ := newSession()
	base := tiny("base", "")
	base.SetEntry(5, 0x7FFFFFFF)
	f := open(t, s, given("leaf.vhd", tiny("leaf", "base")), given("base.vhd", base))
	wantStates(t, disk(t, f, 1), "", "leaf.vhd resolved", "base.vhd damaged")
	if n := f.Files[1].Findings.Errors; n != 1 || f.Files[0].Findings.Errors != 0 {
		t.Errorf("%d errors in the damaged file, want 1", n)
	}
}

func TestRawParent(t *testing.T) {
	rawChild := func(s *vhdtest.Spec) {
		s.ParentUUID, s.ParentName, s.Locators = vhdtest.UUID{}, "disk.img", []vhdtest.Locator{vhdtest.Relative(`.\disk.img`)}
	}
	contents := make([]byte, 8*4096)
	for i := range contents {
		contents[i] = byte(i>>9) | 1
	}
	s, _ := newSession()
	f := open(t, s, given("leaf.vhd", tiny("leaf", "x", rawChild)), given("other.img", raw(contents)))
	m := wantStates(t, disk(t, f, 1), "not-found", "leaf.vhd resolved", "disk.img missing")
	if m.UUID != "" || !strings.Contains(m.Message, "raw") || len(m.Refused) != 1 || m.Refused[0].UUID != "" || !m.Refused[0].Usable {
		t.Errorf("missing %+v", m)
	}
	f = open(t, s, worker.OpenFile{Key: 3, Name: "disk.img", File: raw(contents)})
	wantStates(t, disk(t, f, 1), "", "leaf.vhd resolved", "disk.img resolved")
	if len(f.Disks) != 1 {
		t.Errorf("%d disks: a raw file alone is none", len(f.Disks))
	}
	want := slices.Clone(contents)
	clear(want[4096+1024 : 4096+1536])
	copy(want[4096+1024:], "leaf")
	if got := readAll(t, s, 1, 8*4096); vhdtest.Diff(got, want) != "" {
		t.Error(vhdtest.Diff(got, want))
	}
	f = ask[Forest](t, s, CommandClose, CloseRequest{[]int{3}})
	f = ask[Forest](t, s, CommandChoose, ChooseRequest{1, 2})
	if l := disk(t, f, 1).Layers[1]; l.File != 2 || !l.Chosen {
		t.Errorf("chosen: %+v", l)
	}
}

// TestCycles: files that are each other's parents are shown all the same.
func TestCycles(t *testing.T) {
	s, _ := newSession()
	f := open(t, s, given("a.vhd", tiny("a", "b")), given("b.vhd", tiny("b", "c")), given("c.vhd", tiny("c", "a")))
	if len(f.Disks) != 1 {
		t.Fatalf("%d disks of a circle", len(f.Disks))
	}
	m := wantStates(t, f.Disks[0], "cycle", "a.vhd resolved", "b.vhd resolved", "c.vhd resolved", "a.vhd missing")
	if m.Child != 3 || !strings.Contains(m.Message, "base") {
		t.Errorf("missing %+v", m)
	}
	for _, r := range m.Refused {
		if r.File == 1 && r.Usable {
			t.Errorf("refused %+v", r)
		}
	}
	f = open(t, s, worker.OpenFile{Key: 4, Name: "tail.vhd", File: tiny("tail", "b")})
	if len(f.Disks) != 1 {
		t.Fatalf("%d disks of a circle with a tail", len(f.Disks))
	}
	wantStates(t, disk(t, f, 4), "cycle", "tail.vhd resolved", "b.vhd resolved", "c.vhd resolved", "a.vhd resolved", "b.vhd missing")
	s, _ = newSession()
	f = open(t, s, given("self.vhd", tiny("self", "self")))
	wantStates(t, f.Disks[0], "cycle", "self.vhd resolved", "self.vhd missing")
}

// TestDepth: a chain of too many layers is cut, and what lies below is shown
// as a disk of its own.
func TestDepth(t *testing.T) {
	if testing.Short() {
		t.Skip("many files")
	}
	s, _ := newSession()
	var files []worker.OpenFile
	name := func(i int) string { return "layer " + dec(int64(i)) }
	for i := range vhd.MaxDepth + 3 {
		files = append(files, given(name(i)+".vhd", vhdtest.Spec{Type: vhdtest.Differencing, Size: 512, BlockSize: 512, UUID: vhdtest.ID(name(i)),
			ParentUUID: vhdtest.ID(name(i + 1)), ParentName: name(i+1) + ".vhd"}.Build()))
	}
	f := open(t, s, files...)
	if len(f.Disks) != 2 {
		t.Fatalf("%d disks", len(f.Disks))
	}
	d := disk(t, f, 1)
	if len(d.Layers) != vhd.MaxDepth+1 || d.Missing == nil || d.Missing.Reason != "depth" || !strings.Contains(d.Missing.Message, dec(vhd.MaxDepth)) {
		t.Errorf("%d layers, missing %+v", len(d.Layers), d.Missing)
	}
	wantStates(t, disk(t, f, vhd.MaxDepth+1), "not-found", name(vhd.MaxDepth)+".vhd resolved", name(vhd.MaxDepth+1)+".vhd resolved",
		name(vhd.MaxDepth+2)+".vhd resolved", name(vhd.MaxDepth+3)+".vhd missing")
}
