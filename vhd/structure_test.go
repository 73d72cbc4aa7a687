package vhd

import (
	"bytes"
	"slices"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestStructuresAreTheFilesBytes: every field shows the bytes that stand at
// its offset, and those of footer and header leave no byte out.
func TestStructuresAreTheFilesBytes(t *testing.T) {
	for i, file := range fuzzSeeds() {
		im, err := Open(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		list := im.Structures()
		if !slices.IsSortedFunc(list, func(a, b Structure) int { return int(a.Offset - b.Offset) }) {
			t.Errorf("image %d: structures out of order", i)
		}
		for _, s := range list {
			next := s.Offset
			for _, f := range s.Fields {
				end := f.Offset + int64(len(f.Raw))
				if end > int64(len(file)) { // the byte that a 511-byte footer lacks
					end = int64(len(file))
				}
				if !bytes.Equal(f.Raw[:end-f.Offset], file[f.Offset:end]) {
					t.Errorf("image %d, %s, %s: % x is not what stands at %#x", i, s.Name, f.Name, f.Raw, f.Offset)
				}
				if f.Name == "" || f.Value == "" {
					t.Errorf("image %d, %s: field %+v says nothing", i, s.Name, f)
				}
				switch s.Name {
				case "Footer", "Footer copy", "Dynamic header":
					// An unused locator slot shows its code only.
					if gap := f.Offset - next; gap != 0 && gap%(locatorSize) != 0 && gap%locatorSize != locatorSize-4 {
						t.Errorf("image %d, %s: %s at %#x, want %#x", i, s.Name, f.Name, f.Offset, next)
					}
				}
				next = f.Offset + int64(len(f.Raw))
			}
		}
	}
}

func TestStructureSums(t *testing.T) {
	f := goodImage()
	sums := func() map[string]SumState {
		m := map[string]SumState{}
		for _, s := range mustOpen(t, f).Structures() {
			m[s.Name] = s.Sum
		}
		return m
	}
	if m := sums(); m["Footer"] != SumGood || m["Footer copy"] != SumGood || m["Dynamic header"] != SumGood {
		t.Errorf("sums %v", m)
	}
	f.EditHeader(put32(vhdtest.HeaderChecksum, 1))
	f.Put(vhdtest.FooterChecksum, []byte{1, 2, 3, 4})
	if m := sums(); m["Footer"] != SumGood || m["Footer copy"] != SumBad || m["Dynamic header"] != SumBad {
		t.Errorf("sums %v", m)
	}
}
