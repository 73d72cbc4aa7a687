//go:build js && wasm

package main

import (
	"errors"
	"math"
	"reflect"
	"syscall/js"
	"unsafe"
)

// Messages are structs whose fields name their JavaScript property in a js
// tag. Numbers are exact below 2^53 and refused beyond; never 32 bits. A field
// of type any holds a js.Value or a pointer to another message.

const maxSafeInteger = 1<<53 - 1

var errNotExact = errors.New("a number is not a whole one below 2^53")

// decode fills the struct that message points to from a JavaScript object.
// Fields of type any keep the js.Value. Properties that are missing leave
// their field as it is.
func decode(v js.Value, message any) error {
	return decodeInto(v, reflect.ValueOf(message).Elem())
}

func decodeInto(v js.Value, to reflect.Value) error {
	mismatch := func() error {
		return errors.New("a " + v.Type().String() + " is not what a " + to.Type().String() + " takes")
	}
	switch to.Kind() {
	case reflect.Interface:
		*anyIn(to) = v
	case reflect.String:
		if v.Type() != js.TypeString {
			return mismatch()
		}
		to.SetString(v.String())
	case reflect.Bool:
		if v.Type() != js.TypeBoolean {
			return mismatch()
		}
		to.SetBool(v.Bool())
	case reflect.Int, reflect.Int64:
		if v.Type() != js.TypeNumber {
			return mismatch()
		}
		f := v.Float()
		if f != math.Trunc(f) || math.Abs(f) > maxSafeInteger {
			return errNotExact
		}
		to.SetInt(int64(f))
	case reflect.Slice:
		if v.Type() != js.TypeObject || v.Get("length").Type() != js.TypeNumber {
			return mismatch()
		}
		to.SetLen(0)
		for i := range v.Length() {
			to.Grow(1)
			to.SetLen(i + 1)
			if err := decodeInto(v.Index(i), to.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Struct:
		if v.Type() != js.TypeObject {
			return mismatch()
		}
		for i := range to.NumField() {
			name := to.Type().Field(i).Tag.Get("js")
			p := v.Get(name)
			if p.IsUndefined() {
				continue
			}
			if err := decodeInto(p, to.Field(i)); err != nil {
				return errors.New(name + ": " + err.Error())
			}
		}
	default:
		return mismatch()
	}
	return nil
}

// anyIn is the any that a message's field holds. Value.Set and Value.Interface
// would reach it without unsafe, but they link most of reflect: 20 KB of what
// the browser loads.
func anyIn(field reflect.Value) *any { return (*any)(unsafe.Pointer(field.UnsafeAddr())) }

// encoder turns messages into JavaScript values.
type encoder struct {
	transfer []any // buffers that may be handed over instead of copied
}

// encode takes a js.Value, a pointer to a message, or nil.
func (e *encoder) encode(message any) js.Value {
	switch m := message.(type) {
	case nil:
		return js.Null()
	case js.Value:
		return e.handOver(m)
	}
	return e.value(reflect.ValueOf(message))
}

func (e *encoder) value(v reflect.Value) js.Value {
	switch v.Kind() {
	case reflect.Interface:
		return e.encode(*anyIn(v))
	case reflect.Pointer:
		if v.IsNil() {
			return js.Null()
		}
		return e.value(v.Elem())
	case reflect.String:
		return js.ValueOf(v.String())
	case reflect.Bool:
		return js.ValueOf(v.Bool())
	case reflect.Int, reflect.Int64:
		if n := v.Int(); n > maxSafeInteger || n < -maxSafeInteger {
			panic(errNotExact) // the engine refuses such sizes when it opens a file
		}
		return js.ValueOf(float64(v.Int()))
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			array := js.Global().Get("Uint8Array").New(v.Len())
			js.CopyBytesToJS(array, v.Bytes())
			return e.handOver(array)
		}
		array := js.Global().Get("Array").New(v.Len())
		for i := range v.Len() {
			array.SetIndex(i, e.value(v.Index(i)))
		}
		return array
	case reflect.Struct:
		object := js.Global().Get("Object").New()
		for i := range v.NumField() {
			object.Set(v.Type().Field(i).Tag.Get("js"), e.value(v.Field(i)))
		}
		return object
	}
	panic("no message has a " + v.Type().String())
}

// handOver lists a typed array's buffer for transfer.
func (e *encoder) handOver(array js.Value) js.Value {
	e.transfer = append(e.transfer, array.Get("buffer"))
	return array
}
