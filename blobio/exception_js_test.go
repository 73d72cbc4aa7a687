//go:build js && wasm

package blobio

import (
	"errors"
	"io"
	"strings"
	"testing"

	"honnef.co/go/js/dom/v2"
)

// badFile returns an object that looks like a File of 1 MiB, all of whose
// reads, of both ways, run body.
func badFile(body string) *dom.File {
	return &dom.File{Value: script(`
		const read = new Function(a);
		return {
			name: 'bad.vhd', size: 1 << 20, lastModified: 0,
			slice: () => ({sync: read, arrayBuffer: async () => read()}),
		};`, body)}
}

func TestExceptions(t *testing.T) {
	other := errors.New("any other error")
	tests := []struct {
		name string
		body string
		err  error
		text string
	}{
		{"changed", `throw new DOMException('no', 'NotReadableError')`, ErrChanged, "NotReadableError"},
		{"vanished", `throw new DOMException('no', 'NotFoundError')`, ErrChanged, "NotFoundError"},
		{"vanished in Firefox", `throw new DOMException('no', 'AbortError')`, ErrChanged, "AbortError"},
		{"cut in Firefox", `throw {name: 'NS_ERROR_FAILURE', message: ''}`, ErrChanged, "NS_ERROR_FAILURE"},
		{"refused", `throw new DOMException('not allowed', 'SecurityError')`, other, "SecurityError: not allowed"},
		{"out of memory", `throw new RangeError('too large')`, other, "RangeError: too large"},
		{"a string", `throw 'thrown'`, other, "thrown"},
		{"nothing", `throw undefined`, other, "no reason"},
		{"null", `throw null`, other, "no reason"},
		{"an empty object", `throw {}`, other, "no reason"},
		{"no name", `throw {message: 'only this', name: 5}`, other, "only this"},
		{"short", `return new ArrayBuffer(5)`, ErrChanged, "ends early"},
		{"empty", `return new ArrayBuffer(0)`, ErrChanged, "ends early"},
		{"no bytes", `return 'text'`, other, "without bytes"},
		{"undefined", ``, other, "without bytes"},
		{"detached", `const b = new ArrayBuffer(512); structuredClone(b, {transfer: [b]}); return b`, other, "TypeError"},
	}
	for _, test := range tests {
		for _, way := range []string{"sync", "async"} {
			t.Run(test.name+" "+way, func(t *testing.T) {
				if way == "sync" {
					inWorker(t)
				}
				f := NewFile(badFile(test.body))
				for _, r := range []io.ReaderAt{f, NewCache(16 << 20).Reader(f)} {
					n, err := r.ReadAt(make([]byte, 512), 1000)
					re, ok := err.(*ReadError)
					if !ok || n == 512 {
						t.Fatalf("ReadAt = %d, %T %v; want a *ReadError", n, err, err)
					}
					if re.Name != "bad.vhd" || re.Offset != 1000 || re.Length != 512 {
						t.Errorf("error is about %q, %d bytes at %d", re.Name, re.Length, re.Offset)
					}
					if errors.Is(err, ErrChanged) != (test.err == ErrChanged) || !strings.Contains(err.Error(), test.text) {
						t.Errorf("error %q; want %v, saying %q", err, test.err, test.text)
					}
				}
			})
		}
	}
}

// What is not a Blob at all fails like one that cannot be read.
func TestNotABlob(t *testing.T) {
	for _, body := range []string{
		`return {size: 1000}`,
		`return {size: 1000, slice() { throw new TypeError('no') }}`,
		`return {size: 1000, slice() {}}`,
		`return {size: 1000, slice() { return {} }}`,
		`return {size: 1000, slice() { return {arrayBuffer() {}} }}`,
		`return {size: 1000, slice() { return {arrayBuffer() { return {then() { throw 5 }} }} }}`,
		`return {size: 1000, slice() { return {arrayBuffer() { return {then(f) { f() }} }} }}`,
	} {
		f := NewFile(&dom.File{Value: script(body)})
		if n, err := f.ReadAt(make([]byte, 10), 0); n != 0 || err == nil || err == io.EOF {
			t.Errorf("%s: ReadAt = %d, %v", body, n, err)
		}
	}
}

// A callback that was not released keeps its memory for good. Calling one that
// was is reported on the console.
func TestCallbacksAreReleased(t *testing.T) {
	for _, settle := range []string{"resolve", "reject"} {
		blob := &dom.File{Value: script(`
			const kept = [];
			return {
				name: 'kept.vhd', size: 512, kept,
				slice: () => ({arrayBuffer: () => ({then(resolve, reject) {
					kept.push(resolve, reject);
					const call = a === 'resolve' ? resolve : reject;
					queueMicrotask(() => call(a === 'resolve' ? new ArrayBuffer(512) : new Error('no')));
				}})}),
			};`, settle)}
		n, err := NewFile(blob).ReadAt(make([]byte, 512), 0)
		if (settle == "resolve") != (n == 512 && err == nil) {
			t.Errorf("%s: ReadAt = %d, %v", settle, n, err)
		}
		said := script(`
			const said = [], old = console.error;
			console.error = text => said.push(text);
			try { a.kept.forEach(f => f(undefined)); } finally { console.error = old; }
			return said;`, blob.Value)
		if said.Length() != 2 || !strings.Contains(said.Index(0).String(), "released") {
			t.Errorf("%s: %d of 2 callbacks were released", settle, said.Length())
		}
	}
}
