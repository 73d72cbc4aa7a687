//go:build js && wasm

package blobio

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestKept: a kept file reads as it was written, also when it is opened again.
func TestKept(t *testing.T) {
	root := privateFiles(t, 1<<20)
	k, err := OpenKept("edits/a.vhd", "a")
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var model []byte
	for range 100 {
		p := make([]byte, 1+random.IntN(5000))
		for i := range p {
			p[i] = byte(random.Uint32())
		}
		off := random.IntN(20000)
		if more := off + len(p) - len(model); more > 0 {
			model = append(model, make([]byte, more)...)
		}
		copy(model[off:], p)
		if n, err := k.WriteAt(p, int64(off)); n != len(p) || err != nil {
			t.Fatal(n, err)
		}
		got := make([]byte, 1+random.IntN(9000))
		at := random.IntN(len(model) + 1)
		n, err := k.ReadAt(got, int64(at))
		if want := min(len(got), len(model)-at); n != want || (err == io.EOF) != (want < len(got)) || !bytes.Equal(got[:n], model[at:at+n]) {
			t.Fatalf("seed %d: %d bytes at %d: %d, %v", seed, len(got), at, n, err)
		}
	}
	if k.Size() != int64(len(model)) {
		t.Errorf("size %d, not %d", k.Size(), len(model))
	}
	if err := k.Sync(); err != nil || root.Get("edits").Get("a.vhd").Get("flushed").Int() != 1 {
		t.Error("not flushed:", err)
	}
	k.Close()
	if k.Size() != 0 {
		t.Errorf("closed, it has %d bytes", k.Size())
	}
	again, err := OpenKept("edits/a.vhd", "a")
	if err != nil || again.Size() != int64(len(model)) {
		t.Errorf("opened again: %v", err)
	}
}

// TestKeptIsWaitedFor: a worker that was ended lets go of the file a moment
// later; one that goes on keeps it.
func TestKeptIsWaitedFor(t *testing.T) {
	root := privateFiles(t, 1<<20)
	k, err := OpenKept("a", "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKept("a", "the edits"); err == nil || !strings.Contains(err.Error(), "the edits") || !strings.Contains(err.Error(), "open") {
		t.Errorf("open twice: %v", err)
	}
	k.Close()
	root.Get("a").Set("busy", 3)
	if _, err := OpenKept("a", "a"); err != nil {
		t.Errorf("let go of meanwhile: %v", err)
	}
}

// TestKeptWithoutRoom: what does not fit is an error, and no silence.
func TestKeptWithoutRoom(t *testing.T) {
	privateFiles(t, 1000)
	k, err := OpenKept("a", "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.WriteAt(make([]byte, 600), 500); !errors.Is(err, ErrNoRoom) {
		t.Errorf("%v", err)
	}
	if _, err := k.WriteAt(make([]byte, 500), 500); err != nil {
		t.Errorf("%v", err)
	}
}
