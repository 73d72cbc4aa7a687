//go:build js && wasm

package blobio

import (
	"errors"
	"io"
	"syscall/js"
)

// Fetch is the Web of a browser: of nothing that it kept, with its credentials
// only where they belong.
func Fetch(url, ranged, authorization string) Exchange {
	abort := js.Global().Get("AbortController").New()
	headers := options("Range", ranged)
	if authorization != "" {
		headers.Set("Authorization", authorization)
	}
	o := options("headers", headers)
	o.Set("signal", abort.Get("signal"))
	o.Set("cache", "no-store")
	o.Set("credentials", "same-origin")
	o.Set("referrerPolicy", "no-referrer")
	return Exchange{
		Answer: func() (*Answer, error) {
			response, err := settled(js.Global(), "fetch", url, o)
			if err != nil {
				return nil, err
			}
			return answer(response), nil
		},
		Cancel: func() { abort.Call("abort") },
	}
}

// answer is a Response of fetch.
func answer(response js.Value) *Answer {
	headers := response.Get("headers")
	a := &Answer{
		Status: response.Get("status").Int(),
		Header: func(name string) string {
			if v := headers.Call("get", name); v.Type() == js.TypeString {
				return v.String()
			}
			return ""
		},
		Body: (&body{stream: response.Get("body")}).next,
	}
	if t := js.Global().Get("Date").Call("parse", headers.Call("get", "Last-Modified")).Float(); t > 0 {
		a.Modified = int64(t)
	}
	return a
}

// body reads the body of an answer as it comes.
type body struct {
	stream js.Value // a ReadableStream, or null
	reader js.Value // its reader, once it was asked for
	chunk  js.Value // a Uint8Array of what came and was not read yet
	read   int      // bytes of it
}

var errNoBody = errors.New("its answer has no body")

// next implements Answer.Body.
func (b *body) next(p []byte) (n int, err error) {
	if b.reader.IsUndefined() {
		if b.stream.IsNull() {
			return 0, errNoBody
		}
		b.reader = b.stream.Call("getReader")
	}
	for b.chunk.IsUndefined() {
		result, err := settled(b.reader, "read")
		if err != nil {
			return 0, err
		}
		if result.Get("done").Bool() {
			return 0, io.EOF
		}
		b.chunk = result.Get("value")
	}
	n = js.CopyBytesToGo(p, b.chunk.Call("subarray", b.read))
	if b.read += n; b.read == b.chunk.Length() {
		Free(b.chunk)
		b.chunk, b.read = js.Undefined(), 0
	}
	return n, nil
}
