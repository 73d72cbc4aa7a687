//go:build js && wasm

package blobio

import "syscall/js"

// Part is a range of a file, or, where File is nil, so many zeros.
type Part struct {
	File        *File
	Off, Length int64
}

// Compose reads parts into one run of bytes, with one read of one Blob made
// of them all. The browser does that faster than any number of reads of the
// parts, but making a Blob of a part takes it some 0.3 ms. Where the read
// fails nothing tells which part did: read them one by one to learn that.
func Compose(parts []Part) (*Bytes, error) {
	list := js.Global().Get("Array").New(len(parts))
	total := int64(0)
	for i, p := range parts {
		var blob js.Value
		var err error
		if p.File == nil {
			blob, err = zeroBlob(p.Length)
		} else {
			blob, err = call(p.File.blob, "slice", float64(p.Off), float64(p.Off+p.Length))
		}
		if err != nil {
			return nil, err
		}
		list.SetIndex(i, blob)
		total += p.Length
	}
	promise, err := call(js.Global().Get("Blob").New(list), "arrayBuffer")
	if err != nil {
		return nil, err
	}
	buffer, err := await(promise)
	if err != nil {
		return nil, err
	}
	b, err := newBytes(buffer)
	if err == nil && int64(b.array.Length()) != total {
		b.Free()
		err = errShort
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// zeroRun is the length of the Blob that zeros are cut from.
const zeroRun = 1 << 20

var zeroes js.Value // a Blob of zeroRun zeros

// zeroBlob is a Blob of n zeros, made of one small one however large it is.
func zeroBlob(n int64) (js.Value, error) {
	if zeroes.IsUndefined() {
		run := js.Global().Get("Uint8Array").New(zeroRun)
		zeroes = js.Global().Get("Blob").New([]any{run})
	}
	if n <= zeroRun {
		return call(zeroes, "slice", 0, float64(n))
	}
	list := js.Global().Get("Array").New()
	for ; n > 0; n -= zeroRun {
		part := zeroes
		if n < zeroRun {
			part = zeroes.Call("slice", 0, float64(n))
		}
		list.Call("push", part)
	}
	return js.Global().Get("Blob").New(list), nil
}

// ReadMany fills each p[i] from byte off[i] on, all with one read.
func (f *File) ReadMany(p [][]byte, off []int64) error {
	parts := make([]Part, len(p))
	for i := range p {
		parts[i] = Part{f, off[i], int64(len(p[i]))}
	}
	b, err := Compose(parts)
	if err != nil {
		return readError(f.name, off[0], len(p[0]), err)
	}
	defer b.Free()
	at := int64(0)
	for i := range p {
		b.Peek(p[i], at)
		at += int64(len(p[i]))
	}
	return nil
}
