//go:build js && wasm

package shell

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"reflect"
	"regexp"
	"strings"
	"syscall/js"
	"testing"

	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// fromPage are the messages that are decoded, fromWorker those that are not.
var (
	fromPage = []any{
		&worker.Request{}, &session.OpenRequest{}, &worker.OpenFile{}, &session.CloseRequest{}, &session.PinRequest{}, &session.ChooseRequest{},
		&session.DetailsRequest{}, &session.ViewRequest{}, &session.ExplainRequest{}, &session.LocateRequest{},
		&session.ReadRequest{}, &session.ExtentsRequest{}, &session.CheckBatmapRequest{}, &worker.CancelRequest{},
	}
	fromWorker = []any{
		&worker.Reply{}, &worker.Problem{}, &session.Forest{}, &session.FileInfo{}, &session.ParentName{}, &session.FindingCounts{},
		&session.DiskInfo{}, &session.LayerInfo{}, &session.Missing{}, &session.Refusal{}, &session.Details{}, &session.Structure{},
		&session.Field{}, &session.Finding{}, &worker.View{}, &worker.Span{}, &worker.Extent{}, &session.Explanation{}, &session.Step{},
		&session.Pinned{}, &session.Location{}, &session.Bytes{}, &session.ExtentList{}, &session.BatmapCheck{},
	}
)

// TestEveryMessageIsTried: the lists above are those of the protocol.
func TestEveryMessageIsTried(t *testing.T) {
	var source []byte
	for _, name := range []string{"../worker/protocol.go", "../viewer/session/protocol.go"} {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source = append(source, file...)
	}
	listed := map[string]bool{}
	for _, m := range append(fromPage[:len(fromPage):len(fromPage)], fromWorker...) {
		listed[reflect.TypeOf(m).Elem().Name()] = true
	}
	declared := regexp.MustCompile(`(?m)^type (\w+) struct`).FindAllSubmatch(source, -1)
	for _, m := range declared {
		if !listed[string(m[1])] {
			t.Errorf("%s is not tried", m[1])
		}
	}
	if len(declared) != len(listed) {
		t.Errorf("%d messages are declared, %d tried", len(declared), len(listed))
	}
}

// fill gives every field a value of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		v.SetInt(1<<32 + int64(*n))
	case reflect.String:
		v.SetString(fmt.Sprintf("s%d ü \x00 \U0001F4BE", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Interface:
		v.Set(reflect.ValueOf(uint8Array([]byte{byte(*n), 1, 2})))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte{byte(*n), 0, 255})
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range 3 {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	}
}

// sameAs tells where a JavaScript value is not what a Go value should be;
// "" where it is. Arrays of bytes are counted.
func sameAs(v js.Value, want reflect.Value, arrays *int) string {
	is := false
	switch want.Kind() {
	case reflect.Int, reflect.Int64:
		is = v.Type() == js.TypeNumber && v.Float() == float64(want.Int())
	case reflect.String:
		is = v.Type() == js.TypeString && v.String() == want.String()
	case reflect.Bool:
		is = v.Type() == js.TypeBoolean && v.Bool() == want.Bool()
	case reflect.Interface:
		*arrays++
		if want.IsNil() {
			*arrays--
			is = v.IsNull()
		} else {
			is = v.Equal(want.Interface().(js.Value))
		}
	case reflect.Pointer:
		if !want.IsNil() {
			return sameAs(v, want.Elem(), arrays)
		}
		is = v.IsNull()
	case reflect.Slice:
		if want.Type().Elem().Kind() == reflect.Uint8 {
			*arrays++
			got := make([]byte, v.Length())
			is = js.CopyBytesToGo(got, v) == want.Len() && bytes.Equal(got, want.Bytes())
			break
		}
		is = js.Global().Get("Array").Call("isArray", v).Bool() && v.Length() == want.Len()
		for i := 0; is && i < want.Len(); i++ {
			if at := sameAs(v.Index(i), want.Index(i), arrays); at != "" {
				return fmt.Sprintf("[%d] %s", i, at)
			}
		}
	case reflect.Struct:
		var names []string
		for i := range want.NumField() {
			name := want.Type().Field(i).Tag.Get("js")
			names = append(names, name)
			if at := sameAs(v.Get(name), want.Field(i), arrays); at != "" {
				return name + " " + at
			}
		}
		is = strings.Join(names, ",") == script("return Object.keys(a).join()", v).String()
	}
	if is {
		return ""
	}
	return fmt.Sprintf("is %v, want %v", v, want)
}

// TestEncode: every message of either side becomes an object of exactly its
// properties, empty and with everything in it.
func TestEncode(t *testing.T) {
	for _, m := range append(fromPage[:len(fromPage):len(fromPage)], fromWorker...) {
		for _, full := range []bool{false, true} {
			v := reflect.New(reflect.TypeOf(m).Elem())
			n := 0
			if full {
				fill(v.Elem(), &n)
			}
			e := encoder{}
			object := e.encode(v.Interface())
			arrays := 0
			if at := sameAs(object, v.Elem(), &arrays); at != "" {
				t.Errorf("%T: %s", m, at)
			}
			if len(e.transfer) != arrays {
				t.Errorf("%T: %d buffers are handed over, of %d arrays", m, len(e.transfer), arrays)
			}
			for _, b := range e.transfer {
				if !b.(js.Value).InstanceOf(js.Global().Get("ArrayBuffer")) {
					t.Errorf("%T: a %v is handed over", m, b)
				}
			}
			// The browser can clone it, which leaves the worker without the bytes.
			clone := script("return structuredClone(a, {transfer: b})", object, js.ValueOf(e.transfer))
			if clone.Type() != js.TypeObject {
				t.Errorf("%T: the clone is a %v", m, clone.Type())
			}
			for _, b := range e.transfer {
				if b.(js.Value).Get("byteLength").Int() != 0 {
					t.Errorf("%T: bytes were copied and not handed over", m)
				}
			}
		}
	}
	if v := (&encoder{}).encode(nil); !v.IsNull() {
		t.Errorf("nil is encoded as %v", v)
	}
}

// TestEncodeMessageInReply: a reply's value may be a message with messages.
func TestEncodeMessageInReply(t *testing.T) {
	list := &session.ExtentList{Extents: []worker.Extent{{Offset: 1 << 40, State: "data"}, {Layer: -1, Problem: &worker.Problem{Code: "x"}}}}
	v := (&encoder{}).encode(&worker.Reply{ID: 7, Kind: worker.ReplyResult, Value: list}).Get("value")
	arrays := 0
	if at := sameAs(v, reflect.ValueOf(list), &arrays); at != "" {
		t.Error(at)
	}
}

// TestRoundTrip: what the page could send arrives as it was.
func TestRoundTrip(t *testing.T) {
	for _, m := range fromPage {
		want, got := reflect.New(reflect.TypeOf(m).Elem()), reflect.New(reflect.TypeOf(m).Elem())
		n := 0
		fill(want.Elem(), &n)
		if err := decode((&encoder{}).encode(want.Interface()), got.Interface()); err != nil {
			t.Errorf("%T: %v", m, err)
			continue
		}
		arrays := 0
		if at := sameAs((&encoder{}).encode(got.Interface()), want.Elem(), &arrays); at != "" {
			t.Errorf("%T: %s", m, at)
		}
	}
}

// TestNumbers: numbers are exact to 2^53-1 and refused beyond, both ways.
func TestNumbers(t *testing.T) {
	for _, n := range []int64{0, 1, -1, 1<<31 - 1, 1 << 31, 1<<31 + 1, 1<<32 - 1, 1 << 32, 1<<32 + 1, 1 << 40, 1<<41 - 512, 1 << 41, 1<<53 - 1, -1 << 31, -1<<53 + 1} {
		v := script("return {disk: Number(a), offset: Number(a), length: Number(a)}", fmt.Sprint(n))
		var r session.ReadRequest
		if err := decode(v, &r); err != nil || r.Offset != n || r.Length != n || int64(r.Disk) != n {
			t.Errorf("%d: %+v, %v", n, r, err)
		}
		if back := script("return [a.disk, a.offset, a.length].join()", (&encoder{}).encode(&r)).String(); back != fmt.Sprintf("%d,%d,%d", n, n, n) {
			t.Errorf("%d is encoded as %s", n, back)
		}
	}
	for _, f := range []float64{1 << 53, 1<<53 + 2, -1 << 53, 1 << 63, 1 << 64, 1e300, 0.5, -0.25, 1<<32 + 0.5, math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, name := range []string{"disk", "offset"} {
			r := session.ReadRequest{Disk: 3, Offset: 4}
			if err := decode(js.ValueOf(map[string]any{name: f}), &r); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s %v: %+v, %v", name, f, r, err)
			}
		}
	}
	for _, n := range []int64{1 << 53, -1 << 53, math.MaxInt64, math.MinInt64} {
		for _, m := range []any{&session.Location{Offset: n}, &session.Step{Bit: int(n)}, &worker.View{Extents: []worker.Extent{{Source: n}}}} {
			if !panics(func() { (&encoder{}).encode(m) }) {
				t.Errorf("%d in a %T is encoded", n, m)
			}
		}
	}
}

func panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}

// wrongValues are one of each type that JavaScript has.
var wrongValues = []struct{ kind, source string }{
	{"null", "null"}, {"boolean", "true"}, {"number", "7"}, {"string", "'7'"}, {"object", "({})"}, {"array", "[{}]"}, {"numbers", "[7]"},
	{"function", "() => 1"}, {"symbol", "Symbol('7')"}, {"bigint", "7n"}, {"bytes", "new Uint8Array(1)"}, {"long", "({length: 2 ** 31})"}, {"odd", "({length: '1'})"},
}

// TestWrongTypes: a property of another type is an error that names it, and
// never a panic.
func TestWrongTypes(t *testing.T) {
	for _, m := range fromPage {
		of := reflect.TypeOf(m).Elem()
		for i := range of.NumField() {
			field := of.Field(i)
			for _, wrong := range wrongValues {
				want := true // an error
				switch field.Type.Kind() {
				case reflect.Int, reflect.Int64:
					want = wrong.kind != "number"
				case reflect.String:
					want = wrong.kind != "string"
				case reflect.Interface:
					want = false
				case reflect.Slice:
					switch {
					case field.Type.Elem().Kind() == reflect.Int:
						want = wrong.kind != "numbers" && wrong.kind != "bytes"
					default:
						want = wrong.kind != "array"
					}
				}
				name := field.Tag.Get("js")
				object := script("return {[a]: "+wrong.source+"}", name)
				err := decode(object, reflect.New(of).Interface())
				if (err != nil) != want || err != nil && !strings.HasPrefix(err.Error(), name) {
					t.Errorf("%v.%s of %s: %v", of, name, wrong.source, err)
				}
			}
		}
		for _, wrong := range wrongValues {
			if wrong.kind == "object" || wrong.kind == "array" || wrong.kind == "numbers" || wrong.kind == "bytes" || wrong.kind == "long" || wrong.kind == "odd" {
				continue
			}
			if err := decode(script("return "+wrong.source), reflect.New(of).Interface()); err == nil {
				t.Errorf("%v of %s: no error", of, wrong.source)
			}
		}
		if err := decode(js.Undefined(), reflect.New(of).Interface()); err == nil {
			t.Errorf("%v of undefined: no error", of)
		}
		if err := decode(script("return {}"), reflect.New(of).Interface()); err != nil {
			t.Errorf("%v of an empty object: %v", of, err)
		}
	}
}

// TestBytes: the bytes that a page sends are copied, and nothing else is taken
// for bytes.
func TestBytes(t *testing.T) {
	var v worker.View
	if err := decode(script("return {bytes: new Uint8Array([9, 1, 2, 255]).subarray(1)}"), &v); err != nil || !bytes.Equal(v.Bytes, []byte{1, 2, 255}) {
		t.Errorf("%v, %v", v.Bytes, err)
	}
	for _, wrong := range []string{"[1, 2]", "new ArrayBuffer(2)", "new Uint16Array(2)", "{length: 2}", "'ab'", "7"} {
		if err := decode(script("return {bytes: "+wrong+"}"), &v); err == nil || !strings.HasPrefix(err.Error(), "bytes") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// TestDeepWrongTypes: errors deep in a list name the way to them.
func TestDeepWrongTypes(t *testing.T) {
	var r session.OpenRequest
	err := decode(script("return {files: [{key: 1, name: 'a'}, {key: 2, name: 7}]}"), &r)
	if err == nil || !strings.Contains(err.Error(), "files") || !strings.Contains(err.Error(), "name") {
		t.Errorf("error %v", err)
	}
}
