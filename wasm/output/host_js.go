//go:build js && wasm

package output

import (
	"strconv"
	"strings"
	"syscall/js"

	"vhdscope/blobio"
	"vhdscope/wasm/shell"
	"vhdscope/wasm/worker"
)

// Browser is a [Host]: the browser's files, memory and places for new files.
type Browser struct{ shell.Host }

// Stream implements Host, with a FileSystemFileHandle.
func (Browser) Stream(handle any) (File, error) {
	w, err := blobio.NewStream(handle.(js.Value))
	if err != nil {
		return nil, err
	}
	return stream{file{w}}, nil
}

// stream is a file that takes Blobs, which the browser copies by itself.
type stream struct{ file }

// PutBlob implements BlobFile.
func (s stream) PutBlob(blob any, at int64) error { return s.w.Write(blob.(js.Value), at) }

// Stage implements Host. What the browser grants beyond what it tells is
// found out by writing.
func (Browser) Stage(path, name string, size int64) (File, error) {
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

// Memory implements Host.
func (Browser) Memory(name string) File { return file{blobio.NewMemory(name, MemoryLimit)} }

// Compose implements Host.
func (Browser) Compose(parts []Part) (any, error) {
	list := make([]blobio.Part, len(parts))
	for i, p := range parts {
		list[i] = blobio.Part{Off: p.Off, Length: p.Length, Data: p.Data}
		if p.Source != nil {
			list[i].File = shell.FileOf(p.Source)
		}
	}
	return blobio.Blob(list)
}

// Buffers implements Host: Firefox holds a composed Blob whole while it
// saves it, others stream it. Nothing but the browser's name tells that.
func (Browser) Buffers() bool {
	agent := js.Global().Get("navigator").Get("userAgent")
	return agent.Type() == js.TypeString && strings.Contains(agent.String(), "Gecko/")
}

// file is a new file of the browser.
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
