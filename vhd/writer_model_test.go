package vhd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// storage is a file that keeps what was done to it since it was made.
type storage struct {
	mu   sync.RWMutex
	file *vhdtest.File
	ops  []storageOp

	cost   int64                          // of a read
	onRead func()                         // called after a read took its bytes
	fail   func(op storageOp) (int, bool) // how many sectors of a write come through, and whether it fails
}

// storageOp is a write of whole sectors, as a disk gets them, or a sync where
// data is nil.
type storageOp struct {
	off  int64
	data []byte
}

var errFull = errors.New("no space left")

func (s *storage) ReadCost() int64 { return s.cost }

func (s *storage) ReadAt(p []byte, off int64) (int, error) {
	s.mu.RLock()
	n, err := s.file.ReadAt(p, off)
	s.mu.RUnlock()
	if s.onRead != nil {
		s.onRead()
	}
	return n, err
}

func (s *storage) WriteAt(p []byte, off int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	after := s.file.Clone()
	after.Put(off, p)
	op := storageOp{off: off / 512 * 512}
	op.data = after.Get(op.off, int(min(roundUp(off+int64(len(p)), 512), after.Size())-op.off))
	if s.fail != nil {
		if n, fails := s.fail(op); fails {
			for _, part := range op.sectors()[:n] {
				s.file.Put(part.off, part.data)
			}
			return 0, errFull
		}
	}
	s.ops = append(s.ops, op)
	return s.file.WriteAt(p, off)
}

// sectors are the writes of single sectors that a write consists of.
func (op storageOp) sectors() []storageOp {
	var list []storageOp
	for at := 0; at < len(op.data); at += 512 {
		list = append(list, storageOp{op.off + int64(at), op.data[at:min(at+512, len(op.data))]})
	}
	return list
}

func (s *storage) Sync() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ops = append(s.ops, storageOp{})
	return nil
}

// world is an image that is written to, what lies below it, and a model of
// both: plain bytes.
type world struct {
	file   *vhdtest.File // as it was before any write
	store  *storage
	below  []*Image
	disk   []byte // what the disk should read as
	parent []byte // and what the disk below
	typ    DiskType
	odd    bool // its image had findings from the start
	lies   bool // its batmap did from the start
	failed bool // some write did
	w      *Writer
	noise  uint64
}

// writeOp is something that is done to a world.
type writeOp struct {
	kind   byte // 'w' write, 'r' revert, 'o' open again
	off, n int64
}

func (o writeOp) String() string { return fmt.Sprintf("%c %d+%d", o.kind, o.off, o.n) }

// newWorld draws a world from a seed: a random chain, whose leaf is written
// to, or gets a new child that is.
func newWorld(seed uint64) (*world, error) {
	random := rand.New(rand.NewPCG(seed, 0x77726974))
	size := 512 * (1 + random.Int64N(300))
	cs := vhdtest.ChainSpec{Seed: seed, Layers: 1 + random.IntN(3), Share: 0.1 + 0.8*random.Float64(), Run: 1 + random.IntN(12), Aligned: random.IntN(2) == 0}
	for range cs.Layers {
		cs.Sizes = append(cs.Sizes, size)
		cs.BlockSizes = append(cs.BlockSizes, randomBlockSize(random))
		if random.IntN(4) == 0 {
			size = 512 * (1 + random.Int64N(300))
		}
	}
	cs.Size = cs.Sizes[0]
	if random.IntN(3) == 0 {
		cs.BaseType = vhdtest.Fixed
	}
	c := vhdtest.NewChain(cs)
	var files []*vhdtest.File
	for _, l := range c.Layers {
		files = append(files, l.File)
	}
	lies := false
	if s := c.Layers[0].Spec; s.Type != vhdtest.Fixed {
		s = oddSpec(random, s)
		lies = s.Batmap != nil && s.Batmap.Map != nil
		files[0] = s.Build()
	}
	wd := &world{lies: lies, typ: DiskType(c.Layers[0].Spec.Type), disk: c.Contents(), noise: seed}
	if len(c.Layers) > 1 {
		wd.parent = make([]byte, len(wd.disk))
		copy(wd.parent, c.From(1).Contents())
	}
	if random.IntN(2) == 0 {
		n := NewImage{Type: Differencing, Size: 512 * (1 + random.Int64N(300)), BlockSize: int64(randomBlockSize(random)), Parent: &Parent{UUID: UUID(c.Layers[0].Spec.UUID), Relative: c.Layers[0].Name}}
		p, err := Create(n)
		if err != nil {
			return nil, err
		}
		child := vhdtest.NewFile()
		child.Truncate(p.Size())
		b := make([]byte, p.Size())
		if _, err := p.ReadAt(b, 0); err != nil && err != io.EOF {
			return nil, err
		}
		child.Put(0, b)
		files = append([]*vhdtest.File{child}, files...)
		wd.parent = make([]byte, n.Size)
		copy(wd.parent, wd.disk)
		wd.disk, wd.typ = bytes.Clone(wd.parent), Differencing
	}
	for _, f := range files[1:] {
		im, err := Open(f, f.Size())
		if err != nil {
			return nil, err
		}
		wd.below = append(wd.below, im)
	}
	wd.file = files[0]
	findings, err := CheckFile(context.Background(), wd.file, wd.file.Size(), CheckOptions{Data: true})
	if err != nil {
		return nil, err
	}
	wd.odd = len(findings) > 0
	wd.store = &storage{file: files[0].Clone(), cost: readCosts[random.IntN(len(readCosts))]}
	return wd, wd.open()
}

func randomBlockSize(random *rand.Rand) uint32 {
	if random.IntN(12) == 0 {
		return 2 << 20
	}
	return 512 << random.IntN(8)
}

// oddSpec lays an image out in ways that writers are known for, or leaves its
// footer in need of order.
func oddSpec(random *rand.Rand, s vhdtest.Spec) vhdtest.Spec {
	if s.Type == vhdtest.Differencing && random.IntN(2) == 0 {
		s = vhdtest.WindowsChild(s, `.\`+s.ParentName, `C:\`+s.ParentName)
	} else if random.IntN(2) == 0 {
		s.Batmap = &vhdtest.Batmap{Version: []uint32{0, 0x00010001}[random.IntN(2)]}
		if random.IntN(3) == 0 {
			s.Batmap.Map = bytes.Repeat([]byte{0xFF}, 512) // it lies
		}
	}
	switch random.IntN(8) {
	case 0:
		s.NoFooter = true
	case 1:
		s.ShortFooter = true
	case 2:
		s.NoFooterCopy = true
	case 3:
		s.Junk = make([]byte, random.IntN(2000))
	case 4:
		s.Junk, s.NoFooterCopy = []byte("junk"), true
	}
	s.ExtraEntries = random.IntN(3) * random.IntN(200)
	return s
}

func (wd *world) open() (err error) {
	wd.w, err = OpenWriter(wd.store, wd.store.file.Size(), wd.below...)
	return err
}

// randomOps draws what is done.
func (wd *world) randomOps(random *rand.Rand, count int) []writeOp {
	var ops []writeOp
	size := int64(len(wd.disk))
	for range count {
		o := writeOp{kind: 'w', off: random.Int64N(size)}
		o.n = random.Int64N(min(size-o.off, 1+random.Int64N(size))) + 1
		if random.IntN(3) == 0 {
			o.n = min(o.n, 700)
		}
		switch k := random.IntN(12); {
		case k == 0:
			o = writeOp{kind: 'o'}
		case k < 4 && wd.typ == Differencing:
			o.kind = 'r'
			fallthrough
		case k < 8:
			o.off, o.n = o.off/512*512, min(roundUp(o.n, 512), size-o.off/512*512)
		}
		ops = append(ops, o)
	}
	return ops
}

// next is what the disk should read as after an op, and the bytes of a write.
func (wd *world) next(o writeOp) (after, data []byte) {
	after = bytes.Clone(wd.disk)
	switch o.kind {
	case 'w':
		wd.noise++
		source := rand.NewPCG(wd.noise, 5)
		data = make([]byte, roundUp(o.n, 8))
		for i := 0; i < len(data); i += 8 {
			binary.LittleEndian.PutUint64(data[i:], source.Uint64())
		}
		data = data[:o.n]
		copy(after[o.off:], data)
	case 'r':
		copy(after[o.off:o.off+o.n], wd.parent[o.off:])
	}
	return after, data
}

// do does an op on the writer only.
func (wd *world) do(o writeOp, data []byte) error {
	switch o.kind {
	case 'w':
		if n, err := wd.w.WriteAt(data, o.off); err != nil || n != len(data) {
			return fmt.Errorf("%d of %d bytes: %w", n, len(data), err)
		}
		return nil
	case 'r':
		return wd.w.Revert(o.off, o.n)
	}
	return wd.open()
}

// contents reads the whole disk of a file over what lies below the world's.
func (wd *world) contents(im *Image) ([]byte, error) {
	d, err := NewDisk(append([]*Image{im}, wd.below...)...)
	if err != nil {
		return nil, err
	}
	b := bytes.Repeat([]byte{0xEE}, int(d.Size()))
	_, err = d.ReadAt(b, 0)
	return b, err
}

// checkLive holds what the live image and the file read as against the model.
func (wd *world) checkLive() error {
	got, err := wd.contents(wd.w.Image())
	if err != nil {
		return err
	}
	if diff := vhdtest.Diff(got, wd.disk); diff != "" {
		return errors.New("live: " + diff)
	}
	f := wd.store.file
	if !wd.odd && !wd.failed {
		findings, err := CheckFile(context.Background(), f, f.Size(), CheckOptions{Data: true})
		if err != nil || len(findings) > 0 {
			return fmt.Errorf("findings: %+v, %v", findings, err)
		}
	}
	if size := wd.w.FileSize(); size != f.Size() && !(wd.failed && size > f.Size()) {
		return fmt.Errorf("the file has %d bytes, the writer says %d", f.Size(), size)
	}
	return wd.checkFile(f, func(got []byte) string { return vhdtest.Diff(got, wd.disk) })
}

// checkFile opens a file and holds it against what must be true of any.
func (wd *world) checkFile(f *vhdtest.File, check func(got []byte) string) error {
	im, err := Open(costlyReader{f, wd.store.cost}, f.Size())
	if err != nil {
		return err
	}
	findings, err := CheckFile(context.Background(), f, f.Size(), CheckOptions{})
	if err != nil {
		return err
	}
	for _, found := range findings {
		if found.Severity == Error {
			return fmt.Errorf("finding: %+v", found)
		}
	}
	if !im.footerGood || im.header != nil && !im.headerGood {
		return errors.New("a checksum is wrong")
	}
	got, err := wd.contents(im)
	if err != nil {
		return err
	}
	if diff := check(got); diff != "" {
		return errors.New(diff)
	}
	return checkPlaces(f, im.footerRaw, int64(len(wd.disk)), wd.lies)
}

// checkPlaces reads a file's structures anew and fails where a block lies over
// anything, or a batmap that did not lie from the start marks a block whose
// bitmap has a clear bit.
func checkPlaces(f *vhdtest.File, footer []byte, size int64, lies bool) error {
	be := binary.BigEndian
	if be.Uint32(footer[vhdtest.FooterType:]) == vhdtest.Fixed {
		return nil
	}
	at := int64(be.Uint64(footer[0x10:]))
	header := f.Get(at, 1024)
	table, entries, block := int64(be.Uint64(header[0x10:])), int64(be.Uint32(header[0x1C:])), be.Uint32(header[0x20:])
	type place struct {
		name     string
		from, to int64
	}
	places := []place{{"footer's copy", 0, 512}, {"header", at, at + 1024}, {"table", table, table + 4*entries}}
	for slot := range int64(8) {
		l := header[0x240+24*slot:]
		if be.Uint32(l) != 0 {
			places = append(places, place{"locator", int64(be.Uint64(l[16:])), int64(be.Uint64(l[16:])) + int64(be.Uint32(l[4:]))})
		}
	}
	var marked []byte
	if head := f.Get(roundUp(table+4*entries, 512), 512); string(head[:8]) == "tdbatmap" {
		m, n := int64(be.Uint64(head[8:])), int64(be.Uint32(head[16:]))*512
		places = append(places, place{"batmap", roundUp(table+4*entries, 512), m + n})
		marked = f.Get(m, int(n))
		if lies || !batmapSum(marked, size, be.Uint32(head[24:])) {
			marked = nil
		}
	}
	bits := vhdtest.BitmapLength(block)
	for b := range entries {
		sector := be.Uint32(f.Get(table+4*b, 4))
		if marked != nil && marked[b/8]>>(7-b%8)&1 == 1 {
			if sector == vhdtest.Unallocated {
				return fmt.Errorf("the batmap marks block %d, which is not there", b)
			}
			bm := f.Get(int64(sector)*512, int(bits))
			for s := range min(int64(block), size-b*int64(block)) / 512 {
				if bm[s/8]>>(7-s%8)&1 == 0 {
					return fmt.Errorf("the batmap marks block %d, but sector %d of it is not there", b, s)
				}
			}
		}
		if sector == vhdtest.Unallocated {
			continue
		}
		from := int64(sector) * 512
		// The last block may be cut where the disk ends.
		p := place{fmt.Sprintf("block %d", b), from, from + bits + min(int64(block), size-b*int64(block))}
		for _, q := range places {
			if p.from < q.to && q.from < p.to {
				return fmt.Errorf("%s at %#x–%#x lies over %s at %#x–%#x", p.name, p.from, p.to, q.name, q.from, q.to)
			}
		}
		if p.to > f.Size() {
			return fmt.Errorf("%s ends at %#x, the file at %#x", p.name, p.to, f.Size())
		}
		places = append(places, p)
	}
	return nil
}

// shrunk drops operations as long as what is left still fails, and gives the
// rest with its error.
func shrunk(ops []writeOp, run func([]writeOp) error) ([]writeOp, error) {
	err := run(ops)
	for n := len(ops) / 2; n > 0; n /= 2 {
		for i := 0; i+n <= len(ops); {
			fewer := append(append([]writeOp(nil), ops[:i]...), ops[i+n:]...)
			if e := run(fewer); e != nil {
				ops, err = fewer, e
			} else {
				i += n
			}
		}
	}
	return ops, err
}

// forWorlds runs a property over random worlds and operations, and says in
// the smallest way it finds where it does not hold.
func forWorlds(t *testing.T, rounds, ops int, property func(wd *world, random *rand.Rand, o writeOp) error) {
	t.Helper()
	if testing.Short() {
		rounds = max(rounds/10, 5)
	}
	first := rand.Uint64()
	for seed := first; seed < first+uint64(rounds); seed++ {
		wd, err := newWorld(seed)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		list := wd.randomOps(rand.New(rand.NewPCG(seed, 2)), ops)
		run := func(list []writeOp) error {
			wd, err := newWorld(seed)
			if err != nil {
				return err
			}
			random := rand.New(rand.NewPCG(seed, 3))
			for i, o := range list {
				if err := property(wd, random, o); err != nil {
					return fmt.Errorf("operation %d, %s: %w", i, o, err)
				}
			}
			return wd.checkLive()
		}
		if err := run(list); err != nil {
			list, err = shrunk(list, run)
			t.Fatalf("seed %d: %v: %v", seed, list, err)
		}
	}
}
