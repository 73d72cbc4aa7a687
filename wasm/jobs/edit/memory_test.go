package edit

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

func TestMemoryIsAFile(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	m := NewMemory()
	var model []byte
	for range 200 {
		off, p := r.IntN(300<<10), make([]byte, r.IntN(100<<10))
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		if len(p) > 0 && off+len(p) > len(model) {
			model = append(model, make([]byte, off+len(p)-len(model))...)
		}
		copy(model[min(off, len(model)):], p)
		if n, err := m.WriteAt(p, int64(off)); n != len(p) || err != nil {
			t.Fatalf("seed %d: %d, %v", seed, n, err)
		}
		at := r.IntN(len(model) + 1)
		got := make([]byte, r.IntN(200<<10))
		n, err := m.ReadAt(got, int64(at))
		if want := min(len(got), len(model)-at); n != want || (n < len(got)) != (err == io.EOF) || !bytes.Equal(got[:n], model[at:at+n]) {
			t.Fatalf("seed %d: reads %d bytes at %d, %v; want %d", seed, n, at, err, want)
		}
	}
	if m.Size() != int64(len(model)) {
		t.Errorf("size %d, want %d", m.Size(), len(model))
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := NewMemory()
	if _, err := m.WriteAt(make([]byte, memoryLimit+1), 0); !errors.Is(err, errMemory) || m.Size() != 0 {
		t.Errorf("%v, and %d bytes", err, m.Size())
	}
	if _, err := m.WriteAt([]byte{1}, 1<<40); err != nil || m.Size() != 1<<40+1 {
		t.Errorf("far away: %v, and %d bytes", err, m.Size())
	}
}
