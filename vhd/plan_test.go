package vhd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// planOfEverything has a stretch of every kind, and its bytes.
func planOfEverything(t *testing.T) (*Plan, []byte) {
	t.Helper()
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 7, Layers: 3, Size: 3 << 20, BlockSizes: []uint32{512 << 10}})
	var images []*Image
	for _, l := range c.Layers {
		im, err := Open(l.File, l.File.Size())
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, im)
	}
	d, err := NewDisk(images...)
	if err != nil {
		t.Fatal(err)
	}
	p := &Plan{layers: images}
	p.addData([]byte("head"))
	p.addZeros(1000)
	p.addDisk(d)
	p.addFile(1, 512, 1024)
	p.addZeros(0)
	p.addData([]byte("tail"))
	disk := make([]byte, d.Size())
	if _, err := io.ReadFull(io.NewSectionReader(d, 0, d.Size()), disk); err != nil {
		t.Fatal(err)
	}
	want := append([]byte("head"), make([]byte, 1000)...)
	want = append(want, disk...)
	want = append(want, c.Layers[1].File.Get(512, 1024)...)
	return p, append(want, "tail"...)
}

func TestPlanReadsAsItsParts(t *testing.T) {
	p, want := planOfEverything(t)
	if p.Size() != int64(len(want)) {
		t.Fatalf("%d bytes, want %d", p.Size(), len(want))
	}
	var out bytes.Buffer
	var last int64
	if err := p.Copy(context.Background(), &out, func(done, _ int64) { last = done }, nil); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), want) || last != p.Size() {
		t.Errorf("the copy differs, or ended at %d", last)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		off := r.Int64N(p.Size())
		b := make([]byte, 1+r.Int64N(min(p.Size()-off, 70000)))
		if n, err := p.ReadAt(b, off); n != len(b) || (err != nil && err != io.EOF) || !bytes.Equal(b, want[off:off+int64(n)]) {
			t.Fatalf("%d bytes at %d: %d, %v", len(b), off, n, err)
		}
	}
}

func TestSegmentsOfAPlanMakeItsBytes(t *testing.T) {
	p, want := planOfEverything(t)
	for _, from := range []int64{0, 3, 4, 1003, 70000, p.Size() - 5} {
		at := from
		for s, err := range p.Segments(from, p.Size()) {
			if err != nil || s.Offset != at || s.Length <= 0 {
				t.Fatalf("%+v, %v after %d", s, err, at)
			}
			b := make([]byte, s.Length)
			switch {
			case s.Layer >= 0:
				if _, err := p.Layers()[s.Layer].r.ReadAt(b, s.Source); err != nil {
					t.Fatal(err)
				}
			case s.Data != nil:
				copy(b, s.Data)
			}
			if !bytes.Equal(b, want[at:at+s.Length]) {
				t.Fatalf("segment %+v differs", s.Extent)
			}
			at += s.Length
		}
		if at != p.Size() {
			t.Errorf("segments from %d end at %d", from, at)
		}
	}
}

func TestPlanRefusesRangesOutside(t *testing.T) {
	p, _ := planOfEverything(t)
	if _, err := p.ReadTo(&memory{}, p.Size()-1, 2); !errors.Is(err, ErrBounds) {
		t.Error(err)
	}
	if n, err := p.ReadAt(make([]byte, 10), p.Size()); n != 0 || err != io.EOF {
		t.Error(n, err)
	}
}

func TestSalvageGoesOnBehindWhatCannotBeRead(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 9, Layers: 2, Size: 2 << 20, BlockSizes: []uint32{512 << 10}})
	child, err := Open(c.Layers[0].File, c.Layers[0].File.Size())
	if err != nil {
		t.Fatal(err)
	}
	d, _ := NewDisk(child) // its parent is missing
	p := &Plan{layers: d.layers}
	p.addData([]byte("x"))
	p.addDisk(d)
	if err := p.Copy(context.Background(), io.Discard, nil, nil); !errors.Is(err, ErrNoParent) {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var lost []extent
	if err := p.Copy(context.Background(), &out, nil, func(l Loss) {
		lost = append(lost, extent{l.Offset, l.Offset + l.Length})
		if !errors.Is(l.Err, ErrNoParent) {
			t.Error(l.Err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	got := out.Bytes()[1:]
	for off := int64(0); off < d.Size(); off += SectorSize {
		in := false
		for _, l := range lost {
			in = in || l.from <= off+1 && off+1 < l.to
		}
		want, owner := make([]byte, SectorSize), false
		if v, _ := child.runAt(off, off+SectorSize); v.verdict == here {
			owner = true
			c.Layers[0].File.ReadAt(want, v.source)
		}
		if in == owner || !bytes.Equal(got[off:off+SectorSize], want) {
			t.Fatalf("sector %d: lost %v, owned %v", off/SectorSize, in, owner)
		}
	}
}

// moodyReader fails reads that touch bad sectors, and gives nothing of them.
type moodyReader struct {
	failingReader
	reads int
}

func (r *moodyReader) ReadAt(p []byte, off int64) (int, error) {
	r.reads++
	n, err := r.failingReader.ReadAt(p, off)
	if err == errBadSector {
		n = 0
	}
	return n, err
}

// TestSalvageLosesNoMoreThanTheBadSectors, though the file gives nothing of a
// read that touches them.
func TestSalvageLosesNoMoreThanTheBadSectors(t *testing.T) {
	want := unlike(1 << 20)
	r := &moodyReader{failingReader: failingReader{bytes.NewReader(want), 300 * 512, 303 * 512}}
	p := mustDisk(t, OpenRaw(r, 1<<20)).Flatten()
	var out bytes.Buffer
	lost := make([]bool, 1<<11)
	err := p.Copy(context.Background(), &out, nil, func(l Loss) { mark(lost, extent{l.Offset, l.Offset + l.Length}) })
	if err != nil {
		t.Fatal(err)
	}
	clear(want[300*512 : 303*512])
	wantBytes(t, out.Bytes(), want)
	for i, l := range lost {
		if l != (300 <= i && i < 303) {
			t.Errorf("sector %d: lost %v", i, l)
		}
	}
	if r.reads > 60 {
		t.Errorf("%d reads", r.reads)
	}
}

// TestSalvageOfARaggedChainIsLinear: where the parent is missing, each run
// that the child leaves to it is lost by itself.
func TestSalvageOfARaggedChainIsLinear(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 13, Layers: 2, Size: 4 << 20, Run: 2, Share: 0.5, Leave: 0, Whole: 0.01})
	r := &countingReader{ReaderAt: c.Layers[0].File}
	child, err := Open(r, c.Layers[0].File.Size())
	if err != nil {
		t.Fatal(err)
	}
	losses := 0
	if err := mustDisk(t, child).Flatten().Copy(context.Background(), io.Discard, nil, func(Loss) { losses++ }); err != nil {
		t.Fatal(err)
	}
	if losses < 500 || r.bytes > 8<<20 {
		t.Errorf("%d losses, %d bytes read", losses, r.bytes)
	}
}

func TestPatchedPlan(t *testing.T) {
	base := []byte("0123456789")
	for _, c := range []struct {
		size    int64
		patches []Patch
		want    string
	}{
		{10, nil, "0123456789"},
		{10, []Patch{{8, []byte("xy")}, {0, []byte("ab")}}, "ab234567xy"},
		{14, []Patch{{12, []byte("z")}}, "0123456789\x00\x00z\x00"},
		{4, []Patch{{1, []byte("A")}}, "0A23"},
	} {
		p := patched(bytes.NewReader(base), 10, c.size, c.patches)
		got, err := io.ReadAll(io.NewSectionReader(p, 0, p.Size()))
		if err != nil || string(got) != c.want {
			t.Errorf("%q, %v; want %q", got, err, c.want)
		}
	}
}
