package workertest

import (
	"reflect"
	"slices"
	"testing"

	"vhdscope/wasm/worker"
)

// Walks fails the test unless every message of a protocol shows exactly its
// fields, each once, in the order and by the names of their tags: with nothing
// in them, and with a message in every pointer and two in every list.
func Walks(t *testing.T, p Protocol, messages []worker.Message) {
	t.Helper()
	var declared, listed []string
	for _, m := range p.Messages {
		declared = append(declared, m.Name)
	}
	for _, m := range messages {
		v := reflect.ValueOf(m).Elem()
		listed = append(listed, v.Type().Name())
		sameFields(t, m)
		for i := range v.NumField() {
			switch f := v.Field(i); {
			case f.Kind() == reflect.Pointer:
				f.Set(reflect.New(f.Type().Elem()))
			case f.Kind() == reflect.Slice:
				f.Set(reflect.MakeSlice(f.Type(), 2, 2))
			}
		}
		sameFields(t, m)
	}
	if !slices.Equal(declared, listed) {
		t.Errorf("the protocol declares\n%q, and\n%q walk", declared, listed)
	}
}

// shown is a field as a message shows it: where it is, or the messages in it.
type shown struct {
	name string
	at   any
}

func sameFields(t *testing.T, m worker.Message) {
	t.Helper()
	var got recorder
	m.Walk(&got)
	v := reflect.ValueOf(m).Elem()
	name := v.Type().Name()
	if len(got) != v.NumField() {
		t.Fatalf("%s has %d fields and shows %d", name, v.NumField(), len(got))
	}
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("js")
		if want := (shown{tag, fieldOf(v.Field(i))}); got[i].name != tag || !same(got[i].at, want.at) {
			t.Errorf("field %d of %s is shown as %q, a %T, not as %q, a %T, or is another", i, name, got[i].name, got[i].at, tag, want.at)
		}
	}
}

// fieldOf is what must be shown of a field.
func fieldOf(f reflect.Value) any {
	_, isFiles := f.Interface().([]worker.OpenFile)
	switch {
	case f.Kind() == reflect.Pointer && f.IsNil():
		return nil
	case f.Kind() == reflect.Pointer:
		return f.Interface()
	case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct && !isFiles:
		list := []any{}
		for i := range f.Len() {
			list = append(list, f.Index(i).Addr().Interface())
		}
		return list
	}
	return f.Addr().Interface()
}

// same compares pointers, and lists of them, by where they point.
func same(a, b any) bool {
	x, isList := a.([]any)
	y, both := b.([]any)
	if !isList || !both {
		return isList == both && a == b
	}
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}

// recorder notes what it is shown.
type recorder []shown

func (r *recorder) note(name string, at any) { *r = append(*r, shown{name, at}) }

func (r *recorder) Int(name string, p *int)                     { r.note(name, p) }
func (r *recorder) Int64(name string, p *int64)                 { r.note(name, p) }
func (r *recorder) String(name string, p *string)               { r.note(name, p) }
func (r *recorder) Bool(name string, p *bool)                   { r.note(name, p) }
func (r *recorder) Bytes(name string, p *[]byte)                { r.note(name, p) }
func (r *recorder) Ints(name string, p *[]int)                  { r.note(name, p) }
func (r *recorder) Strings(name string, p *[]string)            { r.note(name, p) }
func (r *recorder) Any(name string, p *any)                     { r.note(name, p) }
func (r *recorder) OpenFiles(name string, p *[]worker.OpenFile) { r.note(name, p) }

func (r *recorder) Message(name string, m worker.Message, there bool) {
	if !there {
		r.note(name, nil)
		return
	}
	r.note(name, m)
}

func (r *recorder) List(name string, n int, at func(int) worker.Message) {
	list := []any{}
	for i := range n {
		list = append(list, at(i))
	}
	r.note(name, list)
}
