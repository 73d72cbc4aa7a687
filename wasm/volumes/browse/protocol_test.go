package browse

import (
	"testing"

	"vhdscope/wasm/worker"
	"vhdscope/wasm/worker/workertest"
)

var everyMessage = []worker.Message{
	&ChainRequest{},
	&Chain{},
	&ScanRequest{},
	&Layout{},
	&Part{},
	&LayoutFinding{},
	&MountRequest{},
	&Mounted{},
	&ListRequest{},
	&Listing{},
	&StatRequest{},
	&FileDetails{},
	&Stream{},
	&LayersRequest{},
	&LayersList{},
	&LayersOf{},
	&MapRequest{},
	&FileMap{},
	&FileExtent{},
	&LookRequest{},
	&SaveRequest{},
	&SavedFiles{},
	&UnreadFile{},
	&RenamedFile{},
	&HashRequest{},
	&Hashes{},
	&FileHash{},
	&SearchRequest{},
	&Found{},
	&FoundEntry{},
	&OwnerRequest{},
	&Owner{},
	&OwnerFile{},
	&ChangesRequest{},
	&Changes{},
	&Change{},
	&Side{},
	&ChangedRegion{},
	&TouchedRequest{},
	&TouchedRuns{},
}

// TestProtocolMirrors: both sides of the worker declare the same messages
// and commands, in the same order and with the same words about them, and
// every message shows its fields.
func TestProtocolMirrors(t *testing.T) {
	p := workertest.Mirrors(t, "../../../web/src/engine/volumes-protocol.js", "protocol.go")
	workertest.Walks(t, p, everyMessage)
}
