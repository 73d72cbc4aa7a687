package session_test

import (
	"strings"
	"testing"

	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
	"vhdscope/wasm/worker/workertest"
)

const pageProtocol = "../../../web/src/engine/protocol.js"

var everyMessage = []worker.Message{
	&worker.Request{}, &worker.Reply{}, &worker.Problem{}, &worker.CancelRequest{}, &worker.OpenFile{},
	&worker.View{}, &worker.Span{}, &worker.Extent{},
	&session.OpenRequest{}, &session.CloseRequest{}, &session.PinRequest{}, &session.Pinned{}, &session.ChooseRequest{},
	&session.Forest{}, &session.FileInfo{}, &session.ParentName{}, &session.FindingCounts{}, &session.DiskInfo{}, &session.LayerInfo{}, &session.Missing{}, &session.Refusal{},
	&session.DetailsRequest{}, &session.Details{}, &session.Structure{}, &session.Field{}, &session.Finding{},
	&session.ViewRequest{}, &session.ExplainRequest{}, &session.Explanation{}, &session.Step{},
	&session.LocateRequest{}, &session.Location{},
	&session.ReadRequest{}, &session.Bytes{}, &session.ExtentsRequest{}, &session.ExtentList{},
	&session.CheckBatmapRequest{}, &session.BatmapCheck{},
}

// TestProtocolMirrors: both sides of the worker declare the same messages
// and constants, in the same order and with the same words about them, and
// every message shows its fields.
func TestProtocolMirrors(t *testing.T) {
	p := workertest.Mirrors(t, pageProtocol, "../../worker/protocol.go", "protocol.go")
	if len(p.Commands) < 12 || len(p.Replies) < 6 || len(p.Messages) < 35 {
		t.Errorf("only %d commands, %d kinds of replies and %d messages were found", len(p.Commands), len(p.Replies), len(p.Messages))
	}
	workertest.Walks(t, p, everyMessage)
}

// TestProtocolDifferencesAreSeen changes one side at a time.
func TestProtocolDifferencesAreSeen(t *testing.T) {
	page := workertest.Read(t, pageProtocol)
	want := workertest.InJS(t, page)
	for _, edit := range [][2]string{
		{"Locate: 'locate',", "Locate: 'find',"},
		{"  Locate: 'locate',           // LocateRequest → Location\n", ""},
		{"// LocateRequest → Location", "// LocateRequest → View"},
		{"Ready: 'ready', ", "Begin: 'ready', "},
		{" * @property {string} unit\n * @property {number} index\n", " * @property {number} index\n * @property {string} unit\n"},
		{" * @property {string} unit\n", ""},
		{" * @property {string} unit\n", " * @property {number} unit\n"},
		{"@property {Problem | null} problem", "@property {Problem} problem"},
		{"@property {Uint8Array<ArrayBuffer>} bytes", "@property {number[]} bytes"},
		{"@typedef {object} Location\n", "@typedef {object} Place\n"},
		{"Length is at most 1 MiB.", "Length is at most 2 MiB."},
	} {
		changed := strings.Replace(page, edit[0], edit[1], 1)
		if changed == page {
			t.Errorf("%q is not in the page's protocol", edit[0])
		} else if len(workertest.Differences(want, workertest.InJS(t, changed))) == 0 {
			t.Errorf("%q in place of %q is not noticed", edit[1], edit[0])
		}
	}
}
