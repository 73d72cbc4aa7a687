package session

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"vhdscope/blobio"
	"vhdscope/blobio/remotetest"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// remoteHost opens remote files as they are, and anything else as others do.
type remoteHost struct{ testHost }

func (h *remoteHost) Open(name string, f any) (worker.Source, error) {
	if f, ok := f.(*remotetest.File); ok {
		return f, nil
	}
	return h.testHost.Open(name, f)
}

// onServer is a file on a server, which may be told to fail.
func onServer(t *testing.T, f *vhdtest.File) (*remotetest.Server, blobio.Web) {
	s := &remotetest.Server{Data: f, Size: f.Size(), ETag: `"one"`}
	return s, remotetest.Serve(t, s)
}

func failWith(s *remotetest.Server, fault remotetest.Fault) {
	s.Fault = func(_ int, w http.ResponseWriter, r *http.Request) bool { return s.Misbehave(fault, w, r) }
}

// TestNetworkIsNoFlaw: whatever request of those that opening takes fails, the
// file is refused for the network, and opened again it is as it should be.
func TestNetworkIsNoFlaw(t *testing.T) {
	image := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 2040 << 30, Creator: "tap", Batmap: &vhdtest.Batmap{}}.Build()
	for failing := range 20 {
		done := false
		synctest.Test(t, func(t *testing.T) {
			s, web := onServer(t, image)
			from := failing
			s.Fault = func(n int, w http.ResponseWriter, r *http.Request) bool {
				return n >= from && s.Misbehave(remotetest.Status(503), w, r)
			}
			session := New(&remoteHost{})
			file := worker.OpenFile{Key: 1, Name: "a.vhd", File: s.Open(web, "a.vhd")}
			info := ask[Forest](t, session, CommandOpen, OpenRequest{[]worker.OpenFile{file}}).Files[0]
			if done = info.Kind == "vhd"; done {
				if failing < 3 || info.Findings.Errors+info.Findings.Warnings > 0 {
					t.Errorf("with %d requests: %+v", failing, info)
				}
				return
			}
			if info.Kind != "refused" || info.Problem.Code != blobio.CodeNetwork || info.Problem.File != "a.vhd" {
				t.Errorf("without request %d: %+v, %+v", failing, info, info.Problem)
			}
			s.Fault = nil
			file.File = s.Open(web, "a.vhd")
			if info := ask[Forest](t, session, CommandOpen, OpenRequest{[]worker.OpenFile{file}}).Files; len(info) != 1 || info[0].Kind != "vhd" || info[0].Findings.Errors+info[0].Findings.Warnings > 0 {
				t.Errorf("opened again: %+v", info)
			}
		})
		if done {
			return
		}
	}
	t.Error("it was never opened")
}

// TestRemoteProblems: each way to fail has its code, when a file is pinned and
// when it is read, and reading works again when the server does.
func TestRemoteProblems(t *testing.T) {
	image := tiny("a", "", func(*vhdtest.Spec) {})
	for _, test := range []struct {
		fault remotetest.Fault
		code  string
	}{
		{remotetest.Whole, blobio.CodeNoRanges},
		{remotetest.Status(401), blobio.CodeUnauthorized},
		{remotetest.Status(404), blobio.CodeNotFound},
		{remotetest.Status(500), blobio.CodeNetwork},
		{remotetest.Status(412), blobio.CodeChanged},
	} {
		synctest.Test(t, func(t *testing.T) {
			s, web := onServer(t, image)
			session := New(&remoteHost{})
			ask[Forest](t, session, CommandOpen, OpenRequest{[]worker.OpenFile{{Key: 1, Name: "a.vhd", File: s.Open(web, "a.vhd")}}})
			other := s.Open(web, "b.vhd")
			failWith(s, test.fault)
			wantProblem(t, session, CommandPin, PinRequest{"b.vhd", other}, test.code)
			f, _ := session.File(1)
			f.Source().(*remotetest.File).Reader = blobio.NewCache(0).Reader(f.Source().(*remotetest.File).Remote) // nothing is kept
			v := ask[worker.View](t, session, CommandView, ViewRequest{File: 1, Length: 4096})
			if e := v.Extents[0]; len(v.Extents) != 1 || e.State != "unreadable" || e.Problem.Code != test.code || e.Problem.File != "a.vhd" {
				t.Errorf("%s: extents %+v", test.code, v.Extents)
			}
			s.Fault = nil
			if v := ask[worker.View](t, session, CommandView, ViewRequest{File: 1, Length: 4096}); v.Extents[0].State != "data" || string(v.Bytes) != string(image.Get(0, 4096)) {
				t.Errorf("%s: it is not read again", test.code)
			}
		})
	}
}

// TestParentOutOfReach: a parent that its server does not give is missing, and
// not damaged.
func TestParentOutOfReach(t *testing.T) {
	base := tiny("base", "", func(*vhdtest.Spec) {})
	s, web := onServer(t, base)
	failWith(s, remotetest.Status(404))
	session := New(&remoteHost{})
	f := ask[Forest](t, session, CommandOpen, OpenRequest{[]worker.OpenFile{
		{Key: 1, Name: "leaf.vhd", File: tiny("leaf", "base", func(*vhdtest.Spec) {})},
		{Key: 2, Name: "base.vhd", File: s.Open(web, "base.vhd")},
	}})
	d := f.Disks[0]
	if l := d.Layers[1]; d.Complete || l.State != "missing" || !strings.Contains(d.Missing.Message, "is missing") {
		t.Errorf("%+v: %s", l, d.Missing.Message)
	}
	if r := d.Missing.Refused; len(r) != 1 || !strings.Contains(r[0].Reason, "status 404") {
		t.Errorf("refused: %+v", r)
	}
	s.Fault = nil
	again := []worker.OpenFile{{Key: 2, Name: "base.vhd", File: s.Open(web, "base.vhd")}}
	if f := ask[Forest](t, session, CommandOpen, OpenRequest{again}); !f.Disks[0].Complete {
		t.Errorf("opened again: %+v", f.Disks[0])
	}
}

// TestPinnedVersion is what the server has; of what is on no server there is
// none.
func TestPinnedVersion(t *testing.T) {
	image := tiny("a", "", func(*vhdtest.Spec) {})
	s, web := onServer(t, image)
	session := New(&remoteHost{})
	if p := ask[Pinned](t, session, CommandPin, PinRequest{"a.vhd", s.Open(web, "a.vhd")}); *p != (Pinned{image.Size(), `"one"`, 0}) {
		t.Errorf("%+v", p)
	}
	wantProblem(t, session, CommandPin, PinRequest{"a.vhd", image}, worker.CodeBadRequest)
}

// TestHugeRemoteChain: a chain of three disks of 2040 GiB on a server costs
// little more than its tables to open, and little to show.
func TestHugeRemoteChain(t *testing.T) {
	at := map[int]int64{0: 8 << 20, hugeBlocks - 1: lastPlace}
	session := New(&remoteHost{})
	var files []worker.OpenFile
	var servers []*remotetest.Server
	for i, f := range []*vhdtest.File{hugeFile(2, "leaf", "middle", map[int]int64{5: 9 << 20}), hugeFile(1, "middle", "base", at), hugeFile(0, "base", "", at)} {
		s, web := onServer(t, f)
		name := []string{"leaf.vhd", "middle.vhd", "base.vhd"}[i]
		files, servers = append(files, worker.OpenFile{Key: i + 1, Name: name, File: s.Open(web, name)}), append(servers, s)
	}
	count := func(what string, requests int, bytes int64) {
		n, moved := 0, int64(0)
		for _, s := range servers {
			r, b := s.Counts()
			n, moved = n+len(r), moved+b
		}
		t.Logf("%s: %d requests, %d bytes", what, n, moved)
		if n > requests || moved > bytes {
			t.Errorf("%s took %d requests and %d bytes; %d and %d are to do", what, n, moved, requests, bytes)
		}
	}
	if f := ask[Forest](t, session, CommandOpen, OpenRequest{files}); len(f.Disks) != 1 || !f.Disks[0].Complete || len(f.Disks[0].Layers) != 3 {
		t.Fatalf("%+v", f)
	}
	count("opening", 12, 13<<20)
	v := ask[worker.View](t, session, CommandView, ViewRequest{Disk: 1, Length: 64 << 10})
	if e := v.Extents[0]; e.State != "data" || e.Layer != 1 {
		t.Errorf("%+v", e)
	}
	count("showing the first sectors", 4, 512<<10)
}
