package session

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"vhdscope/blobio"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// TestExplain follows sectors of every kind down a chain.
func TestExplain(t *testing.T) {
	base := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 6 * 4096, BlockSize: 4096, UUID: vhdtest.ID("base"), Blocks: []vhdtest.Block{
		{Index: 1, Sectors: map[int][]byte{2: {1}}},
		{Index: 3, Sectors: map[int][]byte{2: {1}}},
		{Index: 4, Sectors: map[int][]byte{2: {1}}},
	}}.Build()
	base.SetEntry(3, 0x7FFFFFFF)
	leaf := tiny("leaf", "base")
	s, _ := newSession()
	open(t, s, given("leaf.vhd", leaf), given("base.vhd", base))
	leafBlock, _ := leaf.Layout.Block(1)
	baseBlock, _ := base.Layout.Block(4)
	for _, test := range []struct {
		off      int64
		verdicts string
		want     Step // the last
	}{
		{4096 + 2*512, "here", Step{Layer: 0, File: 1, Block: 1, TableEntry: leaf.Layout.Entry(1), BitmapByte: leafBlock.Bitmap, Bit: 2, Source: leafBlock.Data + 1024}},
		{4096 + 3*512 - 1, "here", Step{Layer: 0, File: 1, Block: 1, TableEntry: leaf.Layout.Entry(1), BitmapByte: leafBlock.Bitmap, Bit: 2, Source: leafBlock.Data + 1024}},
		{4 * 4096, "absent zeros", Step{Layer: 1, File: 2, Block: 4, TableEntry: base.Layout.Entry(4), BitmapByte: baseBlock.Bitmap, Bit: 0, Source: -1}},
		{4*4096 + 1024, "absent here", Step{Layer: 1, File: 2, Block: 4, TableEntry: base.Layout.Entry(4), BitmapByte: baseBlock.Bitmap, Bit: 2, Source: baseBlock.Data + 1024}},
		{0, "absent zeros", Step{Layer: 1, File: 2, Block: 0, TableEntry: base.Layout.Entry(0), BitmapByte: -1, Bit: -1, Source: -1}},
		{3 * 4096, "absent unreadable", Step{Layer: 1, File: 2, Block: 3, TableEntry: base.Layout.Entry(3), BitmapByte: -1, Bit: -1, Source: -1}},
		{6 * 4096, "absent past-end", Step{Layer: 1, File: 2, Block: -1, TableEntry: -1, BitmapByte: -1, Bit: -1, Source: -1}},
	} {
		x := ask[Explanation](t, s, CommandExplain, ExplainRequest{1, test.off})
		var verdicts []string
		for i, st := range x.Steps {
			verdicts = append(verdicts, st.Verdict)
			if st.Layer != i || st.File != i+1 || st.Message == "" || (st.Problem != nil) != (st.Verdict == "unreadable") {
				t.Errorf("byte %d: step %+v", test.off, st)
			}
		}
		if x.Sector != test.off/512 || strings.Join(verdicts, " ") != test.verdicts {
			t.Errorf("byte %d: sector %d, %q, want %q", test.off, x.Sector, verdicts, test.verdicts)
			continue
		}
		last := x.Steps[len(x.Steps)-1]
		if p := last.Problem; p != nil && (p.Code != "block-outside" || p.Layer != 1 || p.File != "base.vhd") {
			t.Errorf("byte %d: problem %+v", test.off, p)
		}
		last.Verdict, last.Message, last.Problem = "", "", nil
		if last != test.want {
			t.Errorf("byte %d: last step %+v, want %+v", test.off, last, test.want)
		}
	}
	for _, off := range []int64{-1, 8 * 4096, 1<<53 - 1, 1<<63 - 1, -1 << 63} {
		wantProblem(t, s, CommandExplain, ExplainRequest{1, off}, "bounds")
	}
	wantProblem(t, s, CommandExplain, ExplainRequest{Disk: 2}, worker.CodeBadRequest)

	ask[Forest](t, s, CommandClose, CloseRequest{[]int{2}})
	x := ask[Explanation](t, s, CommandExplain, ExplainRequest{1, 0})
	last := x.Steps[len(x.Steps)-1]
	if len(x.Steps) != 2 || last.Layer != 1 || last.File != 0 || last.Verdict != "unreadable" || last.Problem == nil || last.Problem.Code != "parent-missing" {
		t.Errorf("without the parent: %+v", x.Steps)
	}
}

func TestLocate(t *testing.T) {
	dynamic := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 5*4096 + 512, BlockSize: 4096,
		Blocks: []vhdtest.Block{{Index: 3, Data: []byte{1}}, {Index: 0, Data: []byte{1}}}}.Build()
	dynamicBlock, _ := dynamic.Layout.Block(3)
	fixed := vhdtest.Spec{Type: vhdtest.Fixed, Size: 4096, UUID: vhdtest.ID("fixed")}.Build()
	s, _ := newSession()
	open(t, s, given("dynamic.vhd", dynamic), given("fixed.vhd", fixed))
	for _, test := range []struct {
		LocateRequest
		want int64
	}{
		{LocateRequest{Disk: 1, Unit: "sector", Index: 0}, 0},
		{LocateRequest{Disk: 1, Unit: "sector", Index: 40}, 40 * 512},
		{LocateRequest{Disk: 1, Unit: "block", Index: 2}, 2 * 4096},
		{LocateRequest{Disk: 1, Unit: "block", Index: 5}, 5 * 4096},
		{LocateRequest{File: 1, Unit: "sector", Index: 3}, 3 * 512},
		{LocateRequest{File: 1, Unit: "sector", Index: dynamic.Size()/512 - 1}, dynamic.Size() - 512},
		{LocateRequest{File: 1, Unit: "block", Index: 3}, dynamicBlock.Bitmap},
		{LocateRequest{Disk: 2, Unit: "sector", Index: 7}, 7 * 512},
		{LocateRequest{File: 2, Unit: "sector", Index: 8}, 8 * 512}, // the footer
	} {
		if got := ask[Location](t, s, CommandLocate, test.LocateRequest).Offset; got != test.want {
			t.Errorf("%+v: %d, want %d", test.LocateRequest, got, test.want)
		}
	}
	for _, r := range []LocateRequest{
		{Disk: 1, Unit: "sector", Index: 41}, {Disk: 1, Unit: "block", Index: 6}, {Disk: 1, Unit: "sector", Index: -1}, {Disk: 1, Unit: "block", Index: -1},
		{Disk: 1, Unit: "sector", Index: 1<<63 - 1}, {Disk: 1, Unit: "block", Index: 1<<63 - 1}, {Disk: 1, Unit: "furlong"}, {Disk: 1}, {File: 1},
		{File: 1, Unit: "sector", Index: dynamic.Size() / 512}, {Disk: 2, Unit: "block"}, {File: 2, Unit: "block"}, {Disk: 2, Unit: "sector", Index: 8},
		{Disk: 9, Unit: "sector"}, {File: 9, Unit: "sector"}, {Unit: "sector"},
	} {
		wantProblem(t, s, CommandLocate, r, worker.CodeBadRequest)
	}
	for _, index := range []int64{1, 6, 1 << 40} { // not allocated, past the end
		if kind, _, problem := do(context.Background(), s, CommandLocate, LocateRequest{File: 1, Unit: "block", Index: index}, nil); kind != worker.ReplyError || problem.Message == "" {
			t.Errorf("block %d of the file: %s %+v", index, kind, problem)
		}
	}
}

// TestDetails holds every field's raw bytes against the file.
func TestDetails(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Differencing, Size: 1 << 20, BlockSize: 4096, ParentUUID: vhdtest.ID("p"), ParentName: "p.vhd", Creator: "tap",
		Locators: []vhdtest.Locator{vhdtest.Relative(`.\p.vhd`), vhdtest.FileURL("", "/p.vhd"), {Code: vhdtest.Mac, Data: []byte("alias")}},
		Batmap:   &vhdtest.Batmap{}, Blocks: []vhdtest.Block{{Index: 1, Data: []byte{1}}}}.Build()
	s, _ := newSession()
	open(t, s, given("a.vhd", f))
	d := ask[Details](t, s, CommandDetails, DetailsRequest{1})
	at := int64(-1)
	cut := 0
	have := map[int64]string{}
	for _, st := range d.Structures {
		have[st.Offset] = st.State
		if st.Name == "" || st.Offset < at || st.Length <= 0 || st.Offset+st.Length > f.Size() || st.State != "good" && st.State != "bad" && st.State != "" {
			t.Errorf("structure %q at %d of %d bytes, %q, after one at %d", st.Name, st.Offset, st.Length, st.State, at)
		}
		at = st.Offset
		for _, fd := range st.Fields {
			n := min(fd.Length, maxRaw)
			want := hex.EncodeToString(f.Get(fd.Offset, int(n)))
			if fd.Length > maxRaw {
				want += "…"
				cut++
			}
			if fd.Name == "" || fd.Raw != want || fd.Length <= 0 || fd.Offset+fd.Length > f.Size() {
				t.Errorf("%s: %+v, want the bytes %s", st.Name, fd, want)
			}
		}
	}
	l := f.Layout
	for off, state := range map[int64]string{l.FooterCopy: "good", l.Header: "good", l.Table: "", l.BatmapHead: "good", l.Locators[0]: "", l.Locators[1]: "", l.Locators[2]: "", l.Footer: "good"} {
		if got, ok := have[off]; !ok || got != state {
			t.Errorf("the structure at %d: %v, %q; want %q", off, ok, got, state)
		}
	}
	if cut == 0 {
		t.Error("no field was long enough to be cut: the parent's name has 512 bytes")
	}
	if d.Batmap.State != "unchecked" {
		t.Errorf("batmap %+v", d.Batmap)
	}
	wantProblem(t, s, CommandDetails, DetailsRequest{2}, worker.CodeBadRequest)
	wantProblem(t, s, CommandDetails, DetailsRequest{}, worker.CodeBadRequest)
}

// TestDetailsOfDamage: bad sums and findings are told.
func TestDetailsOfDamage(t *testing.T) {
	f := tiny("a", "")
	f.EditHeader(func(b []byte) { b[vhdtest.HeaderReserved2] = 1 })
	s, _ := newSession()
	open(t, s, given("a.vhd", f), given("raw.img", raw(make([]byte, 512))))
	d := ask[Details](t, s, CommandDetails, DetailsRequest{1})
	for _, st := range d.Structures {
		want := map[int64]string{f.Layout.FooterCopy: "good", f.Layout.Header: "bad", f.Layout.Footer: "good"}[st.Offset]
		if st.State != want {
			t.Errorf("%s: %q, want %q", st.Name, st.State, want)
		}
	}
	at := slices.IndexFunc(d.Findings, func(f Finding) bool { return f.Rule == "header-checksum" })
	if at < 0 {
		t.Fatalf("findings %+v", d.Findings)
	}
	if fi := d.Findings[at]; fi.Severity != "warning" || fi.Offset != f.Layout.Header+vhdtest.HeaderChecksum || fi.Length != 4 || fi.Got == fi.Want || fi.Message == "" {
		t.Errorf("finding %+v", fi)
	}
	if d := ask[Details](t, s, CommandDetails, DetailsRequest{2}); len(d.Structures) != 0 || d.Structures == nil || d.Findings == nil || d.Batmap.State != "none" {
		t.Errorf("raw: %+v", d)
	}
}

// batmapFile has ten full blocks and one ragged, which the batmap calls full
// where it lies.
func batmapFile(lie bool) *vhdtest.File {
	spec := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 16 * 4096, BlockSize: 4096, Creator: "tap", Batmap: &vhdtest.Batmap{}}
	for i := range 10 {
		spec.Blocks = append(spec.Blocks, vhdtest.Block{Index: i, Data: []byte{byte(i)}})
	}
	spec.Blocks = append(spec.Blocks, vhdtest.Block{Index: 12, Sectors: map[int][]byte{1: {1}}})
	if lie {
		spec.Batmap.Map = []byte{0xFF, 0xC8}
	}
	return spec.Build()
}

func TestCheckBatmap(t *testing.T) {
	s, _ := newSession()
	open(t, s, given("true.vhd", batmapFile(false)), given("lie.vhd", batmapFile(true)), given("none.vhd", tiny("none", "")))
	var reports []int64
	check := func(file int) (string, *BatmapCheck, *worker.Problem) {
		reports = nil
		kind, value, problem := do(context.Background(), s, CommandCheckBatmap, CheckBatmapRequest{file}, func(done, total int64) {
			if total != 10+int64(file-1) {
				t.Errorf("file %d: %d blocks to check", file, total)
			}
			reports = append(reports, done)
		})
		c, _ := value.(*BatmapCheck)
		return kind, c, problem
	}
	if kind, c, _ := check(1); kind != worker.ReplyResult || c.State != "agrees" || c.Marked != 10 || !slices.Equal(reports, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) {
		t.Errorf("%s %+v, reports %v", kind, c, reports)
	}
	if kind, c, _ := check(1); kind != worker.ReplyResult || c.State != "agrees" || len(reports) != 0 {
		t.Errorf("again: %s %+v, reports %v", kind, c, reports)
	}
	if kind, c, _ := check(2); kind != worker.ReplyResult || c.State != "contradicts" || c.Marked != 11 || len(reports) != 10 {
		t.Errorf("%s %+v, reports %v", kind, c, reports)
	}
	d := ask[Details](t, s, CommandDetails, DetailsRequest{2})
	if d.Batmap.State != "contradicts" || !slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Rule == "batmap-mismatch" }) {
		t.Errorf("details: %+v, %+v", d.Batmap, d.Findings)
	}
	if kind, c, _ := check(3); kind != worker.ReplyResult || c.State != "none" || c.Marked != 0 {
		t.Errorf("%s %+v", kind, c)
	}
	wantProblem(t, s, CommandCheckBatmap, CheckBatmapRequest{9}, worker.CodeBadRequest)
}

// TestCheckBatmapEnds: a check that is cancelled or fails decides nothing,
// and the next one begins anew.
func TestCheckBatmapEnds(t *testing.T) {
	f := batmapFile(false)
	broken := &badFile{f, 0, 0, &blobio.ReadError{Name: "a.vhd", Err: errors.New("the disk is broken")}}
	s, _ := newSession()
	open(t, s, given("a.vhd", broken))
	ctx, cancel := context.WithCancel(context.Background())
	last := int64(0)
	kind, value, problem := do(ctx, s, CommandCheckBatmap, CheckBatmapRequest{1}, func(done, _ int64) {
		if last = done; done == 3 {
			cancel()
		}
	})
	if kind != worker.ReplyCancelled || value != nil || problem != nil || last != 3 {
		t.Errorf("%s %v %v after %d blocks", kind, value, problem, last)
	}
	b, _ := f.Layout.Block(7)
	broken.from, broken.to = b.Bitmap, b.Bitmap+512
	if p := wantProblem(t, s, CommandCheckBatmap, CheckBatmapRequest{1}, "read"); p.File != "a.vhd" {
		t.Errorf("problem %+v", p)
	}
	if d := ask[Details](t, s, CommandDetails, DetailsRequest{1}); d.Batmap.State != "unchecked" {
		t.Errorf("batmap %+v", d.Batmap)
	}
	broken.from, broken.to = 0, 0
	if c := ask[BatmapCheck](t, s, CommandCheckBatmap, CheckBatmapRequest{1}); c.State != "agrees" {
		t.Errorf("batmap %+v", c)
	}
}

func TestInvalidBatmap(t *testing.T) {
	sum := uint32(1)
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096, Creator: "tap", Batmap: &vhdtest.Batmap{ClaimChecksum: &sum},
		Blocks: []vhdtest.Block{{Index: 0, Data: []byte{1}}}}.Build()
	s, _ := newSession()
	open(t, s, given("a.vhd", f))
	for range 2 {
		if c := ask[BatmapCheck](t, s, CommandCheckBatmap, CheckBatmapRequest{1}); c.State != "invalid" || !strings.Contains(c.Message, "checksum") {
			t.Errorf("batmap %+v", c)
		}
	}
}
