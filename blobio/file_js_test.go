//go:build js && wasm

package blobio

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"syscall/js"
	"testing"
	"testing/iotest"
	"time"

	"honnef.co/go/js/dom/v2"
)

// script runs JavaScript as the body of a function and returns its result.
func script(body string, args ...any) js.Value {
	return js.Global().Get("Function").New("a", "b", body).Invoke(args...)
}

// realFile returns a File of the browser (here: of Node) with these bytes.
func realFile(t *testing.T, data []byte) *dom.File {
	t.Helper()
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	f := script(`return new File([a], 'disk.vhd', {lastModified: 1700000000123})`, array)
	return &dom.File{Value: f}
}

// hugeFile returns an object that looks like a File of size bytes, whose bytes
// tell their offset as hugeByte does below 2^48. Its log holds what was read:
// a letter, s or a for the synchronous and asynchronous way, and the range.
func hugeFile(size int64) *dom.File {
	return &dom.File{Value: script(`
		const log = [];
		const bytes = (from, to) => {
			const out = new Uint8Array(to - from);
			for (let i = 0; i < out.length; i++) {
				const low = (from + i) % 2 ** 32, high = Math.floor((from + i) / 2 ** 32);
				out[i] = low ^ low >>> 16 ^ high;
			}
			return out.buffer;
		};
		return {
			name: 'huge.vhd', size: a, lastModified: 1700000000123, log,
			slice: (from, to) => ({
				sync() { log.push('s ' + from + ' ' + to); return bytes(from, to); },
				async arrayBuffer() { log.push('a ' + from + ' ' + to); return bytes(from, to); },
			}),
		};`, float64(size))}
}

// inWorker gives this program a FileReaderSync, which reads what has a method
// sync, until the test ends.
func inWorker(t *testing.T) {
	js.Global().Set("FileReaderSync", script(`return class { readAsArrayBuffer(blob) { return blob.sync(); } }`))
	t.Cleanup(func() { js.Global().Delete("FileReaderSync") })
}

func log(f *dom.File) string {
	return f.Get("log").Call("splice", 0).Call("join", ", ").String()
}

func TestFile(t *testing.T) {
	data := newSource(PageSize+99, 1).data
	f := NewFile(realFile(t, data))
	if f.Name() != "disk.vhd" || f.Size() != int64(len(data)) {
		t.Errorf("Name, Size = %q, %d", f.Name(), f.Size())
	}
	if want := time.UnixMilli(1700000000123).UTC(); f.Modified() != want {
		t.Errorf("Modified() = %v, want %v", f.Modified(), want)
	}
	if f := NewFileAs(realFile(t, nil), "folder/disk.vhd"); f.Name() != "folder/disk.vhd" || f.Size() != 0 {
		t.Errorf("Name, Size = %q, %d", f.Name(), f.Size())
	}
	r := NewCache(16 << 20).Reader(f)
	if err := iotest.TestReader(io.NewSectionReader(r, 0, r.Size()), data); err != nil {
		t.Error(err)
	}
	few := NewFile(realFile(t, data[:100])) // each of the test's bytes is one read
	if err := iotest.TestReader(io.NewSectionReader(few, 0, few.Size()), data[:100]); err != nil {
		t.Error(err)
	}
}

func TestFileEnds(t *testing.T) {
	data := newSource(DirectThreshold+3*PageSize+99, 1).data
	size := int64(len(data))
	f := NewFile(realFile(t, data))
	tests := []struct {
		off    int64
		length int
		n      int
		err    error
	}{
		{0, len(data), len(data), nil},
		{0, len(data) + 1, len(data), io.EOF},
		{7, DirectThreshold, DirectThreshold, nil},
		{size - 50, 50, 50, nil},
		{size - 50, 100, 50, io.EOF},
		{size, 1, 0, io.EOF},
		{1 << 62, 1, 0, io.EOF},
		{-1, 1, 0, errNegativeOffset},
		{5, 0, 0, nil},
	}
	for _, r := range []io.ReaderAt{f, NewCache(16 << 20).Reader(f)} {
		for _, test := range tests {
			p := make([]byte, test.length)
			n, err := r.ReadAt(p, test.off)
			if n != test.n || !errors.Is(err, test.err) {
				t.Errorf("%T.ReadAt(%d bytes, %d) = %d, %v; want %d, %v", r, test.length, test.off, n, err, test.n, test.err)
			} else if n > 0 && !bytes.Equal(p[:n], data[test.off:test.off+int64(n)]) {
				t.Errorf("%T.ReadAt(%d bytes, %d): wrong bytes", r, test.length, test.off)
			}
		}
	}
}

// A Blob has neither name nor date.
func TestBlob(t *testing.T) {
	f := NewFile(&dom.File{Value: script(`return new Blob(['bytes'])`)})
	if f.Name() != "" || f.Size() != 5 || !f.Modified().IsZero() {
		t.Errorf("Name, Size, Modified = %q, %d, %v", f.Name(), f.Size(), f.Modified())
	}
	p := make([]byte, 5)
	if n, err := f.ReadAt(p, 0); n != 5 || err != nil || string(p) != "bytes" {
		t.Errorf("ReadAt = %d, %v, %q", n, err, p)
	}
}

func TestWayAndOffsets(t *testing.T) {
	const size = 3 << 40
	tests := []struct {
		worker bool
		off    int64
		length int
		log    string
	}{
		{true, 0, 512, "s 0 512"},
		{true, 1<<32 - 256, 512, "s 4294967040 4294967552"},
		{true, 1 << 32, DirectThreshold - 1, "s 4294967296 4295229439"},
		{true, 1 << 32, DirectThreshold, "a 4294967296 4295229440"},
		{true, size - 512, 512, "s 3298534882816 3298534883328"},
		{true, size - DirectThreshold, DirectThreshold, "a 3298534621184 3298534883328"},
		{true, 1<<41 + 1, 7, "s 2199023255553 2199023255560"},
		{false, 1<<31 - 1, 2, "a 2147483647 2147483649"},
		{false, size - 512, 512, "a 3298534882816 3298534883328"},
	}
	for _, test := range tests {
		t.Run(test.log, func(t *testing.T) {
			if test.worker {
				inWorker(t)
			}
			blob := hugeFile(size)
			f := NewFile(blob)
			if f.Size() != size {
				t.Fatalf("Size() = %d", f.Size())
			}
			checkHuge(t, f, test.off, test.length)
			if got := log(blob); got != test.log {
				t.Errorf("read %q, want %q", got, test.log)
			}
		})
	}
}

func checkHuge(t *testing.T, r io.ReaderAt, off int64, length int) {
	t.Helper()
	p := make([]byte, length)
	if n, err := r.ReadAt(p, off); n != length || err != nil {
		t.Fatalf("ReadAt(%d bytes, %d) = %d, %v", length, off, n, err)
	}
	for i, b := range p {
		if want := hugeByte(off + int64(i)); b != want {
			t.Fatalf("byte %d: %#x, want %#x", off+int64(i), b, want)
		}
	}
}

// What the cache promises of a Source is what the Blob sees.
func TestBlobReadsThroughTheCache(t *testing.T) {
	inWorker(t)
	blob := hugeFile(3 << 40)
	c := NewCache(16 << 20)
	r := c.Reader(NewFile(blob))
	checkHuge(t, r, 1<<40-256, 512)
	checkHuge(t, r, 1<<40, 512)
	checkHuge(t, r, 2<<40, 2<<20)
	if got, want := log(blob), "s 1099511562240 1099511693312, a 2199023255552 2199025352704"; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
	if got := c.Stats().Reads; got != 2 {
		t.Errorf("%d reads counted, want 2", got)
	}
}

// Large reads of several goroutines are under way together: none of these is
// answered before all three are asked for.
func TestLargeReadsOverlap(t *testing.T) {
	inWorker(t)
	blob := &dom.File{Value: script(`
		let waiting = [];
		return {
			name: 'slow.vhd', size: 1 << 30,
			slice: (from, to) => ({
				sync() { throw new Error('not the synchronous way'); },
				arrayBuffer: () => new Promise(resolve => {
					waiting.push(() => resolve(new Uint8Array(to - from).fill(from / 2 ** 20).buffer));
					if (waiting.length === 3) waiting.reverse().forEach(answer => answer());
				}),
			}),
		};`)}
	r := NewCache(16 << 20).Reader(NewFile(blob))
	var group sync.WaitGroup
	for i := range 3 {
		group.Go(func() {
			p := make([]byte, 1<<20)
			n, err := r.ReadAt(p, int64(i)<<20)
			if n != len(p) || err != nil || !bytes.Equal(p, bytes.Repeat([]byte{byte(i)}, len(p))) {
				t.Errorf("read %d: %d, %v, or wrong bytes", i, n, err)
			}
		})
	}
	group.Wait()
}

// An ArrayBuffer that Go has seen lives until Go collects garbage, so its
// memory is to be freed by hand.
func TestMemoryIsFreed(t *testing.T) {
	for _, way := range []string{"sync", "async"} {
		if way == "sync" {
			inWorker(t)
		} else {
			js.Global().Delete("FileReaderSync")
		}
		blob := &dom.File{Value: script(`
			const made = [];
			const make = () => made[made.push(new ArrayBuffer(512)) - 1];
			return {name: 'a', size: 512, made, slice: () => ({sync: make, arrayBuffer: async () => make()})};`)}
		for range 3 {
			if n, err := NewFile(blob).ReadAt(make([]byte, 512), 0); n != 512 || err != nil {
				t.Errorf("%s: ReadAt = %d, %v", way, n, err)
			}
			turn() // a port whose other end is closed may close, too
		}
		if script("return a.length === 3 && a.every((buffer) => buffer.byteLength === 0)", blob.Get("made")).Bool() {
			continue
		}
		t.Errorf("%s: an ArrayBuffer keeps its memory", way)
	}
}

// turn lets the event loop go round once.
func turn() {
	done := make(chan struct{})
	f := js.FuncOf(func(js.Value, []js.Value) any {
		close(done)
		return nil
	})
	defer f.Release()
	js.Global().Call("setTimeout", f, 0)
	<-done
}
