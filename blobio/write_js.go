//go:build js && wasm

package blobio

import (
	"errors"
	"syscall/js"
)

// Writer is a new file under way: a [Stream], a [Staged] or a [Memory]. It
// grows as it is written to, at any place; what is not written is zeros. Errors
// are a *WriteError. Writes may be concurrent; Close and Abort end them.
type Writer interface {
	// Write puts the bytes of a Uint8Array at a byte offset of the file. The
	// array must stay as it is until Write returns.
	Write(array js.Value, at int64) error
	// Resize makes the file so many bytes long.
	Resize(size int64) error
	// Close finishes the file and returns it as a Blob, or null where it is
	// a file of the person's own.
	Close() (js.Value, error)
	// Abort drops the file.
	Abort()
}

// writeError is a failed write as a person can act on it.
func writeError(name string, err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*exceptionError](err); ok {
		switch e.name {
		case "QuotaExceededError":
			err = ErrNoRoom
		case "NotAllowedError", "SecurityError":
			err = errors.New("the browser may not write to it; allow that, or choose another place (" + e.name + ")")
		case "NoModificationAllowedError", "InvalidStateError":
			err = errors.New("another program or page has the file open; close it there, or choose another name (" + e.name + ")")
		case "NotFoundError":
			err = errors.New("it, or its folder, was moved or deleted meanwhile; choose the place again")
		case "AbortError":
			err = errors.New("the browser refused to keep the file: " + e.message)
		}
	}
	return &WriteError{name, err}
}

// options is an object for a call's options.
func options(name string, value any) js.Value {
	o := js.Global().Get("Object").New()
	o.Set(name, value)
	return o
}

// settled calls a method that answers with a promise, and awaits that.
func settled(v js.Value, method string, args ...any) (js.Value, error) {
	promise, err := call(v, method, args...)
	if err != nil {
		return js.Value{}, err
	}
	return await(promise)
}
