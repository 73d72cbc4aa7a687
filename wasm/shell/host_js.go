//go:build js && wasm

package shell

import (
	"errors"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"vhdscope/blobio"
	"vhdscope/wasm/worker"
)

// Host gives a session the browser's files, behind one cache, and the
// browser's memory.
type Host struct{ cache *blobio.Cache }

// cacheBudget is the bytes of files' pages that are kept.
const cacheBudget = 16 << 20

// NewHost returns a host with nothing open.
func NewHost() Host { return Host{blobio.NewCache(cacheBudget)} }

// Open implements worker.Host: it takes a File of the browser, or what the page
// knows of a file on a web server.
func (h Host) Open(name string, file any) (worker.Source, error) {
	v, ok := file.(js.Value)
	if !ok || mustBe(js.TypeObject, v) != nil || mustBe(js.TypeNumber, v.Get("size")) != nil {
		return nil, errors.New("it came without its bytes")
	}
	if mustBe(js.TypeString, v.Get("url")) == nil {
		return h.openRemote(name, v)
	}
	f := blobio.NewFileAs(&dom.File{Value: v}, name)
	return &source{h.cache.Reader(f), f}, nil
}

// FileOf is the browser's file that a source of a [Host] is, which must not be
// a worker.Remote.
func FileOf(s worker.Source) *blobio.File { return s.(*source).file }

// source is a file behind the cache, and, for reads too large for a cache,
// the file itself.
type source struct {
	*blobio.Reader
	file *blobio.File
}
