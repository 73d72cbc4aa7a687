package trees

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
)

const (
	sector      = 512
	maxDuration = 10 * time.Second
	maxMemory   = 256 << 20
)

// Damaged checks what becomes of damage: nothing panics, hangs, or takes much
// memory, and files still come out right when nothing that they need was
// touched.
type Damaged struct {
	Volume io.ReaderAt
	Size   int64
	Open   func(io.ReaderAt, int64) (fsys.FS, error)
	Files  map[string][]byte         // contents by name
	Needs  map[string][]device.Range // what of the volume a file needs, by name
	Aim    []device.Range            // metadata; what is damaged
}

// Run damages the volume so many times, in ways that follow from the seed.
func (d *Damaged) Run(t *testing.T, count int, seed uint64) {
	t.Helper()
	t.Logf("seeds from %d", seed)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	right := 0
	for i := range count {
		right += d.once(t, seed+uint64(i))
	}
	runtime.ReadMemStats(&after)
	if taken := int64(after.HeapSys) - int64(before.HeapSys); taken > maxMemory {
		t.Errorf("%d bytes of memory were taken", taken)
	}
	if right < count/2 {
		t.Errorf("only %d files were checked in spite of damage elsewhere", right)
	}
}

// once damages the volume once, and returns how many files had to come out
// right.
func (d *Damaged) once(t *testing.T, seed uint64) int {
	t.Helper()
	p := &patched{volume: d.Volume, size: d.Size, sectors: map[int64][]byte{}}
	d.mutate(p, Random(seed))
	return d.look(t, fmt.Sprint("seed ", seed), p)
}

// Fuzz damages the volume as the fuzzer says: four bytes of a place in the
// metadata, and one that is written there.
func (d *Damaged) Fuzz(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 1, 0xff, 0, 0, 4, 0, 0x80})
	f.Fuzz(func(t *testing.T, changes []byte) {
		p := &patched{volume: d.Volume, size: d.Size, sectors: map[int64][]byte{}}
		for ; len(changes) >= 5; changes = changes[5:] {
			at := d.place(int64(binary.BigEndian.Uint32(changes)))
			p.sector(at / sector)[at%sector] = changes[4]
		}
		d.look(t, "damage", p)
	})
}

// place is a byte of the metadata.
func (d *Damaged) place(i int64) int64 {
	for {
		for _, r := range d.Aim {
			if i < r.Length {
				return r.Start + i
			}
			i -= r.Length
		}
	}
}

// look looks at everything, and returns how many files had to come out right.
func (d *Damaged) look(t *testing.T, what string, p *patched) int {
	t.Helper()
	watch := time.AfterFunc(maxDuration, func() { panic(what + ": hangs") })
	defer watch.Stop()
	volume, err := d.Open(p, p.size)
	if err == nil {
		look(volume)
	}
	right := 0
	for name, want := range d.Files {
		if p.touches(d.Needs[name]) {
			continue
		}
		right++
		if err != nil {
			t.Errorf("%s: %q was not touched, but the volume does not open: %v", what, name, err)
			continue
		}
		f, err := volume.Open(name)
		if err != nil {
			t.Errorf("%s: %q was not touched, but: %v", what, name, err)
			continue
		}
		if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %q was not touched, but its %d bytes come out as %d others, %v", what, name, len(want), len(got), err)
		}
	}
	return right
}

// look asks for everything in a volume: entries, extents, the start and the
// end of each file, structures.
func look(volume fsys.FS) {
	buffer := make([]byte, 1<<20)
	fsys.Walk(context.Background(), volume, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if info, err := e.Info(); err != nil || !info.Mode().IsRegular() {
			return nil
		}
		opened, err := volume.Open(name)
		if err != nil {
			return nil
		}
		defer opened.Close()
		f := opened.(fsys.File)
		f.Extents()
		info, err := f.Stat()
		if err != nil {
			return nil
		}
		f.ReadAt(buffer, 0)
		f.ReadAt(buffer, max(info.Size()-int64(len(buffer)), 0))
		return nil
	})
	if mapping, ok := volume.(fsys.Mapping); ok {
		count := 0
		mapping.Structures(func(fsys.Structure) bool { count++; return count < 1<<20 })
	}
}

// mutate makes one to four changes.
func (d *Damaged) mutate(p *patched, random *rand.Rand) {
	total := int64(0)
	for _, r := range d.Aim {
		total += r.Length
	}
	pick := func() int64 {
		at := random.Int64N(total)
		if random.IntN(2) == 0 {
			at = random.Int64N(min(total, 24*sector))
		}
		return d.place(at) / sector
	}
	integers := []uint64{0, 1, 2, 0x7f, 0xff, 0x7fff, 0x8000, 0xffff, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<62 - 1, 1<<63 - 1, 1 << 63, 1<<64 - 1}
	for range 1 + random.IntN(4) {
		s := p.sector(pick())
		switch random.IntN(10) {
		case 0:
			clear(s)
		case 1:
			other := p.sector(pick())
			for i := range s {
				s[i], other[i] = other[i], s[i]
			}
		case 2:
			for i := range s {
				s[i] = byte(random.Uint32())
			}
		case 3, 4, 5:
			for range 1 + random.IntN(8) {
				s[random.IntN(sector)] ^= 1 << random.IntN(8)
			}
		case 6:
			if random.IntN(8) == 0 {
				p.size = random.Int64N(p.size)
			}
		default:
			b := make([]byte, 8)
			n, order := integers[random.IntN(len(integers))], random.IntN(2)
			width := 2 << random.IntN(3)
			if order == 0 {
				binary.LittleEndian.PutUint64(b, n)
				b = b[:width]
			} else {
				binary.BigEndian.PutUint64(b, n)
				b = b[8-width:]
			}
			copy(s[random.IntN(sector/width)*width:], b)
		}
	}
}

// patched is a volume with other sectors here and there.
type patched struct {
	volume  io.ReaderAt
	size    int64
	sectors map[int64][]byte
}

// sector is one that can be changed.
func (p *patched) sector(i int64) []byte {
	if s := p.sectors[i]; s != nil {
		return s
	}
	s := make([]byte, sector)
	p.volume.ReadAt(s, i*sector)
	p.sectors[i] = s
	return s
}

// touches tells whether a byte of the ranges was changed.
func (p *patched) touches(ranges []device.Range) bool {
	for _, r := range ranges {
		if r.Start+r.Length > p.size {
			return true
		}
		for i := r.Start / sector; i*sector < r.Start+r.Length; i++ {
			if p.sectors[i] == nil {
				continue
			}
			from := max(r.Start, i*sector)
			was := make([]byte, min(r.Start+r.Length, i*sector+sector)-from)
			p.volume.ReadAt(was, from)
			if !bytes.Equal(was, p.sectors[i][from-i*sector:][:len(was)]) {
				return true
			}
		}
	}
	return false
}

// ReadAt implements [io.ReaderAt].
func (p *patched) ReadAt(b []byte, off int64) (int, error) {
	if off >= p.size {
		return 0, io.EOF
	}
	var end error
	if int64(len(b)) > p.size-off {
		b, end = b[:p.size-off], io.EOF
	}
	n, err := p.volume.ReadAt(b, off)
	if n < len(b) {
		return n, err
	}
	for i := off / sector; i*sector < off+int64(len(b)); i++ {
		if s := p.sectors[i]; s != nil {
			at := i*sector - off
			if at < 0 {
				copy(b, s[-at:])
			} else {
				copy(b[at:], s)
			}
		}
	}
	return len(b), end
}
