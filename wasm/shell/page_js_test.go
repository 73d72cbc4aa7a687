//go:build js && wasm

package shell

import (
	"os"
	"strings"
	"syscall/js"
	"testing"

	"vhdscope/blobio"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// script runs JavaScript as the body of a function of a and b.
func script(body string, args ...any) js.Value {
	return js.Global().Get("Function").New("a", "b", body).Invoke(args...)
}

// uint8Array is a typed array of these bytes.
func uint8Array(p []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(p))
	js.CopyBytesToJS(array, p)
	return array
}

// bytesOf are the bytes of a typed array.
func bytesOf(t testing.TB, v js.Value) []byte {
	t.Helper()
	if !v.InstanceOf(js.Global().Get("Uint8Array")) {
		t.Fatalf("%v is no Uint8Array", v)
	}
	p := make([]byte, v.Length())
	js.CopyBytesToGo(p, v)
	return p
}

// fileOf is a File of Node with a test file's bytes.
func fileOf(f *vhdtest.File, name string) js.Value {
	return script("return new File([a], b, {lastModified: 1700000000123})", uint8Array(f.Bytes()), name)
}

// fakeFile looks like a File, but is none that a Blob could be made of.
func fakeFile(f *vhdtest.File, name string) js.Value {
	return script(`return {name: b, size: a.length, slice: (from, to) => ({arrayBuffer: async () => a.slice(from, to).buffer})}`,
		uint8Array(f.Bytes()), name)
}

// withGlobal sets a property of globalThis until the test ends.
func withGlobal(t testing.TB, name string, value any) {
	before := js.Global().Get(name)
	js.Global().Set(name, value)
	t.Cleanup(func() {
		if before.IsUndefined() {
			js.Global().Delete(name)
		} else {
			js.Global().Set(name, before)
		}
	})
}

// useScatter gives this program the page's scatter, and counts its calls.
func useScatter(t testing.TB) (calls func() int) {
	t.Helper()
	source, err := os.ReadFile("../../web/src/engine/scatter.js")
	if err != nil {
		t.Fatal(err)
	}
	f := script(strings.Replace(string(source), "export function scatter", "const move = function", 1) +
		`; const counted = (...args) => { counted.calls++; move(...args); }; counted.calls = 0; return counted;`)
	withGlobal(t, "scatter", f)
	return func() int { return f.Get("calls").Int() }
}

// page is the other end of a loop: it takes what the loop posts, as a
// browser would hand it over.
type page struct {
	*loop
	posted js.Value // an Array
}

// newPage runs a loop over a session.
func newPage(t testing.TB, s *session.Session) *page {
	p := &page{newLoop(s.Do), js.Global().Get("Array").New()}
	// A reply must survive being cloned, with its buffers handed over.
	withGlobal(t, "postMessage", script("return (message, transfer) => { a.push(structuredClone(message, {transfer})); }", p.posted))
	return p
}

// replies are all that were posted.
func (p *page) replies() (list []js.Value) {
	for i := range p.posted.Length() {
		list = append(list, p.posted.Index(i))
	}
	return list
}

// browserSession is a session of the browser's files.
func browserSession() *session.Session { return session.New(Host{blobio.NewCache(1 << 20)}) }

// send posts a request to the loop.
func (p *page) send(id int, command string, value any) {
	p.take(js.ValueOf(map[string]any{"id": id, "command": command, "value": value}))
}

// settle waits until no request is under way.
func (p *page) settle() {
	for len(p.cancels) > 0 {
		turn()
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

// of are the replies to a request.
func (p *page) of(id int) (list []js.Value) {
	for _, r := range p.replies() {
		if r.Get("id").Int() == id {
			list = append(list, r)
		}
	}
	return list
}

// final is the last reply to a request.
func (p *page) final(t testing.TB, id int) js.Value {
	t.Helper()
	list := p.of(id)
	if len(list) == 0 {
		t.Fatalf("request %d has no reply", id)
	}
	return list[len(list)-1]
}

// result is the value of a request that must succeed.
func (p *page) result(t testing.TB, id int, command string, value any) js.Value {
	t.Helper()
	p.send(id, command, value)
	p.settle()
	r := p.final(t, id)
	if kind := r.Get("kind").String(); kind != worker.ReplyResult {
		t.Fatalf("%s: %s %s", command, kind, script("return JSON.stringify(a)", r.Get("problem")).String())
	}
	return r.Get("value")
}

// openValue is the value of an OpenRequest; keys are from 1 on.
func openValue(files ...js.Value) map[string]any {
	var list []any
	for i, f := range files {
		list = append(list, map[string]any{"key": i + 1, "name": f.Get("name"), "modified": 1700000000123, "file": f})
	}
	return map[string]any{"files": list}
}
