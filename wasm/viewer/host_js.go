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
	f := blobio.NewFileAs(&dom.File{Value: v}, name)
	return source{h.cache.Reader(f), f}, nil
}

// source is a file behind the cache, and, for reads too large for a cache,
// the file itself.
type source struct {
	*blobio.Reader
	file *blobio.File
}

// Close drops the file's pages; the reader's own Close never fails.
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

// buffer is a typed array that is filled part by part.
type buffer struct{ array js.Value }

func (b buffer) Value() any { return b.array }
