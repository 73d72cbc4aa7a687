//go:build js && wasm

package main

import (
	"errors"
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
	if !ok || mustBe(js.TypeObject, v) != nil || mustBe(js.TypeNumber, v.Get("size")) != nil {
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
