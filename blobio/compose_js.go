//go:build js && wasm

package blobio

import "syscall/js"

// Part is a range of a file, or given bytes, or, with neither, zeros.
type Part struct {
	File        *File
	Off, Length int64
	Data        []byte // Length bytes
	array       js.Value
}

// blob is the part as something that Blobs are made of.
func (p Part) blob() (js.Value, error) {
	switch {
	case p.File != nil:
		return call(p.File.blob, "slice", float64(p.Off), float64(p.Off+p.Length))
	case p.Data != nil:
		array := js.Global().Get("Uint8Array").New(len(p.Data))
		js.CopyBytesToJS(array, p.Data)
		return array, nil
	case !p.array.IsUndefined():
		return (&Bytes{p.array}).part(0, p.Length), nil
	}
	return zeroBlob(p.Length)
}

// Blob makes one Blob of parts. None is read: the browser does that when the
// Blob is.
func Blob(parts []Part) (blob js.Value, err error) {
	defer recoverException(&err)
	list := js.Global().Get("Array").New(len(parts))
	for i, p := range parts {
		b, err := p.blob()
		if err != nil {
			return js.Value{}, err
		}
		list.SetIndex(i, b)
	}
	return js.Global().Get("Blob").New(list), nil
}

// Compose reads parts into one run of bytes, with one read of one Blob made
// of them all. The browser does that faster than any number of reads of the
// parts, but making a Blob of a part takes it some 0.3 ms. Where the read
// fails nothing tells which part did: read them one by one to learn that.
func Compose(parts []Part) (*Bytes, error) {
	total := int64(0)
	for _, p := range parts {
		total += p.Length
	}
	blob, err := Blob(parts)
	if err != nil {
		return nil, err
	}
	promise, err := call(blob, "arrayBuffer")
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

// zeroRun is the length of the Blob that all zeros are cut from.
const zeroRun = 1 << 20

// zeroes[i] is a Blob of zeroRun<<i zeros, made of two of the one before, so
// that a terabyte is a few dozen Blobs.
var zeroes []js.Value

// zeroBlob is a Blob of n zeros.
func zeroBlob(n int64) (js.Value, error) {
	newBlob := js.Global().Get("Blob")
	if len(zeroes) == 0 {
		zeroes = []js.Value{newBlob.New([]any{js.Global().Get("Uint8Array").New(zeroRun)})}
	}
	if n <= zeroRun {
		return call(zeroes[0], "slice", 0, float64(n))
	}
	list := []any{}
	for i := 0; n>>i >= zeroRun; i++ {
		if i == len(zeroes) {
			zeroes = append(zeroes, newBlob.New([]any{zeroes[i-1], zeroes[i-1]}))
		}
		if n/zeroRun>>i&1 == 1 {
			list = append(list, zeroes[i])
		}
	}
	if rest := n % zeroRun; rest > 0 {
		list = append(list, zeroes[0].Call("slice", 0, float64(rest)))
	}
	return newBlob.New(list), nil
}

// ReadMany fills each p[i] from byte off[i] on, all with one read.
func (f *File) ReadMany(p [][]byte, off []int64) error {
	parts := make([]Part, len(p))
	for i := range p {
		parts[i] = Part{File: f, Off: off[i], Length: int64(len(p[i]))}
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
