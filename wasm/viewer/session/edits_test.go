package session

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// editsOn lays edits on a disk that hold these sectors.
func editsOn(t testing.TB, s *Session, disk, key int, sectors map[int][]byte) *Forest {
	t.Helper()
	f := vhdtest.Spec{Type: vhdtest.Differencing, Size: 1 << 20, BlockSize: 1 << 19, ParentName: "somewhere else.vhd",
		Blocks: []vhdtest.Block{{Index: 0, Sectors: sectors}}}.Build()
	im, err := vhd.Open(f, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	forest, err := s.LayOn(disk, Edits{Key: key, Name: "Edits of leaf.vhd", Image: im, Source: &testSource{sized: f, host: s.host.(*testHost)}})
	if err != nil {
		t.Fatal(err)
	}
	return forest
}

// editable is a chain of 1 MiB with something in sectors 0 and 1.
func editable(t testing.TB) *Session {
	t.Helper()
	s, _ := newSession()
	spec := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1 << 20, BlockSize: 1 << 19, UUID: vhdtest.ID("base"), Blocks: []vhdtest.Block{
		{Index: 0, Sectors: map[int][]byte{0: bytes.Repeat([]byte("base"), 128), 1: bytes.Repeat([]byte("ones"), 128)}}}}
	leaf := vhdtest.Spec{Type: vhdtest.Differencing, Size: 1 << 20, BlockSize: 1 << 19, UUID: vhdtest.ID("leaf"), ParentUUID: vhdtest.ID("base"), ParentName: "base.vhd",
		Blocks: []vhdtest.Block{{Index: 0, Sectors: map[int][]byte{1: bytes.Repeat([]byte("leaf"), 128)}}}}
	open(t, s, given("leaf.vhd", leaf.Build()), given("base.vhd", spec.Build()))
	return s
}

// TestEditsLieOnTop: edits are the leaf of the disk whatever their own file
// says of a parent, the disk keeps its name, and as it is below them it can
// still be read by its own key.
func TestEditsLieOnTop(t *testing.T) {
	s := editable(t)
	f := editsOn(t, s, 1, 7, map[int][]byte{0: bytes.Repeat([]byte("edit"), 128)})
	if len(f.Disks) != 1 {
		t.Fatalf("%d disks", len(f.Disks))
	}
	d := disk(t, f, 7)
	wantStates(t, d, "", "Edits of leaf.vhd resolved", "leaf.vhd resolved", "base.vhd resolved")
	if d.Name != "leaf.vhd" {
		t.Errorf("the disk is called %q", d.Name)
	}
	for i, l := range d.Layers {
		if l.Edit != (i == 0) || l.Chosen {
			t.Errorf("layer %d: %+v", i, l)
		}
	}
	if why := strings.Join(d.Layers[1].Evidence, " "); !strings.Contains(why, "edits") {
		t.Errorf("evidence %q", why)
	}
	for id, want := range map[int]string{7: "edit", 1: "base"} {
		v := ask[worker.View](t, s, CommandView, ViewRequest{Disk: id, Length: 512})
		if string(v.Bytes[:4]) != want {
			t.Errorf("disk %d reads %q", id, v.Bytes[:4])
		}
	}
	if _, err := s.LayOn(1, Edits{Key: 8}); err == nil {
		t.Error("edits lie on a disk that has some")
	}
	if _, err := s.LayOn(7, Edits{Key: 8}); err == nil {
		t.Error("edits lie on edits")
	}
	// Whatever else comes, they stay where they are.
	f = open(t, s, worker.OpenFile{Key: 3, Name: "other.vhd", File: tiny("other", "")})
	wantStates(t, disk(t, f, 7), "", "Edits of leaf.vhd resolved", "leaf.vhd resolved", "base.vhd resolved")
}

// TestEditsAreClosedWithTheirLeaf: a layer without the file it was laid on is
// of no use; the files below are not touched by its end.
func TestEditsAreClosedWithTheirLeaf(t *testing.T) {
	for _, closing := range [][]int{{1}, {}} {
		s := editable(t)
		editsOn(t, s, 1, 7, nil)
		f := ask[Forest](t, s, CommandClose, CloseRequest{closing})
		if slices.ContainsFunc(f.Files, func(f FileInfo) bool { return f.Key == 7 }) {
			t.Errorf("closing %v leaves %+v", closing, f.Files)
		}
	}
	s := editable(t)
	editsOn(t, s, 1, 7, nil)
	f := ask[Forest](t, s, CommandClose, CloseRequest{[]int{7}})
	wantStates(t, disk(t, f, 1), "", "leaf.vhd resolved", "base.vhd resolved")
}

// TestViewTellsWhatEditsChanged: byte by byte, and only where the edits hold a
// sector.
func TestViewTellsWhatEditsChanged(t *testing.T) {
	s := editable(t)
	sector := bytes.Repeat([]byte("leaf"), 128) // sector 1 as it is below
	sector[3], sector[4], sector[200] = 'X', 'Y', 'Z'
	editsOn(t, s, 1, 7, map[int][]byte{1: sector, 4: {0, 0, 9}})
	view := func(off, n int64) []worker.Span {
		t.Helper()
		return ask[worker.View](t, s, CommandView, ViewRequest{Disk: 7, Offset: off, Length: n}).Changed
	}
	if got, want := view(0, 1<<20), []worker.Span{{Offset: 515, Length: 2}, {Offset: 712, Length: 1}, {Offset: 2050, Length: 1}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got, want := view(516, 100), []worker.Span{{Offset: 516, Length: 1}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := ask[worker.View](t, s, CommandView, ViewRequest{Disk: 1, Length: 4096}).Changed; len(got) != 0 {
		t.Errorf("without edits %v", got)
	}
}

// TestEditsAreNobodysParent: they are offered to no child, and cannot be
// chosen, nor can their place in the order of disks change.
func TestEditsAreNobodysParent(t *testing.T) {
	s := editable(t)
	open(t, s, worker.OpenFile{Key: 3, Name: "later.vhd", File: tiny("later", "")})
	editsOn(t, s, 1, 7, nil)
	f := open(t, s, worker.OpenFile{Key: 4, Name: "lost.vhd", File: tiny("lost", "gone")})
	var ids []int
	for _, d := range f.Disks {
		ids = append(ids, d.ID)
	}
	if !slices.Equal(ids, []int{7, 3, 4}) {
		t.Errorf("disks %v", ids)
	}
	for _, r := range disk(t, f, 4).Missing.Refused {
		if r.File == 7 {
			t.Errorf("%+v", r)
		}
	}
	wantProblem(t, s, CommandChoose, ChooseRequest{Child: 4, Parent: 7}, worker.CodeBadRequest)
	wantProblem(t, s, CommandChoose, ChooseRequest{Child: 7, Parent: 3}, worker.CodeBadRequest)
	// A second child of the leaf does not hide the edits.
	f = open(t, s, worker.OpenFile{Key: 5, Name: "second.vhd", File: vhdtest.Spec{Type: vhdtest.Differencing, Size: 1 << 20, UUID: vhdtest.ID("second"),
		ParentUUID: vhdtest.ID("leaf"), ParentName: "leaf.vhd"}.Build()})
	wantStates(t, disk(t, f, 7), "", "Edits of leaf.vhd resolved", "leaf.vhd resolved", "base.vhd resolved")
	wantStates(t, disk(t, f, 5), "", "second.vhd resolved", "leaf.vhd resolved", "base.vhd resolved")
}
