// Package job is the engine's second program behind its protocol: what takes
// long or makes files. It is portable; the browser comes in through [Host].
// It answers the viewer's requests too, so that the page can open in it what a
// job needs.
package job

import (
	"context"
	"strconv"
	"sync"

	"vhdscope/wasm/jobs/edit"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// Jobs is a session that can do jobs, too.
type Jobs struct {
	*session.Session
	host Host

	mu     sync.Mutex
	edits  map[int]*edit.Layer // by key; until the next are laid also those that were closed
	saving map[int]int         // how many files are being made of a disk with edits, by key
}

// New returns one with nothing open.
func New(host Host) *Jobs {
	return &Jobs{Session: session.New(host), host: host, edits: map[int]*edit.Layer{}, saving: map[int]int{}}
}

// Do answers one request: see [session.Session.Do].
func (j *Jobs) Do(ctx context.Context, command string, decode func(message any) error, progress worker.Progress) (kind string, value any, problem *worker.Problem) {
	switch command {
	case CommandCheck:
		return answer(ctx, j, decode, j.Check, progress)
	case CommandSave:
		return answer(ctx, j, decode, j.Save, progress)
	case CommandRepair:
		return answer(ctx, j, decode, j.Repair, progress)
	case CommandRelink:
		return answer(ctx, j, decode, j.Relink, progress)
	case CommandPreview:
		return answer(ctx, j, decode, j.Preview, progress)
	case CommandCreate:
		return answer(ctx, j, decode, j.Create, progress)
	case CommandEdit:
		return worker.Answered(worker.Answer(ctx, decode, j.Edit))
	case CommandWrite:
		return worker.Answered(worker.Answer(ctx, decode, j.Write))
	case CommandRevert:
		return worker.Answered(worker.Answer(ctx, decode, j.Revert))
	case CommandUndo:
		return worker.Answered(worker.Answer(ctx, decode, j.Undo))
	}
	return j.Session.Do(ctx, command, decode, progress)
}

// answer decodes a request and calls the method that answers it. A job takes
// what it cannot read for a flaw of the image, so a network that fails ends it.
func answer[Req, Res any](ctx context.Context, j *Jobs, decode func(any) error, method func(context.Context, *Req, worker.Progress) (*Res, error), progress worker.Progress) (string, any, *worker.Problem) {
	return worker.Answered(worker.Answer(ctx, decode, func(ctx context.Context, req *Req) (*Res, error) {
		return worker.Reliably(ctx, j.Sources(), func(ctx context.Context) (*Res, error) { return method(ctx, req, progress) })
	}))
}

// dec writes a number in decimal.
func dec(n int64) string { return strconv.FormatInt(n, 10) }
