package browse

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/output/outputtest"
	"vhdscope/wasm/worker"
)

// TestChainsThatCannotBeOpened: files that are none, and in no order that can
// be; nothing is open then, and another chain can be.
func TestChainsThatCannotBeOpened(t *testing.T) {
	fixed := vhdtest.Spec{Type: vhdtest.Fixed, Size: 1 << 20}.Build()
	v := New(&outputtest.Host{})
	for name, files := range map[string][]worker.OpenFile{
		"none":      nil,
		"no bytes":  {{Name: "a.vhd"}},
		"no image":  {{Name: "a.vhd", File: bytes.NewReader([]byte("short"))}},
		"two fixed": {{Name: "a.vhd", File: fixed}, {Name: "b.vhd", File: fixed}},
	} {
		kind, _, problem := do(t.Context(), v, CommandChain, ChainRequest{Files: files}, nil)
		if kind != worker.ReplyError || problem.Message == "" {
			t.Errorf("%s: %s %+v", name, kind, problem)
		} else if len(files) > 0 && problem.File != "" && problem.File != "a.vhd" {
			t.Errorf("%s: %+v", name, problem)
		}
	}
	for _, req := range []struct {
		command string
		req     any
	}{
		{CommandScan, ScanRequest{}}, {CommandMount, MountRequest{}}, {CommandTouched, TouchedRequest{}}, {CommandList, ListRequest{Path: "/"}}, {CommandStat, StatRequest{Path: "/"}},
		{CommandLayers, LayersRequest{}}, {CommandMap, MapRequest{Path: "/"}}, {CommandLook, LookRequest{Path: "/"}}, {CommandSave, SaveRequest{}}, {CommandHash, HashRequest{}},
		{CommandSearch, SearchRequest{Path: "/"}}, {CommandOwner, OwnerRequest{}}, {CommandChanges, ChangesRequest{}}, {"other", nil},
	} {
		refused(t, v, req.command, req.req, worker.CodeBadRequest)
	}
	open := ChainRequest{Files: []worker.OpenFile{{Name: "a.vhd", File: fixed}}}
	if c := ask[Chain](t, v, CommandChain, open); c.Size != 1<<20 {
		t.Errorf("%+v", c)
	}
	refused(t, v, CommandChain, open, worker.CodeBadRequest)
	for _, req := range []MountRequest{{Start: -1, Size: 5}, {Size: -1}, {Start: 1, Size: 1 << 20}, {Start: 1<<63 - 1, Size: 1<<63 - 1}} {
		refused(t, v, CommandMount, req, worker.CodeBadRequest)
	}
	refused(t, v, CommandMount, MountRequest{Size: 1 << 20}, CodeUnsupported)
	refused(t, v, CommandList, ListRequest{Path: "/"}, worker.CodeBadRequest) // it is not mounted
	if l := ask[Layout](t, v, CommandScan, ScanRequest{}); l.Scheme != "empty" {
		t.Errorf("%+v", l)
	}
}

// TestRawBase: a chain may stand on a file of no format.
func TestRawBase(t *testing.T) {
	layers := sample(t)
	v := opened(t, &outputtest.Host{}, named{"disk.img", bytes.NewReader(layers[0].Disk)})
	l := ask[Layout](t, v, CommandScan, ScanRequest{})
	ask[Mounted](t, v, CommandMount, MountRequest{Start: l.Parts[len(l.Parts)-1].Start, Size: l.Parts[len(l.Parts)-1].Size})
	if got := tree(t, v, "/"); len(got) < len(layers[0].Files) {
		t.Errorf("%d entries", len(got))
	}
}

// TestWhatTheFilesDoNotGive: an error of the chain says which file it is of,
// and where, whatever a file system makes of it.
func TestWhatTheFilesDoNotGive(t *testing.T) {
	layers := sample(t)
	h := &outputtest.Host{}
	v := opened(t, h, named{"top.vhd", layers[2].File}, named{"middle.vhd", layers[1].File}) // the base is missing
	_, _, problem := do(t.Context(), v, CommandMount, MountRequest{Start: 64 << 10, Size: 1 << 20}, nil)
	if problem == nil || problem.Code != string(vhd.RuleParentMissing) || problem.Layer != 2 {
		t.Errorf("%+v", problem)
	}
	of := v.chain
	for _, test := range []struct {
		err  error
		code string
		file string
	}{
		{&fsys.Error{Kind: fsys.ErrDamaged, Msg: "a folder", Err: &vhd.FormatError{Layer: 1, Offset: 77, Rule: vhd.RuleBounds, Msg: "no"}}, string(vhd.RuleBounds), "middle.vhd"},
		{fsys.Unsupported("no"), CodeUnsupported, ""},
		{errors.New("no"), worker.CodeInternal, ""},
		{&worker.Error{Code: "its own", Msg: "no"}, "its own", ""},
	} {
		p := worker.ProblemOf(of.problem(test.err), nil)
		if p.Code != test.code || p.File != test.file || !strings.Contains(p.Message, "no") {
			t.Errorf("%v: %+v", test.err, p)
		}
	}
	if of.problem(context.Canceled) != context.Canceled || of.problem(nil) != nil || of.words(nil) != "" {
		t.Error("no problem is one")
	}
}
