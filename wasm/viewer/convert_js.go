//go:build js && wasm

package main

import (
	"errors"
	"math"
	"reflect"
	"syscall/js"
)

// Messages are structs whose fields name their JavaScript property in a js
// tag. Numbers are exact below 2^53 and refused beyond; never 32 bits.

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
		to.Set(reflect.ValueOf(v))
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
		n := v.Length()
		to.Set(reflect.MakeSlice(to.Type(), 0, 0))
		for i := range n {
			item := reflect.New(to.Type().Elem()).Elem()
			if err := decodeInto(v.Index(i), item); err != nil {
				return err
			}
			to.Set(reflect.Append(to, item))
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

// encoder turns messages into JavaScript values.
type encoder struct {
	transfer []any // buffers that may be handed over instead of copied
}

func (e *encoder) encode(message any) js.Value { return e.value(reflect.ValueOf(message)) }

func (e *encoder) value(v reflect.Value) js.Value {
	if !v.IsValid() {
		return js.Null()
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
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
		if b, ok := v.Interface().([]byte); ok {
			array := js.Global().Get("Uint8Array").New(len(b))
			js.CopyBytesToJS(array, b)
			return e.handOver(array)
		}
		array := js.Global().Get("Array").New(v.Len())
		for i := range v.Len() {
			array.SetIndex(i, e.value(v.Index(i)))
		}
		return array
	case reflect.Struct:
		if array, ok := v.Interface().(js.Value); ok {
			return e.handOver(array)
		}
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
