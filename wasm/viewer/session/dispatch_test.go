package session

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"vhdscope/wasm/worker"
)

// requests are the commands with what each takes and returns.
var requests = []struct {
	command         string
	takes, response any
}{
	{CommandOpen, OpenRequest{}, &Forest{}},
	{CommandClose, CloseRequest{}, &Forest{}},
	{CommandChoose, ChooseRequest{1, 0}, &Forest{}},
	{CommandDetails, DetailsRequest{1}, &Details{}},
	{CommandView, ViewRequest{Disk: 1, Length: 10}, &worker.View{}},
	{CommandExplain, ExplainRequest{Disk: 1}, &Explanation{}},
	{CommandLocate, LocateRequest{Disk: 1, Unit: "block", Index: 1}, &Location{}},
	{CommandRead, ReadRequest{1, 4096 + 1024, 512}, &Bytes{}},
	{CommandExtents, ExtentsRequest{1, 4096 + 1024, 512}, &ExtentList{}},
	{CommandCheckBatmap, CheckBatmapRequest{1}, &BatmapCheck{}},
}

// TestCommands: every command of the protocol but cancel, which the shell
// answers, takes and returns what the protocol's comment says.
func TestCommands(t *testing.T) {
	for _, r := range requests {
		s, _ := newSession()
		open(t, s, given("leaf.vhd", tiny("leaf", "base")))
		kind, value, problem := do(context.Background(), s, r.command, r.takes, nil)
		if kind != worker.ReplyResult || problem != nil || reflect.TypeOf(value) != reflect.TypeOf(r.response) {
			t.Errorf("%s: %s %T %+v, want a %T", r.command, kind, value, problem, r.response)
		}
	}
}

// TestUnknownCommands are answered by an error, also cancel.
func TestUnknownCommands(t *testing.T) {
	s, _ := newSession()
	for _, command := range []string{"", "cancel", "Open", "open ", "format", "\x00", strings.Repeat("x", 1000)} {
		if p := wantProblem(t, s, command, OpenRequest{}, worker.CodeBadRequest); p.Layer != -1 || p.Offset != -1 {
			t.Errorf("%q: %+v", command, p)
		}
	}
}

// TestWrongMessages: a message of another type, or one that does not decode,
// is an error and changes nothing.
func TestWrongMessages(t *testing.T) {
	s, _ := newSession()
	open(t, s, given("leaf.vhd", tiny("leaf", "base")))
	for _, r := range requests {
		for _, other := range requests {
			if reflect.TypeOf(r.takes) == reflect.TypeOf(other.takes) {
				continue
			}
			if kind, value, problem := do(context.Background(), s, r.command, other.takes, nil); kind != worker.ReplyError || value != nil || problem.Message == "" {
				t.Errorf("%s of a %T: %s %v %+v", r.command, other.takes, kind, value, problem)
			}
		}
		reason := errors.New("the reason")
		kind, value, problem := s.Do(context.Background(), r.command, func(any) error { return reason }, nil)
		if kind != worker.ReplyError || value != nil || !strings.Contains(problem.Message, "the reason") {
			t.Errorf("%s: %s %v %+v", r.command, kind, value, problem)
		}
	}
	if f := ask[Forest](t, s, CommandOpen, OpenRequest{}); len(f.Files) != 1 || len(f.Disks) != 1 {
		t.Errorf("forest %+v", f)
	}
}

// TestNothingOpen: every request about a file or disk that is not open is an
// error.
func TestNothingOpen(t *testing.T) {
	s, _ := newSession()
	for _, r := range requests[2:] {
		wantProblem(t, s, r.command, r.takes, worker.CodeBadRequest)
	}
	for _, command := range []string{CommandOpen, CommandClose} {
		i := slices.IndexFunc(requests, func(r struct {
			command         string
			takes, response any
		}) bool {
			return r.command == command
		})
		f := ask[Forest](t, s, command, requests[i].takes)
		if f.Files == nil || f.Disks == nil || len(f.Files)+len(f.Disks) != 0 {
			t.Errorf("%s: %+v", command, f)
		}
	}
}
