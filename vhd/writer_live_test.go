package vhd

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestWritesInTheMiddleOfReads: whatever is written between two reads of the
// file that one read of the disk takes, sectors are old or new. Readers that
// fetch much at once, and bitmaps with the data, are the ones to be fooled.
func TestWritesInTheMiddleOfReads(t *testing.T) {
	rounds := uint64(60)
	if testing.Short() {
		rounds = 15
	}
	first := rand.Uint64()
	for seed := first; seed < first+rounds; seed++ {
		if err := writeWhileReading(seed); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func writeWhileReading(seed uint64) error {
	wd, err := newWorld(seed)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(seed, 4))
	d, err := NewDisk(append([]*Image{wd.w.Image()}, wd.below...)...)
	if err != nil {
		return err
	}
	for range 8 {
		past := [][]byte{wd.disk}
		ops := wd.randomOps(random, 3)
		busy := false
		wd.store.onRead = func() {
			if busy || len(ops) == 0 || random.IntN(2) == 0 {
				return // a writer's own reads, or none of its turns
			}
			busy = true
			o := ops[0]
			ops = ops[1:]
			if o.kind != 'o' {
				after, data := wd.next(o)
				if e := wd.do(o, data); e != nil && err == nil {
					err = e
				}
				wd.disk = after
				past = append(past, after)
			}
			busy = false
		}
		got := bytes.Repeat([]byte{0xEE}, len(wd.disk))
		off := random.Int64N(d.Size())
		n, readErr := d.ReadAt(got[off:], off)
		wd.store.onRead = nil
		if readErr != nil || err != nil || n != len(got)-int(off) {
			return fmt.Errorf("%d bytes at %d: %w, %w", n, off, readErr, err)
		}
		from := roundUp(off, 512)
		if from < d.Size() {
			cut := make([][]byte, len(past))
			for i := range past {
				cut[i] = past[i][from:]
			}
			if diff := either(got[from:], cut...); diff != "" {
				return fmt.Errorf("read from byte %d: %s", from, diff)
			}
		}
	}
	return wd.checkLive()
}

// TestReadsAndWritesAtOnce is for the race detector.
func TestReadsAndWritesAtOnce(t *testing.T) {
	for _, cost := range []int64{0, 64 << 10} {
		f, _ := mustCreate(t, NewImage{Type: Dynamic, Size: 256 << 10, BlockSize: 8 << 10})
		s := &storage{file: f, cost: cost}
		w, err := OpenWriter(s, f.Size())
		if err != nil {
			t.Fatal(err)
		}
		d := mustDisk(t, w.Image())
		done := make(chan struct{})
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				p := make([]byte, d.Size())
				for {
					select {
					case <-done:
						return
					default:
					}
					if _, err := d.ReadAt(p, 0); err != nil {
						t.Error(err)
					}
					for at := 0; at < len(p); at += 512 {
						if s := p[at : at+512]; !bytes.Equal(s, bytes.Repeat(s[:1], 512)) {
							t.Errorf("sector %d is torn", at/512)
						}
					}
					for range d.Extents(0, d.Size()) {
					}
					d.Prepare(0, d.Size())
					d.Explain(5000)
					w.Image().Structures()
					w.Image().Blocks()
					w.FileSize()
				}
			})
		}
		random := rand.New(rand.NewPCG(1, 1))
		for i := range 150 {
			off := 512 * random.Int64N(500)
			mustWrite(t, w, bytes.Repeat([]byte{byte(i)}, 512*(1+random.IntN(10))), off)
		}
		close(done)
		group.Wait()
	}
}

// TestOutdatedBitmapsAreNotKept: a bitmap that a reader took from the file
// before a write, and brings after it.
func TestOutdatedBitmapsAreNotKept(t *testing.T) {
	f, _ := mustCreate(t, NewImage{Type: Dynamic, Size: 64 << 10, BlockSize: 16 << 10})
	_, w := openStored(t, f)
	mustWrite(t, w, pattern(1, 0), 0)
	im := w.Image()
	changes := im.bitmaps.changes.Load()
	before, err := im.bitmap(0)
	if err != nil {
		t.Fatal(err)
	}
	mustWrite(t, w, pattern(1, 1), 512)
	im.bitmaps.young, im.bitmaps.old, im.bitmaps.bytes = nil, nil, 0 // pushed out by others
	im.keepBitmap(0, before, changes)
	wantBytes(t, sectorOf(t, mustDisk(t, im), 1), pattern(1, 1))
}

// TestBatmapIsKeptTrue: a bit is there only while its block is full, and
// readers that trust it may.
func TestBatmapIsKeptTrue(t *testing.T) {
	for _, version := range []uint32{0x00010001, 0x00010002} {
		full := blockDataLong(4096)
		f := vhdtest.Spec{Type: vhdtest.Differencing, Size: 64 << 10, BlockSize: 4096, ParentUUID: vhdtest.ID("p"), ParentName: "p",
			Batmap: &vhdtest.Batmap{Version: version}, Blocks: []vhdtest.Block{{Index: 1, Data: full}, {Index: 2, Sectors: map[int][]byte{0: pattern(0, 16)}}}}.Build()
		base := OpenRaw(bytes.NewReader(make([]byte, 64<<10)), 64<<10)
		s, w := openStored(t, f, base)
		marked := func() []byte {
			t.Helper()
			im := mustOpen(t, f)
			if err := im.CheckBatmap(context.Background(), nil); err != nil {
				t.Error(err)
			}
			if state, _, flaw := im.Batmap(); state != BatmapAgrees {
				t.Errorf("state %d, %s", state, flaw)
			}
			wantChecked(t, f)
			summed := f.Clone()
			summed.FixChecksums() // as the version of the map sums, signed or not
			if head := f.Layout.BatmapHead; !bytes.Equal(summed.Get(head, 512), f.Get(head, 512)) {
				t.Error("the map's checksum is not the one that its version wants")
			}
			return f.Get(f.Layout.BatmapMap, 2)
		}
		step := func(what string, err error, want ...byte) {
			t.Helper()
			if got := marked(); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: map % x, want % x (%v)", what, got, want, err)
			}
		}
		write := func(off int64, n int) error {
			_, err := w.WriteAt(make([]byte, n), off)
			return err
		}
		step("at first", nil, 0x40, 0)
		step("a full block stays full", write(4096, 1024), 0x40, 0)
		step("a block becomes full", write(8192+512, 3584), 0x60, 0)
		step("a new block in part", write(0, 512), 0x60, 0)
		step("a new block as a whole", write(8*4096, 4096), 0x60, 0x80)
		if n := len(s.ops); s.ops[n-1].off != f.Layout.BatmapHead || s.ops[n-2].data != nil {
			t.Error("a block is called full before that lasts")
		}
		s.ops = nil
		step("a sector goes back", w.Revert(4096+512, 512), 0x20, 0x80)
		if len(s.ops) != 3 || s.ops[0].off != f.Layout.BatmapHead || s.ops[1].data != nil {
			t.Error("a block is called full when that is no longer so")
		}
	}
	t.Run("a map that lies is cleared first", func(t *testing.T) {
		f := batmapImage(&vhdtest.Batmap{Map: []byte{0xFF, 0xFF}})
		_, w := openStored(t, f)
		mustWrite(t, w, pattern(1, 0), 0)
		im := mustOpen(t, f)
		if err := im.CheckBatmap(context.Background(), nil); err != nil {
			t.Error(err)
		}
		if state, marked, flaw := im.Batmap(); state != BatmapAgrees || marked != 0 {
			t.Errorf("state %d, %d marked, %s", state, marked, flaw)
		}
	})
	t.Run("one that lies over other things is not touched", func(t *testing.T) {
		f := batmapImage(&vhdtest.Batmap{ClaimOffset: new(uint64(512))})
		_, err := OpenWriter(&storage{file: f}, f.Size())
		wantError(t, err, ErrFormat, RuleBatmap)
	})
}
