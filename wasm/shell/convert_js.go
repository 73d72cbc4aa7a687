//go:build js && wasm

package shell

import (
	"errors"
	"math"
	"syscall/js"

	"vhdscope/wasm/worker"
)

// Numbers are exact below 2^53 and refused beyond; never 32 bits. A field of
// type any holds a js.Value or another message.

const maxSafeInteger = 1<<53 - 1

var (
	errNotExact  = errors.New("a number is not a whole one below 2^53")
	errNotArray  = errors.New("object in place of array")
	errNotBytes  = errors.New("object in place of bytes")
	errReplyOnly = errors.New("only a reply can have it")
)

// decode fills a worker.Message from a JavaScript object. Fields of type any
// keep the js.Value, all but null. Properties that are missing leave their field as it is.
func decode(v js.Value, message any) error {
	if err := mustBe(js.TypeObject, v); err != nil {
		return err
	}
	r := reader{from: v}
	message.(worker.Message).Walk(&r)
	return r.err
}

// mustBe reports as an error that a value is of another type.
func mustBe(want js.Type, v js.Value) (err error) {
	defer func() {
		if recover() != nil { // js.Value.Type has no type for a bigint
			err = errors.New("unknown type in place of " + want.String())
		}
	}()
	if is := v.Type(); is != want {
		return errors.New(is.String() + " in place of " + want.String())
	}
	return nil
}

// exactly is the value of a number.
func exactly(v js.Value) (int64, error) {
	f := v.Float()
	if f != math.Trunc(f) || math.Abs(f) > maxSafeInteger {
		return 0, errNotExact
	}
	return int64(f), nil
}

// reader fills fields from an object's properties, up to the first error.
type reader struct {
	from js.Value
	err  error
}

// get is a property of the wanted type, if it is there.
func (r *reader) get(name string, want js.Type) (v js.Value, ok bool) {
	if r.err != nil {
		return v, false
	}
	if v = r.from.Get(name); v.IsUndefined() {
		return v, false
	}
	return v, r.good(name, mustBe(want, v))
}

// good keeps an error, if it is one, with the name of the property.
func (r *reader) good(name string, err error) bool {
	if err != nil {
		r.err = errors.New(name + ": " + err.Error())
	}
	return err == nil
}

// all are the elements of an array, which are all of the wanted type.
func (r *reader) all(name string, want js.Type) (list []js.Value, ok bool) {
	v, ok := r.get(name, js.TypeObject)
	if !ok {
		return nil, false
	}
	if mustBe(js.TypeNumber, v.Get("length")) != nil {
		return nil, r.good(name, errNotArray)
	}
	for i := range v.Length() {
		e := v.Index(i)
		if !r.good(name, mustBe(want, e)) {
			return nil, false
		}
		list = append(list, e)
	}
	return list, true
}

func (r *reader) Int(name string, p *int) {
	n := int64(*p)
	r.Int64(name, &n)
	*p = int(n)
}

func (r *reader) Int64(name string, p *int64) {
	if v, ok := r.get(name, js.TypeNumber); ok {
		if n, err := exactly(v); r.good(name, err) {
			*p = n
		}
	}
}

func (r *reader) String(name string, p *string) {
	if v, ok := r.get(name, js.TypeString); ok {
		*p = v.String()
	}
}

func (r *reader) Bool(name string, p *bool) {
	if v, ok := r.get(name, js.TypeBoolean); ok {
		*p = v.Bool()
	}
}

func (r *reader) Any(name string, p *any) {
	if v := r.from.Get(name); !v.IsUndefined() && !v.IsNull() {
		*p = v
	}
}

func (r *reader) Ints(name string, p *[]int) {
	if list, ok := r.all(name, js.TypeNumber); ok {
		*p = make([]int, len(list))
		for i, v := range list {
			n, err := exactly(v)
			if !r.good(name, err) {
				return
			}
			(*p)[i] = int(n)
		}
	}
}

func (r *reader) Strings(name string, p *[]string) {
	if list, ok := r.all(name, js.TypeString); ok {
		*p = make([]string, len(list))
		for i, v := range list {
			(*p)[i] = v.String()
		}
	}
}

func (r *reader) OpenFiles(name string, p *[]worker.OpenFile) {
	if list, ok := r.all(name, js.TypeObject); ok {
		*p = make([]worker.OpenFile, len(list))
		for i, v := range list {
			if !r.good(name, decode(v, &(*p)[i])) {
				return
			}
		}
	}
}

func (r *reader) Message(name string, m worker.Message, there bool) {
	if !there {
		r.refuse(name)
	} else if v, ok := r.get(name, js.TypeObject); ok {
		r.good(name, decode(v, m))
	}
}

func (r *reader) Bytes(name string, p *[]byte) {
	v, ok := r.get(name, js.TypeObject)
	if !ok {
		return
	}
	if !v.InstanceOf(js.Global().Get("Uint8Array")) {
		r.good(name, errNotBytes)
		return
	}
	*p = make([]byte, v.Length())
	js.CopyBytesToGo(*p, v)
}

func (r *reader) List(name string, _ int, _ func(int) worker.Message) { r.refuse(name) }

// refuse takes only a property that is missing.
func (r *reader) refuse(name string) {
	if _, ok := r.get(name, js.TypeObject); ok {
		r.good(name, errReplyOnly)
	}
}

// encoder turns messages into JavaScript values.
type encoder struct {
	transfer []any // buffers that may be handed over instead of copied
}

// encode takes a worker.Message, a js.Value, or nil.
func (e *encoder) encode(message any) js.Value {
	switch m := message.(type) {
	case nil:
		return js.Null()
	case js.Value:
		if m.Type() == js.TypeObject && m.Get("buffer").Truthy() {
			return e.handOver(m)
		}
		return m
	}
	w := writer{e, js.Global().Get("Object").New()}
	message.(worker.Message).Walk(&w)
	return w.to
}

// handOver lists a typed array's buffer for transfer.
func (e *encoder) handOver(array js.Value) js.Value {
	e.transfer = append(e.transfer, array.Get("buffer"))
	return array
}

// writer sets an object's properties from fields.
type writer struct {
	*encoder
	to js.Value
}

func (w *writer) Int(name string, p *int) { w.to.Set(name, exact(int64(*p))) }

func (w *writer) Int64(name string, p *int64) { w.to.Set(name, exact(*p)) }

func exact(n int64) float64 {
	if n > maxSafeInteger || n < -maxSafeInteger {
		panic(errNotExact) // the engine refuses such sizes when it opens a file
	}
	return float64(n)
}

func (w *writer) String(name string, p *string) { w.to.Set(name, *p) }

func (w *writer) Bool(name string, p *bool) { w.to.Set(name, *p) }

func (w *writer) Any(name string, p *any) { w.to.Set(name, w.encode(*p)) }

func (w *writer) Bytes(name string, p *[]byte) {
	array := js.Global().Get("Uint8Array").New(len(*p))
	js.CopyBytesToJS(array, *p)
	w.to.Set(name, w.handOver(array))
}

// array makes an array of n elements the property.
func (w *writer) array(name string, n int) js.Value {
	array := js.Global().Get("Array").New(n)
	w.to.Set(name, array)
	return array
}

func (w *writer) Ints(name string, p *[]int) {
	array := w.array(name, len(*p))
	for i, n := range *p {
		array.SetIndex(i, exact(int64(n)))
	}
}

func (w *writer) Strings(name string, p *[]string) {
	array := w.array(name, len(*p))
	for i, s := range *p {
		array.SetIndex(i, s)
	}
}

func (w *writer) List(name string, n int, at func(int) worker.Message) {
	array := w.array(name, n)
	for i := range n {
		array.SetIndex(i, w.encode(at(i)))
	}
}

func (w *writer) OpenFiles(name string, p *[]worker.OpenFile) {
	w.List(name, len(*p), func(i int) worker.Message { return &(*p)[i] })
}

func (w *writer) Message(name string, m worker.Message, there bool) {
	if !there {
		m = nil
	}
	w.to.Set(name, w.encode(m))
}
