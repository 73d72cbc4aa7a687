package output

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
)

// written is a file; from the second write on it may fail.
type written struct {
	p       []byte
	lengths []int
	fail    error
}

func (f *written) WriteAt(p []byte, off int64) (int, error) {
	if f.fail != nil && len(f.lengths) > 0 {
		return 0, f.fail
	}
	f.lengths = append(f.lengths, len(p))
	if more := int(off) + len(p) - len(f.p); more > 0 {
		f.p = append(f.p, make([]byte, more)...)
	}
	return copy(f.p[off:], p), nil
}

// TestWriteBehind: what is written in whatever pieces and places is in the
// file when it is flushed, in few writes where the pieces follow on each other.
func TestWriteBehind(t *testing.T) {
	seed := rand.Uint64()
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	f := &written{}
	b := &behind{file: f}
	const size = 3*gathered + 777
	model := make([]byte, size)
	write := func(off, n int) {
		p := make([]byte, n)
		for i := range p {
			p[i] = byte(random.Uint32())
		}
		copy(model[off:], p)
		if done, err := b.WriteAt(p, int64(off)); done != n || err != nil {
			t.Fatalf("WriteAt(%d bytes, %d) = %d, %v", n, off, done, err)
		}
		clear(p) // the caller goes on to use it
	}
	for off := 0; off < size; {
		n := min(random.IntN(300_000), size-off)
		write(off, n)
		off += n
	}
	for range 200 {
		n := random.IntN(5000)
		write(random.IntN(size-n), n)
	}
	write(0, 0)
	write(0, 2*gathered+5) // longer than what is gathered
	if err := b.flush(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(f.p, model) {
		t.Error("the file is not what was written")
	}
	if n := len(f.lengths); n > 4+200+4 {
		t.Errorf("%d writes", n)
	}
}

// TestWriteBehindFails: an error comes with a later write, at the latest when
// all is flushed.
func TestWriteBehindFails(t *testing.T) {
	fail := errors.New("the disk is full")
	for _, n := range []int{gathered + 1, 2*gathered + 1, 5 * gathered} {
		f := &written{fail: fail}
		b := &behind{file: f}
		_, err := b.WriteAt(make([]byte, n), 0)
		if err == nil {
			err = b.flush()
		}
		if !errors.Is(err, fail) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}
