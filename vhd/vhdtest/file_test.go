package vhdtest

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/iotest"
)

// Random writes, sources and truncations against a plain byte slice.
func TestFileIsAByteSlice(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	f, model := NewFile(), []byte{}
	grow := func(n int) {
		if n > len(model) {
			model = append(model, make([]byte, n-len(model))...)
		}
	}
	for step := range 3000 {
		off, n := random.IntN(2000), random.IntN(300)
		switch random.IntN(5) {
		case 0:
			f.Truncate(int64(off))
			grow(off)
			model = model[:off:off]
		case 1:
			start := byte(random.IntN(256))
			f.PutSource(int64(off), int64(n), func(p []byte, at int64) {
				for i := range p {
					p[i] = start + byte(at) + byte(i)
				}
			})
			if grow(off + n); n == 0 {
				break
			}
			for i := range n {
				model[off+i] = start + byte(i)
			}
		default:
			b := make([]byte, n)
			for i := range b {
				b[i] = byte(random.IntN(256))
			}
			f.Put(int64(off), b)
			clear(b[:n/2]) // the file must have kept a copy
			b = f.Get(int64(off), n)
			grow(off + n)
			copy(model[off:], b)
			if n > 8 && allZero(b) {
				t.Fatalf("step %d: Put kept the caller's slice", step)
			}
		}
		if f.Size() != int64(len(model)) || !bytes.Equal(f.Bytes(), model) {
			t.Fatalf("step %d: file and model differ", step)
		}
		for i := 1; i < len(f.segments); i++ {
			if f.segments[i].off < f.segments[i-1].end() {
				t.Fatalf("step %d: segments overlap", step)
			}
		}
	}
	if err := iotest.TestReader(io.NewSectionReader(f, 0, f.Size()), model); err != nil {
		t.Error(err)
	}
}

func TestCloneIsIndependent(t *testing.T) {
	f := NewFile()
	f.Put(0, []byte("abcdef"))
	c := f.Clone()
	c.Put(2, []byte("XY"))
	f.Put(0, []byte("Z"))
	if got, want := string(f.Bytes())+" "+string(c.Bytes()), "Zbcdef abXYef"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReadAtEnds(t *testing.T) {
	f := NewFile()
	f.Put(0, []byte("abc"))
	for _, c := range []struct {
		off  int64
		n    int
		want int
		err  error
	}{{0, 3, 3, nil}, {0, 4, 3, io.EOF}, {3, 1, 0, io.EOF}, {9, 1, 0, io.EOF}, {3, 0, 0, nil}} {
		if n, err := f.ReadAt(make([]byte, c.n), c.off); n != c.want || err != c.err {
			t.Errorf("%d bytes at %d: %d, %v", c.n, c.off, n, err)
		}
	}
	if _, err := f.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("a negative offset is read")
	}
}

func TestWriteFileWritesTheSameBytes(t *testing.T) {
	f := NewFile()
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		b := make([]byte, random.IntN(20000))
		if random.IntN(2) == 0 {
			for i := range b {
				b[i] = byte(random.IntN(256))
			}
		}
		f.Put(random.Int64N(3<<20), b)
	}
	path := filepath.Join(t.TempDir(), "f")
	if err := f.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, f.Bytes()) {
		t.Error("the written file differs")
	}
}

// A 2040 GiB disk and its child cost only what is in them.
func TestLargestDiskIsSmallInMemory(t *testing.T) {
	const size = 2040 << 30
	s := Spec{Type: Dynamic, Size: size, Blocks: []Block{{Index: 1044479, Data: []byte("the end")}}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f := s.Build()
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("building took %d bytes", used)
	}
	if f.Layout.Entries != 1044480 {
		t.Errorf("%d table entries", f.Layout.Entries)
	}
	block := f.Layout.Blocks[0]
	if got := f.Get(block.Data, 7); string(got) != "the end" {
		t.Errorf("the last block holds %q", got)
	}
	table := f.Get(f.Layout.Table, 4*f.Layout.Entries)
	if !bytes.Equal(table[:len(table)-4], bytes.Repeat([]byte{0xFF}, len(table)-4)) {
		t.Error("an entry but the last is allocated")
	}
	if last := f.Get(f.Layout.Entry(1044479), 4); int64(last[2])<<8+int64(last[3]) != block.Bitmap/Sector {
		t.Errorf("the last entry is % x, the block at %d", last, block.Bitmap)
	}
}
