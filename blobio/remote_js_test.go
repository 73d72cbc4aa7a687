//go:build js && wasm

package blobio

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"syscall/js"
	"testing"
)

// webServer is a server of Node's on loopback, until the test ends, that gives
// bytes which tell their offset of a file of 3 TiB, by range. The body of
// serve, which is given the request and the answer, may do otherwise. What was
// asked is in its log.
func webServer(t *testing.T, serve string) (url string, server js.Value) {
	t.Helper()
	http := js.Global().Get("process").Call("getBuiltinModule", "http")
	if http.IsUndefined() {
		http = js.Global().Call("require", "http")
	}
	server = script(`
		const log = [];
		const size = 3 * 2 ** 40;
		const special = new Function('request', 'response', 'bytes', b);
		const bytes = (from, n) => Uint8Array.from({length: n}, (_, i) => {
			const low = (from + i) % 2 ** 32, high = Math.floor((from + i) / 2 ** 32);
			return low ^ low >>> 16 ^ high;
		});
		const server = a.createServer((request, response) => {
			log.push(request.headers.range + ' ' + (request.headers.authorization ?? '') + ' ' + request.headers['accept-encoding']);
			if (special(request, response, bytes)) return;
			const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range).map(Number);
			response.writeHead(206, {
				'Content-Range': 'bytes ' + first + '-' + last + '/' + size,
				'Content-Length': last - first + 1,
				'ETag': '"one"',
				'Last-Modified': 'Mon, 23 Nov 2026 10:00:00 GMT',
			});
			response.end(bytes(first, last - first + 1));
		});
		server.log = log;
		return server;`, http, serve)
	listening := make(chan struct{})
	f := js.FuncOf(func(js.Value, []js.Value) any {
		close(listening)
		return nil
	})
	defer f.Release()
	server.Call("listen", 0, "127.0.0.1", f)
	<-listening
	t.Cleanup(func() {
		server.Call("closeAllConnections")
		server.Call("close")
	})
	return "http://127.0.0.1:" + js.Global().Get("String").Invoke(server.Call("address").Get("port")).String() + "/disk.vhd", server
}

func logOf(server js.Value) string {
	return server.Get("log").Call("splice", 0).Call("join", ", ").String()
}

var fetched = Version{Size: 3 << 40, ETag: `"one"`, Modified: 1795428000000}

// TestFetch reads ranges through fetch, at offsets beyond 32 bits, in answers
// of one chunk and of many.
func TestFetch(t *testing.T) {
	url, server := webServer(t, "")
	v, err := NewRemote(Fetch, "disk.vhd", url, "Bearer x", Version{}).Pin()
	if v != fetched || err != nil {
		t.Fatalf("Pin = %+v, %v; want %+v", v, err, fetched)
	}
	if got := logOf(server); got != "bytes=0-0 Bearer x identity" {
		t.Errorf("asked %q", got)
	}
	r := NewRemote(Fetch, "disk.vhd", url, "", v)
	for _, off := range []int64{0, 1<<31 - 256, 1<<32 - 256, 1<<40 + 1, 3<<40 - 512} {
		checkHuge(t, r, off, 512)
	}
	if got := logOf(server); !strings.HasPrefix(got, "bytes=0-511  identity, bytes=2147483392-2147483903  identity, ") {
		t.Errorf("asked %q", got)
	}
	checkHuge(t, r, 1<<33+5, 700_000)
}

// TestFetchFaults: what servers and networks do wrong comes through fetch as
// what it is.
func TestFetchFaults(t *testing.T) {
	const good = `'Content-Range': 'bytes 0-511/3298534883328', 'ETag': '"one"'`
	for _, test := range []struct {
		name, serve string
		kind        string
		word        string
	}{
		{"no ranges", `response.writeHead(200, {'Content-Length': 2 ** 30}); response.write(bytes(0, 512)); return true`, CodeNoRanges, "200"},
		{"not found", `response.writeHead(404); response.end('no'); return true`, CodeNotFound, "404"},
		{"no body", `response.writeHead(204); response.end(); return true`, CodeNetwork, "204"},
		{"an empty body", `response.writeHead(206, {` + good + `}); response.end(); return true`, CodeNetwork, "ended early"},
		{"changed", `response.writeHead(206, {'Content-Range': 'bytes 0-511/3298534883328', 'ETag': '"two"'}); response.end(bytes(0, 512)); return true`, CodeChanged, "ETag"},
		{"dropped", `response.writeHead(206, {` + good + `, 'Content-Length': 512}); response.write(bytes(0, 5)); setTimeout(() => request.socket.destroy(), 20); return true`, CodeNetwork, "the connection broke"},
		{"no answer", `request.socket.destroy(); return true`, CodeNetwork, "no answer came"},
		{"longer", `response.writeHead(206, {` + good + `}); response.write(bytes(0, 512)); setTimeout(() => response.write(bytes(0, 512)), 20); return true`, CodeNoRanges, "more bytes"},
		{"gzip", `response.writeHead(206, {` + good + `, 'Content-Encoding': 'gzip'}); response.end(bytes(0, 512)); return true`, CodeNoRanges, "gzip"},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, _ := webServer(t, test.serve)
			r := NewRemote(Fetch, "disk.vhd", url, "", fetched)
			_, err := r.ask(make([]byte, 512), 0)
			if err.Code != test.kind || !strings.Contains(err.Error(), test.word) {
				t.Errorf("%v; want %v with %q", err, test.kind, test.word)
			}
		})
	}
}

// TestFetchIsCancelled: a body that nobody wants ends.
func TestFetchIsCancelled(t *testing.T) {
	url, server := webServer(t, `
		response.writeHead(200, {'Content-Length': 2 ** 30});
		response.write(bytes(0, 512));
		return true`)
	closed := make(chan struct{}, 10)
	server.Call("on", "connection", js.FuncOf(func(_ js.Value, args []js.Value) any {
		args[0].Call("on", "close", js.FuncOf(func(js.Value, []js.Value) any {
			closed <- struct{}{}
			return nil
		}))
		return nil
	}))
	_, err := NewRemote(Fetch, "disk.vhd", url, "", fetched).ReadAt(make([]byte, 512), 0)
	if web, ok := errors.AsType[*WebError](err); !ok || web.Code != CodeNoRanges {
		t.Error(err)
	}
	<-closed
}

// TestFetchesOverlap: none is answered before all three are asked for.
func TestFetchesOverlap(t *testing.T) {
	url, _ := webServer(t, `
		globalThis.waiting ??= [];
		waiting.push(() => {
			const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range).map(Number);
			response.writeHead(206, {'Content-Range': 'bytes ' + first + '-' + last + '/3298534883328', 'ETag': '"one"'});
			response.end(bytes(first, last - first + 1));
		});
		if (waiting.length === 3) waiting.reverse().forEach((answer) => answer());
		return true`)
	defer js.Global().Delete("waiting")
	r := NewRemote(Fetch, "disk.vhd", url, "", fetched)
	var group sync.WaitGroup
	for i := range int64(3) {
		group.Go(func() { checkHuge(t, r, i<<32, 1000) })
	}
	group.Wait()
}

// TestChunksAreFreed: the browser's memory of what came is given back.
func TestChunksAreFreed(t *testing.T) {
	chunks := script(`return [new Uint8Array([1, 2, 3]), new Uint8Array(0), new Uint8Array([4, 5])]`)
	b := &body{stream: script(`let i = 0; return {getReader: () => ({read: async () => i < a.length ? {done: false, value: a[i++]} : {done: true}})}`, chunks)}
	var got []byte
	for {
		p := make([]byte, 2)
		n, err := b.next(p)
		got = append(got, p[:n]...)
		if err != nil {
			break
		}
	}
	turn()
	if !bytes.Equal(got, []byte{1, 2, 3, 4, 5}) || !script("return a.every((chunk) => chunk.buffer.byteLength === 0)", chunks).Bool() {
		t.Errorf("read %v, or a chunk keeps its memory", got)
	}
}
