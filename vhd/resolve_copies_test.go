package vhd

import (
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestResolveCopiesAndAnother: that two candidates are copies does not decide
// against a third that differs.
func TestResolveCopiesAndAnother(t *testing.T) {
	leaf := tiny(t, "leaf.vhd", "leaf", "base")
	pool := []Candidate{tiny(t, "1", "base", "", made(1)), tiny(t, "2", "base", "", made(1)), tiny(t, "3", "base", "", made(2))}
	wantMissing(t, leaf, pool, Ambiguous, "leaf.vhd")
	pool[1], pool[2] = pool[2], pool[1]
	wantMissing(t, leaf, pool, Ambiguous, "leaf.vhd")
}

// TestResolveCopyOfTheChild: a copy of a file of the chain is that file again.
func TestResolveCopyOfTheChild(t *testing.T) {
	self := tiny(t, "a.vhd", "self", "self")
	again := tiny(t, "b.vhd", "self", "self")
	m := wantMissing(t, self, []Candidate{self, again}, Cycle, "a.vhd")
	if len(m.Refused) == 0 || !strings.Contains(m.Refused[0].Message, "chain") {
		t.Errorf("refused %+v", m.Refused)
	}
}

// TestResolveRelativeBeforeAbsolute: of two names that lead exactly to a file
// each, the relative one is true after a move of the folder.
func TestResolveRelativeBeforeAbsolute(t *testing.T) {
	leaf := tiny(t, "a/c/leaf.vhd", "leaf", "base", knows("", vhdtest.Absolute(`C:\x\y\z\b.vhd`), vhdtest.Relative(`..\b.vhd`)))
	wantChain(t, leaf, []Candidate{tiny(t, "x/y/z/b.vhd", "base", "", made(1)), tiny(t, "a/b.vhd", "base", "", made(2))}, leaf.Name, "a/b.vhd")
}
