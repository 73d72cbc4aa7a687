package vhd

import (
	"bytes"
	"fmt"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// FuzzResolve makes a pool of eight files: for each, four numbers choose its
// UUID, its parent's, its name and the name by which it knows its parent; a
// fifth chooses a parent for a child whatever they say.
func FuzzResolve(f *testing.F) {
	f.Add([]byte("\x00\x01\x00\x01\x00\x01\x02\x01\x02\x00\x02\x03\x02\x03\x00\x00"))
	f.Add([]byte("\x01\x01\x01\x01\x00\x01\x01\x01\x01\x00\x01\x01\x01\x01\x00\x01\x00\x01\x01\x00"))
	f.Add([]byte("\x00\x01\x00\x07\x00\x01\x00\x07\x00\x05\x02\xff\x01\x01\x03"))
	names := []string{"a.vhd", "d/a.vhd", "D/A.VHD", "b.vhd", "../b.vhd", "d/e/b.vhd", "caf\u00e9", "cafe\u0301", "", ".", "/x/a.vhd", `C:\d\a.vhd`}
	f.Fuzz(func(t *testing.T, b []byte) {
		var pool []Candidate
		chosen := map[*Image]*Image{}
		for ; len(b) >= 5 && len(pool) < 8; b = b[5:] {
			var c Candidate
			name, knownAs := names[int(b[2])%len(names)], names[int(b[3])%len(names)]
			if b[1] == 0xFE {
				c = Candidate{Name: name, Image: OpenRaw(bytes.NewReader(nil), 0)}
			} else {
				s := vhdtest.Spec{Type: vhdtest.Differencing, Size: 512, BlockSize: 512, UUID: vhdtest.ID(fmt.Sprint(b[0] % 8)), Timestamp: uint32(b[0]),
					ParentTimestamp: uint32(b[4]), ParentName: knownAs, Locators: []vhdtest.Locator{vhdtest.Relative(knownAs)}}
				switch {
				case b[1] == 0xFF:
					s.Type = vhdtest.Dynamic
				case b[1] != 0xFD:
					s.ParentUUID = vhdtest.ID(fmt.Sprint(b[1] % 8))
				}
				c = Candidate{Name: name, Image: mustOpen(t, s.Build())}
			}
			if n := int(b[4]); n > 128 && len(pool) > 0 {
				chosen[c.Image] = pool[n%len(pool)].Image
			} else if n > 64 && len(pool) > 0 {
				chosen[pool[n%len(pool)].Image] = c.Image
			}
			pool = append(pool, c)
		}
		for _, leaf := range pool {
			checkResolution(t, leaf, pool, Resolve(leaf, pool), nil)
			checkResolution(t, leaf, pool, Resolver{Chosen: chosen}.Resolve(leaf, pool), chosen)
		}
	})
}

// checkResolution holds what must be true of any resolution.
func checkResolution(t *testing.T, leaf Candidate, pool []Candidate, res Resolution, chosen map[*Image]*Image) {
	t.Helper()
	if len(res.Chain) == 0 || res.Chain[0].Image != leaf.Image || len(res.Links) != len(res.Chain)-1 {
		t.Fatalf("chain %v, %d links", namesOf(res), len(res.Links))
	}
	met := map[*Image]bool{}
	for i, c := range res.Chain {
		if met[c.Image] {
			t.Fatalf("a file is twice in %v", namesOf(res))
		}
		met[c.Image] = true
		if i == 0 {
			continue
		}
		child, link := res.Chain[i-1].Image, res.Links[i-1]
		right := !child.ParentUUID().IsZero() && c.Image.Type() != Raw && c.Image.UUID() == child.ParentUUID()
		raw := child.ParentUUID().IsZero() && c.Image.Type() == Raw
		if link.SameUUID != right || link.Chosen != (chosen[child] == c.Image) || !right && !raw && !link.Chosen || len(link.Evidence) == 0 {
			t.Fatalf("link %d of %v: %+v", i-1, namesOf(res), link)
		}
	}
	last := res.Chain[len(res.Chain)-1]
	if (res.Missing == nil) != (last.Image.Type() != Differencing) {
		t.Fatalf("%s ends the chain, missing: %+v", last.Image.Type(), res.Missing)
	}
	if m := res.Missing; m != nil {
		if m.Child.Image != last.Image || m.UUID != last.Image.ParentUUID() || m.Reason == "" || len(m.Refused) != len(pool)-1 {
			t.Fatalf("missing %+v", m)
		}
		for _, r := range m.Refused {
			if r.Message == "" || r.Usable && met[r.Candidate.Image] {
				t.Fatalf("refusal %+v", r)
			}
		}
	}
	var images []*Image
	for _, c := range res.Chain {
		images = append(images, c.Image)
	}
	if d := mustDisk(t, images...); d.Complete() != (res.Missing == nil) {
		t.Fatalf("complete: %t, missing: %+v", d.Complete(), res.Missing)
	}
}
