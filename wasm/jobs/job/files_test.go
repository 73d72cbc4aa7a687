package job

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/output"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// TestCheck: a chain's report names its files, and each finding its file.
func TestCheck(t *testing.T) {
	c := ragged(20)
	files := chainFiles(c)
	j := opened(t, &testHost{}, files...)
	r := ask[CheckReport](t, j, CommandCheck, CheckRequest{Disk: 1})
	var layers []CheckedLayer
	for i, f := range files {
		layers = append(layers, CheckedLayer{File: i + 1, Name: f.name, Size: f.file.Size()})
	}
	if r.Name != files[0].name || r.Data || !slices.Equal(r.Layers, layers) {
		t.Errorf("report %+v", r)
	}
	for _, f := range r.Findings {
		if f.Severity != "note" {
			t.Errorf("a good chain: %+v", f)
		}
	}

	broken := c.Layers[1].File.Clone()
	broken.EditHeader(func(h []byte) { h[vhdtest.HeaderChecksum] ^= 1 })
	files[1].file = broken
	j = opened(t, &testHost{}, files...)
	for _, req := range []CheckRequest{{Disk: 1, Data: true}, {File: 2, Data: true}} {
		r := ask[CheckReport](t, j, CommandCheck, req)
		want := CheckFinding{Layer: 1, File: 2, Rule: string(vhd.RuleHeaderChecksum)}
		if req.Disk == 0 {
			want.Layer = 0
		}
		i := slices.IndexFunc(r.Findings, func(f CheckFinding) bool { return f.Rule == want.Rule })
		if i < 0 {
			t.Fatalf("%+v: no finding of %s", req, want.Rule)
		}
		if f := r.Findings[i]; f.Layer != want.Layer || f.File != want.File || f.Message == "" || f.Offset < 0 || !r.Data {
			t.Errorf("%+v: %+v", req, f)
		}
	}
}

// TestCheckRefusedFile: a file that cannot be opened is checked all the same.
func TestCheckRefusedFile(t *testing.T) {
	j := opened(t, &testHost{}, named{"text.vhd", bytes.NewReader(make([]byte, 3000))}, named{"nothing.vhd", nil})
	r := ask[CheckReport](t, j, CommandCheck, CheckRequest{File: 1})
	if len(r.Findings) == 0 || r.Findings[0].Severity != "error" {
		t.Errorf("report %+v", r)
	}
	refused(t, j, CommandCheck, CheckRequest{File: 2}, worker.CodeBadRequest)
	refused(t, j, CommandCheck, CheckRequest{File: 9}, worker.CodeBadRequest)
	refused(t, j, CommandCheck, CheckRequest{Disk: 1}, worker.CodeBadRequest)
}

// TestCreate: a new image is of the type, size and parent that were asked for,
// and empty.
func TestCreate(t *testing.T) {
	c := ragged(21)
	h := &testHost{}
	j := opened(t, h, chainFiles(c)...)
	for _, test := range []struct {
		req  CreateRequest
		kind vhd.DiskType
		size int64
	}{
		{CreateRequest{Type: "fixed", Size: 1 << 20}, vhd.Fixed, 1 << 20},
		{CreateRequest{Type: "dynamic", Size: 1 << 30, BlockSize: 512 << 10}, vhd.Dynamic, 1 << 30},
		{CreateRequest{Type: "differencing", Parent: 1, Size: 1}, vhd.Differencing, c.Size()},
	} {
		im, _ := reopened(t, h.Bytes(t, ask[output.Saved](t, j, CommandCreate, test.req)))
		_, allocated := im.Blocks()
		if im.Type() != test.kind || im.Size() != test.size || allocated != 0 || test.req.BlockSize != 0 && im.BlockSize() != test.req.BlockSize {
			t.Errorf("%+v: %v of %d bytes, %d blocks of %d bytes", test.req, im.Type(), im.Size(), allocated, im.BlockSize())
		}
	}
	req := CreateRequest{Type: "differencing", Parent: 1, Relative: "../x/leaf.vhd", Absolute: `D:\x\leaf.vhd`}
	child, _ := reopened(t, h.Bytes(t, ask[output.Saved](t, j, CommandCreate, req)))
	leaf, _ := j.Image(1)
	if child.ParentUUID() != leaf.Candidate().Image.UUID() || !hasName(child, `..\x\leaf.vhd`) || !hasName(child, `D:\x\leaf.vhd`) {
		t.Errorf("the parent is %v, %+v", child.ParentUUID(), child.ParentNames())
	}
	for _, req := range []CreateRequest{{Type: "raw", Size: 512}, {Type: "differencing"}, {Type: "differencing", Parent: 9}, {}} {
		refused(t, j, CommandCreate, req, worker.CodeBadRequest)
	}
	refused(t, j, CommandCreate, CreateRequest{Type: "fixed", Size: 1000}, string(vhd.RuleSize))
}

func hasName(im *vhd.Image, text string) bool {
	return slices.ContainsFunc(im.ParentNames(), func(n vhd.ParentName) bool { return n.Text == text })
}

// TestRelink: the copy names its parent as was asked, the preview told so, and
// the listed changes are all that is other.
func TestRelink(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 22, Layers: 2, Size: 1 << 20, BlockSizes: []uint32{64 << 10}})
	other := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1 << 20, BlockSize: 4096, UUID: vhdtest.ID("other")}.Build()
	h := &testHost{}
	j := opened(t, h, append(chainFiles(c), named{"d/other.vhd", other})...)
	old := c.Layers[0].File.Bytes()
	before, _ := reopened(t, old)
	for _, test := range []struct {
		req      RelinkRequest
		uuid     vhd.UUID
		relative string
	}{
		{RelinkRequest{File: 1, Parent: 3}, vhd.UUID(vhdtest.ID("other")), `.\other.vhd`},
		{RelinkRequest{File: 1, Parent: 3, KeepIdentity: true}, before.ParentUUID(), `.\other.vhd`},
		{RelinkRequest{File: 1, Parent: 2, Relative: "../up/base.vhd", Absolute: `E:\up\base.vhd`}, before.ParentUUID(), `..\up\base.vhd`},
		{RelinkRequest{File: 1}, before.ParentUUID(), `.\` + c.Layers[1].Name},
		{RelinkRequest{File: 1, Relative: strings.Repeat("folder/", 80) + "base.vhd"}, before.ParentUUID(), `.\` + strings.Repeat(`folder\`, 80) + "base.vhd"},
	} {
		p := ask[RelinkPreview](t, j, CommandPreview, test.req)
		if len(h.Files) > 0 {
			t.Fatal("a preview makes a file")
		}
		s := ask[output.Saved](t, j, CommandRelink, test.req)
		got := h.Bytes(t, s)
		im, _ := reopened(t, got)
		if im.ParentUUID() != test.uuid || !hasName(im, test.relative) {
			t.Errorf("%+v: the parent is %v, %+v", test.req, im.ParentUUID(), im.ParentNames())
		}
		if p.After.UUID != im.ParentUUID().String() || len(p.After.Names) != len(im.ParentNames()) || p.Before.UUID != before.ParentUUID().String() || !slices.Equal(p.Changes, s.Changes) {
			t.Errorf("%+v: the preview is %+v", test.req, p)
		}
		// Undone, the changes leave the old file.
		undone := slices.Clone(got)
		for _, c := range s.Changes {
			if c.Message == "" || c.Length <= 0 {
				t.Errorf("%+v: the change %+v", test.req, c)
			}
			for i := c.Offset; i < c.Offset+c.Length; i++ {
				undone[i] = 0
				if i < int64(len(old)) {
					undone[i] = old[i]
				}
			}
		}
		if n := min(len(undone), len(old)); !bytes.Equal(undone[:n], old[:n]) {
			t.Errorf("%+v: more is other than the changes tell", test.req)
		}
	}
	refused(t, j, CommandRelink, RelinkRequest{File: 2}, string(vhd.RuleDiskType))
	refused(t, j, CommandRelink, RelinkRequest{File: 1, Parent: 9}, worker.CodeBadRequest)
	refused(t, j, CommandRelink, RelinkRequest{File: 9}, worker.CodeBadRequest)
	if p := refused(t, j, CommandPreview, RelinkRequest{File: 1, Relative: `C:\absolute.vhd`}, string(vhd.RuleParentName)); !strings.Contains(p.Message, "absolute") {
		t.Errorf("problem %+v", p)
	}
}

// TestRelinkToAFileOfNoTime: what the child notes of its parent's time stays,
// but not for another parent.
func TestRelinkToAFileOfNoTime(t *testing.T) {
	other := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1 << 20, UUID: vhdtest.ID("other")}
	base := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1 << 20, UUID: vhdtest.ID("base")}
	child := vhdtest.Spec{Type: vhdtest.Differencing, Size: 1 << 20, ParentUUID: base.UUID, ParentName: "base.vhd", ParentTimestamp: 86400}
	h := &testHost{}
	j := New(h)
	var files []worker.OpenFile
	for i, s := range []vhdtest.Spec{child, base, other} {
		files = append(files, worker.OpenFile{Key: i + 1, Name: "f.vhd", File: s.Build()})
	}
	ask[session.Forest](t, j, session.CommandOpen, session.OpenRequest{Files: files})
	for parent, want := range map[int]string{2: vhd.Timestamp(86400).String(), 3: ""} {
		if p := ask[RelinkPreview](t, j, CommandPreview, RelinkRequest{File: 1, Parent: parent}); p.After.Timestamp != want {
			t.Errorf("parent %d: the time is %q, want %q", parent, p.After.Timestamp, want)
		}
	}
}

// TestPlacesOfChanges: a change is told by the fields that it lies in.
func TestPlacesOfChanges(t *testing.T) {
	structures := []vhd.Structure{
		{Name: "Header", Offset: 512, Length: 1024, Fields: []vhd.Field{{Name: "Cookie", Offset: 512, Raw: make([]byte, 8)}, {Name: "Checksum", Offset: 548, Raw: make([]byte, 4)}, {Name: "Parent UUID", Offset: 552, Raw: make([]byte, 16)}}},
		{Name: "Footer", Offset: 2048, Length: 512},
	}
	for _, test := range []struct {
		at   int64
		n    int
		want string
	}{
		{548, 4, "Header: Checksum"},
		{548, 20, "Header: Checksum, Parent UUID"},
		{512, 1024, "Header"},
		{600, 4, "Header"},
		{2048, 512, "Footer"},
		{1500, 1000, "Header; Footer"},
		{1536, 512, "Zeros where a path was"},
	} {
		if got := placeOf(vhd.Patch{Offset: test.at, Data: make([]byte, test.n)}, structures); got != test.want {
			t.Errorf("%d bytes at %d: %q, want %q", test.n, test.at, got, test.want)
		}
	}
}

// TestRepair: a damaged file becomes one that opens, with what was done to it.
func TestRepair(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 23, Layers: 1, Size: 1 << 20, BlockSizes: []uint32{64 << 10}})
	broken := c.Layers[0].File.Clone()
	broken.Truncate(broken.Size() - 512)
	h := &testHost{}
	j := opened(t, h, named{"broken.vhd", broken}, named{"text.vhd", bytes.NewReader(make([]byte, 3000))})
	r := ask[Repaired](t, j, CommandRepair, RepairRequest{File: 1, To: output.Target{Name: "whole.vhd"}})
	_, d := reopened(t, h.Bytes(t, &r.Saved))
	if diff := vhdtest.Diff(contents(t, d), c.Contents()); diff != "" {
		t.Error(diff)
	}
	if r.Saved.Name != "whole.vhd" || len(r.Saved.Changes) == 0 || r.Saved.Changes[0].Message == "" || len(r.Saved.Lost) > 0 {
		t.Errorf("repaired %+v", r)
	}
	for _, f := range r.Left {
		if f.File != 1 || f.Severity == "error" {
			t.Errorf("left %+v", f)
		}
	}
	kind, _, problem := do(t.Context(), j, CommandRepair, RepairRequest{File: 2}, nil)
	if kind != worker.ReplyError || problem.Message == "" {
		t.Errorf("of a file that is no VHD: %s %+v", kind, problem)
	}
	refused(t, j, CommandRepair, RepairRequest{File: 9}, worker.CodeBadRequest)
}

// badSector is a file of which one sector cannot be read.
type badSector struct {
	*vhdtest.File
	at int64
}

func (b badSector) ReadAt(p []byte, off int64) (int, error) {
	if off < b.at+512 && b.at < off+int64(len(p)) {
		return 0, errors.New("a bad sector")
	}
	return b.File.ReadAt(p, off)
}

// TestRepairWithoutWhatCannotBeRead: one sector is lost and told, the others
// are there.
func TestRepairWithoutWhatCannotBeRead(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1 << 20, BlockSize: 64 << 10, Blocks: []vhdtest.Block{{Index: 3, Data: bytes.Repeat([]byte("data"), 16<<10)}}}.Build()
	h := &testHost{}
	j := opened(t, h, named{"bad.vhd", badSector{f, f.Layout.Blocks[0].Data + 1024}})
	r := ask[Repaired](t, j, CommandRepair, RepairRequest{File: 1, Data: true, To: output.Target{Handle: "a handle"}})
	if lost := r.Saved.Lost; len(lost) != 1 || lost[0].Offset != 3*64<<10+1024 || lost[0].Length != 512 {
		t.Errorf("lost %+v", lost)
	}
	want := bytes.Repeat([]byte("data"), 16<<10)
	clear(want[1024:1536])
	if _, d := reopened(t, h.Bytes(t, &r.Saved)); !bytes.Equal(contents(t, d)[3*64<<10:4*64<<10], want) {
		t.Error("the block is not what could be read of it")
	}
	if kind, _, problem := do(t.Context(), j, CommandRepair, RepairRequest{File: 1, To: output.Target{Handle: "a handle"}}, nil); kind != worker.ReplyError {
		t.Errorf("without reading the data first: %s %+v", kind, problem)
	}
}
