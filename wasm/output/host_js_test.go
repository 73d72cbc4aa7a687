//go:build js && wasm

package output

import (
	"bytes"
	"syscall/js"
	"testing"

	"vhdscope/wasm/shell"
)

// script runs JavaScript as the body of a function of a and b.
func script(body string, args ...any) js.Value {
	return js.Global().Get("Function").New("a", "b", body).Invoke(args...)
}

// bytesOf are all bytes of a Blob.
func bytesOf(t *testing.T, blob any) []byte {
	t.Helper()
	v, ok := blob.(js.Value)
	if !ok {
		t.Fatalf("a %T in place of a Blob", blob)
	}
	read := make(chan []byte, 1)
	then := js.FuncOf(func(_ js.Value, args []js.Value) any {
		array := js.Global().Get("Uint8Array").New(args[0])
		p := make([]byte, array.Length())
		js.CopyBytesToGo(p, array)
		read <- p
		return nil
	})
	defer then.Release()
	v.Call("arrayBuffer").Call("then", then)
	return <-read
}

// TestFile: what Go writes and what a buffer holds is in the file at its place.
func TestFile(t *testing.T) {
	h := Browser{shell.NewHost()}
	f := h.Memory("new.img")
	if err := f.Resize(100); err != nil {
		t.Fatal(err)
	}
	if n, err := f.WriteAt([]byte("from Go"), 10); n != 7 || err != nil {
		t.Errorf("WriteAt = %d, %v", n, err)
	}
	buf := h.NewBuffer(5)
	sink, err := buf.Sink(nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	sink.Put([]byte("a run"), 0)
	if err := f.Put(buf, 90); err != nil {
		t.Fatal(err)
	}
	blob, err := f.Close()
	if err != nil {
		t.Fatal(err)
	}
	want := make([]byte, 100)
	copy(want[10:], "from Go")
	copy(want[90:], "a run")
	if got := bytesOf(t, blob); !bytes.Equal(got, want) {
		t.Errorf("the file is %q", got)
	}
	full := h.Memory("new.img")
	if n, err := full.WriteAt([]byte("x"), MemoryLimit); n != 0 || err == nil {
		t.Errorf("behind the limit: %d, %v", n, err)
	}
}

// TestPicked: a file of the person's own gives no Blob back.
func TestPicked(t *testing.T) {
	handle := script(`return {name: 'x', createWritable: async () => ({write: async () => {}, close: async () => {}})}`)
	f, err := Browser{}.Stream(handle)
	if err != nil {
		t.Fatal(err)
	}
	if blob, err := f.Close(); blob != nil || err != nil {
		t.Errorf("Close() = %v, %v", blob, err)
	}
	if f, err := (Browser{}).Stream(script(`return {name: 'x'}`)); f != nil || err == nil {
		t.Error("a handle that cannot be written to is taken")
	}
}

// TestCompose: a Blob of parts of an open file, given bytes and zeros.
func TestCompose(t *testing.T) {
	h := Browser{shell.NewHost()}
	src, err := h.Open("x.vhd", script(`return new File(['0123456789'], 'x.vhd')`))
	if err != nil {
		t.Fatal(err)
	}
	blob, err := h.Compose([]Part{{Source: src, Off: 3, Length: 4}, {Length: 3}, {Data: []byte("new"), Length: 3}})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(bytesOf(t, blob)); got != "3456\x00\x00\x00new" {
		t.Errorf("the Blob is %q", got)
	}
}

// withNavigator is what the browser calls navigator, until the test ends.
func withNavigator(t *testing.T, navigator any) {
	object := js.Global().Get("Object")
	before := object.Call("getOwnPropertyDescriptor", js.Global(), "navigator")
	t.Cleanup(func() {
		if before.IsUndefined() {
			js.Global().Delete("navigator")
		} else {
			object.Call("defineProperty", js.Global(), "navigator", before)
		}
	})
	object.Call("defineProperty", js.Global(), "navigator", map[string]any{"value": navigator, "configurable": true})
}

// TestBuffers: browsers are told apart by their names.
func TestBuffers(t *testing.T) {
	for agent, want := range map[string]bool{
		"Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0":                                       true,
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36":        false,
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26 Safari/1": false,
	} {
		withNavigator(t, map[string]any{"userAgent": agent})
		if got := (Browser{}).Buffers(); got != want {
			t.Errorf("%s: %v", agent, got)
		}
	}
}

// TestStageWithoutRoom: the browser is not asked for a file that it has told
// to have no room for, and the error tells how much there is.
func TestStageWithoutRoom(t *testing.T) {
	withNavigator(t, script(`return {storage: {estimate: async () => ({quota: 5000, usage: 1000}), getDirectory: async () => { throw new Error('it was asked'); }}}`))
	_, err := Browser{}.Stage("a/b", "new.img", 4001)
	if err == nil || err.Error() != `cannot write "new.img": the browser grants this page 4000 bytes` {
		t.Errorf("without room: %v", err)
	}
	if _, err := (Browser{}).Stage("a/b", "new.img", 4000); err == nil || err.Error() != `cannot write "new.img": Error: it was asked` {
		t.Errorf("with room: %v", err)
	}
}
