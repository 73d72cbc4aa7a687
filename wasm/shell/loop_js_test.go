//go:build js && wasm

package shell

import (
	"errors"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

func kinds(list []js.Value) (kinds []string) {
	for _, r := range list {
		kinds = append(kinds, r.Get("kind").String())
	}
	return kinds
}

// checkOnce fails unless a request got progress and then exactly one of the
// final replies.
func checkOnce(t *testing.T, p *page, id int, want ...string) {
	t.Helper()
	list := kinds(p.of(id))
	for i, kind := range list {
		if last := i == len(list)-1; last == (kind == worker.ReplyProgress) {
			t.Errorf("request %d: replies %q", id, list)
			return
		}
	}
	if len(list) == 0 || !strings.Contains(strings.Join(want, " "), list[len(list)-1]) {
		t.Errorf("request %d: replies %q, want %q", id, list, want)
	}
}

// TestListen: the loop says that it is ready, and takes what the page posts.
func TestListen(t *testing.T) {
	target := script("return new EventTarget()")
	withGlobal(t, "addEventListener", target.Get("addEventListener").Call("bind", target))
	p := newPage(t, browserSession())
	p.listen()
	if len(p.replies()) != 1 || p.replies()[0].Get("kind").String() != worker.ReplyReady || p.replies()[0].Get("id").Int() != 0 {
		t.Fatalf("replies %q", kinds(p.replies()))
	}
	script("a.dispatchEvent(new MessageEvent('message', {data: {id: 5, command: 'open', value: {files: []}}}))", target)
	p.settle()
	checkOnce(t, p, 5, worker.ReplyResult)
	script("a.dispatchEvent(new Event('message'))", target) // no message at all
	if len(p.replies()) != 2 {
		t.Errorf("replies %q", kinds(p.replies()))
	}
}

// TestGarbage: what is no request of ours is not answered, and the loop
// lives on.
func TestGarbage(t *testing.T) {
	p := newPage(t, browserSession())
	for _, source := range []string{
		"undefined", "null", "7", "true", "'open'", "Symbol('open')", "7n", "() => 1",
		"{id: 'x', command: 'open'}", "{id: 1.5, command: 'open'}", "{id: NaN}", "{id: 2 ** 53}", "{id: 1n}", "{id: {}}", "{id: null}",
		"{}", "[]", "{id: 0, command: 'open'}", "{id: -1, command: 'open'}", "{id: 1, command: 5}", "{id: 1, command: null}", "{id: 1, command: {}}", "{id: 1, command: Symbol('open')}",
	} {
		p.take(script("return " + source))
		p.settle()
		if len(p.replies()) != 0 {
			t.Errorf("%s: replies %q", source, kinds(p.replies()))
			p.posted.Set("length", 0)
		}
	}
	p.result(t, 1, session.CommandOpen, openValue())
}

// TestEveryRequestIsAnsweredOnce: whatever a request holds, it gets one
// final reply.
func TestEveryRequestIsAnsweredOnce(t *testing.T) {
	p := newPage(t, browserSession())
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 1, Layers: 2, Size: 512 << 10, BlockSizes: []uint32{64 << 10}})
	p.result(t, 1, session.CommandOpen, openValue(fileOf(c.Layers[0].File, "leaf.vhd"), fileOf(c.Layers[1].File, c.Layers[1].Name)))
	commands := []string{"open", "close", "choose", "details", "view", "explain", "locate", "read", "extents", "checkBatmap", "cancel", "", "format", "crash", "fault"}
	values := []string{
		"undefined", "null", "7", "'x'", "7n", "[]", "{}", "{files: 7}", "{files: [7]}", "{files: [{key: 1}]}", "{files: [{key: 50, name: 'x'}]}", "{files: [{key: 51, name: 'x', file: {}}]}",
		"{files: [{key: 52, name: 'x', file: {size: 'x'}}]}", "{files: [{key: 53, name: 'x', file: {size: 1024}}]}", "{files: [{key: 54, name: 'x', file: null}]}",
		"{disk: 1, offset: 0, length: 512}", "{disk: 1, offset: 512, length: 300000}", "{disk: 1, offset: -1, length: 2 ** 53 - 1}", "{disk: 1, offset: 2 ** 53}", "{disk: 1.5}",
		"{file: 1, offset: 2 ** 40, length: 10}", "{file: 1}", "{disk: 1, unit: 'block', index: 2}", "{unit: 7}", "{child: 1, parent: 2}", "{child: 1, parent: 0}", "{target: 99}", "{target: 'x'}",
	}
	id := 1
	for _, command := range commands {
		for _, value := range values {
			if command == "close" && !strings.HasPrefix(value, "{files") {
				continue // that would close all
			}
			id++
			p.take(script("return {id: a, command: b, value: "+value+"}", id, command))
		}
	}
	p.settle()
	for i := range id {
		checkOnce(t, p, i+1, worker.ReplyResult, worker.ReplyError)
		r := p.final(t, i+1)
		if problem := r.Get("problem"); problem.IsNull() != (r.Get("kind").String() == worker.ReplyResult) {
			t.Errorf("reply %s", script("return JSON.stringify(a)", r).String())
		} else if !problem.IsNull() && problem.Get("message").String() == "" {
			t.Errorf("request %d: a problem without a message", i+1)
		}
	}
}

// TestReplies: answers come in the form of the protocol, and their bytes
// come whole.
func TestReplies(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 2, Layers: 2, Size: 256 << 10, BlockSizes: []uint32{32 << 10}})
	want := c.Contents()
	p := newPage(t, browserSession())
	forest := p.result(t, 1, "open", openValue(fileOf(c.Layers[1].File, c.Layers[1].Name), fileOf(c.Layers[0].File, "folder/leaf.vhd")))
	d := forest.Get("disks").Index(0)
	if d.Get("id").Int() != 2 || d.Get("name").String() != "folder/leaf.vhd" || !d.Get("complete").Bool() || d.Get("layers").Length() != 2 || !d.Get("missing").IsNull() {
		t.Errorf("disk %s", script("return JSON.stringify(a)", d).String())
	}
	v := p.result(t, 2, "view", map[string]any{"disk": 2, "offset": 1000, "length": 5000})
	if got := bytesOf(t, v.Get("bytes")); v.Get("offset").Int() != 1000 || string(got) != string(want[1000:6000]) {
		t.Errorf("view of %d bytes: %s", len(got), vhdtest.Diff(got, want[1000:6000]))
	}
	b := p.result(t, 3, "read", map[string]any{"disk": 2, "offset": 512, "length": len(want) - 512}).Get("bytes")
	if got := bytesOf(t, b); string(got) != string(want[512:]) {
		t.Error(vhdtest.Diff(got, want[512:]))
	}
	if got := bytesOf(t, p.result(t, 4, "read", map[string]any{"disk": 2}).Get("bytes")); len(got) != 0 {
		t.Errorf("%d bytes of none", len(got))
	}
	p.send(5, "read", map[string]any{"disk": 2, "offset": 0, "length": len(want) + 1})
	p.settle()
	if problem := p.final(t, 5).Get("problem"); problem.Get("code").String() != worker.CodeBadRequest || problem.Get("layer").Int() != -1 {
		t.Errorf("problem %s", script("return JSON.stringify(a)", problem).String())
	}
}

// TestLostFile: a file that the browser can no longer read is named, and the
// others stay open.
func TestLostFile(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 3, Layers: 1, Size: 64 << 10, BaseType: vhdtest.Fixed})
	good := fileOf(c.Layers[0].File, "good.vhd")
	lost := fakeFile(c.Layers[0].File, "d/lost.vhd")
	p := newPage(t, browserSession())
	value := openValue(lost, good)
	p.result(t, 1, "open", value)
	lost.Set("slice", script("return () => ({arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError'))})"))
	p.result(t, 2, "close", map[string]any{"files": []any{1}})
	forest := p.result(t, 3, "open", openValue(lost))
	f := script("return a.files.find(f => f.key === 1)", forest)
	if problem := f.Get("problem"); f.Get("kind").String() != "refused" || problem.Get("code").String() != worker.CodeChanged || problem.Get("file").String() != "d/lost.vhd" ||
		!strings.Contains(problem.Get("message").String(), "d/lost.vhd") {
		t.Errorf("file %s", script("return JSON.stringify(a)", f).String())
	}
	if got := bytesOf(t, p.result(t, 4, "read", map[string]any{"disk": 2, "length": 64 << 10}).Get("bytes")); vhdtest.Diff(got, c.Contents()) != "" {
		t.Error(vhdtest.Diff(got, c.Contents()))
	}
}

// slowFile is a file whose reads beyond the first megabyte wait until they
// are let go by calling its property go.
func slowFile(f *vhdtest.File) js.Value {
	return script(`
		let go;
		const gate = new Promise((resolve) => { go = resolve; });
		return {name: b, size: a.length, go, reads: 0, slice(from, to) {
			return {arrayBuffer: async () => { this.reads++; if (to - from > 1 << 20) await gate; return a.slice(from, to).buffer; }};
		}};`, uint8Array(f.Bytes()), "slow.vhd")
}

// TestCancel: a cancelled request ends as cancelled, the cancel request with
// a result, and other requests go on.
func TestCancel(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 4, Layers: 1, Size: 40 << 20, BaseType: vhdtest.Fixed})
	file := slowFile(c.Layers[0].File)
	p := newPage(t, browserSession())
	p.result(t, 1, "open", openValue(file))
	whole := map[string]any{"disk": 1, "length": 40 << 20}
	p.send(2, "read", whole)
	p.send(3, "cancel", map[string]any{"target": 2})
	checkOnce(t, p, 3, worker.ReplyResult)
	if r := p.final(t, 3); !r.Get("value").IsNull() {
		t.Error("a cancel has a value")
	}
	p.send(4, "cancel", map[string]any{"target": 2}) // again, and of none
	p.send(5, "cancel", map[string]any{"target": 77})
	p.send(6, "view", map[string]any{"disk": 1, "offset": 10, "length": 100})
	file.Call("go")
	p.settle()
	for len(p.of(2)) == 0 {
		turn() // reads that are under way must end
	}
	checkOnce(t, p, 2, worker.ReplyCancelled)
	checkOnce(t, p, 4, worker.ReplyResult)
	checkOnce(t, p, 5, worker.ReplyResult)
	checkOnce(t, p, 6, worker.ReplyResult)
	if r := p.final(t, 2); !r.Get("value").IsNull() || !r.Get("problem").IsNull() {
		t.Error("a cancelled request has a value or a problem")
	}
	if got := bytesOf(t, p.result(t, 7, "read", whole).Get("bytes")); vhdtest.Diff(got[39<<20:], c.Contents()[39<<20:]) != "" {
		t.Error("after a cancelled read another is wrong")
	}
}

// TestProgress: reports come no more often than a person can see, but the
// last one always.
func TestProgress(t *testing.T) {
	p := newPage(t, browserSession())
	begin := time.Now()
	report := p.progress(9)
	for i := range int64(5000) {
		report(i, 5000)
	}
	most := int(time.Since(begin) / (50 * time.Millisecond))
	if n := len(p.of(9)); n > most {
		t.Errorf("%d reports in %v", n, time.Since(begin))
	}
	report(5000, 5000)
	last := p.final(t, 9)
	if last.Get("kind").String() != worker.ReplyProgress || last.Get("done").Int() != 5000 || last.Get("total").Int() != 5000 {
		t.Errorf("last report %s", script("return JSON.stringify(a)", last).String())
	}

	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 5, Layers: 2, Size: 20 << 20, Share: 0.5, Leave: 0.5})
	p.result(t, 1, "open", openValue(fileOf(c.Layers[0].File, "leaf.vhd"), fileOf(c.Layers[1].File, c.Layers[1].Name)))
	p.result(t, 2, "read", map[string]any{"disk": 1, "length": 20 << 20})
	checkOnce(t, p, 2, worker.ReplyResult)
	list := p.of(2)
	if len(list) < 2 {
		t.Fatalf("replies %q", kinds(list))
	}
	for i, r := range list[:len(list)-1] {
		if r.Get("total").Int() != 20<<20 || i > 0 && r.Get("done").Int() <= list[i-1].Get("done").Int() {
			t.Errorf("report %d: %d of %d", i, r.Get("done").Int(), r.Get("total").Int())
		}
	}
	if done := list[len(list)-2].Get("done").Int(); done != 20<<20 {
		t.Errorf("the last report is of %d bytes", done)
	}
}

// brokenHost panics.
type brokenHost struct{ with any }

func (h brokenHost) Open(string, any) (worker.Source, error) { panic(h.with) }
func (h brokenHost) NewBuffer(int64) worker.Buffer           { panic(h.with) }

// TestCrash: a panic is the last reply, and says what it was called with.
func TestCrash(t *testing.T) {
	for _, test := range []struct {
		with any
		says string
	}{{"the reason", "the reason"}, {errors.New("an error"), "an error"}, {7, "no reason"}} {
		p := newPage(t, session.New(brokenHost{test.with}))
		p.send(4, "open", openValue(script("return {name: 'x'}")))
		p.settle()
		if len(p.replies()) != 1 {
			t.Fatalf("replies %q", kinds(p.replies()))
		}
		r := p.replies()[0]
		problem := r.Get("problem")
		if r.Get("kind").String() != worker.ReplyCrash || r.Get("id").Int() != 0 || problem.Get("code").String() != "crash" ||
			!strings.Contains(problem.Get("message").String(), test.says) || problem.Get("layer").Int() != -1 || problem.Get("offset").Int() != -1 {
			t.Errorf("reply %s", script("return JSON.stringify(a)", r).String())
		}
	}
}

// TestNoFault: the program that people use does not fail when asked to.
func TestNoFault(t *testing.T) {
	p := newPage(t, browserSession())
	for i, kind := range []string{"panic", "memory", "exit"} {
		p.send(i+1, "fault", map[string]any{"kind": kind})
		p.settle()
		checkOnce(t, p, i+1, worker.ReplyError)
	}
}
