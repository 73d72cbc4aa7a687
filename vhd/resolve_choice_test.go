package vhd

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

func TestResolveCycles(t *testing.T) {
	for n := 1; n <= 3; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			var pool []Candidate
			var want []string
			for i := range n {
				name := pad(i)
				pool = append(pool, tiny(t, name, name, pad((i+1)%n)))
				want = append(want, name)
			}
			wantMissing(t, pool[0], pool, Cycle, want...)
		})
	}
	// A cycle that the leaf is no part of.
	leaf := tiny(t, "leaf", "leaf", "a")
	wantMissing(t, leaf, []Candidate{leaf, tiny(t, "a", "a", "b"), tiny(t, "b", "b", "a")}, Cycle, "leaf", "a", "b")
}

func TestResolveDepth(t *testing.T) {
	for _, depth := range []int{1, 2, 33, MaxDepth, MaxDepth + 1} {
		pool := make([]Candidate, depth)
		for i := range pool {
			parent := ""
			if i+1 < depth {
				parent = pad(i + 1)
			}
			pool[i] = tiny(t, pad(i), pad(i), parent)
		}
		res := Resolve(pool[0], pool)
		if depth <= MaxDepth && (res.Missing != nil || len(res.Chain) != depth) {
			t.Errorf("depth %d: %d files, %q", depth, len(res.Chain), reasonOf(res))
		}
		if depth > MaxDepth && (reasonOf(res) != TooDeep || len(res.Chain) != MaxDepth) {
			t.Errorf("depth %d: %d files, %q; want %q", depth, len(res.Chain), reasonOf(res), TooDeep)
		}
		if depth > MaxDepth {
			continue
		}
		var images []*Image
		for _, c := range res.Chain {
			images = append(images, c.Image)
		}
		wantBytes(t, readAll(t, mustDisk(t, images...)), make([]byte, 4096))
	}
}

func TestResolveRawParent(t *testing.T) {
	nul := func(s *vhdtest.Spec) { s.Type, s.ParentUUID = vhdtest.Differencing, vhdtest.UUID{} }
	leaf := tiny(t, "d/leaf.vhd", "leaf", "", nul, knows("", vhdtest.Relative(`.\disk.raw`)))
	raw := func(name string) Candidate { return Candidate{Name: name, Image: OpenRaw(vhdtest.NewFile(), 0)} }
	wantChain(t, leaf, []Candidate{raw("x.raw"), raw("disk.raw"), raw("d/disk.raw")}, "d/leaf.vhd", "d/disk.raw")
	m := wantMissing(t, leaf, []Candidate{tiny(t, "d/disk.raw", "vhd", ""), raw("other.raw")}, Mismatch, "d/leaf.vhd")
	if len(m.Refused) != 2 || !strings.Contains(m.Refused[0].Message, "raw") || !strings.Contains(m.Refused[1].Message, "raw") {
		t.Errorf("refused %+v", m.Refused)
	}
	wantMissing(t, leaf, []Candidate{raw("a/disk.raw"), raw("b/disk.raw")}, Ambiguous, "d/leaf.vhd")
	// A raw disk is nobody's parent by a UUID of zeros that it does not have.
	other := tiny(t, "leaf.vhd", "leaf", "base", knows("disk.raw"))
	wantMissing(t, other, []Candidate{raw("disk.raw")}, Mismatch, "leaf.vhd")
}

func TestResolveChosen(t *testing.T) {
	leaf := tiny(t, "leaf.vhd", "leaf", "mid", knows("mid.vhd"))
	mid := tiny(t, "mid.vhd", "mid", "base", knows("base.vhd"))
	base := tiny(t, "base.vhd", "base", "")
	other := tiny(t, "other.vhd", "other", "")
	pool := []Candidate{leaf, mid, base, other}
	choose := func(child, parent Candidate) Resolution {
		return Resolver{Chosen: map[*Image]*Image{child.Image: parent.Image}}.Resolve(leaf, pool)
	}
	res := choose(leaf, other)
	if got := namesOf(res); res.Missing != nil || !slices.Equal(got, []string{"leaf.vhd", "other.vhd"}) || !res.Links[0].Chosen || res.Links[0].SameUUID {
		t.Errorf("chosen: %v, %+v", got, res.Links)
	}
	if !strings.Contains(res.Links[0].Evidence[0], UUID(vhdtest.ID("mid")).String()) {
		t.Errorf("evidence %q", res.Links[0].Evidence)
	}
	whole := []string{"leaf.vhd", "mid.vhd", "base.vhd"}
	for name, res := range map[string]Resolution{
		"closing a cycle": choose(mid, leaf), "itself": choose(leaf, leaf), "parent of a base": choose(base, other),
		"not among the files": choose(leaf, tiny(t, "stranger", "s", "")),
	} {
		if got := namesOf(res); res.Missing != nil || !slices.Equal(got, whole) {
			t.Errorf("%s: %v, %v", name, got, reasonOf(res))
		}
		for _, l := range res.Links {
			if l.Chosen {
				t.Errorf("%s: a link is called chosen", name)
			}
		}
	}
}

func TestNamesParent(t *testing.T) {
	im := tiny(t, "l", "l", "b", knows("base.vhd", vhdtest.Absolute(`C:\x\caf`+"\u00e9.vhd"))).Image
	for name, want := range map[string]bool{"BASE.vhd": true, "any/cafe\u0301.VHD": true, "base": false, "": false, "x": false} {
		if got := im.NamesParent(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}
