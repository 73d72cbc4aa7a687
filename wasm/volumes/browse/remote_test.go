package browse

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vhdscope/blobio"
	"vhdscope/blobio/remotetest"
	"vhdscope/vhd/vhdtest/fieldnotes"
	"vhdscope/wasm/output"
	"vhdscope/wasm/output/outputtest"
)

// remoteSample is the sample's volume, mounted from servers.
func remoteSample(t *testing.T) (*outputtest.Host, *Volume, []*remotetest.Server, fieldnotes.Layer) {
	layers := sample(t)
	var files []named
	var servers []*remotetest.Server
	for _, l := range slices.Backward(layers) {
		s := &remotetest.Server{Data: l.File, Size: l.File.Size(), ETag: `"one"`}
		servers = append(servers, s)
		files = append(files, named{l.Name, s.Open(remotetest.Serve(t, s), "x.vhd")})
	}
	h := &outputtest.Host{}
	v := opened(t, h, files...)
	size := ask[Layout](t, v, CommandScan, ScanRequest{})
	part := size.Parts[slices.IndexFunc(size.Parts, func(p Part) bool { return p.Browsable })]
	ask[Mounted](t, v, CommandMount, MountRequest{Start: part.Start, Size: part.Size})
	return h, v, servers, layers[len(layers)-1]
}

// TestFilesOfRemoteChains: files inside are saved byte by byte, one by one and
// in an archive.
func TestFilesOfRemoteChains(t *testing.T) {
	h, v, _, last := remoteSample(t)
	to := output.Target{Name: "new"}
	for name, data := range last.Files {
		s := ask[SavedFiles](t, v, CommandSave, SaveRequest{Paths: []string{"/" + name}, To: to}).Saved
		if s.Way != output.WayMemory || !bytes.Equal(h.Bytes(t, &s), data) {
			t.Errorf("%s, saved as %s, is something else", name, s.Way)
		}
	}
	if s := ask[SavedFiles](t, v, CommandSave, SaveRequest{Paths: []string{"/"}, Zip: true, Base: "/", To: to}); s.Count != len(last.Files) || len(s.Unread) > 0 {
		t.Errorf("the archive: %+v", s)
	}
}

// TestNetworkIsNoDamage: where the network fails, a request does, with that;
// it leaves no half of a file, and when the network is back it succeeds.
func TestNetworkIsNoDamage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, v, servers, last := remoteSample(t)
		fresh := blobio.NewCache(0)
		for _, im := range v.chain.images { // nothing is kept of what was read
			f := im.Reader().(*remotetest.File)
			f.Reader = fresh.Reader(f.Remote)
		}
		name := ""
		for n := range last.Files {
			if len(last.Files[n]) > len(last.Files[name]) && !strings.Contains(n, "/") {
				name = n
			}
		}
		to := output.Target{Name: "new"}
		requests := []struct {
			command string
			req     any
		}{
			{CommandSave, SaveRequest{Paths: []string{"/" + name}, To: to}},
			{CommandSave, SaveRequest{Paths: []string{"/"}, Zip: true, Base: "/", To: to}},
			{CommandHash, HashRequest{Paths: []string{"/" + name}}},
			{CommandScan, ScanRequest{}},
		}
		for _, s := range servers {
			s.Fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
				return s.Misbehave(remotetest.Status(503), w, r)
			}
		}
		for _, r := range requests {
			refused(t, v, r.command, r.req, blobio.CodeNetwork)
		}
		for _, f := range h.Files {
			if !f.Aborted {
				t.Errorf("a file was left: %+v", f)
			}
		}
		time.Sleep(time.Minute) // what was read ahead gives up, too
		for _, s := range servers {
			s.Fault = nil
		}
		for _, r := range requests {
			if kind, _, problem := do(t.Context(), v, r.command, r.req, nil); problem != nil {
				t.Errorf("%s: %s %+v", r.command, kind, problem)
			}
		}
	})
}
