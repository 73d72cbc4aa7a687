//go:build js && wasm

package blobio

import (
	"errors"
	"strings"
	"syscall/js"
)

// call calls a method of v. An exception is an error, and so is a v that has
// no such method.
func call(v js.Value, method string, args ...any) (result js.Value, err error) {
	defer recoverException(&err)
	return v.Call(method, args...), nil
}

// await parks the goroutine until promise is settled and returns its value. A
// rejection is an error.
func await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 2) // room for both: a callback must not wait
	resolve := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{value: first(args)}
		return nil
	})
	defer resolve.Release()
	reject := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{err: exception(first(args))}
		return nil
	})
	defer reject.Release()
	if _, err := call(promise, "then", resolve, reject); err != nil {
		return js.Value{}, err
	}
	o := <-settled
	return o.value, o.err
}

func first(args []js.Value) js.Value {
	if len(args) == 0 {
		return js.Undefined()
	}
	return args[0]
}

// recoverException, deferred, turns the panics of syscall/js into *err. Any
// other panic goes on.
func recoverException(err *error) {
	switch e := recover().(type) {
	case nil:
	case js.Error:
		*err = exception(e.Value)
	case *js.ValueError: // of a value that is no object
		*err = e
	case string: // of a property that is no function
		*err = errors.New(e)
	default:
		panic(e)
	}
}

// exceptionError is what was thrown in JavaScript: a DOMException or an Error.
type exceptionError struct{ name, message string }

func (e *exceptionError) Error() string {
	switch {
	case e.changed():
		return ErrChanged.Error() + " (" + e.name + ")"
	case e.name != "" && e.message != "":
		return e.name + ": " + e.message
	}
	return e.name + e.message
}

// Is makes ErrChanged of what browsers throw at a file that is gone, changed
// or locked.
func (e *exceptionError) Is(target error) bool { return target == ErrChanged && e.changed() }

func (e *exceptionError) changed() bool {
	switch e.name {
	case "NotReadableError", "NotFoundError",
		"AbortError": // Firefox, of a file that is gone: no read is aborted here
		return true
	}
	return strings.HasPrefix(e.name, "NS_ERROR_") // the same from its FileReaderSync
}

// exception returns the error for a value thrown in JavaScript, which may be
// anything.
func exception(thrown js.Value) error {
	name, message := text(thrown, "name"), text(thrown, "message")
	switch {
	case name != "" || message != "":
		return &exceptionError{name, message}
	case thrown.Type() == js.TypeString:
		return errors.New(thrown.String())
	}
	return errors.New("the browser gave no reason")
}

// text returns a property of v, or nothing where v has no such string.
func text(v js.Value, property string) string {
	if v.Type() != js.TypeObject && v.Type() != js.TypeFunction {
		return ""
	}
	if p := v.Get(property); p.Type() == js.TypeString {
		return p.String()
	}
	return ""
}
