package job

import (
	"bytes"
	"net/http"
	"testing"
	"testing/synctest"

	"vhdscope/blobio"
	"vhdscope/blobio/remotetest"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/output"
)

// TestJobsOnRemoteChains: what is saved of layers on servers is the disk, with
// edits on top too; where the network fails, a job ends with that, be it one
// that takes what it cannot read for a flaw.
func TestJobsOnRemoteChains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 5, Layers: 3, Size: 2 << 20, BlockSizes: []uint32{512 << 10}, Share: 0.5, Leave: 0.5})
		var files []named
		var servers []*remotetest.Server
		for _, l := range c.Layers {
			s := &remotetest.Server{Data: l.File, Size: l.File.Size(), ETag: `"one"`}
			servers = append(servers, s)
			files = append(files, named{l.Name, s.Open(remotetest.Serve(t, s), "x.vhd")})
		}
		h := &testHost{}
		j := opened(t, h, files...)
		to := output.Target{Name: "new"}
		raw := SaveRequest{Disk: 1, Last: 2, As: "raw", To: to}
		saved := ask[output.Saved](t, j, CommandSave, raw)
		if saved.Way != output.WayMemory || !bytes.Equal(h.Bytes(t, saved), c.Contents()) {
			t.Errorf("saved as %s, it is another disk", saved.Way)
		}
		for _, f := range files {
			file := f.file.(*remotetest.File)
			file.Reader = blobio.NewCache(0).Reader(file.Remote) // nothing is kept of what was read
		}
		requests := []struct {
			command string
			req     any
		}{
			{CommandCheck, CheckRequest{Disk: 1, Data: true}},
			{CommandCheck, CheckRequest{File: 2}},
			{CommandSave, raw},
			{CommandSave, SaveRequest{Disk: 1, Last: 2, As: "raw", Salvage: true, To: to}},
			{CommandSave, SaveRequest{Disk: 1, Last: 2, As: "dynamic", Salvage: true, To: to}},
			{CommandRepair, RepairRequest{File: 3, Data: true, To: to}},
		}
		for _, s := range servers {
			s.Fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
				return s.Misbehave(remotetest.Status(503), w, r)
			}
		}
		for _, r := range requests {
			refused(t, j, r.command, r.req, blobio.CodeNetwork)
		}
		for _, s := range servers {
			s.Fault = nil
		}
		for _, r := range requests {
			if kind, _, problem := do(t.Context(), j, r.command, r.req, nil); problem != nil {
				t.Errorf("%s: %s %+v", r.command, kind, problem)
			}
		}
	})
}
