package vhd

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// checkFile checks a file.
func checkFile(t testing.TB, r io.ReaderAt, size int64, o CheckOptions) []Finding {
	t.Helper()
	found, err := CheckFile(context.Background(), r, size, o)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// wantRules fails unless the findings are of exactly these rules.
func wantRules(t testing.TB, name string, found []Finding, want []Rule) {
	t.Helper()
	var got []Rule
	for _, f := range found {
		got = append(got, f.Rule)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: findings %+v, want the rules %v", name, found, want)
	}
}

// checkAllowance is how many bytes a check may allocate for a file of size
// bytes: what Open may, lists of its blocks, and buffers.
func checkAllowance(size int64) int64 { return allowance(size) + 4*size + bitmapBatch + 2*checkWindow }

// hasFinding reports whether there is a finding of a rule and severity that
// says something.
func hasFinding(found []Finding, rule Rule, severity Severity) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == rule && f.Severity == severity && f.Message != "" })
}

// TestHealthyImages checks images of every kind that the builder makes, with
// whatever real writers do differently: nothing is found.
func TestHealthyImages(t *testing.T) {
	spec := func(edit func(*vhdtest.Spec)) vhdtest.Spec {
		s := tableSpec()
		edit(&s)
		return s
	}
	differencing := func(s *vhdtest.Spec) {
		s.Type, s.UUID, s.ParentUUID, s.ParentName = vhdtest.Differencing, vhdtest.ID("c"), vhdtest.ID("p"), "p.vhd"
	}
	cases := map[string]vhdtest.Spec{
		"fixed":             {Type: vhdtest.Fixed, Size: 5120, Data: blockData(0)},
		"fixed, empty":      {Type: vhdtest.Fixed, Size: 1 << 30},
		"dynamic":           tableSpec(),
		"dynamic, empty":    {Type: vhdtest.Dynamic, Size: 1 << 30},
		"aligned":           spec(func(s *vhdtest.Spec) { s.Aligned = true }),
		"zeros pad the BAT": spec(func(s *vhdtest.Spec) { s.ZeroTablePad = true }),
		"extra entries":     spec(func(s *vhdtest.Spec) { s.ExtraEntries = 300 }),
		"a BAT for 2 TiB":   spec(func(s *vhdtest.Spec) { s.ExtraEntries = 1 << 20 }),
		"all of it, and a batmap": spec(func(s *vhdtest.Spec) {
			s.Aligned, s.ZeroTablePad, s.ExtraEntries, s.Batmap = true, true, 300, &vhdtest.Batmap{}
		}),
		"batmap 1.2":           spec(func(s *vhdtest.Spec) { s.Batmap = &vhdtest.Batmap{} }),
		"batmap 1.1":           spec(func(s *vhdtest.Spec) { s.Batmap = &vhdtest.Batmap{Version: 0x00010001} }),
		"XenServer 1.1":        spec(func(s *vhdtest.Spec) { s.Creator, s.CreatorVersion = "tap\x00", 0x00010001 }),
		"batmap of nothing":    spec(func(s *vhdtest.Spec) { s.Batmap = &vhdtest.Batmap{Map: []byte{0}} }),
		"the BAT far behind":   spec(func(s *vhdtest.Spec) { s.TableOffset = 16 << 10 }),
		"the header behind":    spec(func(s *vhdtest.Spec) { s.HeaderOffset, s.TableOffset = 8192, 4096 }),
		"resized":              spec(func(s *vhdtest.Spec) { s.OriginalSize = 1 << 20 }),
		"CHS of 127 GiB":       {Type: vhdtest.Dynamic, Size: 300 << 30},
		"the largest":          {Type: vhdtest.Dynamic, Size: 2040 << 30},
		"qemu's last block":    {Type: vhdtest.Dynamic, Size: 5120, BlockSize: 4096, Blocks: []vhdtest.Block{{Index: 1, Data: blockData(1)[:1024], Bitmap: []byte{0xFF}}}},
		"a last block cut off": {Type: vhdtest.Dynamic, Size: 5120, BlockSize: 4096, Blocks: []vhdtest.Block{{Index: 1, Data: blockData(1)[:1024], Stored: 1024}}},
		"child without locators": spec(func(s *vhdtest.Spec) {
			differencing(s)
		}),
		"child with all locators": spec(func(s *vhdtest.Spec) {
			differencing(s)
			s.Locators = []vhdtest.Locator{vhdtest.Relative(`.\p.vhd`), vhdtest.Absolute(`C:\p.vhd`), vhdtest.FileURL("localhost", "/p.vhd"),
				vhdtest.RelativeANSI([]byte("p.vhd")), vhdtest.AbsoluteANSI([]byte(`C:\p.vhd`)), {Code: vhdtest.Mac, Data: []byte("alias")}}
		}),
		"locators in slots 6 and 7, space in sectors": spec(func(s *vhdtest.Spec) {
			differencing(s)
			a, b := vhdtest.Relative(`.\p.vhd`), vhdtest.Absolute(`C:\p.vhd`)
			a.Slot, b.Slot, a.SpaceInSectors, b.SpaceInSectors, b.Space = 6, 7, true, true, 4096
			s.Locators = []vhdtest.Locator{a, b}
		}),
		"stale bytes under a child's clear bits": spec(func(s *vhdtest.Spec) {
			differencing(s)
			s.Blocks = []vhdtest.Block{{Data: blockData(0), Bitmap: []byte{0x81}}}
		}),
	}
	windows := tableSpec()
	differencing(&windows)
	cases["child by Windows 10"] = vhdtest.WindowsChild(windows, `.\p.vhd`, `C:\p.vhd`)
	for _, size := range []uint32{512, 1024, 2048, 4096, 64 << 10, 512 << 10, 2 << 20, 16 << 20} {
		cases["blocks of "+strconv.Itoa(int(size))] = vhdtest.Spec{Type: vhdtest.Dynamic, Size: int64(size)*3 + 512, BlockSize: size,
			Blocks: []vhdtest.Block{{Index: 3, Data: pattern(0, 9)}, {Index: 0, Data: pattern(0, 1)}}}
	}
	for name, s := range cases {
		t.Run(name, func(t *testing.T) {
			f := s.Build()
			wantRules(t, name, checkFile(t, f, f.Size(), CheckOptions{Now: checkNow, Data: true}), nil)
		})
	}
}

// TestHealthyChains checks random chains, shuffled and ragged, of all kinds.
func TestHealthyChains(t *testing.T) {
	for seed := range uint64(20) {
		c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: int(1 + seed%4), Size: 300 << 10, BlockSizes: []uint32{4096, 64 << 10, 512},
			Aligned: seed%2 == 0, BaseType: []uint32{vhdtest.Dynamic, vhdtest.Fixed}[seed/2%2], InOrder: seed%3 == 0})
		var chain []Candidate
		for _, l := range c.Layers {
			chain = append(chain, Candidate{Name: l.Name, Image: mustOpen(t, l.File)})
		}
		found, err := CheckChain(context.Background(), chain, CheckOptions{Now: checkNow, Data: true})
		if err != nil || len(found) > 0 {
			t.Errorf("seed %d: %v, %+v", seed, err, found)
		}
	}
}

// TestCheckIsBounded: of a hundred thousand wrong entries a few are listed
// and the rest counted.
func TestCheckIsBounded(t *testing.T) {
	const entries = 100_000
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: entries * 512, BlockSize: 512}.Build()
	table := bytes.Repeat([]byte{0, 0, 0, 2}, entries)
	f.Put(f.Layout.Table, table)
	var found []Finding
	if spent := allocated(func() { found = checkFile(t, f, f.Size(), CheckOptions{}) }); spent > checkAllowance(f.Size())+8*entries {
		t.Errorf("%d bytes allocated", spent)
	}
	if len(found) != maxListed+1 {
		t.Fatalf("%d findings", len(found))
	}
	last := found[maxListed]
	if last.Rule != RuleBlockStructure || last.Severity != Error || last.Got != strconv.Itoa(entries-maxListed)+" more" || last.Offset != -1 {
		t.Errorf("the rest is told as %+v", last)
	}
}

// TestCheckTellsWhatElseIsKnown: an image that Open refuses is checked as far
// as it can be.
func TestCheckTellsWhatElseIsKnown(t *testing.T) {
	noTable := child(func(s *vhdtest.Spec) { s.Locators = []vhdtest.Locator{{Code: 7}} })
	header(put64(vhdtest.HeaderTableOffset, 1<<40))(noTable)
	noType := goodImage()
	footers(func(b []byte) { put32(vhdtest.FooterType, 9)(b); b[vhdtest.FooterSavedState] = 1 })(noType)
	noFooters := goodImage()
	noFooters.EditFooters(func(b []byte) { clear(b) })
	for name, c := range map[string]struct {
		f    *vhdtest.File
		want []Rule
	}{
		"no BAT":     {noTable, []Rule{RuleTableOffset, RuleLocatorCode}},
		"wrong type": {noType, []Rule{RuleDiskType, RuleSavedState}},
		"no footers": {noFooters, []Rule{RuleCookie, RuleFooterMissing}},
		"too large":  {vhdtest.NewFile(), []Rule{RuleSize}},
	} {
		size := c.f.Size()
		if name == "too large" {
			size = 1 << 62
		}
		found := checkFile(t, c.f, size, CheckOptions{Now: checkNow})
		wantRules(t, name, found, c.want)
		_, err := Open(c.f, size)
		if e := wantError(t, err, err, c.want[0]); found[0].Offset != e.Offset || found[0].Severity != Error || !strings.EqualFold(found[0].Message, e.Msg+".") {
			t.Errorf("%s: the refusal is told as %+v", name, found[0])
		}
	}
}

// TestCheckNamesFooterFields: where footer and copy differ, the fields are
// named.
func TestCheckNamesFooterFields(t *testing.T) {
	f := goodImage()
	f.Put(vhdtest.FooterCreator, []byte("qemu"))
	f.Put(vhdtest.FooterCurrentSize+7, []byte{9})
	f.FixChecksums()
	for name, edit := range map[string]func(*vhdtest.File){
		"copy":    func(*vhdtest.File) {},
		"damaged": func(f *vhdtest.File) { f.Put(vhdtest.FooterChecksum, []byte{1}) },
	} {
		edit(f)
		found := checkFile(t, f, f.Size(), CheckOptions{Now: checkNow})
		wantRules(t, name, found, []Rule{RuleFooterCopy})
		for _, part := range []string{"creator application (qemu", "current size (65545 bytes instead of 65536", "checksum"} {
			if !strings.Contains(found[0].Message, part) {
				t.Errorf("%s: %q does not name %q", name, found[0].Message, part)
			}
		}
	}
	f = goodImage()
	f.Put(f.Layout.Footer+vhdtest.FooterUUID, []byte{0xEE})
	found := checkFile(t, f, f.Size(), CheckOptions{Now: checkNow})
	wantRules(t, "tail", found, []Rule{RuleFooterChecksum})
	if !strings.Contains(found[0].Message, "differs in: unique ID") {
		t.Errorf("%q does not name the field", found[0].Message)
	}
}

// TestTruncatedWhereNothingIs: the end of the file cuts a block off, but all
// that its bitmap has is there.
func TestTruncatedWhereNothingIs(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096, Blocks: []vhdtest.Block{{Data: blockData(0)[:1024], Bitmap: []byte{0xC0}, Stored: 1024}}}.Build()
	found := checkFile(t, f, f.Size(), CheckOptions{Now: checkNow, Data: true})
	if len(found) != 1 || !hasFinding(found, RuleBlockTruncated, Warning) {
		t.Errorf("%+v", found)
	}
}
