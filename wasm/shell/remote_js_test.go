//go:build js && wasm

package shell

import (
	"bytes"
	"syscall/js"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestRemoteChain: of two layers on a server and one of the person's, the disk
// is read as it is; what a server has can be pinned.
func TestRemoteChain(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 5, Layers: 3, Size: 2 << 20, BlockSizes: []uint32{512 << 10}, Share: 0.5, Leave: 0.5})
	p := newPage(t, browserSession())
	served := js.Global().Get("Object").New()
	var files []js.Value
	for i, l := range c.Layers {
		file := fileOf(l.File, l.Name)
		if i < 2 {
			url := "http://server/" + l.Name
			served.Set(url, file)
			file = js.ValueOf(map[string]any{"name": l.Name, "url": url, "size": l.File.Size(), "etag": `"one"`, "lastModified": 0, "authorization": "Bearer x"})
		}
		files = append(files, file)
	}
	withGlobal(t, "fetch", script(`return async (url, {headers}) => {
		if (headers.Authorization !== 'Bearer x') return new Response(null, {status: 401});
		const [, first, last] = /bytes=(\d+)-(\d+)/.exec(headers.Range).map(Number);
		return new Response(a[url].slice(first, last + 1), {status: 206, headers: {ETag: '"one"', 'Content-Range': 'bytes ' + first + '-' + last + '/' + a[url].size}});
	}`, served))
	p.result(t, 1, "open", openValue(files...))
	got := p.result(t, 2, "read", map[string]any{"disk": 1, "length": 2 << 20}).Get("bytes")
	b := make([]byte, got.Length())
	js.CopyBytesToGo(b, got)
	if !bytes.Equal(b, c.Contents()) {
		t.Error("it is another disk")
	}
	pinned := p.result(t, 3, "pin", map[string]any{"name": "x", "file": files[1]})
	if pinned.Get("etag").String() != `"one"` || int64(pinned.Get("size").Float()) != c.Layers[1].File.Size() {
		t.Errorf("pinned %s", script("return JSON.stringify(a)", pinned).String())
	}
}
