package session

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// TestOpenInAnyOrder opens a chain's files in every order, in one call and
// one by one: after each call every run of files is a disk, and what comes
// later completes it.
func TestOpenInAnyOrder(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 1, Layers: 4, Size: 1 << 20, BlockSizes: []uint32{64 << 10}})
	var orders [][]int
	var permute func(order, rest []int)
	permute = func(order, rest []int) {
		if len(rest) == 0 {
			orders = append(orders, slices.Clone(order))
		}
		for i, n := range rest {
			permute(append(order, n), slices.Delete(slices.Clone(rest), i, i+1))
		}
	}
	permute(nil, []int{0, 1, 2, 3})
	for _, order := range orders {
		s, _ := newSession()
		isOpen := make([]bool, 4)
		var forest *Forest
		for _, i := range order {
			isOpen[i] = true
			forest = open(t, s, worker.OpenFile{Key: i + 1, Name: c.Layers[i].Name, File: c.Layers[i].File})
			checkRuns(t, forest, c, isOpen)
		}
		s, _ = newSession()
		var files []worker.OpenFile
		for _, i := range order {
			files = append(files, worker.OpenFile{Key: i + 1, Name: c.Layers[i].Name, File: c.Layers[i].File})
		}
		atOnce := ask[Forest](t, s, CommandOpen, OpenRequest{files})
		checkRuns(t, atOnce, c, isOpen)
		for i, f := range forest.Files {
			if f.Key != order[i]+1 || atOnce.Files[i].Key != f.Key {
				t.Errorf("opened %v, listed as %d", order, f.Key)
			}
		}
	}
}

// checkRuns fails unless a forest has a disk for each run of a chain's files.
func checkRuns(t *testing.T, f *Forest, c *vhdtest.Chain, isOpen []bool) {
	t.Helper()
	n := 0
	for i := range isOpen {
		if !isOpen[i] || i > 0 && isOpen[i-1] {
			continue
		}
		n++
		at := slices.IndexFunc(f.Disks, func(d DiskInfo) bool { return d.ID == i+1 })
		if at < 0 {
			t.Fatalf("%s is the leaf of no disk: %+v", c.Layers[i].Name, f.Disks)
		}
		d := f.Disks[at]
		var want []string
		j := i
		for ; j < len(isOpen) && isOpen[j]; j++ {
			want = append(want, c.Layers[j].Name+" resolved")
			if l := d.Layers[j-i]; l.File != j+1 || l.Chosen || (len(l.Evidence) > 0) != (j > i) {
				t.Errorf("layer %+v", l)
			}
		}
		complete := j == len(isOpen)
		if !complete {
			want = append(want, c.Layers[j].Name+" missing")
			if m := d.Missing; m == nil || m.Child != j || m.Reason != "not-found" || m.UUID != text(c.Layers[j].Spec.UUID) ||
				!strings.Contains(m.Message, c.Layers[j].Name) || !strings.Contains(m.Message, m.UUID) || len(m.Names) == 0 {
				t.Errorf("missing %+v", d.Missing)
			}
		} else if d.Missing != nil {
			t.Errorf("a complete disk misses %+v", d.Missing)
		}
		if d.Name != c.Layers[i].Name || d.Size != c.Size() || d.Complete != complete || !slices.Equal(states(d), want) {
			t.Errorf("disk %+v, want the layers %q", d, want)
		}
	}
	if n != len(f.Disks) {
		t.Errorf("%d disks, want %d", len(f.Disks), n)
	}
}

// text is a UUID as a reply gives it.
func text(id vhdtest.UUID) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// TestOpenKeepsWhatIsRefused: a file that is no VHD is listed with the
// reason; what is open stays so.
func TestOpenKeepsWhatIsRefused(t *testing.T) {
	s, h := newSession()
	open(t, s, given("good.vhd", tiny("good", "")))
	junk := make([]byte, 4096)
	for i := range junk {
		junk[i] = byte(i * 7)
	}
	with := func(magic string) sized { return raw(append([]byte(magic), junk[len(magic):]...)) }
	refused := []struct {
		name, code, says string
		file             any
	}{
		{"a.vhdx", "other-format", "VHDX", with("vhdxfile")},
		{"a.vmdk", "other-format", "VMDK", with("KDMV")},
		{"a.qcow2", "other-format", "QCOW2", with("QFI\xfb")},
		{"a.vdi", "other-format", "VDI", raw(append(append(make([]byte, 64), "\x7f\x10\xda\xbe"...), junk[:4096-68]...))},
		{"a.zip", "other-format", "Zip", with("PK\x03\x04")},
		{"empty.vhd", "cookie", "empty", raw(nil)},
		{"short.vhd", "cookie", "shorter", raw(junk[:100])},
		{"odd.bin", "cookie", "no VHD footer", raw(junk[:1000])},
		{"type.vhd", "disk-type", "", edited(func(f *vhdtest.File) {
			f.EditFooters(func(b []byte) { b[vhdtest.FooterType+3] = 6 })
			f.FixChecksums()
		})},
		{"lost", worker.CodeInternal, "is lost", errors.New("lost is lost")},
	}
	var files []worker.OpenFile
	for i, r := range refused {
		files = append(files, worker.OpenFile{Key: i + 10, Name: r.name, File: r.file})
	}
	files = append(files, worker.OpenFile{Key: 2, Name: "raw.img", File: raw(junk)})
	forest := ask[Forest](t, s, CommandOpen, OpenRequest{files})
	if len(forest.Files) != len(files)+1 || len(forest.Disks) != 1 || forest.Files[0].Kind != "vhd" || forest.Files[0].Problem != nil {
		t.Fatalf("forest %+v", forest)
	}
	for i, r := range refused {
		f := forest.Files[i+1]
		if f.Kind != "refused" || f.Problem == nil || f.Problem.Code != r.code || f.Problem.File != r.name || !strings.Contains(f.Problem.Message, r.says) {
			t.Errorf("%s: %+v, %+v", r.name, f, f.Problem)
		}
		wantProblem(t, s, CommandDetails, DetailsRequest{f.Key}, worker.CodeBadRequest)
		wantProblem(t, s, CommandView, ViewRequest{File: f.Key, Length: 1}, worker.CodeBadRequest)
		wantProblem(t, s, CommandRead, ReadRequest{Disk: f.Key}, worker.CodeBadRequest)
	}
	if f := forest.Files[len(files)]; f.Kind != "raw" || f.VirtualSize != 4096 || f.Size != 4096 || f.UUID != "" {
		t.Errorf("raw: %+v", f)
	}
	if v := ask[worker.View](t, s, CommandView, ViewRequest{File: 2, Offset: 5, Length: 100}); !slices.Equal(v.Bytes, junk[5:105]) {
		t.Error("a raw file's bytes are others")
	}
	forest = ask[Forest](t, s, CommandClose, CloseRequest{})
	if len(forest.Files) != 0 || h.opened.Load() != h.closed.Load() {
		t.Errorf("%d sources opened, %d closed", h.opened.Load(), h.closed.Load())
	}
}

// edited is a tiny image that was changed.
func edited(edit func(*vhdtest.File)) *vhdtest.File {
	f := tiny("edited", "")
	edit(f)
	return f
}

func TestOpenKeys(t *testing.T) {
	s, h := newSession()
	a, b := tiny("a", ""), tiny("b", "")
	forest := ask[Forest](t, s, CommandOpen, OpenRequest{[]worker.OpenFile{{Key: 7, Name: "a", File: a}, {Key: 7, Name: "b", File: b}}})
	if len(forest.Files) != 1 || forest.Files[0].Name != "a" || h.closed.Load() != 1 {
		t.Errorf("one key, two files: %+v; %d closed", forest.Files, h.closed.Load())
	}
	forest = ask[Forest](t, s, CommandOpen, OpenRequest{[]worker.OpenFile{{Key: 7, Name: "b", File: b}}})
	if len(forest.Files) != 1 || forest.Files[0].Name != "a" || h.closed.Load() != 2 {
		t.Errorf("a key in use: %+v; %d closed", forest.Files, h.closed.Load())
	}
	for _, key := range []int{0, -1} {
		wantProblem(t, s, CommandOpen, OpenRequest{[]worker.OpenFile{{Key: 8, Name: "b", File: b}, {Key: key, Name: "b", File: b}}}, worker.CodeBadRequest)
	}
	if forest = ask[Forest](t, s, CommandOpen, OpenRequest{}); len(forest.Files) != 1 {
		t.Errorf("what was opened with a bad key stays: %+v", forest.Files)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if kind, value, problem := do(ctx, s, CommandOpen, OpenRequest{[]worker.OpenFile{{Key: 9, Name: "b", File: b}}}, nil); kind != worker.ReplyCancelled || value != nil || problem != nil {
		t.Errorf("cancelled: %s %v %v", kind, value, problem)
	}
	if forest = ask[Forest](t, s, CommandOpen, OpenRequest{}); len(forest.Files) != 1 || h.opened.Load() != h.closed.Load()+1 {
		t.Errorf("one file is open: %+v; %d opened, %d closed", forest.Files, h.opened.Load(), h.closed.Load())
	}
}

func TestClose(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 2, Layers: 3, Size: 256 << 10, BlockSizes: []uint32{32 << 10}})
	s, h := newSession()
	openChain(t, s, c)
	forest := ask[Forest](t, s, CommandClose, CloseRequest{[]int{2, 99}})
	checkRuns(t, forest, c, []bool{true, false, true})
	if h.closed.Load() != 1 {
		t.Errorf("%d sources closed, want 1", h.closed.Load())
	}
	wantProblem(t, s, CommandDetails, DetailsRequest{2}, worker.CodeBadRequest)
	forest = open(t, s, worker.OpenFile{Key: 5, Name: c.Layers[1].Name, File: c.Layers[1].File})
	if len(forest.Disks) != 1 || !forest.Disks[0].Complete || forest.Disks[0].Layers[1].File != 5 {
		t.Errorf("opened again: %+v", forest.Disks)
	}
	forest = ask[Forest](t, s, CommandClose, CloseRequest{})
	if len(forest.Files) != 0 || len(forest.Disks) != 0 || h.opened.Load() != h.closed.Load() {
		t.Errorf("all closed: %+v; %d opened, %d closed", forest, h.opened.Load(), h.closed.Load())
	}
	for _, r := range []ReadRequest{{Disk: 1}, {Disk: 0}, {Disk: -1}} {
		wantProblem(t, s, CommandRead, r, worker.CodeBadRequest)
	}
}

// TestFileInfo compares what is told of a file with what it was made of.
func TestFileInfo(t *testing.T) {
	s, _ := newSession()
	f := vhdtest.Spec{Type: vhdtest.Differencing, Size: 5 << 20, BlockSize: 1 << 20, UUID: vhdtest.ID("child"), ParentUUID: vhdtest.ID("parent"),
		Creator: "tap", CreatorVersion: 0x00010003, Timestamp: 86400, SavedState: 1, Geometry: &vhdtest.Geometry{Cylinders: 10, Heads: 4, Sectors: 17},
		ParentName: "parent.vhd", Locators: []vhdtest.Locator{vhdtest.Relative(`.\p\parent.vhd`)},
		Blocks: []vhdtest.Block{{Index: 0, Data: []byte{1}}, {Index: 3, Data: []byte{1}}}}.Build()
	got := open(t, s, given("x/child.vhd", f)).Files[0]
	if got.Key != 1 || got.Name != "x/child.vhd" || got.Size != f.Size() || got.Kind != "vhd" || got.Problem != nil || got.VirtualSize != 5<<20 ||
		got.BlockSize != 1<<20 || got.Blocks != 5 || got.Allocated != 2 || got.UUID != text(vhdtest.ID("child")) || got.ParentUUID != text(vhdtest.ID("parent")) ||
		got.GeometrySize != 10*4*17*512 || !strings.Contains(got.Created, "2000-01-02") || !strings.Contains(got.Creator, "1.3") || got.Type == "" {
		t.Errorf("%+v", got)
	}
	if n := got.ParentNames; len(n) != 2 || n[0].Text != `.\p\parent.vhd` || !strings.Contains(n[0].Origin, "W2ru") || n[1].Text != "parent.vhd" {
		t.Errorf("parent names %+v", n)
	}
	if got.Findings.Notes == 0 { // of the saved state at least
		t.Errorf("findings %+v", got.Findings)
	}
	d := ask[Details](t, s, CommandDetails, DetailsRequest{1})
	var count FindingCounts
	for _, f := range d.Findings {
		switch f.Severity {
		case "error":
			count.Errors++
		case "warning":
			count.Warnings++
		case "note":
			count.Notes++
		}
	}
	if count != got.Findings {
		t.Errorf("%+v were counted, %+v are listed", got.Findings, count)
	}
}

// TestOpenShuffled opens the files of several chains mixed, in calls of
// random sizes.
func TestOpenShuffled(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var files []worker.OpenFile
	leaves := map[int]int{} // the key of each leaf, and the layers below it
	for seed := range 5 {
		c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: uint64(100 + seed), Layers: seed + 1, Size: 64 << 10, BlockSizes: []uint32{16 << 10}})
		leaves[len(files)+1] = seed + 1
		for _, l := range c.Layers {
			files = append(files, worker.OpenFile{Key: len(files) + 1, Name: l.Name, File: l.File})
		}
	}
	for range 10 {
		s, _ := newSession()
		random.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
		var forest *Forest
		for rest := files; len(rest) > 0; {
			n := 1 + random.IntN(len(rest))
			forest = ask[Forest](t, s, CommandOpen, OpenRequest{slices.Clone(rest[:n])})
			rest = rest[n:]
		}
		if len(forest.Disks) != len(leaves) {
			t.Fatalf("%d disks, want %d", len(forest.Disks), len(leaves))
		}
		for _, d := range forest.Disks {
			if !d.Complete || len(d.Layers) != leaves[d.ID] {
				t.Errorf("disk %+v, want %d layers", d, leaves[d.ID])
			}
			for i, l := range d.Layers {
				if l.File != d.ID+i {
					t.Errorf("layer %d of disk %d is file %d", i, d.ID, l.File)
				}
			}
		}
	}
}
