package fsystest

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
)

// TestViewsHoldWhatWasWritten: after random histories every fork of every
// file reads as it was written, no two files share bytes, and outside of what
// is said to be written the volume is as it was.
func TestViewsHoldWhatWasWritten(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		s := New(256, 1024)
		s.Weak = seed%2 == 0
		r := rand.New(rand.NewPCG(seed, 1))
		var before *View
		for range 3 {
			for range 60 {
				s.Random(r)
			}
			v := s.View()
			written := s.Written()
			if before != nil {
				wantSameOutside(t, seed, before.volume, v.volume, written)
			}
			before = v
			owner := make([]string, len(v.volume))
			done := map[uint64]bool{}
			for name, n := range v.Nodes {
				for stream, k := range n.Forks {
					full := name
					if stream != "" {
						full += ":" + stream
					}
					f, err := v.Open(full)
					if err != nil {
						t.Fatalf("seed %d: %s: %v", seed, full, err)
					}
					got, err := io.ReadAll(f)
					if err != nil || !bytes.Equal(got, k.Bytes) {
						t.Fatalf("seed %d: %s: %d bytes, %v; they differ from the %d that were written", seed, full, len(got), err, len(k.Bytes))
					}
					if id := n.Meta.Created.Unix(); stream == "" && n.Meta.Links > 1 && done[uint64(id)] {
						continue
					} else if stream == "" {
						done[uint64(id)] = true
					} else if n.Meta.Links > 1 {
						continue
					}
					for _, e := range k.Extents {
						start, length := e.Volume()
						for i := start; i < start+length; i++ {
							if owner[i] != "" {
								t.Fatalf("seed %d: byte %d is of %s and of %s", seed, i, owner[i], full)
							}
							owner[i] = full
						}
					}
				}
			}
			v.Structures(func(st fsys.Structure) bool {
				for i := st.Start; i < st.Start+st.Length; i++ {
					if owner[i] != "" && i >= v.table {
						t.Fatalf("seed %d: byte %d is of %s and of %s", seed, i, owner[i], st.Name)
					}
				}
				return true
			})
		}
	}
}

func wantSameOutside(t *testing.T, seed uint64, before, after []byte, written []device.Range) {
	t.Helper()
	free := make([]bool, len(before))
	for _, r := range written {
		for i := r.Start; i < r.Start+r.Length; i++ {
			free[i] = true
		}
	}
	for i := range before {
		if before[i] != after[i] && !free[i] {
			t.Fatalf("seed %d: byte %d changed and was not said to be written", seed, i)
		}
	}
}
