package edit

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
)

// memory is a file that grows when it is written to; full, it takes no more.
type memory struct {
	b    []byte
	full int // bytes it has room for; 0: any
}

func (m *memory) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(m.b)) {
		return 0, io.EOF
	}
	n := copy(p, m.b[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

var errFull = errors.New("there is no room")

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	end := int(off) + len(p)
	if m.full > 0 && end > m.full {
		return 0, errFull
	}
	if end > len(m.b) {
		m.b = append(m.b, make([]byte, end-len(m.b))...)
	}
	return copy(m.b[off:], p), nil
}

// edited is a disk of a made chain, its edits, and what it should read.
type edited struct {
	*Layer
	disk   *vhd.Disk // with the edits
	images []*vhd.Image
	file   *memory
	model  []byte
}

// newEdited lays edits on a dynamic disk of 3 blocks that holds a pattern in
// some sectors.
func newEdited(t testing.TB) *edited {
	t.Helper()
	base := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 3 << 20, BlockSize: 1 << 20, Blocks: []vhdtest.Block{
		{Index: 0, Sectors: map[int][]byte{0: bytes.Repeat([]byte("base"), 128), 5: bytes.Repeat([]byte("five"), 128)}},
		{Index: 2, Sectors: map[int][]byte{1: bytes.Repeat([]byte("last"), 128)}},
	}}.Build()
	im, err := vhd.Open(base, base.Size())
	if err != nil {
		t.Fatal(err)
	}
	return layOn(t, &memory{}, im)
}

// layOn lays edits on images, leaf first: those in a file, or new ones.
func layOn(t testing.TB, file *memory, images ...*vhd.Image) *edited {
	t.Helper()
	if len(file.b) == 0 {
		parent := vhd.Candidate{Name: "base.vhd", Image: images[0]}.AsParent()
		plan, err := vhd.Create(vhd.NewImage{Type: vhd.Differencing, Size: images[0].Size(), Parent: &parent})
		if err != nil {
			t.Fatal(err)
		}
		file.b = make([]byte, plan.Size())
		if _, err := plan.ReadAt(file.b, 0); err != nil {
			t.Fatal(err)
		}
	}
	w, err := vhd.OpenWriter(file, int64(len(file.b)))
	if err != nil {
		t.Fatal(err)
	}
	e := &edited{file: file, images: images}
	if e.Layer, err = New(w); err != nil {
		t.Fatal(err)
	}
	if e.disk, err = vhd.NewDisk(append([]*vhd.Image{w.Image()}, images...)...); err != nil {
		t.Fatal(err)
	}
	e.model = e.read(t)
	return e
}

func (e *edited) read(t testing.TB) []byte {
	t.Helper()
	p := make([]byte, e.disk.Size())
	if _, err := e.disk.ReadAt(p, 0); err != nil {
		t.Fatal(err)
	}
	return p
}

// layers tells for each sector which layer it is from.
func (e *edited) layers(t testing.TB) []int {
	t.Helper()
	var list []int
	for x, err := range e.disk.Extents(0, e.disk.Size()) {
		if err != nil {
			t.Fatal(err)
		}
		for range x.Length / vhd.SectorSize {
			list = append(list, x.Layer)
		}
	}
	return list
}

func (e *edited) check(t testing.TB) {
	t.Helper()
	if got := e.read(t); !bytes.Equal(got, e.model) {
		t.Fatalf("the disk reads otherwise: %s", vhdtest.Diff(got, e.model))
	}
	held := int64(0)
	for _, layer := range e.layers(t) {
		if layer == 0 {
			held++
		}
	}
	if n := e.State().Sectors; n != held {
		t.Fatalf("%d sectors are said to be held, and %d are", n, held)
	}
}

func TestOneByteMakesItsSectorTheLayers(t *testing.T) {
	e := newEdited(t)
	if err := e.Write(e.disk, 5*512+3, []byte{'X'}, 1); err != nil {
		t.Fatal(err)
	}
	e.model[5*512+3] = 'X'
	e.check(t)
	if got := e.layers(t)[4:7]; !slices.Equal(got, []int{-1, 0, -1}) {
		t.Errorf("sectors 4 to 6 are from %v", got)
	}
}

func TestAPatternIsRepeatedOverItsLength(t *testing.T) {
	for _, c := range []struct{ off, length int64 }{{0, 512}, {3, 1}, {510, 4}, {1000, 5000}, {512, 1024}, {2<<20 - 7, 20}, {3<<20 - 5, 5}} {
		e := newEdited(t)
		if err := e.Write(e.disk, c.off, []byte("abc"), c.length); err != nil {
			t.Fatal(err)
		}
		for i := range c.length {
			e.model[c.off+i] = "abc"[i%3]
		}
		e.check(t)
	}
}

func TestUndoneSectorsAreReadFromTheirOldLayerAgain(t *testing.T) {
	e := newEdited(t)
	before, layers := e.read(t), e.layers(t)
	for i, off := range []int64{0, 5*512 + 3, 5*512 + 4, 700} {
		if err := e.Write(e.disk, off, []byte{byte(i)}, 1); err != nil {
			t.Fatal(err)
		}
	}
	after, layersAfter := e.read(t), e.layers(t)
	for i := 4; i > 0; i-- {
		span, err := e.Undo()
		if err != nil || span.Length != 1 {
			t.Fatalf("undo: %v, %v", span, err)
		}
	}
	if !bytes.Equal(e.read(t), before) || !slices.Equal(e.layers(t), layers) {
		t.Error("not all is as it was")
	}
	if s := e.State(); s != (State{Undo: 0, Redo: 4}) {
		t.Errorf("state: %+v", s)
	}
	if span, err := e.Undo(); span != (Span{}) || err != nil {
		t.Errorf("a step that is not there: %v, %v", span, err)
	}
	for range 4 {
		if _, err := e.Redo(); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(e.read(t), after) || !slices.Equal(e.layers(t), layersAfter) {
		t.Error("not all is done again")
	}
}

func TestAnEditAfterAnUndoEndsWhatCouldBeRedone(t *testing.T) {
	e := newEdited(t)
	for _, b := range []byte{1, 2} {
		if err := e.Write(e.disk, 9, []byte{b}, 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Undo(); err != nil {
		t.Fatal(err)
	}
	if err := e.Write(e.disk, 9, []byte{3}, 1); err != nil {
		t.Fatal(err)
	}
	if s := e.State(); s.Undo != 2 || s.Redo != 0 {
		t.Errorf("state: %+v", s)
	}
	if span, err := e.Redo(); span != (Span{}) || err != nil {
		t.Errorf("redo: %v, %v", span, err)
	}
	e.model[9] = 3
	e.check(t)
}

func TestRevertedSectorsReadAsBelow(t *testing.T) {
	e := newEdited(t)
	if err := e.Write(e.disk, 0, []byte("edit"), 4096); err != nil {
		t.Fatal(err)
	}
	copy(e.model, bytes.Repeat([]byte("edit"), 1024))
	if err := e.Revert(5*512+100, 1); err != nil {
		t.Fatal(err)
	}
	copy(e.model[5*512:], bytes.Repeat([]byte("five"), 128))
	e.check(t)
	if _, err := e.Undo(); err != nil {
		t.Fatal(err)
	}
	copy(e.model[5*512:], bytes.Repeat([]byte("edit"), 128))
	e.check(t)
	if err := e.Revert(0, e.disk.Size()); err != nil {
		t.Fatal(err)
	}
	if s := e.State(); s.Sectors != 0 {
		t.Errorf("%d sectors are left", s.Sectors)
	}
}

func TestAnyWalkThroughTheHistoryEndsWhereItShould(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	e := newEdited(t)
	type moment struct {
		bytes  []byte
		layers []int
	}
	now := func() moment { return moment{e.read(t), e.layers(t)} }
	moments, at := []moment{now()}, 0
	for range 200 {
		switch r.IntN(4) {
		case 0:
			if _, err := e.Undo(); err != nil {
				t.Fatal(err)
			}
			at = max(at-1, 0)
		case 1:
			if _, err := e.Redo(); err != nil {
				t.Fatal(err)
			}
			at = min(at+1, len(moments)-1)
		case 2:
			off, n := r.Int64N(e.disk.Size()-5000), 1+r.Int64N(3000)
			if err := e.Revert(off, n); err != nil {
				t.Fatal(err)
			}
			moments, at = append(moments[:at+1], now()), at+1
		default:
			off, n := r.Int64N(e.disk.Size()-5000), 1+r.Int64N(3000)
			if err := e.Write(e.disk, off, []byte{byte(r.IntN(256)), 1, 2}, n); err != nil {
				t.Fatal(err)
			}
			moments, at = append(moments[:at+1], now()), at+1
		}
		if m := now(); !bytes.Equal(m.bytes, moments[at].bytes) || !slices.Equal(m.layers, moments[at].layers) {
			t.Fatalf("seed %d: at step %d of %d it is not as it was", seed, at, len(moments))
		}
		e.model = moments[at].bytes
		e.check(t)
	}
}

func TestTheOldestStepsAreForgotten(t *testing.T) {
	e := newEdited(t)
	const n = 1 << 20
	for i := range 40 {
		if err := e.Write(e.disk, 0, []byte{byte(i)}, n); err != nil {
			t.Fatal(err)
		}
	}
	s := e.State()
	if s.Undo+s.Forgotten != 40 || s.Undo < historyBudget/n-2 || s.Undo > historyBudget/n+1 {
		t.Errorf("state: %+v", s)
	}
	if e.history.bytes > historyBudget {
		t.Errorf("the history has %d bytes", e.history.bytes)
	}
	for range s.Undo {
		if _, err := e.Undo(); err != nil {
			t.Fatal(err)
		}
	}
	if got := e.read(t)[0]; got != byte(s.Forgotten-1) {
		t.Errorf("the last step that is known led to %d", got)
	}
	if after := e.State(); after.Undo != 0 || after.Redo == 0 || e.history.bytes > historyBudget {
		t.Errorf("state: %+v, %d bytes", after, e.history.bytes)
	}
}

func TestWhatCannotBeReadBelowIsNotHalfWritten(t *testing.T) {
	base := vhdtest.Spec{Type: vhdtest.Differencing, Size: 1 << 20, ParentName: "gone.vhd"}.Build()
	im, err := vhd.Open(base, base.Size())
	if err != nil {
		t.Fatal(err)
	}
	parent := vhd.Candidate{Name: "child.vhd", Image: im}.AsParent()
	plan, err := vhd.Create(vhd.NewImage{Type: vhd.Differencing, Size: im.Size(), Parent: &parent})
	if err != nil {
		t.Fatal(err)
	}
	file := &memory{b: make([]byte, plan.Size())}
	if _, err := plan.ReadAt(file.b, 0); err != nil {
		t.Fatal(err)
	}
	w, err := vhd.OpenWriter(file, int64(len(file.b)))
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(w)
	if err != nil {
		t.Fatal(err)
	}
	disk, err := vhd.NewDisk(w.Image(), im)
	if err != nil {
		t.Fatal(err)
	}
	was := bytes.Clone(file.b)
	if err := l.Write(disk, 10, []byte{1}, 1); !errors.Is(err, vhd.ErrNoParent) {
		t.Errorf("a byte in an unreadable sector: %v", err)
	}
	if !bytes.Equal(file.b, was) || l.State() != (State{}) {
		t.Error("something was changed")
	}
	if err := l.Write(disk, 512, []byte{7}, 512); err != nil {
		t.Errorf("a whole sector: %v", err)
	}
	if l.State() != (State{Undo: 1, Sectors: 1}) {
		t.Errorf("state: %+v", l.State())
	}
}

func TestWhatAFullStorageTookOfAChangeCanBeUndone(t *testing.T) {
	e := newEdited(t)
	if err := e.Write(e.disk, 0, []byte{1}, 600); err != nil {
		t.Fatal(err)
	}
	for i := range e.model[:600] {
		e.model[i] = 1
	}
	e.file.full = len(e.file.b) + 1000
	err := e.Write(e.disk, 2<<20-512, []byte{2}, 1024) // the second half is in a new block
	if _, partly := errors.AsType[*PartlyError](err); !partly || !errors.Is(err, errFull) {
		t.Fatalf("a change without room: %v", err)
	}
	copy(e.model[2<<20-512:2<<20], bytes.Repeat([]byte{2}, 512))
	e.check(t)
	e.file.full = 0
	if _, err := e.Undo(); err != nil {
		t.Fatal(err)
	}
	clear(e.model[2<<20-512 : 2<<20])
	e.check(t)
	if s := e.State(); s.Undo != 1 || s.Redo != 1 {
		t.Errorf("state: %+v", s)
	}
}

func TestRangesOutsideAreRefused(t *testing.T) {
	e := newEdited(t)
	size := e.disk.Size()
	for _, c := range []struct{ off, length int64 }{{-1, 1}, {size, 1}, {size - 1, 2}, {0, 0}, {0, -1}, {0, MaxLength + 1}, {1 << 62, 1 << 62}} {
		if err := e.Write(e.disk, c.off, []byte{1}, c.length); err == nil {
			t.Errorf("%+v is written", c)
		}
	}
	if err := e.Write(e.disk, 0, nil, 1); err == nil {
		t.Error("nothing is written")
	}
	if err := e.Revert(0, size+1); err == nil {
		t.Error("more than the disk goes back")
	}
	e.check(t)
}

func TestEditsGoOnWhereTheyEnded(t *testing.T) {
	e := newEdited(t)
	if err := e.Write(e.disk, 100, []byte("kept"), 4); err != nil {
		t.Fatal(err)
	}
	copy(e.model[100:], "kept")
	again := layOn(t, e.file, e.images...)
	if s := again.State(); s != (State{Sectors: 1}) {
		t.Errorf("state: %+v", s)
	}
	again.model = e.model
	again.check(t)
}
