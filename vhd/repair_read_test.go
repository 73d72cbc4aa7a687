package vhd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// badSectors cannot give some ranges.
func badSectors(f *vhdtest.File, bad ...extent) io.ReaderAt {
	var r io.ReaderAt = f
	for _, e := range bad {
		r = failingReader{r, e.from, e.to}
	}
	return r
}

// TestRepairSalvages: what a file will not give is lost, and nothing else is.
func TestRepairSalvages(t *testing.T) {
	f := tableImage()
	child := tableChild()
	block := func(f *vhdtest.File, b int) vhdtest.BlockLayout { l, _ := f.Layout.Block(b); return l }
	sector := func(at int64) extent { return extent{at, at + 512} }
	for _, c := range []struct {
		name    string
		f       *vhdtest.File
		bad     []extent
		data    bool
		lost    []extent
		changed []Rule
		zeros   []extent // of the disk
	}{
		{name: "the start", f: f, bad: []extent{sector(0)}, changed: []Rule{RuleFooterCopy}},
		{name: "the end", f: f, bad: []extent{{f.Size() - 512, f.Size()}}, changed: []Rule{RuleRead}},
		{name: "the table", f: f, bad: []extent{sector(f.Layout.Table)}, lost: []extent{{0, 8 * 4096}}, changed: []Rule{RuleRead}, zeros: []extent{{0, 8 * 4096}}},
		{name: "a bitmap, not looked at", f: f, bad: []extent{sector(block(f, 2).Bitmap)}},
		{name: "a bitmap", f: f, data: true, bad: []extent{sector(block(f, 2).Bitmap)}, lost: []extent{{2 * 4096, 3 * 4096}}, changed: []Rule{RuleRead}},
		{name: "a child's bitmap", f: child, data: true, bad: []extent{sector(block(child, 2).Bitmap)}, lost: []extent{{2 * 4096, 3 * 4096}}, changed: []Rule{RuleRead}, zeros: []extent{{2 * 4096, 3 * 4096}}},
		{name: "two sectors", f: f, data: true, bad: []extent{sector(block(f, 3).Data + 512), sector(block(f, 3).Data + 2048)},
			lost: []extent{{3*4096 + 512, 3*4096 + 1024}, {3*4096 + 2048, 3*4096 + 2560}}, changed: []Rule{RuleRead}, zeros: []extent{{3*4096 + 512, 3*4096 + 1024}, {3*4096 + 2048, 3*4096 + 2560}}},
		{name: "a child's sector", f: child, data: true, bad: []extent{sector(block(child, 7).Data)},
			lost: []extent{{7 * 4096, 7*4096 + 512}}, changed: []Rule{RuleRead}, zeros: []extent{{7 * 4096, 7*4096 + 512}}},
		{name: "between blocks", f: f, data: true, bad: nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := plainDisk(t, c.f)
			res, err := Repair(t.Context(), badSectors(c.f, c.bad...), c.f.Size(), RepairOptions{Data: c.data})
			if err != nil {
				t.Fatal(err)
			}
			var lost []extent
			for _, l := range res.Lost {
				lost = append(lost, extent{l.Offset, l.Offset + l.Length})
			}
			if !slices.Equal(lost, c.lost) || !slices.Equal(rulesChanged(res), c.changed) {
				t.Errorf("lost %v, want %v; changes %+v, want %v", res.Lost, c.lost, res.Changes, c.changed)
			}
			if c.name == "a bitmap, not looked at" {
				if len(res.Left) == 0 || res.Left[0].Rule != RuleRead || res.Left[0].Severity != Error {
					t.Errorf("left %+v", res.Left)
				}
				return
			}
			for _, l := range res.Left {
				if l.Severity == Error {
					t.Errorf("left %+v", l)
				}
			}
			for _, z := range c.zeros {
				v := byte(0)
				if c.f == child {
					v = 0xAA
				}
				copy(want[z.from:z.to], bytes.Repeat([]byte{v}, int(z.to-z.from)))
			}
			wantBytes(t, plainDisk(t, planFile(t, res.Plan)), want)
		})
	}
}

// TestRepairSalvagesAFixedDisk sector by sector.
func TestRepairSalvagesAFixedDisk(t *testing.T) {
	f := fixedImage()
	res, err := Repair(t.Context(), badSectors(f, extent{600, 601}), f.Size(), RepairOptions{Data: true})
	if err != nil || len(res.Lost) != 1 || res.Lost[0].Offset != 512 || res.Lost[0].Length != 512 || len(res.Left) > 0 {
		t.Fatalf("%+v, %v", res, err)
	}
	want := f.Bytes()
	clear(want[512:1024])
	wantBytes(t, planFile(t, res.Plan).Bytes(), want)
}

// TestRepairOfADiskThatIsSaidToBeHuge reads no more than the file has.
func TestRepairOfADiskThatIsSaidToBeHuge(t *testing.T) {
	footer, err := NewImage{Type: Fixed, Size: 1 << 50}.footer()
	if err != nil {
		t.Fatal(err)
	}
	file := append(make([]byte, 4096), footer.encode()...)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var told [][2]int64
	res, err := Repair(ctx, bytes.NewReader(file), int64(len(file)), RepairOptions{Data: true, Progress: func(done, total int64) {
		if told = append(told, [2]int64{done, total}); len(told) == 10 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatalf("%v after %v", err, told)
	}
	if len(told) != 1 || told[0] != [2]int64{4096, 4096} || res.Plan.Size() != 1<<50+footerSize || len(res.Lost) != 1 || res.Lost[0].Offset != 4096 {
		t.Errorf("progress %v, %d bytes, lost %v", told, res.Plan.Size(), res.Lost)
	}
}

// TestRepairOfAFileThatIsGone ends soon.
func TestRepairOfAFileThatIsGone(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Fixed, Size: 64 << 20}.Build()
	r := &countingReader{ReaderAt: badSectors(f, extent{0, 64 << 20})}
	res, err := Repair(t.Context(), r, f.Size(), RepairOptions{Data: true})
	if err != nil || len(res.Lost) != 1 || res.Lost[0].Length != 64<<20 {
		t.Fatalf("%+v, %v", res, err)
	}
	if r.reads > 3*maxFailures {
		t.Errorf("%d reads of a file that gives nothing", r.reads)
	}
}

// cancelling cancels its context at the n-th read.
type cancelling struct {
	io.ReaderAt
	n      int
	cancel func()
}

func (r *cancelling) ReadAt(p []byte, off int64) (int, error) {
	if r.n--; r.n == 0 {
		r.cancel()
	}
	return r.ReaderAt.ReadAt(p, off)
}

func TestRepairIsCancelled(t *testing.T) {
	f := batmapImage(&vhdtest.Batmap{Map: []byte{0xF0}})
	reads := &countingReader{ReaderAt: f}
	if _, err := Repair(t.Context(), reads, f.Size(), RepairOptions{Data: true}); err != nil {
		t.Fatal(err)
	}
	for n := 1; n < reads.reads; n++ {
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := Repair(ctx, &cancelling{f, n, cancel}, f.Size(), RepairOptions{Data: true}); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at read %d of %d: %v", n, reads.reads, err)
		}
	}
}

func TestRepairTellsItsProgress(t *testing.T) {
	for name, f := range map[string]*vhdtest.File{"blocks": tableImage(), "fixed": fixedImage(), "damaged": func() *vhdtest.File {
		f := tableImage()
		f.SetEntry(2, 1)
		f.SetEntry(3, uint32(f.Layout.Blocks[0].Bitmap/512))
		return f
	}()} {
		last, end := int64(0), false
		_, err := Repair(t.Context(), f, f.Size(), RepairOptions{Data: true, Progress: func(done, total int64) {
			if done*100/total < last || done > total {
				t.Errorf("%s: %d of %d after %d%%", name, done, total, last)
			}
			last, end = done*100/total, done == total
		}})
		if err != nil || !end {
			t.Errorf("%s: ended at %d%%: %v", name, last, err)
		}
	}
}

// TestRepairOfManyTwins: a table that leads to one block again and again does
// not make a file that is many times as large, and costs little.
func TestRepairOfManyTwins(t *testing.T) {
	const entries = 1 << 16
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: entries * 4096, BlockSize: 4096, Blocks: []vhdtest.Block{{Index: 0, Data: blockData(0)}}}.Build()
	table := bytes.Repeat(f.Get(f.Layout.Table, 4), entries)
	f.Put(f.Layout.Table, table)
	var res *Repaired
	spent := allocated(func() { res = repairAll(t, f, f.Size(), RepairOptions{}) })
	if res.Plan.Size() > 3*f.Size() {
		t.Errorf("%d bytes became %d", f.Size(), res.Plan.Size())
	}
	if spent > 400*f.Size() {
		t.Errorf("%d bytes allocated for a file of %d", spent, f.Size())
	}
	if n := len(res.Changes); n != 2 {
		t.Errorf("%d changes: %+v", n, res.Changes)
	}
	if l := res.Lost; l[0].Offset != 0 || l[len(l)-1].Offset+l[len(l)-1].Length != entries*4096 {
		t.Errorf("lost %+v", l)
	}
}
