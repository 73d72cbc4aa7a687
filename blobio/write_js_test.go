//go:build js && wasm

package blobio

import (
	"errors"
	"math/rand/v2"
	"strings"
	"syscall/js"
	"testing"
)

// privateFiles gives this program a private file system of the browser until
// the test ends, and returns its root: an object of folders, whose files are
// objects with bytes. Room is what the browser says that there is.
func privateFiles(t *testing.T, room int) js.Value {
	t.Helper()
	place := script(`
		const gone = () => { throw new DOMException('none', 'NotFoundError'); };
		const folderOf = (entries) => ({
			getDirectoryHandle: async (name, {create = false} = {}) => folderOf(entries[name] ??= create ? {} : gone()),
			getFileHandle: async (name, {create = false} = {}) => handleOf(name, entries[name] ??= create ? {bytes: new Uint8Array(0), open: 0} : gone()),
			removeEntry: async (name) => { if (!(name in entries)) gone(); if (entries[name].open) throw new DOMException('open', 'NoModificationAllowedError'); delete entries[name]; },
		});
		const handleOf = (name, file) => ({
			name,
			getFile: async () => new File([file.bytes], name),
			createSyncAccessHandle: async () => {
				if (file.open || file.busy-- > 0) throw new DOMException('open', 'NoModificationAllowedError');
				file.open = 1;
				const resize = (size) => { const b = new Uint8Array(size); b.set(file.bytes.subarray(0, size)); file.bytes = b; };
				return {
					truncate: (size) => { if (size > a) throw new DOMException('full', 'QuotaExceededError'); resize(size); },
					write: (array, {at}) => {
						const n = Math.min(array.length, Math.max(a - at, 0));
						if (at + n > file.bytes.length) resize(at + n);
						file.bytes.set(array.subarray(0, n), at);
						return n;
					},
					read: (array, {at}) => {
						const part = file.bytes.subarray(at, at + array.length);
						array.set(part);
						return part.length;
					},
					getSize() { if (!file.open) throw new DOMException('closed', 'InvalidStateError'); return file.bytes.length; },
					flush() { file.flushed = (file.flushed ?? 0) + 1; }, close() { file.open = 0; },
				};
			},
		});
		const root = {};
		return {root, storage: {getDirectory: async () => folderOf(root), estimate: async () => ({quota: a + 100, usage: 100})}};
	`, room)
	descriptor := js.Global().Get("Object").Call("getOwnPropertyDescriptor", js.Global(), "navigator")
	js.Global().Get("Object").Call("defineProperty", js.Global(), "navigator", map[string]any{"value": map[string]any{"storage": place.Get("storage")}, "configurable": true})
	t.Cleanup(func() {
		if descriptor.IsUndefined() {
			js.Global().Delete("navigator")
		} else {
			js.Global().Get("Object").Call("defineProperty", js.Global(), "navigator", descriptor)
		}
	})
	return place.Get("root")
}

// pickedFile looks like a FileSystemFileHandle: its bytes are those that were
// closed. Fail is the name of the exception that a method throws.
func pickedFile(method, fail string) js.Value {
	return script(`
		const failing = (name) => { if (name === a) throw new DOMException('it failed', b); };
		const handle = {name: 'picked.img', bytes: null, aborted: false, async createWritable() {
			failing('createWritable');
			let bytes = new Uint8Array(0);
			const resize = (size) => { const old = bytes; bytes = new Uint8Array(size); bytes.set(old.subarray(0, size)); };
			return {
				async write({type, position, data}) {
					failing('write');
					if (type !== 'write') throw new TypeError('a write of the type ' + type);
					const copy = data.slice();
					await null;
					if (position + copy.length > bytes.length) resize(position + copy.length);
					bytes.set(copy, position);
				},
				async truncate(size) { failing('truncate'); resize(size); },
				async close() { failing('close'); handle.bytes = bytes; },
				async abort() { handle.aborted = true; failing('abort'); },
			};
		}};
		return handle;`, method, fail)
}

func arrayOf(p []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(p))
	js.CopyBytesToJS(array, p)
	return array
}

// bytesOfBlob are all bytes of a Blob.
func bytesOfBlob(t *testing.T, blob js.Value) []byte {
	t.Helper()
	buffer, err := settled(blob, "arrayBuffer")
	if err != nil {
		t.Fatal(err)
	}
	array := js.Global().Get("Uint8Array").New(buffer)
	p := make([]byte, array.Length())
	js.CopyBytesToGo(p, array)
	return p
}

// TestWriters: each keeps what is written to it wherever that is, and zeros
// where nothing is.
func TestWriters(t *testing.T) {
	root := privateFiles(t, 1<<30)
	picked := pickedFile("", "")
	for _, test := range []struct {
		name string
		make func() (Writer, error)
		read func(blob js.Value) js.Value
	}{
		{"stream", func() (Writer, error) { return NewStream(picked) }, func(js.Value) js.Value { return script("return new Blob([a.bytes])", picked) }},
		{"staged", func() (Writer, error) { return NewStaged("staged/page/7", "new.img") }, func(blob js.Value) js.Value { return blob }},
		{"memory", func() (Writer, error) { return NewMemory("new.img", 1<<30), nil }, func(blob js.Value) js.Value { return blob }},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, err := test.make()
			if err != nil {
				t.Fatal(err)
			}
			const size = 9<<20 + 11
			seed := rand.Uint64()
			t.Log("seed", seed)
			random := rand.New(rand.NewPCG(seed, 0))
			model := make([]byte, size)
			if err := w.Resize(size); err != nil {
				t.Fatal(err)
			}
			for range 20 {
				p := make([]byte, random.IntN(3<<20))
				for i := range p {
					p[i] = byte(i) | 1
				}
				off := random.IntN(size - len(p))
				copy(model[off:], p)
				if err := w.Write(arrayOf(p), int64(off)); err != nil {
					t.Fatal(err)
				}
			}
			blob, err := w.Close()
			if err != nil {
				t.Fatal(err)
			}
			if blob.IsNull() != (test.name == "stream") {
				t.Errorf("Close() = %v", blob)
			}
			if string(bytesOfBlob(t, test.read(blob))) != string(model) {
				t.Error("the file is not what was written")
			}
		})
	}
	if got := script("return Object.keys(a.staged.page).join()", root).String(); got != "7" {
		t.Errorf("the private files are %q", got)
	}
}

// TestAborted: nothing is left of a file that was aborted.
func TestAborted(t *testing.T) {
	root := privateFiles(t, 1<<20)
	picked := pickedFile("abort", "InvalidStateError")
	stream, err := NewStream(picked)
	if err != nil {
		t.Fatal(err)
	}
	staged, err := NewStaged("a/b/c", "new.img")
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []Writer{stream, staged, NewMemory("new.img", 100)} {
		if err := w.Write(arrayOf([]byte("bytes")), 3); err != nil {
			t.Fatal(err)
		}
		w.Abort()
	}
	if !picked.Get("aborted").Bool() || !picked.Get("bytes").IsNull() {
		t.Error("the stream was not aborted")
	}
	if got := script("return JSON.stringify(a)", root).String(); got != `{"a":{"b":{}}}` {
		t.Errorf("the private files are %s", got)
	}
}

// TestWriteErrors: what a browser throws becomes words that a person can act
// on, with the file's name.
func TestWriteErrors(t *testing.T) {
	for _, test := range []struct {
		exception, text string
	}{
		{"QuotaExceededError", "not enough room"},
		{"NotAllowedError", "allow that"},
		{"NoModificationAllowedError", "another program"},
		{"NotFoundError", "moved or deleted"},
		{"AbortError", "refused to keep the file: it failed"},
		{"DataError", "DataError: it failed"},
	} {
		for _, method := range []string{"createWritable", "write", "truncate", "close"} {
			s, err := NewStream(pickedFile(method, test.exception))
			if err == nil {
				switch method {
				case "write":
					err = s.Write(arrayOf([]byte("x")), 0)
				case "truncate":
					err = s.Resize(5)
				case "close":
					_, err = s.Close()
				}
			}
			w, ok := err.(*WriteError)
			if !ok || w.Name != "picked.img" || !strings.Contains(err.Error(), test.text) || !strings.Contains(err.Error(), `"picked.img"`) {
				t.Errorf("%s at %s: %v", test.exception, method, err)
			}
			if errors.Is(err, ErrNoRoom) != (test.exception == "QuotaExceededError") {
				t.Errorf("%s at %s: %v is, or is not, ErrNoRoom", test.exception, method, err)
			}
		}
	}
}

// TestNoRoomToWrite: a file that finds no room is told as such, at whatever
// the browser notices it.
func TestNoRoomToWrite(t *testing.T) {
	privateFiles(t, 1000)
	if room, err := Room(); room != 1000 || err != nil {
		t.Errorf("Room() = %d, %v", room, err)
	}
	staged, err := NewStaged("a/b", "new.img")
	if err != nil {
		t.Fatal(err)
	}
	memory := NewMemory("new.img", 1000)
	for _, err := range []error{
		staged.Resize(1001), staged.Write(arrayOf(make([]byte, 600)), 500),
		memory.Resize(1001), memory.Write(arrayOf(make([]byte, 600)), 500),
	} {
		if !errors.Is(err, ErrNoRoom) || !strings.Contains(err.Error(), `"new.img"`) {
			t.Errorf("%v is not ErrNoRoom", err)
		}
	}
	if _, err := NewStaged("a/b", "other.img"); err == nil || !strings.Contains(err.Error(), `"other.img": another program or page has the file open`) {
		t.Errorf("the same file twice: %v", err)
	}
}

// TestNoPrivateFiles: a browser without them is an error, not the end.
func TestNoPrivateFiles(t *testing.T) {
	privateFiles(t, 0)
	js.Global().Get("navigator").Set("storage", js.Undefined())
	if _, err := NewStaged("a/b", "new.img"); err == nil {
		t.Error("a file was staged")
	}
	if _, err := Room(); err == nil {
		t.Error("there is room")
	}
}

// TestBlobOfParts: a Blob holds its parts in order; zeros of any length cost
// few Blobs.
func TestBlobOfParts(t *testing.T) {
	data := newSource(5000, 1).data
	f := NewFile(realFile(t, data))
	blob, err := Blob([]Part{{File: f, Off: 1000, Length: 2000}, {Length: 3<<20 + 77}, {Data: []byte("given"), Length: 5}, {File: f, Off: 0, Length: 10}, {Data: []byte{}}})
	if err != nil {
		t.Fatal(err)
	}
	want := string(data[1000:3000]) + string(make([]byte, 3<<20+77)) + "given" + string(data[:10])
	if got := string(bytesOfBlob(t, blob)); got != want {
		t.Error("the Blob is not its parts")
	}

	before := js.Global().Get("Blob")
	counting := script(`return class extends a { constructor(...args) { super(...args); b.n++; } }`, before, script("return globalThis.blobsMade = {n: 0}"))
	js.Global().Set("Blob", counting)
	t.Cleanup(func() { js.Global().Set("Blob", before); js.Global().Delete("blobsMade") })
	for _, n := range []int64{0, 1, zeroRun, zeroRun + 1, 1<<30 + 5*zeroRun + 3} {
		blob, err := Blob([]Part{{Length: n}})
		if err != nil {
			t.Fatal(err)
		}
		if got := int64(blob.Get("size").Float()); got != n {
			t.Errorf("%d zeros are %d bytes", n, got)
		}
	}
	if n := js.Global().Get("blobsMade").Get("n").Int(); n > 40 {
		t.Errorf("%d Blobs were made", n)
	}
}
