package vhd

import (
	"bytes"
	"io"
	"testing"
)

// FuzzRepair: whatever the bytes, a repair is refused for a reason or keeps
// its promises, and what it makes is no larger than the file and what a
// footer and header may rightly ask for.
func FuzzRepair(f *testing.F) {
	for _, seed := range fuzzSeeds() {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, b []byte, data bool) {
		if len(b) > maxFuzzInput {
			return
		}
		repairHostile(t, bytes.NewReader(b), int64(len(b)), data)
	})
}

// FuzzRepairEdits changes bytes of a good image, as [FuzzRead] does, and cuts
// it, so that most of it still is one.
func FuzzRepairEdits(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, uint16(0), []byte{}, seed%2 == 0)
		f.Add(seed, uint16(seed), []byte("\x00\x00\x06\x03\x00\x09\x01\x00\x06\x02\x07\xff"), seed%3 == 0)
	}
	f.Fuzz(func(t *testing.T, seed uint64, cut uint16, edits []byte, data bool) {
		c := randomChain(seed)
		file := c.Layers[0].File
		if file.Size() > 256<<10 || len(edits) > 5*200 {
			return
		}
		for ; len(edits) >= 5; edits = edits[5:] {
			editFile(file, edits)
		}
		file.Truncate(max(0, file.Size()-int64(cut)))
		repairHostile(t, file, file.Size(), data)
	})
}

// repairHostile repairs a file and bounds what comes of it.
func repairHostile(t *testing.T, r io.ReaderAt, size int64, data bool) {
	t.Helper()
	res := repairAll(t, r, size, RepairOptions{Data: data})
	if res == nil {
		return
	}
	im, err := Open(res.Plan, res.Plan.Size())
	if err != nil {
		t.Fatal(err)
	}
	// A table, one block that the file's end cut off, and borders; a fixed
	// disk is as large as it says.
	most := 2*size + maxTable + maxBlockSize + 64<<10
	if im.Type() == Fixed {
		most = size + im.Size() + footerSize
	}
	if res.Plan.Size() > most {
		t.Errorf("%d bytes became %d", size, res.Plan.Size())
	}
}
