package job

import (
	"testing"

	"vhdscope/wasm/output"
	"vhdscope/wasm/worker"
	"vhdscope/wasm/worker/workertest"
)

var everyMessage = []worker.Message{
	&output.Target{}, &output.Saved{}, &output.Lost{}, &output.Changed{},
	&CheckRequest{}, &CheckReport{}, &CheckedLayer{}, &CheckFinding{}, &SaveRequest{},
	&RelinkRequest{}, &RelinkPreview{}, &ParentFields{}, &CreateRequest{}, &RepairRequest{}, &Repaired{},
	&EditRequest{}, &Edits{}, &WriteRequest{}, &RevertRequest{}, &UndoRequest{}, &EditState{},
}

// TestProtocolMirrors: both sides of the worker declare the same messages
// and commands, in the same order and with the same words about them, and
// every message shows its fields.
func TestProtocolMirrors(t *testing.T) {
	p := workertest.Mirrors(t, "../../../web/src/engine/jobs-protocol.js", "../../output/protocol.go", "protocol.go")
	workertest.Walks(t, p, everyMessage)
}

// TestCommandsAreNew: no command of the viewer's means something else here.
func TestCommandsAreNew(t *testing.T) {
	viewer := workertest.InGo(t, "../../viewer/session/protocol.go")
	for _, c := range workertest.InGo(t, "protocol.go").Commands {
		for _, v := range viewer.Commands {
			if c.Value == v.Value {
				t.Errorf("the command %q is the viewer's", c.Value)
			}
		}
	}
}
