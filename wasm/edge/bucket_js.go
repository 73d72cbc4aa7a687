//go:build js && wasm

package main

import (
	"errors"
	"io"
	"strings"
	"syscall/js"
	"time"

	"vhdscope/wasm/edge/library"
)

// A bucket is an R2 binding, called as it is: the package r2 of
// github.com/syumai/workers knows neither ranges nor conditions nor prefixes.
//
// https://developers.cloudflare.com/r2/api/workers/workers-api-reference/
type bucket struct{ binding js.Value }

func (b bucket) List(prefix, cursor string, limit int) (library.Page, error) {
	options := map[string]any{"prefix": prefix, "limit": limit}
	if cursor != "" {
		options["cursor"] = cursor
	}
	found, err := await(b.binding.Call("list", options))
	if err != nil {
		return library.Page{}, err
	}
	objects := found.Get("objects")
	page := library.Page{Images: make([]library.Image, objects.Length())}
	for i := range page.Images {
		page.Images[i] = image(objects.Index(i))
	}
	if found.Get("truncated").Bool() {
		page.Cursor = found.Get("cursor").String()
	}
	return page, nil
}

func (b bucket) Head(key string) (library.Image, error) {
	object, err := await(b.binding.Call("head", key))
	switch {
	case err != nil:
		return library.Image{}, err
	case object.IsNull():
		return library.Image{}, library.ErrNotFound
	}
	return image(object), nil
}

func (b bucket) Get(key, etag string, offset, length int64) (io.ReadCloser, error) {
	options := map[string]any{"onlyIf": map[string]any{"etagMatches": strings.Trim(etag, `"`)}}
	if length > 0 {
		options["range"] = map[string]any{"offset": offset, "length": length}
	}
	object, err := await(b.binding.Call("get", key, options))
	switch {
	case err != nil:
		return nil, err
	case object.IsNull():
		return nil, library.ErrNotFound
	case object.Get("body").IsUndefined(): // what R2 answers to a condition that is not met
		return nil, library.ErrChanged
	}
	return body{object.Get("body")}, nil
}

func image(object js.Value) library.Image {
	return library.Image{
		Key:      object.Get("key").String(),
		Size:     int64(object.Get("size").Float()),
		ETag:     object.Get("httpEtag").String(),
		Uploaded: time.UnixMilli(int64(object.Get("uploaded").Call("getTime").Float())),
	}
}

// A body is a ReadableStream on its way to the client: its bytes do not pass
// through Go.
type body struct{ stream js.Value }

func (b body) WriteTo(w io.Writer) (int64, error) {
	w.(rawWriter).WriteRawJSBody(b.stream)
	return 0, nil
}

func (b body) Read([]byte) (int, error) { return 0, errors.ErrUnsupported }

func (b body) Close() error { return nil }

// await waits for a promise.
func await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 1)
	fulfilled := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{value: args[0]}
		return nil
	})
	defer fulfilled.Release()
	rejected := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{err: js.Error{Value: args[0]}}
		return nil
	})
	defer rejected.Release()
	promise.Call("then", fulfilled, rejected)
	o := <-settled
	return o.value, o.err
}
