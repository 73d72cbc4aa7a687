package job

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"vhdscope/vhd"
	"vhdscope/wasm/jobs/edit"
	"vhdscope/wasm/output/outputtest"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// testHost is a place with all that jobs need, in memory.
type testHost struct {
	outputtest.Host
	kept map[string]*keptFile // by path
}

func (h *testHost) Keep(path, name string) (Kept, error) {
	if h.kept[path] == nil {
		if h.kept == nil {
			h.kept = map[string]*keptFile{}
		}
		h.kept[path] = &keptFile{Memory: edit.NewMemory()}
	}
	f := h.kept[path]
	if f.open {
		return nil, errors.New(name + " is open elsewhere")
	}
	f.open = true
	return f, nil
}

// keptFile stays when it is closed, and is open once at a time.
type keptFile struct {
	*edit.Memory
	open bool
}

func (f *keptFile) Close() error {
	f.open = false
	return nil
}

// do runs a request, whose message is decoded from the same message.
func do(ctx context.Context, j *Jobs, command string, req any, progress worker.Progress) (kind string, value any, problem *worker.Problem) {
	return j.Do(ctx, command, func(m any) error {
		switch m := m.(type) {
		case *session.OpenRequest:
			*m = req.(session.OpenRequest)
		case *session.ChooseRequest:
			*m = req.(session.ChooseRequest)
		case *CheckRequest:
			*m = req.(CheckRequest)
		case *SaveRequest:
			*m = req.(SaveRequest)
		case *RelinkRequest:
			*m = req.(RelinkRequest)
		case *CreateRequest:
			*m = req.(CreateRequest)
		case *RepairRequest:
			*m = req.(RepairRequest)
		case *session.ViewRequest:
			*m = req.(session.ViewRequest)
		case *session.ExplainRequest:
			*m = req.(session.ExplainRequest)
		case *session.DetailsRequest:
			*m = req.(session.DetailsRequest)
		case *session.CloseRequest:
			*m = req.(session.CloseRequest)
		case *EditRequest:
			*m = req.(EditRequest)
		case *WriteRequest:
			*m = req.(WriteRequest)
		case *RevertRequest:
			*m = req.(RevertRequest)
		case *UndoRequest:
			*m = req.(UndoRequest)
		}
		return nil
	}, progress)
}

// ask is the result of a request that must succeed.
func ask[Res any](t testing.TB, j *Jobs, command string, req any) *Res {
	t.Helper()
	kind, value, problem := do(t.Context(), j, command, req, nil)
	if kind != worker.ReplyResult || problem != nil {
		t.Fatalf("%s %+v: %s %+v", command, req, kind, problem)
	}
	return value.(*Res)
}

// refused is the problem of a request that must fail.
func refused(t testing.TB, j *Jobs, command string, req any, code string) *worker.Problem {
	t.Helper()
	kind, value, problem := do(t.Context(), j, command, req, nil)
	if kind != worker.ReplyError || value != nil || problem == nil {
		t.Fatalf("%s %+v: %s %+v, %+v; want an error", command, req, kind, value, problem)
	}
	if problem.Code != code || problem.Message == "" {
		t.Errorf("%s %+v: %+v; want the code %q", command, req, problem, code)
	}
	return problem
}

// named is a file to open.
type named struct {
	name string
	file outputtest.Sized
}

// opened has files open under keys from 1 on.
func opened(t testing.TB, h *testHost, files ...named) *Jobs {
	t.Helper()
	j := New(h)
	var list []worker.OpenFile
	for i, f := range files {
		list = append(list, worker.OpenFile{Key: i + 1, Name: f.name, Modified: 1700000000000, File: f.file})
	}
	ask[session.Forest](t, j, session.CommandOpen, session.OpenRequest{Files: list})
	return j
}

// reopened is a new file as an image, and as a disk with images below it.
func reopened(t testing.TB, p []byte, below ...*vhd.Image) (*vhd.Image, *vhd.Disk) {
	t.Helper()
	im, err := vhd.Open(bytes.NewReader(p), int64(len(p)))
	if err != nil {
		t.Fatal(err)
	}
	d, err := vhd.NewDisk(slices.Concat([]*vhd.Image{im}, below)...)
	if err != nil {
		t.Fatal(err)
	}
	return im, d
}

// contents are all bytes of a disk.
func contents(t testing.TB, d *vhd.Disk) []byte {
	t.Helper()
	p := make([]byte, d.Size())
	if _, err := d.ReadAt(p, 0); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return p
}
