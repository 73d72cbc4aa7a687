//go:build js && wasm

package main

import (
	"errors"
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"vhdscope/blobio"
	"vhdscope/wasm/viewer/session"
)

// host gives the session the browser's files, behind one cache.
type host struct{ cache *blobio.Cache }

// Open takes a File of the browser.
func (h host) Open(name string, file any) (session.Source, error) {
	v, ok := file.(js.Value)
	if !ok || v.Type() != js.TypeObject || v.Get("size").Type() != js.TypeNumber {
		return nil, errors.New("it came without its bytes")
	}
	return source{h.cache.Reader(blobio.NewFileAs(&dom.File{Value: v}, name))}, nil
}

// source is a reader without an error from Close, which has none.
type source struct{ *blobio.Reader }

func (s source) Close() { _ = s.Reader.Close() }

// NewBuffer makes a typed array outside Go's memory, so that a large result
// does not pass through it whole.
func (h host) NewBuffer(n int64) (b session.Buffer, err error) {
	defer func() {
		if e, ok := recover().(js.Error); ok {
			err = errors.New(strconv.FormatInt(n, 10) + " bytes are more than this browser can hold at once: " + e.Value.Get("message").String())
		}
	}()
	return buffer{js.Global().Get("Uint8Array").New(float64(n))}, nil
}

// buffer is a typed array that is written piece by piece.
type buffer struct{ array js.Value }

func (b buffer) WriteAt(p []byte, off int64) (int, error) {
	return js.CopyBytesToJS(b.array.Call("subarray", float64(off), float64(off+int64(len(p)))), p), nil
}

func (b buffer) Value() any { return b.array }
