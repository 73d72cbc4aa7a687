package session

import (
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// TestChoose: a person may take a file that the UUIDs speak against, and
// take that back.
func TestChoose(t *testing.T) {
	s, _ := newSession()
	f := open(t, s, given("leaf.vhd", tiny("leaf", "base")), given("base.vhd", tiny("impostor", "")), given("other.vhd", tiny("other", "")))
	wantStates(t, disk(t, f, 1), "mismatch", "leaf.vhd resolved", "base.vhd mismatch")
	for _, parent := range []int{2, 3} {
		f = ask[Forest](t, s, CommandChoose, ChooseRequest{1, parent})
		d := disk(t, f, 1)
		l := d.Layers[1]
		if !d.Complete || d.Missing != nil || len(d.Layers) != 2 || l.File != parent || l.State != "mismatch" || !l.Chosen {
			t.Fatalf("chosen: %+v", d)
		}
		if all := strings.Join(l.Evidence, " "); !strings.Contains(all, text(vhdtest.ID("base"))) || !strings.Contains(all, f.Files[parent-1].UUID) {
			t.Errorf("evidence %q does not tell both UUIDs", l.Evidence)
		}
		if len(f.Disks) != 2 {
			t.Errorf("%d disks: the chosen one is a parent now", len(f.Disks))
		}
	}
	want := make([]byte, 8*4096)
	copy(want[4096+1024:], "leaf")
	if got := readAll(t, s, 1, 8*4096); vhdtest.Diff(got, want) != "" {
		t.Error(vhdtest.Diff(got, want))
	}
	f = ask[Forest](t, s, CommandChoose, ChooseRequest{1, 0})
	wantStates(t, disk(t, f, 1), "mismatch", "leaf.vhd resolved", "base.vhd mismatch")
	f = ask[Forest](t, s, CommandChoose, ChooseRequest{1, 0})
	wantStates(t, disk(t, f, 1), "mismatch", "leaf.vhd resolved", "base.vhd mismatch")
}

// TestChooseOverTheRightOne: a choice stands although the right parent is
// there, and choosing that is no mismatch.
func TestChooseOverTheRightOne(t *testing.T) {
	s, _ := newSession()
	open(t, s, given("leaf.vhd", tiny("leaf", "base")), given("base.vhd", tiny("base", "")), given("other.vhd", tiny("other", "")))
	f := ask[Forest](t, s, CommandChoose, ChooseRequest{1, 3})
	if l := disk(t, f, 1).Layers[1]; l.File != 3 || l.State != "mismatch" {
		t.Errorf("layer %+v", l)
	}
	f = ask[Forest](t, s, CommandChoose, ChooseRequest{1, 2})
	if l := disk(t, f, 1).Layers[1]; l.File != 2 || l.State != "resolved" || !l.Chosen {
		t.Errorf("layer %+v", l)
	}
}

// TestChoiceEndsWithItsFiles: what was chosen is forgotten when either file
// is closed, also for another file that takes its key.
func TestChoiceEndsWithItsFiles(t *testing.T) {
	for _, closed := range []int{1, 2} {
		s, _ := newSession()
		files := []worker.OpenFile{given("leaf.vhd", tiny("leaf", "base")), given("x.vhd", tiny("x", ""))}
		open(t, s, files...)
		f := ask[Forest](t, s, CommandChoose, ChooseRequest{1, 2})
		if !disk(t, f, 1).Complete {
			t.Fatalf("chosen: %+v", f.Disks)
		}
		ask[Forest](t, s, CommandClose, CloseRequest{[]int{closed}})
		f = open(t, s, files[closed-1])
		wantStates(t, disk(t, f, 1), "not-found", "leaf.vhd resolved", "base.vhd missing")
	}
}

func TestChooseRefused(t *testing.T) {
	s, _ := newSession()
	f := open(t, s, given("leaf.vhd", tiny("leaf", "base")), given("dynamic.vhd", tiny("dynamic", "")), given("refused.vhd", raw(nil)), given("raw.img", raw(make([]byte, 512))))
	before := states(disk(t, f, 1))
	for _, r := range []ChooseRequest{
		{2, 1}, {3, 1}, {4, 1}, {99, 1}, {0, 1}, {-1, 2}, {2, 0}, // no differencing image
		{1, 1}, {1, 3}, {1, 99}, {1, -1}, // no parent
	} {
		wantProblem(t, s, CommandChoose, r, worker.CodeBadRequest)
	}
	f = ask[Forest](t, s, CommandOpen, OpenRequest{})
	if d := disk(t, f, 1); strings.Join(before, ",") != strings.Join(states(d), ",") || d.Layers[1].Chosen {
		t.Errorf("a refused choice changed %q to %q", before, states(d))
	}
}

// TestChooseACycle: choosing what lies above is refused and changes nothing.
func TestChooseACycle(t *testing.T) {
	s, _ := newSession()
	f := open(t, s, given("leaf.vhd", tiny("leaf", "mid")), given("mid.vhd", tiny("mid", "base")), given("base.vhd", tiny("base", "")))
	wantProblem(t, s, CommandChoose, ChooseRequest{2, 1}, worker.CodeBadRequest)
	shown := map[int]bool{}
	for _, d := range f.Disks {
		for _, l := range d.Layers {
			shown[l.File] = true
		}
	}
	if !shown[1] || !shown[2] || !shown[3] {
		t.Errorf("files %v are shown of three: %+v", shown, f.Disks)
	}
	f = ask[Forest](t, s, CommandChoose, ChooseRequest{2, 0})
	wantStates(t, disk(t, f, 1), "", "leaf.vhd resolved", "mid.vhd resolved", "base.vhd resolved")
}
