package job

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/output"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

const editKey = 9

// edited is a session in which the disk of a chain has edits, and what it
// should read.
type edited struct {
	*Jobs
	host  *testHost
	chain *vhdtest.Chain
	model []byte
}

func newEdited(t testing.TB, c *vhdtest.Chain, store string) *edited {
	t.Helper()
	h := &testHost{}
	e := &edited{Jobs: opened(t, h, chainFiles(c)...), host: h, chain: c, model: c.Contents()}
	e.lay(t, store)
	return e
}

func (e *edited) lay(t testing.TB, store string) *Edits {
	t.Helper()
	return ask[Edits](t, e.Jobs, CommandEdit, EditRequest{Disk: 1, Key: editKey, Name: "Edits of leaf.vhd", Store: store})
}

func (e *edited) write(t testing.TB, off int64, p string) *EditState {
	t.Helper()
	copy(e.model[off:], p)
	return ask[EditState](t, e.Jobs, CommandWrite, WriteRequest{Disk: editKey, Offset: off, Length: int64(len(p)), Bytes: []byte(p)})
}

// check holds what the disk reads against the model, read in two ways.
func (e *edited) check(t testing.TB) {
	t.Helper()
	files, err := e.Layers(editKey)
	if err != nil {
		t.Fatal(err)
	}
	d, err := diskOf(files)
	if err != nil {
		t.Fatal(err)
	}
	if got := contents(t, d); !bytes.Equal(got, e.model) {
		t.Fatalf("the disk reads otherwise: %s", vhdtest.Diff(got, e.model))
	}
	saved := ask[output.Saved](t, e.Jobs, CommandSave, SaveRequest{Disk: editKey, Last: len(files) - 1, As: "raw"})
	if got := e.host.Bytes(t, saved); !bytes.Equal(got, e.model) {
		t.Fatalf("saved, the disk reads otherwise: %s", vhdtest.Diff(got, e.model))
	}
}

// TestEditsOfAChain: steps are made and unmade, each answer tells how things
// are, and the files below stay as they are.
func TestEditsOfAChain(t *testing.T) {
	c := ragged(30)
	var before [][]byte
	for _, l := range c.Layers {
		before = append(before, bytes.Clone(l.File.Bytes()))
	}
	e := newEdited(t, c, "")
	was := bytes.Clone(e.model)
	if s := e.write(t, 1000, "one"); s.Undo != 1 || s.Sectors != 1 || s.Offset != 1000 || s.Length != 3 || s.File.Key != editKey || s.File.Allocated != 1 {
		t.Errorf("state %+v", s)
	}
	if s := e.write(t, 9<<20, "at the very end"); s.Undo != 2 || s.Sectors != 2 {
		t.Errorf("state %+v", s)
	}
	e.check(t)
	copy(e.model[9<<20:], was[9<<20:])
	if s := ask[EditState](t, e.Jobs, CommandUndo, UndoRequest{Disk: editKey}); s.Undo != 1 || s.Redo != 1 || s.Offset != 9<<20 || s.Length != 15 {
		t.Errorf("state %+v", s)
	}
	e.check(t)
	copy(e.model[9<<20:], "at the very end")
	ask[EditState](t, e.Jobs, CommandUndo, UndoRequest{Disk: editKey, Redo: true})
	e.check(t)
	copy(e.model, was[:9<<20])
	if s := ask[EditState](t, e.Jobs, CommandRevert, RevertRequest{Disk: editKey, Length: 9 << 20}); s.Undo != 3 || s.Sectors != 1 {
		t.Errorf("state %+v", s)
	}
	e.check(t)
	for i, l := range c.Layers {
		if !bytes.Equal(l.File.Bytes(), before[i]) {
			t.Errorf("%s is not as it was", l.Name)
		}
	}
}

// TestKeptEditsGoOn: what was written is there in another session, and no
// other session has it meanwhile.
func TestKeptEditsGoOn(t *testing.T) {
	e := newEdited(t, plain(31), "edits/a.vhd")
	e.write(t, 5000, "kept")
	refused(t, opened(t, e.host, chainFiles(e.chain)...), CommandEdit, EditRequest{Disk: 1, Key: editKey, Store: "edits/a.vhd"}, worker.CodeInternal)
	ask[session.Forest](t, e.Jobs, session.CommandClose, session.CloseRequest{Files: []int{editKey}})
	refused(t, e.Jobs, CommandWrite, WriteRequest{Disk: editKey, Length: 1, Bytes: []byte{1}}, worker.CodeBadRequest)
	e.Jobs = opened(t, e.host, chainFiles(e.chain)...)
	if laid := e.lay(t, "edits/a.vhd"); laid.State.Sectors != 1 || laid.State.Undo != 0 || laid.Key != editKey {
		t.Errorf("%+v", laid.State)
	}
	e.check(t)
	e.write(t, 5002, "more")
	e.check(t)
}

// TestEditsOfAnotherDiskAreRefused: and so is what is no image; the file is
// let go of.
func TestEditsOfAnotherDiskAreRefused(t *testing.T) {
	e := newEdited(t, plain(32), "edits/a.vhd")
	ask[session.Forest](t, e.Jobs, session.CommandClose, session.CloseRequest{})
	other := opened(t, e.host, chainFiles(ragged(33))...)
	refused(t, other, CommandEdit, EditRequest{Disk: 1, Key: editKey, Store: "edits/a.vhd"}, worker.CodeBadRequest)
	if e.host.kept["edits/a.vhd"].open {
		t.Error("the file is still open")
	}
	junk, err := e.host.Keep("edits/junk", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := junk.WriteAt(make([]byte, 5000), 0); err != nil {
		t.Fatal(err)
	}
	junk.Close()
	refused(t, other, CommandEdit, EditRequest{Disk: 1, Key: editKey, Store: "edits/junk"}, string(vhd.RuleCookie))
}

// TestWrongWrites: nothing is written that was not asked for well.
func TestWrongWrites(t *testing.T) {
	e := newEdited(t, plain(34), "")
	for _, req := range []WriteRequest{
		{Disk: 1, Length: 1, Bytes: []byte{1}}, {Disk: editKey, Length: 1}, {Disk: editKey, Bytes: []byte{1}}, {Disk: editKey, Length: 1 << 40, Bytes: []byte{1}},
	} {
		refused(t, e.Jobs, CommandWrite, req, worker.CodeBadRequest)
	}
	refused(t, e.Jobs, CommandWrite, WriteRequest{Disk: editKey, Offset: e.chain.Size() - 1, Length: 2, Bytes: []byte{1, 2}}, string(vhd.RuleBounds))
	refused(t, e.Jobs, CommandRevert, RevertRequest{Disk: editKey, Offset: -1, Length: 2}, string(vhd.RuleBounds))
	refused(t, e.Jobs, CommandUndo, UndoRequest{Disk: 1}, worker.CodeBadRequest)
	refused(t, e.Jobs, CommandEdit, EditRequest{Disk: editKey, Key: 10}, worker.CodeBadRequest)
	refused(t, e.Jobs, CommandEdit, EditRequest{Disk: 77, Key: 10}, worker.CodeBadRequest)
	e.check(t)
}

// TestEditsWaitForTheirSave: what is saved is the disk of one moment.
func TestEditsWaitForTheirSave(t *testing.T) {
	e := newEdited(t, ragged(36), "")
	e.write(t, 1000, "before")
	tries := 0
	e.host.Slow = func() {
		tries++
		for command, req := range map[string]any{
			CommandWrite: WriteRequest{Disk: editKey, Offset: 9 << 20, Length: 5, Bytes: []byte("later")},
			CommandUndo:  UndoRequest{Disk: editKey},
		} {
			if _, _, problem := do(t.Context(), e.Jobs, command, req, nil); problem == nil || problem.Code != CodeBusy {
				t.Errorf("%s: %+v", command, problem)
			}
		}
	}
	for _, as := range []string{"dynamic", "raw"} {
		req := saveAs(as, 4, output.Target{Handle: "a handle"})
		req.Disk = editKey
		ask[output.Saved](t, e.Jobs, CommandSave, req)
	}
	e.host.Slow = nil
	if tries < 2 {
		t.Errorf("%d tries", tries)
	}
	e.write(t, 9<<20, "later")
	e.check(t)
}

// TestEditsOfADiskOfOddSize: the disk ends inside a sector, its children do
// not.
func TestEditsOfADiskOfOddSize(t *testing.T) {
	data := bytes.Repeat([]byte("odd"), 1000)
	base := vhdtest.Spec{Type: vhdtest.Fixed, Size: 3000, Data: data}.Build()
	h := &testHost{}
	j := opened(t, h, named{"base.vhd", base})
	want := append(bytes.Clone(data), make([]byte, 72)...)
	s := ask[output.Saved](t, j, CommandCreate, CreateRequest{Type: "differencing", Parent: 1})
	im, d := reopened(t, h.Bytes(t, s), (&edited{Jobs: j}).image(t, 1))
	if im.Size() != 3072 || !bytes.Equal(contents(t, d), want) {
		t.Errorf("a child of %d bytes", im.Size())
	}
	ask[Edits](t, j, CommandEdit, EditRequest{Disk: 1, Key: editKey, Name: "edits"})
	ask[EditState](t, j, CommandWrite, WriteRequest{Disk: editKey, Offset: 2990, Length: 4, Bytes: []byte("here")})
	copy(want[2990:], "here")
	raw := ask[output.Saved](t, j, CommandSave, SaveRequest{Disk: editKey, Last: 1, As: "raw"})
	if !bytes.Equal(h.Bytes(t, raw), want) {
		t.Error("the edited disk reads otherwise")
	}
}

// TestSavedEditsHoldWhatDiffers: they are a child of the leaf by name and
// identity, that reads as the edited disk.
func TestSavedEditsHoldWhatDiffers(t *testing.T) {
	c := ragged(35)
	e := newEdited(t, c, "")
	e.write(t, 4096, "changed")
	e.write(t, 8192, string(e.model[8192:9000])) // held, and as below
	saved := e.host.Bytes(t, ask[output.Saved](t, e.Jobs, CommandSave, e.saveRequest()))
	im, _ := reopened(t, saved)
	leaf := e.image(t, 1)
	if im.Type() != vhd.Differencing || im.ParentUUID() != leaf.UUID() || !hasName(im, `.\`+c.Layers[0].Name) {
		t.Errorf("a %v whose parent is %v, %+v", im.Type(), im.ParentUUID(), im.ParentNames())
	}
	own, err := vhd.NewDisk(im)
	if err != nil {
		t.Fatal(err)
	}
	held := int64(0)
	for x, err := range own.Extents(0, own.Size()) {
		if err == nil {
			held += x.Length
		} else if !errors.Is(err, vhd.ErrNoParent) {
			t.Fatal(err)
		}
	}
	if held != vhd.SectorSize {
		t.Errorf("%d bytes are held", held)
	}
	_, d := reopened(t, saved, e.image(t, 1), e.image(t, 2), e.image(t, 3))
	if got := contents(t, d); !bytes.Equal(got, e.model) {
		t.Errorf("it reads otherwise: %s", vhdtest.Diff(got, e.model))
	}
}

func (e *edited) saveRequest() SaveRequest {
	return SaveRequest{Disk: editKey, Last: len(e.chain.Layers), As: "differencing", Parent: 1, To: output.Target{Name: "edited.vhd"}}
}

func (e *edited) image(t testing.TB, key int) *vhd.Image {
	t.Helper()
	f, err := e.Image(key)
	if err != nil {
		t.Fatal(err)
	}
	return f.Candidate().Image
}

// TestSevenZipReadsSavedEdits: another tool opens the saved child beside the
// files that were opened, and reads the edited disk.
func TestSevenZipReadsSavedEdits(t *testing.T) {
	seven, err := exec.LookPath("7zz")
	if err != nil {
		t.Skip("7zz is not installed")
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	e := newEdited(t, vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 3, Size: 9 << 20, BlockSizes: []uint32{64 << 10, 2 << 20}, Run: 2}), "")
	for range 40 {
		p := make([]byte, 1+random.IntN(3000))
		for i := range p {
			p[i] = byte(random.Uint32())
		}
		e.write(t, random.Int64N(int64(len(e.model)-len(p))), string(p))
	}
	dir := t.TempDir()
	if err := e.chain.WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	saved := e.host.Bytes(t, ask[output.Saved](t, e.Jobs, CommandSave, e.saveRequest()))
	if err := os.WriteFile(filepath.Join(dir, "edited.vhd"), saved, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(seven, "x", "-so", "-tvhd", "edited.vhd")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sha256.Sum256(out), sha256.Sum256(e.model); got != want {
		t.Errorf("7zz reads %s, not %s: %s", hex.EncodeToString(got[:]), hex.EncodeToString(want[:]), vhdtest.Diff(out, e.model))
	}
}

// TestEditsOfALargeDisk: little is written for a byte, however large the disk.
func TestEditsOfALargeDisk(t *testing.T) {
	const size = 2040 << 30
	leaf := vhdtest.Spec{Type: vhdtest.Dynamic, Size: size, UUID: vhdtest.ID("large")}.Build()
	h := &testHost{}
	j := opened(t, h, named{"large.vhd", leaf})
	ask[Edits](t, j, CommandEdit, EditRequest{Disk: 1, Key: editKey})
	s := ask[EditState](t, j, CommandWrite, WriteRequest{Disk: editKey, Offset: size - 1, Length: 1, Bytes: []byte{7}})
	if s.File.BlockSize != 2<<20 || s.File.Size > 8<<20 || s.Sectors != 1 {
		t.Errorf("state %+v", s)
	}
	for disk, want := range map[int64]int64{1 << 20: 64 << 10, 4 << 30: 64 << 10, 5 << 30: 128 << 10, 127 << 30: 2 << 20, size: 2 << 20} {
		if got := blockSize(disk); got != want {
			t.Errorf("a disk of %d bytes: blocks of %d", disk, got)
		}
	}
}

// TestCheckOfAnEditedChain: edits are a good image, which the report tells from
// the person's files.
func TestCheckOfAnEditedChain(t *testing.T) {
	e := newEdited(t, ragged(37), "")
	e.write(t, 77, "edited")
	ask[EditState](t, e.Jobs, CommandRevert, RevertRequest{Disk: editKey, Length: 1})
	r := ask[CheckReport](t, e.Jobs, CommandCheck, CheckRequest{Disk: editKey, Data: true})
	for i, l := range r.Layers {
		if l.Edit != (i == 0) {
			t.Errorf("layer %d: %+v", i, l)
		}
	}
	for _, f := range r.Findings {
		if f.Layer == 0 {
			t.Errorf("edits: %+v", f)
		}
	}
}

// TestEditsAreNotRelinked: their image knows its file as it began.
func TestEditsAreNotRelinked(t *testing.T) {
	e := newEdited(t, plain(34), "")
	e.write(t, 77, "edited")
	refused(t, e.Jobs, CommandRelink, RelinkRequest{File: editKey, Relative: "other.vhd"}, string(vhd.RuleWrite))
}

// TestViewsWhileEdited: what is shown while edits go on is, sector by sector,
// the old or the new bytes. (The race detector has more to say.)
func TestViewsWhileEdited(t *testing.T) {
	e := newEdited(t, ragged(36), "")
	const from, n = 1 << 20, 64 << 10
	was := bytes.Clone(e.model[from : from+n])
	var wg sync.WaitGroup
	wg.Go(func() {
		for b := range byte(40) {
			ask[EditState](t, e.Jobs, CommandWrite, WriteRequest{Disk: editKey, Offset: from, Length: n, Bytes: []byte{0xE0, b}})
			if b%3 == 0 {
				ask[EditState](t, e.Jobs, CommandUndo, UndoRequest{Disk: editKey})
			}
		}
	})
	wg.Go(func() {
		for range 40 {
			v := ask[worker.View](t, e.Jobs, session.CommandView, session.ViewRequest{Disk: editKey, Offset: from, Length: n})
			for at := 0; at < n; at += vhd.SectorSize {
				s := v.Bytes[at:][:vhd.SectorSize]
				if !bytes.Equal(s, was[at:][:vhd.SectorSize]) && !bytes.Equal(s, bytes.Repeat(s[:2], vhd.SectorSize/2)) {
					t.Errorf("the sector at %d is neither old nor new", from+at)
					return
				}
			}
			ask[session.Explanation](t, e.Jobs, session.CommandExplain, session.ExplainRequest{Disk: editKey, Offset: from})
			ask[session.Details](t, e.Jobs, session.CommandDetails, session.DetailsRequest{File: editKey})
		}
	})
	wg.Wait()
}

// TestClosedEditsAreLetGoOf: laying and closing edits over and over keeps none
// but the last.
func TestClosedEditsAreLetGoOf(t *testing.T) {
	e := newEdited(t, ragged(30), "")
	for range 3 {
		ask[session.Forest](t, e.Jobs, session.CommandClose, session.CloseRequest{Files: []int{editKey}})
		ask[Edits](t, e.Jobs, CommandEdit, EditRequest{Disk: 1, Key: editKey + 1, Name: "Edits of leaf.vhd"})
		ask[session.Forest](t, e.Jobs, session.CommandClose, session.CloseRequest{Files: []int{editKey + 1}})
		e.lay(t, "")
	}
	if len(e.edits) != 1 {
		t.Errorf("%d edits are kept", len(e.edits))
	}
}
