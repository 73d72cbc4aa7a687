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

// converted opens what a conversion wrote, which must be an image without a
// flaw, and its plain reader.
func converted(t testing.TB, f *vhdtest.File, done Converted) (*Image, *naiveImage) {
	t.Helper()
	if f.Size() != done.Size {
		t.Fatalf("the file has %d bytes, not %d", f.Size(), done.Size)
	}
	im := mustOpen(t, f)
	wantClean(t, im)
	plain, err := openNaive(f, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	all, allocated := im.Blocks()
	if allocated != done.Blocks {
		t.Errorf("%d blocks, told of %d", allocated, done.Blocks)
	}
	last := int64(0)
	for b := range all {
		at, err := im.BlockOffset(b)
		if err != nil {
			continue
		}
		if at <= last || (at+im.bitmapSize)%4096 != 0 || at+im.bitmapSize+im.blockSize > f.Size()-512 {
			t.Errorf("block %d lies at byte %d, the one before it at %d", b, at, last)
		}
		last = at
		bitmap := f.Get(at, int(im.bitmapSize))
		for i := range int(im.blockSize / SectorSize) {
			if !vhdtest.Bit(bitmap, i) && !allZero(f.Get(at+im.bitmapSize+int64(i)*SectorSize, SectorSize)) {
				t.Fatalf("block %d has bytes in sector %d, which it does not hold", b, i)
			}
		}
	}
	if !bytes.Equal(f.Get(0, 512), f.Get(f.Size()-512, 512)) {
		t.Error("the footers differ")
	}
	return im, plain
}

// heldSectors tells of each sector of an image's disk whether its file holds
// it, by the plain reader.
func heldSectors(t testing.TB, im *naiveImage) []bool {
	t.Helper()
	held := make([]bool, im.disk/SectorSize)
	for i := range held {
		var err error
		if _, held[i], err = im.where(uint64(i)); err != nil {
			t.Fatal(err)
		}
	}
	return held
}

// wantHeld compares the sectors that an image holds with those that it is to.
func wantHeld(t testing.TB, im *naiveImage, want func(i int) bool) {
	t.Helper()
	for i, held := range heldSectors(t, im) {
		if held != want(i) {
			t.Fatalf("sector %d: held %v, want %v", i, held, want(i))
		}
	}
}

// convert converts a disk to a file in memory.
func convert(t testing.TB, d *Disk, c Conversion) (*vhdtest.File, Converted) {
	t.Helper()
	f := vhdtest.NewFile()
	done, err := d.Convert(context.Background(), f, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f, done
}

// gather appends what is lost to a list.
func gather(list *[]Loss) func(Loss) { return func(l Loss) { *list = append(*list, l) } }

// costlyDisk opens a chain whose files say what a read costs.
func costlyDisk(t testing.TB, c *vhdtest.Chain, cost int64) *Disk {
	t.Helper()
	var images []*Image
	for _, l := range c.Layers {
		im, err := Open(costlyReader{l.File, cost}, l.File.Size())
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, im)
	}
	return mustDisk(t, images...)
}

func padded(b []byte) []byte {
	return append(b, make([]byte, roundUp(int64(len(b)), SectorSize)-int64(len(b)))...)
}

func rounds(long, short int) uint64 {
	if testing.Short() {
		return uint64(short)
	}
	return uint64(long)
}

func TestConvertToDynamicHoldsTheSectorsThatAreNotZeros(t *testing.T) {
	first := rand.Uint64()
	for seed := first; seed < first+rounds(30, 8); seed++ {
		c := randomChain(seed)
		random := rand.New(rand.NewPCG(seed, 5))
		blockSize := int64(512) << random.IntN(16)
		d, want := costlyDisk(t, c, readCosts[random.IntN(len(readCosts))]), c.Contents()
		f, done := convert(t, d, Conversion{NewImage: NewImage{Type: Dynamic, BlockSize: blockSize, UUID: UUID{1}}})
		im, plain := converted(t, f, done)
		if im.Type() != Dynamic || im.BlockSize() != blockSize || im.UUID() != (UUID{1}) {
			t.Errorf("seed %d: a %s image of blocks of %d bytes", seed, im.Type(), im.BlockSize())
		}
		wantBytes(t, readAll(t, mustDisk(t, im)), want)
		wantHeld(t, plain, func(i int) bool { return !allZero(want[i*SectorSize:][:SectorSize]) })
		// And back: the raw disk is the same.
		raw := mustDisk(t, im).Flatten()
		again := mustDisk(t, OpenRaw(raw, raw.Size()))
		f2, done2 := convert(t, again, Conversion{NewImage: NewImage{Type: Dynamic, BlockSize: blockSize, UUID: UUID{1}, Created: im.footer.Created.Time()}})
		if done2.Size != done.Size || !bytes.Equal(f2.Bytes(), f.Bytes()) {
			t.Errorf("seed %d: the image of the raw disk is another", seed)
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// related is a disk that has much in common with another: it differs in some
// runs of sectors, of which some are zeros, and in its size.
func related(random *rand.Rand, disk []byte) []byte {
	other := bytes.Clone(disk)
	for range random.IntN(12) {
		at := random.IntN(len(other))
		run := other[at:min(len(other), at+1+random.IntN(9000))]
		if random.IntN(2) == 0 {
			clear(run)
		} else {
			for i := range run {
				run[i] = byte(random.Uint32())
			}
		}
	}
	switch random.IntN(3) {
	case 0:
		other = other[:1+random.IntN(len(other))]
	case 1:
		other = append(other, bytes.Repeat([]byte{0xA5}, random.IntN(9000))...)
	}
	return other
}

func TestConvertToDifferencingHoldsTheSectorsThatDiffer(t *testing.T) {
	first := rand.Uint64()
	for seed := first; seed < first+rounds(30, 8); seed++ {
		random := rand.New(rand.NewPCG(seed, 6))
		c := randomChain(seed)
		want := c.Contents()
		other := related(random, want)
		// Either of the two may be the one that is no VHD.
		d, below := costlyDisk(t, c, readCosts[random.IntN(len(readCosts))]), mustDisk(t, OpenRaw(bytes.NewReader(other), int64(len(other))))
		if random.IntN(2) == 0 {
			d, below, want, other = below, d, other, want
		}
		blockSize := int64(512) << random.IntN(16)
		f, done := convert(t, d, Conversion{Below: below, NewImage: NewImage{Type: Differencing, BlockSize: blockSize,
			Parent: &Parent{UUID: UUID{2}, Relative: "below.vhd"}}})
		im, plain := converted(t, f, done)
		if im.Type() != Differencing || im.ParentUUID() != (UUID{2}) {
			t.Errorf("a %s image of %s", im.Type(), im.ParentUUID())
		}
		want = padded(want)
		wantBytes(t, readAll(t, mustDisk(t, append([]*Image{im}, below.layers...)...)), want)
		there := make([]byte, len(want))
		copy(there, other)
		wantHeld(t, plain, func(i int) bool { return !bytes.Equal(sector(want, i), sector(there, i)) })
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// TestConvertTheRealChains to dynamic images, and to differencing ones on
// their own bases and on a foreign one.
func TestConvertTheRealChains(t *testing.T) {
	foreign := bytes.Repeat([]byte("another disk"), 1<<18)
	for _, row := range expectedRows(t) {
		d := realDisk(t, row)
		f, done := convert(t, d, Conversion{NewImage: NewImage{Type: Dynamic}})
		im, _ := converted(t, f, done)
		if got := sha(t, io.NewSectionReader(mustDisk(t, im), 0, im.Size())); got != row.sum {
			t.Errorf("%s: dynamic: sha256 %s, want %s", row.files[0], got, row.sum)
		}
		base := d.layers[len(d.layers)-1:]
		for _, below := range []*Disk{mustDisk(t, base...), mustDisk(t, OpenRaw(bytes.NewReader(foreign), int64(len(foreign))))} {
			f, done := convert(t, d, Conversion{Below: below, NewImage: NewImage{Type: Differencing, Parent: &Parent{UUID: UUID{9}, Relative: "b.vhd"}}})
			im, _ := converted(t, f, done)
			whole := mustDisk(t, append([]*Image{im}, below.layers...)...)
			if got := sha(t, io.NewSectionReader(whole, 0, whole.Size())); got != row.sum {
				t.Errorf("%s: on a %s base: sha256 %s, want %s", row.files[0], below.layers[0].Type(), got, row.sum)
			}
			if len(d.layers) == 1 && below.layers[0] == d.layers[0] && done.Blocks > 0 {
				t.Errorf("%s: differs from itself in %d blocks", row.files[0], done.Blocks)
			}
		}
	}
}

// TestThereAndBack takes real disks from form to form, each made from the one
// before: dynamic, raw, differencing on the chain's base, fixed, and dynamic
// again out of the differencing one merged with its base.
func TestThereAndBack(t *testing.T) {
	for _, row := range expectedRows(t) {
		if len(row.files) == 1 {
			continue
		}
		d := realDisk(t, row)
		base := d.layers[len(d.layers)-1]
		step := func(what string, images ...*Image) *Disk {
			t.Helper()
			d := mustDisk(t, images...)
			if got := sumDisk(t, d); got != row.sum {
				t.Errorf("%s: %s: sha256 %s, want %s", row.files[0], what, got, row.sum)
			}
			return d
		}
		f, _ := convert(t, d, Conversion{NewImage: NewImage{Type: Dynamic, BlockSize: 256 << 10}})
		d = step("dynamic", mustOpen(t, f))
		raw := d.Flatten()
		d = step("raw", OpenRaw(raw, raw.Size()))
		f, _ = convert(t, d, Conversion{Below: mustDisk(t, base), NewImage: NewImage{Type: Differencing, Parent: &Parent{UUID: base.UUID(), Relative: "base.vhd"}}})
		differencing := mustOpen(t, f)
		d = step("differencing", differencing, base)
		fixed, err := d.Fixed(NewImage{})
		if err != nil {
			t.Fatal(err)
		}
		im, err := Open(fixed, fixed.Size())
		if err != nil {
			t.Fatal(err)
		}
		step("fixed", im)
		merged := vhdtest.NewFile()
		if _, err := d.Merge(context.Background(), merged, 0, 1, Merge{}, nil); err != nil {
			t.Fatal(err)
		}
		step("merged", mustOpen(t, merged))
	}
}

// TestConvertToBlocksLargerThanAWindow: a block's bitmap is known only after
// several windows, and its first sectors may not be held.
func TestConvertToBlocksLargerThanAWindow(t *testing.T) {
	first := rand.Uint64()
	for seed := first; seed < first+rounds(6, 2); seed++ {
		random := rand.New(rand.NewPCG(seed, 7))
		want := make([]byte, 512*(8200+random.Int64N(32000)))
		vhdtest.PutPattern(want[len(want)-512:], 0, 2)
		for range random.IntN(6) {
			vhdtest.PutPattern(want[random.IntN(len(want)/512)*512:][:512], 0, 1)
		}
		d := mustDisk(t, OpenRaw(costlyReader{bytes.NewReader(want), readCosts[random.IntN(len(readCosts))]}, int64(len(want))))
		f, done := convert(t, d, Conversion{NewImage: NewImage{Type: Dynamic, BlockSize: 4 << 20 << random.IntN(3)}})
		im, plain := converted(t, f, done)
		wantBytes(t, readAll(t, mustDisk(t, im)), want)
		wantHeld(t, plain, func(i int) bool { return !allZero(sector(want, i)) })
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// TestConvertRoundsHalfASectorUp, in a window that is not the first: the
// disks' ends hold nothing of what was read before.
func TestConvertRoundsHalfASectorUp(t *testing.T) {
	raw := bytes.Repeat([]byte{7}, 2*window+700)
	d := mustDisk(t, OpenRaw(bytes.NewReader(raw), int64(len(raw))))
	f, done := convert(t, d, Conversion{NewImage: NewImage{Type: Dynamic}})
	im, _ := converted(t, f, done)
	wantBytes(t, readAll(t, mustDisk(t, im)), padded(raw))

	base := OpenRaw(bytes.NewReader(raw[:window+300]), window+300)
	f, done = convert(t, d, Conversion{Below: mustDisk(t, base), NewImage: NewImage{Type: Differencing, Parent: &Parent{UUID: UUID{2}, Relative: "p"}}})
	im, plain := converted(t, f, done)
	wantBytes(t, readAll(t, mustDisk(t, im, base)), padded(raw))
	wantHeld(t, plain, func(i int) bool { return i >= window/SectorSize })
}

func TestConvertRefuses(t *testing.T) {
	d := diskOf(t, raggedChain())
	parent := &Parent{Relative: "p"}
	for name, c := range map[string]Conversion{
		"fixed":          {NewImage: NewImage{Type: Fixed}},
		"raw":            {NewImage: NewImage{Type: Raw}},
		"nothing below":  {NewImage: NewImage{Type: Differencing, Parent: parent}},
		"no parent":      {NewImage: NewImage{Type: Differencing}, Below: d},
		"dynamic, below": {NewImage: NewImage{Type: Dynamic}, Below: d},
	} {
		f := vhdtest.NewFile()
		_, err := d.Convert(context.Background(), f, c, nil)
		wantError(t, err, ErrFormat, RuleDiskType)
		if f.Size() > 0 {
			t.Errorf("%s: %d bytes were written", name, f.Size())
		}
	}
	_, err := d.Convert(context.Background(), vhdtest.NewFile(), Conversion{NewImage: NewImage{Type: Dynamic, BlockSize: 3 << 20}}, nil)
	wantError(t, err, ErrFormat, RuleBlockSize)
}

// journal is a file that notes every write.
type journal struct {
	writes []Patch
	fail   int // the write that fails; -1: none
}

var errDiskFull = errors.New("disk full")

func (j *journal) WriteAt(p []byte, off int64) (int, error) {
	if len(j.writes) == j.fail {
		return 0, errDiskFull
	}
	j.writes = append(j.writes, Patch{off, bytes.Clone(p)})
	return len(p), nil
}

// TestConversionThatIsCutIsNoImage opens the file after each sector of each
// write.
func TestConversionThatIsCutIsNoImage(t *testing.T) {
	for seed := range uint64(8) {
		c := randomChain(seed)
		d, want := diskOf(t, c), c.Contents()
		j := &journal{fail: -1}
		if _, err := d.Convert(context.Background(), j, Conversion{NewImage: NewImage{Type: Dynamic, BlockSize: 64 << 10}}, nil); err != nil {
			t.Fatal(err)
		}
		f, images := vhdtest.NewFile(), 0
		for _, w := range j.writes {
			for cut := 0; cut < len(w.Data); cut += SectorSize {
				f.Put(w.Offset+int64(cut), w.Data[cut:cut+SectorSize])
				im, err := Open(f, f.Size())
				if err != nil {
					continue
				}
				images++
				wantBytes(t, readAll(t, mustDisk(t, im)), want)
			}
		}
		if images == 0 || images > 2 {
			t.Errorf("after %d of %d writes it is an image", images, len(j.writes))
		}
		for fail := range j.writes {
			_, err := d.Convert(context.Background(), &journal{fail: fail}, Conversion{NewImage: NewImage{Type: Dynamic, BlockSize: 64 << 10}}, nil)
			if err != errDiskFull {
				t.Fatalf("write %d fails: %v", fail, err)
			}
		}
	}
}

func TestConvertIsCancelledWithinAWindow(t *testing.T) {
	d := diskOf(t, vhdtest.NewChain(vhdtest.ChainSpec{Seed: 3, Layers: 2, Size: 12 << 20}))
	ctx, cancel := context.WithCancel(context.Background())
	f, last := vhdtest.NewFile(), int64(0)
	_, err := d.Convert(ctx, f, Conversion{NewImage: NewImage{Type: Dynamic}}, func(done, total int64) {
		if done <= last || done-last > dearWindow || total != d.Size() {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		if last = done; done > 5<<20 {
			cancel()
		}
	})
	if err != context.Canceled || last > 8<<20 {
		t.Errorf("%v after %d bytes", err, last)
	}
	if _, err := Open(f, f.Size()); err == nil {
		t.Error("it left an image")
	}
}

func TestConvertToldOfWhatCannotBeRead(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 9, Layers: 2, Size: 4 << 20, BlockSizes: []uint32{512 << 10}, BaseType: vhdtest.Fixed})
	base := c.Layers[1].File
	// A bad run of the base, and a child's block that lies nowhere.
	c.Layers[0].File.SetEntry(3, 0x7FFFFFFF)
	bad, err := Open(failingReader{base, 1 << 20, 1<<20 + 3*512}, base.Size())
	if err != nil {
		t.Fatal(err)
	}
	d := mustDisk(t, mustOpen(t, c.Layers[0].File), bad)
	_, err = d.Convert(context.Background(), vhdtest.NewFile(), Conversion{NewImage: NewImage{Type: Dynamic}}, nil)
	if f := wantError(t, err, errBadSector, RuleRead); f.Layer != 1 {
		t.Errorf("layer %d", f.Layer)
	}
	var losses []Loss
	f, done := convert(t, d, Conversion{NewImage: NewImage{Type: Dynamic}, Lost: gather(&losses)})
	im, _ := converted(t, f, done)
	want, lost := c.Contents(), make([]bool, c.Size())
	if len(losses) < 2 {
		t.Errorf("lost: %+v", losses)
	}
	for _, l := range losses {
		clear(want[l.Offset : l.Offset+l.Length])
		for i := range l.Length {
			lost[l.Offset+i] = true
		}
	}
	wantBytes(t, readAll(t, mustDisk(t, im)), want)
	for off := range lost {
		lba := int64(off) / SectorSize
		inBad := 2048 <= lba && lba < 2048+3 && c.Owner(lba) == 1
		inBlock := lba/1024 == 3
		if lost[off] != (inBad || inBlock) {
			t.Fatalf("sector %d: lost %v", lba, lost[off])
		}
	}
}

// TestConvertOnADiskThatCannotBeRead keeps what cannot be compared.
func TestConvertOnADiskThatCannotBeRead(t *testing.T) {
	raw := make([]byte, 3*window)
	bad := failingReader{failingReader{bytes.NewReader(raw), 5 * 512, 7 * 512}, window + 512, window + 1024}
	d, below := mustDisk(t, OpenRaw(bytes.NewReader(raw), 3*window)), mustDisk(t, OpenRaw(bad, 3*window))
	var losses []Loss
	f, done := convert(t, d, Conversion{Below: below, Lost: gather(&losses),
		NewImage: NewImage{Type: Differencing, BlockSize: 4096, Parent: &Parent{UUID: UUID{2}, Relative: "p"}}})
	_, plain := converted(t, f, done)
	wantHeld(t, plain, func(i int) bool { return i == 5 || i == 6 || i == window/512+1 })
	if len(losses) > 0 {
		t.Errorf("lost: %+v", losses)
	}
}

// TestUnheldRangesAreToldByTheTables, without a read.
func TestUnheldRangesAreToldByTheTables(t *testing.T) {
	layer := func(kind uint32, size int64, blocks ...int) *Image {
		s := vhdtest.Spec{Type: kind, Size: size, BlockSize: 1 << 20}
		for _, b := range blocks {
			s.Blocks = append(s.Blocks, vhdtest.Block{Index: b})
		}
		return mustOpen(t, s.Build())
	}
	raw := OpenRaw(bytes.NewReader(make([]byte, 2<<20)), 2<<20)
	leaf := layer(vhdtest.Differencing, 8<<20, 5)
	short := layer(vhdtest.Differencing, 4<<20)
	base := layer(vhdtest.Dynamic, 8<<20, 2, 7)
	truncated := layer(vhdtest.Dynamic, 8<<20)
	truncated.table.raw = truncated.table.raw[:4*4] // the file ends inside it
	for _, c := range []struct {
		d    *Disk
		want string // of each MiB: what tells that it is zeros
	}{
		{mustDisk(t, base), "zz-zzzz-zz"},
		{mustDisk(t, leaf, base), "zz-zz-z-zz"},
		{mustDisk(t, leaf, short, base), "zz-zz-zzzz"},
		{mustDisk(t, leaf, raw), "--zzz-zzzz"},
		{mustDisk(t, leaf), "--------zz"},
		{mustDisk(t, leaf, short), "----z-zzzz"},
		{mustDisk(t, truncated), "zzzz----zz"},
	} {
		got := ""
		for off := range int64(10) {
			if c.d.unheld(off<<20, 1<<20) {
				got += "z"
			} else {
				got += "-"
			}
		}
		if got != c.want || c.d.unheld(0, 8<<20) {
			t.Errorf("%d layers: %s, want %s", len(c.d.layers), got, c.want)
		}
	}
}

// TestConvertOfAHugeDiskCostsWhatIsStored: the largest disk, with a child, is
// converted by reading their few blocks, in the memory of a table.
func TestConvertOfAHugeDiskCostsWhatIsStored(t *testing.T) {
	const size = 2040 << 30
	at := func(text string, blocks ...int) (list []vhdtest.Block) {
		for _, b := range blocks {
			list = append(list, vhdtest.Block{Index: b, Sectors: map[int][]byte{7: []byte(text)}})
		}
		return list
	}
	base := vhdtest.Spec{Type: vhdtest.Dynamic, Size: size, UUID: vhdtest.ID("base"), Blocks: at("base", 0, 77777, size>>21-1)}.Build()
	leaf := vhdtest.Spec{Type: vhdtest.Differencing, Size: size, ParentUUID: vhdtest.ID("base"), ParentName: "base.vhd", Blocks: at("leaf", 77777, 500000)}.Build()
	var readers []*countingReader
	var images []*Image
	for _, f := range []*vhdtest.File{leaf, base} {
		r := &countingReader{ReaderAt: f}
		im, err := Open(r, f.Size())
		if err != nil {
			t.Fatal(err)
		}
		r.bytes = 0
		readers, images = append(readers, r), append(images, im)
	}
	d := mustDisk(t, images...)
	f := vhdtest.NewFile()
	var done Converted
	memory := allocated(func() {
		var err error
		if done, err = d.Convert(context.Background(), f, Conversion{NewImage: NewImage{Type: Dynamic}}, nil); err != nil {
			t.Fatal(err)
		}
	})
	if done.Blocks != 4 {
		t.Errorf("%d blocks", done.Blocks)
	}
	for i, r := range readers {
		if r.bytes > 4*1024 {
			t.Errorf("layer %d: %d bytes were read", i, r.bytes)
		}
	}
	if memory > 40<<20 { // the file in memory has copies of the table, too
		t.Errorf("%d bytes were allocated", memory)
	}
	im := mustOpen(t, f)
	wantClean(t, im)
	for b, want := range map[int64]string{0: "base", 77777: "leaf", 500000: "leaf", size>>21 - 1: "base"} {
		if got := sectorOf(t, mustDisk(t, im), b<<12+7); string(got[:4]) != want {
			t.Errorf("block %d: %q", b, got[:4])
		}
	}
}
