//go:build js && wasm

package main

import (
	"bytes"
	"reflect"
	"slices"
	"syscall/js"
	"testing"

	"vhdscope/vhd/vhdtest/fieldnotes"
	"vhdscope/wasm/output"
	"vhdscope/wasm/shell"
	"vhdscope/wasm/volumes/browse"
	"vhdscope/wasm/worker"
)

// ask is the result of a request that must succeed.
func ask[Res any](t *testing.T, v *browse.Volume, command string, req any) *Res {
	t.Helper()
	kind, value, problem := v.Do(t.Context(), command, func(m any) error {
		reflect.ValueOf(m).Elem().Set(reflect.ValueOf(req))
		return nil
	}, nil)
	if kind != worker.ReplyResult {
		t.Fatalf("%s: %s %+v", command, kind, problem)
	}
	return value.(*Res)
}

// fileOf is a File of these bytes.
func fileOf(name string, p []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(p))
	js.CopyBytesToJS(array, p)
	return js.Global().Get("File").New([]any{array}, name)
}

// bytesOf are all bytes of a Blob.
func bytesOf(blob any) []byte {
	read := make(chan []byte, 1)
	then := js.FuncOf(func(_ js.Value, args []js.Value) any {
		array := js.Global().Get("Uint8Array").New(args[0])
		p := make([]byte, array.Length())
		js.CopyBytesToGo(p, array)
		read <- p
		return nil
	})
	defer then.Release()
	blob.(js.Value).Call("arrayBuffer").Call("then", then)
	return <-read
}

// TestFilesOfABrowser: of a chain of a browser's Files, a file inside is a Blob
// of parts of them, and all files are in an archive.
func TestFilesOfABrowser(t *testing.T) {
	layers, err := fieldnotes.Build()
	if err != nil {
		t.Fatal(err)
	}
	var files []worker.OpenFile
	for _, l := range slices.Backward(layers) {
		files = append(files, worker.OpenFile{Key: len(files) + 1, Name: l.Name, File: fileOf(l.Name, l.File.Bytes())})
	}
	v := browse.New(output.Browser{Host: shell.NewHost()})
	size := ask[browse.Chain](t, v, browse.CommandChain, browse.ChainRequest{Files: files}).Size
	ask[browse.Mounted](t, v, browse.CommandMount, browse.MountRequest{Start: fieldnotes.VolumeStart, Size: size - fieldnotes.VolumeStart})
	to := output.Target{Name: "new"}
	total := 0
	for name, data := range layers[len(layers)-1].Files {
		total += len(data)
		s := ask[browse.SavedFiles](t, v, browse.CommandSave, browse.SaveRequest{Paths: []string{"/" + name}, To: to}).Saved
		if s.Way != output.WayComposite || !bytes.Equal(bytesOf(s.Blob), data) {
			t.Errorf("%s, saved as %s, is something else", name, s.Way)
		}
	}
	s := ask[browse.SavedFiles](t, v, browse.CommandSave, browse.SaveRequest{Paths: []string{"/"}, Zip: true, Base: "/", To: to})
	if p := bytesOf(s.Saved.Blob); int64(len(p)) != s.Saved.Size || len(p) < total || s.Count != len(layers[len(layers)-1].Files) {
		t.Errorf("an archive of %d bytes: %+v", len(p), s)
	}
}
