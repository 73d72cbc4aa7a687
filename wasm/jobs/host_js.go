//go:build js && wasm

package main

import (
	"strconv"
	"strings"
	"syscall/js"

	"vhdscope/blobio"
	"vhdscope/wasm/jobs/job"
	"vhdscope/wasm/shell"
	"vhdscope/wasm/worker"
)

// host gives jobs the browser's places for new files.
type host struct{ shell.Host }

// Stream implements job.Host, with a FileSystemFileHandle.
func (host) Stream(handle any) (job.File, error) {
	w, err := blobio.NewStream(handle.(js.Value))
	if err != nil {
		return nil, err
	}
	return stream{file{w}}, nil
}

// stream is a file that takes Blobs, which the browser copies by itself.
type stream struct{ file }

// PutBlob implements job.BlobFile.
func (s stream) PutBlob(blob any, at int64) error { return s.w.Write(blob.(js.Value), at) }

// Stage implements job.Host. What the browser grants beyond what it tells is
// found out by writing.
func (host) Stage(path, name string, size int64) (job.File, error) {
	if room, err := blobio.Room(); err == nil && room < size {
		return nil, &blobio.WriteError{Name: name, Err: roomError(room)}
	}
	w, err := blobio.NewStaged(path, name)
	if err != nil {
		return nil, err
	}
	return file{w}, nil
}

// roomError is blobio.ErrNoRoom with how much room there is.
type roomError int64

func (e roomError) Error() string {
	return "the browser grants this page " + strconv.FormatInt(int64(e), 10) + " bytes"
}

func (e roomError) Unwrap() error { return blobio.ErrNoRoom }

// Memory implements job.Host.
func (host) Memory(name string) job.File { return file{blobio.NewMemory(name, job.MemoryLimit)} }

// Compose implements job.Host.
func (host) Compose(parts []job.Part) (any, error) {
	list := make([]blobio.Part, len(parts))
	for i, p := range parts {
		list[i] = blobio.Part{Off: p.Off, Length: p.Length, Data: p.Data}
		if p.Source != nil {
			list[i].File = shell.FileOf(p.Source)
		}
	}
	return blobio.Blob(list)
}

// Buffers implements job.Host: Firefox holds a composed Blob whole while it
// saves it, others stream it. Nothing but the browser's name tells that.
func (host) Buffers() bool {
	agent := js.Global().Get("navigator").Get("userAgent")
	return agent.Type() == js.TypeString && strings.Contains(agent.String(), "Gecko/")
}

// Keep implements job.Host.
func (host) Keep(path, name string) (job.Kept, error) {
	k, err := blobio.OpenKept(path, name)
	if err != nil {
		return nil, err
	}
	return k, nil
}

// file is a job's file that is one of the browser.
type file struct{ w blobio.Writer }

func (f file) WriteAt(p []byte, off int64) (int, error) {
	array := js.Global().Get("Uint8Array").New(len(p))
	js.CopyBytesToJS(array, p)
	defer blobio.Free(array)
	if err := f.w.Write(array, off); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (f file) Put(b worker.Buffer, at int64) error {
	array, err := b.Value()
	if err != nil {
		return err
	}
	return f.w.Write(array.(js.Value), at)
}

func (f file) Resize(size int64) error { return f.w.Resize(size) }

func (f file) Close() (any, error) {
	blob, err := f.w.Close()
	if err != nil || blob.IsNull() {
		return nil, err
	}
	return blob, nil
}

func (f file) Abort() { f.w.Abort() }
