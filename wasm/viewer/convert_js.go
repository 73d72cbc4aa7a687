//go:build js && wasm

package main

import (
	"errors"
	"math"
	"syscall/js"

	"vhdscope/wasm/viewer/session"
)

// Numbers are exact below 2^53 and refused beyond; never 32 bits. A field of
// type any holds a js.Value or a message.

const maxSafeInteger = 1<<53 - 1

var errNotExact = errors.New("a number is not a whole one below 2^53")

// decode fills a session.Message from a JavaScript object. Fields of type any
// keep the js.Value. Properties that are missing leave their field as it is.
func decode(v js.Value, message any) error {
	if typeOf(v) != js.TypeObject {
		return mismatch(v, "object")
	}
	r := &reader{from: v}
	message.(session.Message).Walk(r)
	return r.err
}

// typeOf is the type of any value, undefined for those that js.Value.Type
// does not know and panics at: a bigint.
func typeOf(v js.Value) (t js.Type) {
	defer func() { _ = recover() }()
	return v.Type()
}

func mismatch(v js.Value, want string) error {
	return errors.New("a " + typeOf(v).String() + " is no " + want)
}

// reader fills the fields that it is shown, up to the first error.
type reader struct {
	from js.Value // the object
	err  error
}

// read calls set with a property that is there.
func (r *reader) read(name string, set func(v js.Value) error) {
	if r.err != nil {
		return
	}
	v := r.from.Get(name)
	if v.IsUndefined() {
		return
	}
	if err := set(v); err != nil {
		r.err = errors.New(name + ": " + err.Error())
	}
}

func (r *reader) Int(name string, p *int) {
	r.read(name, func(v js.Value) error {
		n, err := whole(v)
		if err == nil {
			*p = int(n)
		}
		return err
	})
}

func (r *reader) Int64(name string, p *int64) {
	r.read(name, func(v js.Value) error {
		n, err := whole(v)
		if err == nil {
			*p = n
		}
		return err
	})
}

func whole(v js.Value) (int64, error) {
	if typeOf(v) != js.TypeNumber {
		return 0, mismatch(v, "number")
	}
	f := v.Float()
	if f != math.Trunc(f) || math.Abs(f) > maxSafeInteger {
		return 0, errNotExact
	}
	return int64(f), nil
}

func (r *reader) String(name string, p *string) {
	r.read(name, func(v js.Value) error {
		if typeOf(v) != js.TypeString {
			return mismatch(v, "string")
		}
		*p = v.String()
		return nil
	})
}

func (r *reader) Bool(name string, p *bool) {
	r.read(name, func(v js.Value) error {
		if typeOf(v) != js.TypeBoolean {
			return mismatch(v, "boolean")
		}
		*p = v.Bool()
		return nil
	})
}

func (r *reader) Ints(name string, p *[]int) {
	r.read(name, func(v js.Value) error {
		*p = nil
		return each(v, func(v js.Value) error {
			n, err := whole(v)
			*p = append(*p, int(n))
			return err
		})
	})
}

func (r *reader) Strings(name string, p *[]string) {
	r.read(name, func(v js.Value) error {
		*p = nil
		return each(v, func(v js.Value) error {
			if typeOf(v) != js.TypeString {
				return mismatch(v, "string")
			}
			*p = append(*p, v.String())
			return nil
		})
	})
}

func (r *reader) List(name string, l session.List) {
	r.read(name, func(v js.Value) error {
		l.Clear()
		return each(v, func(v js.Value) error { return decode(v, l.Add()) })
	})
}

// each calls do for the elements of an array.
func each(v js.Value, do func(js.Value) error) error {
	if typeOf(v) != js.TypeObject || typeOf(v.Get("length")) != js.TypeNumber {
		return mismatch(v, "array")
	}
	for i := range v.Length() {
		if err := do(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) Any(name string, p *any) {
	r.read(name, func(v js.Value) error {
		*p = v
		return nil
	})
}

func (r *reader) Message(name string, m session.Message) {
	r.read(name, func(v js.Value) error {
		if m == nil {
			return errReplies
		}
		return decode(v, m)
	})
}

func (r *reader) Bytes(name string, _ *[]byte) {
	r.read(name, func(v js.Value) error { return errReplies })
}

var errReplies = errors.New("only replies have it")

// encoder turns messages into JavaScript values.
type encoder struct {
	transfer []any // buffers that may be handed over instead of copied
}

// encode takes a js.Value, a session.Message, or nil.
func (e *encoder) encode(message any) js.Value {
	switch m := message.(type) {
	case js.Value:
		return e.handOver(m)
	case session.Message:
		object := js.Global().Get("Object").New()
		m.Walk(&writer{e, object})
		return object
	}
	return js.Null()
}

// handOver lists a typed array's buffer for transfer.
func (e *encoder) handOver(array js.Value) js.Value {
	e.transfer = append(e.transfer, array.Get("buffer"))
	return array
}

// writer sets an object's properties to the fields that it is shown.
type writer struct {
	*encoder
	to js.Value
}

func (w *writer) Int(name string, p *int) { w.number(name, int64(*p)) }

func (w *writer) Int64(name string, p *int64) { w.number(name, *p) }

func (w *writer) number(name string, n int64) {
	if n > maxSafeInteger || n < -maxSafeInteger {
		panic(errNotExact) // the engine refuses such sizes when it opens a file
	}
	w.to.Set(name, float64(n))
}

func (w *writer) String(name string, p *string) { w.to.Set(name, *p) }

func (w *writer) Bool(name string, p *bool) { w.to.Set(name, *p) }

func (w *writer) Bytes(name string, p *[]byte) {
	array := js.Global().Get("Uint8Array").New(len(*p))
	js.CopyBytesToJS(array, *p)
	w.to.Set(name, w.handOver(array))
}

func (w *writer) Ints(name string, p *[]int) {
	w.array(name, len(*p), func(i int) js.Value { return js.ValueOf((*p)[i]) })
}

func (w *writer) Strings(name string, p *[]string) {
	w.array(name, len(*p), func(i int) js.Value { return js.ValueOf((*p)[i]) })
}

func (w *writer) List(name string, l session.List) {
	w.array(name, l.Len(), func(i int) js.Value { return w.encode(l.At(i)) })
}

func (w *writer) array(name string, n int, at func(int) js.Value) {
	array := js.Global().Get("Array").New(n)
	for i := range n {
		array.SetIndex(i, at(i))
	}
	w.to.Set(name, array)
}

func (w *writer) Any(name string, p *any) { w.to.Set(name, w.encode(*p)) }

func (w *writer) Message(name string, m session.Message) { w.to.Set(name, w.encode(m)) }
