//go:build js && wasm

// Package shell is what stands between a worker's messages and the session
// that answers them: the loop that takes requests and posts replies, the
// conversion of values, and the browser's files and memory.
package shell

import (
	"context"
	"sync"
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"

	"vhdscope/wasm/worker"
)

// Engine answers requests, several at once: see [session.Session.Do]. It is no
// interface, since that would have every visitor load the methods of all that
// an engine holds which any interface has.
type Engine func(ctx context.Context, command string, decode func(message any) error, progress worker.Progress) (kind string, value any, problem *worker.Problem)

// Serve answers the page's requests for as long as the worker lives.
func Serve(e Engine) {
	newLoop(e).listen()
	select {}
}

// loop takes requests from the page and posts the replies. Each request runs
// in a goroutine of its own, since reading a file may have to wait for the
// browser, which a callback must not do.
type loop struct {
	engine Engine

	mu      sync.Mutex
	cancels map[int]func() // of the requests under way, by id
}

func newLoop(e Engine) *loop { return &loop{engine: e, cancels: map[int]func(){}} }

// listen starts taking requests, as long as the worker lives. The event is
// known to be a message: finding out which of its 45 types it is costs dom
// 0.1 ms an event, and every visitor 20 KB.
func (l *loop) listen() {
	js.Global().Call("addEventListener", "message", js.FuncOf(func(_ js.Value, args []js.Value) any {
		e := dom.MessageEvent{BasicEvent: &dom.BasicEvent{Value: args[0]}}
		l.take(e.Data())
		return nil
	}))
	l.post(worker.Reply{Kind: worker.ReplyReady})
}

// take starts one request.
func (l *loop) take(data js.Value) {
	defer l.crashed()
	var req worker.Request
	if err := decode(data, &req); err != nil || req.ID <= 0 {
		return // no message of ours, so nobody waits for an answer
	}
	value, _ := req.Value.(js.Value)
	if req.Command == worker.CommandCancel {
		var c worker.CancelRequest
		if decode(value, &c) == nil {
			l.cancel(c.Target)
		}
		l.post(worker.Reply{ID: req.ID, Kind: worker.ReplyResult})
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.mu.Lock()
	l.cancels[req.ID] = cancel
	l.mu.Unlock()
	go l.answer(ctx, req.ID, req.Command, value)
}

// answer runs one request to its end.
func (l *loop) answer(ctx context.Context, id int, command string, value js.Value) {
	defer l.crashed()
	defer l.cancel(id)
	fault(command, value)
	kind, result, problem := l.engine(ctx, command,
		func(message any) error { return decode(value, message) }, l.progress(id))
	l.post(worker.Reply{ID: id, Kind: kind, Value: result, Problem: problem})
}

// cancel ends a request early, or forgets one that has ended.
func (l *loop) cancel(id int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if cancel := l.cancels[id]; cancel != nil {
		cancel()
		delete(l.cancels, id)
	}
}

// progress posts a request's progress, not more often than a person can see.
func (l *loop) progress(id int) worker.Progress {
	const pause = 50 * time.Millisecond
	last := time.Now()
	return func(done, total int64) {
		if done < total && time.Since(last) < pause {
			return
		}
		last = time.Now()
		l.post(worker.Reply{ID: id, Kind: worker.ReplyProgress, Done: done, Total: total})
		yield()
	}
}

// yield lets the browser deliver the messages that wait: long work that only
// reads synchronously would otherwise never see that it was cancelled.
func yield() { time.Sleep(time.Millisecond) }

// post sends a reply. Its buffers are handed over, not copied.
func (l *loop) post(r worker.Reply) {
	e := encoder{}
	message := e.encode(&r)
	js.Global().Call("postMessage", message, js.ValueOf(e.transfer))
}

// crashed, deferred, turns a panic into the last reply of this worker. What
// the session holds after a panic is not to be trusted, so the page starts
// another worker.
func (l *loop) crashed() {
	r := recover()
	if r == nil {
		return
	}
	l.post(worker.Reply{Kind: worker.ReplyCrash, Problem: &worker.Problem{
		Code: "crash", Message: "The engine met a fault of its own: " + panicText(r) + ".", Layer: -1, Offset: -1}})
}

// panicText is what a panic was called with.
func panicText(r any) string {
	switch r := r.(type) {
	case error:
		return r.Error()
	case string:
		return r
	}
	return "it gave no reason"
}
