package vhd

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestCheckAgainstAByteMap damages tables at random and holds what is found
// against a map that has, for every byte of the file, who claims it.
func TestCheckAgainstAByteMap(t *testing.T) {
	const blocks, size = 24, 4096
	fired := map[Rule]int{}
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 5))
		s := vhdtest.Spec{Type: vhdtest.Dynamic, Size: blocks*size - 1024*random.Int64N(4), BlockSize: size}
		for i := range blocks {
			if random.IntN(4) > 0 {
				s.Blocks = append(s.Blocks, vhdtest.Block{Index: i})
			}
		}
		random.Shuffle(len(s.Blocks), func(i, j int) { s.Blocks[i], s.Blocks[j] = s.Blocks[j], s.Blocks[i] })
		f := s.Build()
		for range random.IntN(4) {
			f.SetEntry(random.IntN(blocks), uint32(random.Int64N(f.Size()/512+4)))
		}
		for range random.IntN(3) {
			f.SetEntry(random.IntN(blocks), vhdtest.Unallocated)
		}
		shared, lost := byteMap(f, s.Size, blocks, size)
		found := checkFile(t, f, f.Size(), CheckOptions{Now: checkNow})
		// The blocks that share bytes with another are those that are told, or
		// named in what is told.
		told := map[int64]bool{}
		var gaps []extent
		for _, e := range found {
			fired[e.Rule]++
			switch e.Rule {
			case RuleBlockOverlap, RuleBlockDuplicate:
				b := (e.Offset - f.Layout.Table) / 4
				told[b] = true
				if !shared[b] {
					t.Errorf("seed %d: block %d shares no byte, but %s", seed, b, e.Message)
				}
			case RuleLostSpace:
				gaps = append(gaps, extent{e.Offset, e.Offset + e.Length})
			}
		}
		for b := range shared {
			if !told[b] && !named(found, b) {
				t.Errorf("seed %d: block %d shares bytes, but only %+v is found", seed, b, found)
			}
		}
		if len(gaps) != len(lost) {
			t.Errorf("seed %d: lost %v, want %v", seed, gaps, lost)
			continue
		}
		for i := range gaps {
			if gaps[i] != lost[i] {
				t.Errorf("seed %d: lost %v, want %v", seed, gaps[i], lost[i])
			}
		}
	}
	for _, rule := range []Rule{RuleBlockOverlap, RuleBlockDuplicate, RuleLostSpace, RuleBlockStructure, RuleBlockOutside, RuleBlockTruncated} {
		if fired[rule] < 5 {
			t.Errorf("%s was found %d times: the test does not test it", rule, fired[rule])
		}
	}
}

// named reports whether an overlap's sentence ends with block b.
func named(found []Finding, b int64) bool {
	for _, f := range found {
		if (f.Rule == RuleBlockOverlap || f.Rule == RuleBlockDuplicate) && strings.Contains(f.Message, "block "+dec(b)+" ") ||
			strings.Contains(f.Message, "block "+dec(b)+";") {
			return true
		}
	}
	return false
}

// byteMap marks the bytes of a file by who claims them, and gives the blocks
// that share bytes, and the runs of at least 4 KiB behind the first block
// that nobody claims.
func byteMap(f *vhdtest.File, disk int64, blocks int, size int64) (shared map[int64]bool, lost []extent) {
	l := f.Layout
	claimed := make([]bool, f.Size())
	data := make([]int, f.Size()) // block and 1
	mark := func(from, n int64) {
		for i := from; i < min(from+n, f.Size()); i++ {
			claimed[i] = true
		}
	}
	mark(0, 1536)
	mark(l.Table, 512)
	mark(l.Footer, 512)
	first := l.Footer
	shared = map[int64]bool{}
	for b := range blocks {
		sector := be32(f.Get(l.Entry(b), 4))
		at := int64(sector) * 512
		if sector == vhdtest.Unallocated || at+512 > l.Footer || at < l.Table+512 {
			continue
		}
		first = min(first, at)
		mark(at, min(512+size, l.Footer-at))
		for i := at; i < min(at+512+min(size, disk-int64(b)*size), f.Size()); i++ {
			if data[i] != 0 {
				shared[int64(b)], shared[int64(data[i]-1)] = true, true
			}
			data[i] = b + 1
		}
	}
	for i := l.Table; i < l.Footer; i++ {
		if claimed[i] {
			continue
		}
		from := i
		for i < l.Footer && !claimed[i] {
			i++
		}
		least := int64(blockSlack)
		if i <= first {
			least = headSlack + 1
		}
		if i-from >= least {
			lost = append(lost, extent{from, i})
		}
	}
	return shared, lost
}

// TestBitmapDataAgainstTheBytes clears bits at random: what is found is
// where a clear bit lies over a byte that is not zero.
func TestBitmapDataAgainstTheBytes(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 6))
		const size = 2 << 20 // more than is read in one piece
		data, bitmap := make([]byte, size), make([]byte, 512)
		for range random.IntN(4) {
			data[random.IntN(size)] = 1
		}
		for i := range bitmap {
			bitmap[i] = byte(random.Uint32() | random.Uint32() | random.Uint32())
		}
		f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: size, Blocks: []vhdtest.Block{{Data: data, Bitmap: bitmap}}}.Build()
		first, count := int64(-1), int64(0)
		for s := range size / 512 {
			if !vhdtest.Bit(bitmap, s) && bytes.ContainsRune(data[s*512:][:512], 1) {
				if count++; first < 0 {
					first = f.Layout.Blocks[0].Data + int64(s)*512
				}
			}
		}
		found := checkFile(t, f, f.Size(), CheckOptions{Data: true, Now: checkNow})
		switch {
		case count == 0 && len(found) == 0:
		case len(found) != 1 || found[0].Rule != RuleBitmapData || found[0].Offset != first || found[0].Got != quantity(count, "sector"):
			t.Errorf("seed %d: found %+v, want %d sectors from %#x", seed, found, count, first)
		}
	}
}

// TestCheckChainLinks are the ways in which files of a chain do not belong
// together.
func TestCheckChainLinks(t *testing.T) {
	id := func(id vhdtest.UUID) func(*vhdtest.Spec) { return func(s *vhdtest.Spec) { s.ParentUUID = id } }
	raw := func(name string) chainLayer {
		f := vhdtest.NewFile()
		f.Truncate(4096)
		return chainLayer{name: name, file: f, raw: true}
	}
	noted := checkNow.Add(-1000 * 3600e9)
	stamped := func(s *vhdtest.Spec) { s.ParentTimestamp = uint32(noted.Sub(epoch).Seconds()) }
	sized := func(n int64) func(*vhdtest.Spec) {
		return func(s *vhdtest.Spec) { s.Size = n }
	}
	for name, c := range map[string]struct {
		layers []chainLayer
		layer  int
		rule   Rule // "": nothing is wrong
		sev    Severity
		says   string
	}{
		"good":                     {layers: []chainLayer{childLayer(nil), parentLayer(nil)}},
		"no names are known":       {layers: []chainLayer{childLayer(nil).named(""), parentLayer(nil).named("")}},
		"other letters' case":      {layers: []chainLayer{childLayer(nil), parentLayer(nil).named("X/Parent.VHD")}},
		"another name":             {[]chainLayer{childLayer(nil), parentLayer(nil).named("disks/p.vhd")}, 0, RuleParentName, Warning, "another file name"},
		"another UUID":             {[]chainLayer{childLayer(id(vhdtest.ID("x"))), parentLayer(nil)}, 0, RuleParentUUID, Error, "another parent"},
		"the UUID in mixed order":  {[]chainLayer{childLayer(id(vhdtest.MixedEndian(vhdtest.ID("parent")))), parentLayer(nil)}, 0, RuleParentUUID, Warning, "another order"},
		"a raw disk for a VHD":     {[]chainLayer{childLayer(nil), raw("disks/parent.vhd")}, 0, RuleParentUUID, Error, "is a VHD"},
		"a VHD for a raw disk":     {[]chainLayer{childLayer(id(vhdtest.UUID{})), parentLayer(nil)}, 0, RuleParentUUID, Error, "is a raw disk"},
		"a raw disk for one":       {[]chainLayer{childLayer(id(vhdtest.UUID{})), raw("disks/parent.vhd")}, 0, RuleParentUUID, Note, "raw disk"},
		"no time noted":            {layers: []chainLayer{childLayer(nil), parentLayer(nil).at(checkNow)}},
		"the parent's time":        {layers: []chainLayer{childLayer(stamped), parentLayer(nil).at(noted)}},
		"an unknown time":          {layers: []chainLayer{childLayer(stamped), parentLayer(nil)}},
		"summer time":              {[]chainLayer{childLayer(stamped), parentLayer(nil).at(noted.Add(3599e9))}, 0, RuleParentTime, Note, "summer time"},
		"changed since":            {[]chainLayer{childLayer(stamped), parentLayer(nil).at(noted.Add(60e9))}, 0, RuleParentTime, Note, "was changed"},
		"longer than its parent":   {[]chainLayer{childLayer(sized(8192)), parentLayer(nil)}, 0, RuleChainSize, Warning, "longer"},
		"shorter than its parent":  {[]chainLayer{childLayer(sized(2048)), parentLayer(nil)}, 0, RuleChainSize, Warning, "shorter"},
		"incomplete":               {[]chainLayer{childLayer(nil)}, 0, RuleParentMissing, Error, "parent.vhd"},
		"a base with layers below": {[]chainLayer{parentLayer(nil), parentLayer(nil).named("x")}, 0, RuleDiskType, Error, "no parent"},
		"twice":                    {[]chainLayer{childLayer(nil), childLayer(nil)}, 1, RuleCycle, Error, "twice"},
		"one UUID": {[]chainLayer{childLayer(nil), parentLayer(func(s *vhdtest.Spec) { s.UUID = vhdtest.ID("child") })},
			1, RuleDuplicateUUID, Warning, "Layer 0"},
	} {
		t.Run(name, func(t *testing.T) {
			var chain []Candidate
			for _, l := range c.layers {
				im := OpenRaw(l.file, l.file.Size())
				if !l.raw {
					im = mustOpen(t, l.file)
				}
				chain = append(chain, Candidate{l.name, im, l.modified})
			}
			found, err := CheckChain(context.Background(), chain, CheckOptions{Now: checkNow})
			if err != nil {
				t.Fatal(err)
			}
			if c.rule == "" && len(found) > 0 {
				t.Errorf("found %+v", found)
			}
			for i, f := range found {
				if i > 0 && f.Severity > found[i-1].Severity {
					t.Error("not the worst first")
				}
				if f.Rule == c.rule && f.Layer == c.layer && f.Severity == c.sev && strings.Contains(f.Message, c.says) {
					return
				}
			}
			if c.rule != "" {
				t.Errorf("found %+v", found)
			}
		})
	}
	if found, err := CheckChain(context.Background(), nil, CheckOptions{}); found != nil && len(found) > 0 || err != nil {
		t.Errorf("no chain: %v, %v", found, err)
	}
}

// FuzzCheck checks any bytes: it ends, holds to its bounds, and never says
// less than Open.
func FuzzCheck(f *testing.F) {
	for _, seed := range fuzzSeeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxFuzzInput {
			return
		}
		size := int64(len(b))
		var found []Finding
		if spent := allocated(func() { found = checkFile(t, bytes.NewReader(b), size, CheckOptions{Now: checkNow, Data: true}) }); spent > checkAllowance(size)+maxListed*maxListed<<10 {
			t.Errorf("a check of %d bytes allocated %d", size, spent)
		}
		counts := map[Rule]int{}
		for i, e := range found {
			if e.Rule == "" || e.Message == "" || e.Offset < -1 || e.Length < 0 || e.Offset > size || e.Offset+e.Length > size+1 && e.Rule != RuleLocatorText {
				t.Errorf("finding %+v of %d bytes", e, size)
			}
			if i > 0 && e.Severity > found[i-1].Severity {
				t.Error("not the worst first")
			}
			if counts[e.Rule]++; counts[e.Rule] > 3*(maxListed+2) {
				t.Errorf("%d findings of %s", counts[e.Rule], e.Rule)
			}
		}
		im, err := Open(bytes.NewReader(b), size)
		if err != nil {
			if len(found) == 0 || found[0].Severity != Error {
				t.Errorf("Open says %v, the check %+v", err, found)
			}
			return
		}
		for _, e := range im.Findings() {
			if e.Severity != Note && len(found) == 0 {
				t.Errorf("Open finds %+v, the check nothing", e)
			}
		}
		// Where the check finds no error, all of the disk can be read.
		if im.Type() != Differencing && im.Size() < 1<<20 && (len(found) == 0 || found[0].Severity != Error) {
			p := make([]byte, im.Size())
			if n, err := mustDisk(t, im).ReadAt(p, 0); int64(n) < im.Size() {
				t.Errorf("no error is found, but %d of %d bytes can be read: %v", n, im.Size(), err)
			}
		}
	})
}
