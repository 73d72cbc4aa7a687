package vhd

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"strconv"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
)

// ruleCase is one rule: something that breaks it, and something like it that
// does not.
type ruleCase struct {
	severity Severity
	at       int64 // the finding's offset; anyPlace: any
	broken   checked
	kept     checked
}

// anyPlace stands for an offset that is not looked at.
const anyPlace = -2

// checked is something to check.
type checked func(t *testing.T) []Finding

// checkNow is the present of all checks here.
var checkNow = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)

// checkOf checks a file that was edited.
func checkOf(f *vhdtest.File, edits ...func(*vhdtest.File)) checked {
	for _, edit := range edits {
		edit(f)
	}
	return readerOf(f, f.Size())
}

func readerOf(r io.ReaderAt, size int64) checked {
	return func(t *testing.T) []Finding { return checkFile(t, r, size, CheckOptions{Now: checkNow, Data: true}) }
}

// chainOf checks a chain of images, leaf first, that have names and times.
func chainOf(layers ...chainLayer) checked {
	return func(t *testing.T) []Finding {
		var chain []Candidate
		for _, l := range layers {
			c := Candidate{Name: l.name, Modified: l.modified}
			if l.raw {
				c.Image = OpenRaw(l.file, l.file.Size())
			} else {
				c.Image = mustOpen(t, l.file)
			}
			chain = append(chain, c)
		}
		found, err := CheckChain(context.Background(), chain, CheckOptions{Now: checkNow, Data: true})
		if err != nil {
			t.Fatal(err)
		}
		var list []Finding
		for _, f := range found {
			list = append(list, f.Finding)
		}
		return list
	}
}

type chainLayer struct {
	name     string
	file     *vhdtest.File
	modified time.Time
	raw      bool
}

// The chain of the cases: a child that names its parent as parentLayer is.
func childLayer(edit func(*vhdtest.Spec)) chainLayer {
	return chainLayer{name: "disks/child.vhd", file: child(func(s *vhdtest.Spec) {
		s.Locators = []vhdtest.Locator{vhdtest.Relative(`.\parent.vhd`)}
		if edit != nil {
			edit(s)
		}
	})}
}

func parentLayer(edit func(*vhdtest.Spec)) chainLayer {
	s := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096, UUID: vhdtest.ID("parent")}
	if edit != nil {
		edit(&s)
	}
	return chainLayer{name: "disks/parent.vhd", file: s.Build()}
}

// at gives a layer's file a time.
func (l chainLayer) at(t time.Time) chainLayer {
	l.modified = t
	return l
}

// named gives a layer's file another name.
func (l chainLayer) named(name string) chainLayer {
	l.name = name
	return l
}

// The parts of the cases.
func footerField(at int, v byte) func(*vhdtest.File) {
	return footers(func(b []byte) { b[at] = v })
}

func copyField(at int64, v byte) func(*vhdtest.File) {
	return func(f *vhdtest.File) { f.Put(at, []byte{v}); f.FixChecksums() }
}

func entryAt(b int, sector func(l *vhdtest.Layout) int64) func(*vhdtest.File) {
	return func(f *vhdtest.File) { f.SetEntry(b, uint32(sector(&f.Layout))) }
}

func blockPlace(i int) func(l *vhdtest.Layout) int64 {
	return func(l *vhdtest.Layout) int64 { return l.Blocks[i].Bitmap / 512 }
}

func cutBy(n int64) func(*vhdtest.File) {
	return func(f *vhdtest.File) { f.Truncate(f.Size() - n) }
}

// ragged is a dynamic disk of a single block with a bitmap.
func raggedBlock(size int64, blockSize uint32, bitmap []byte, data []byte) *vhdtest.File {
	return vhdtest.Spec{Type: vhdtest.Dynamic, Size: size, BlockSize: blockSize, Blocks: []vhdtest.Block{{Data: data, Bitmap: bitmap}}}.Build()
}

// ruleCases has every rule that a check can break.
func ruleCases() map[Rule]ruleCase {
	good := func() checked { return checkOf(goodImage()) }
	layout := tableImage().Layout
	place := tableImage().Layout.Blocks[1]
	family := func() checked { return chainOf(childLayer(nil), parentLayer(nil)) }
	future := func(s *vhdtest.Spec) { s.ParentTimestamp = 3 << 30 }
	loc := func(l vhdtest.Locator) *vhdtest.File { return locatorsNamed(l) }
	relative := vhdtest.Relative(`.\parent.vhd`)
	claim := func(edit func(*vhdtest.Locator)) *vhdtest.File {
		l := vhdtest.Relative(`.\parent.vhd`)
		edit(&l)
		return loc(l)
	}
	slot := loc(relative).Layout.LocatorEntry(0)
	surplus := func(sector uint32) *vhdtest.File {
		s := tableSpec()
		s.ExtraEntries = 8
		f := s.Build()
		f.SetEntry(10, sector)
		return f
	}
	noted := func(after time.Duration) checked {
		at := checkNow.Add(-time.Hour * 100)
		return chainOf(childLayer(func(s *vhdtest.Spec) { s.ParentTimestamp = uint32(at.Sub(epoch) / time.Second) }), parentLayer(nil).at(at.Add(after)))
	}
	deep := func(n int) checked {
		var layers []chainLayer
		for i := range n {
			layers = append(layers, chainLayer{file: child(func(s *vhdtest.Spec) {
				s.UUID, s.ParentUUID = vhdtest.ID(strconv.Itoa(i)), vhdtest.ID(strconv.Itoa(i+1))
			})})
		}
		return chainOf(append(layers, parentLayer(func(s *vhdtest.Spec) { s.UUID = vhdtest.ID(strconv.Itoa(n)) }).named(""))...)
	}
	return map[Rule]ruleCase{
		RuleRead: {Error, place.Bitmap, readerOf(failingReader{tableImage(), place.Bitmap, place.Bitmap + 512}, tableImage().Size()),
			readerOf(failingReader{unlistedTail(), unlistedTail().Layout.Footer - 8192, unlistedTail().Layout.Footer - 5120}, unlistedTail().Size())},
		RuleCookie:          {Error, -1, checkOf(vhdtest.NewFile(), func(f *vhdtest.File) { f.Truncate(5000) }), good()},
		RuleOtherFormat:     {Error, -1, checkOf(vhdtest.NewFile(), func(f *vhdtest.File) { f.Truncate(5000); f.Put(0, []byte("vhdxfile")) }), checkOf(vhdtest.Spec{Type: vhdtest.Fixed, Size: 512, Data: []byte("vhdxfile")}.Build())},
		RuleSize:            {Error, goodImage().Layout.Footer + vhdtest.FooterCurrentSize, checkOf(goodImage(), footers(put64(vhdtest.FooterCurrentSize, 1<<60))), checkOf(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 2040 << 30}.Build())},
		RuleDiskType:        {Error, goodImage().Layout.Footer + vhdtest.FooterType, checkOf(goodImage(), footers(put32(vhdtest.FooterType, 5))), checkOf(goodImage(), footers(put32(vhdtest.FooterType, 3)))},
		RuleFooterMissing:   {Warning, goodImage().Layout.Footer - 512, checkOf(goodImage(), cutBy(512)), good()},
		RuleFooterShort:     {Note, anyPlace, checkOf(vhdtest.Spec{Type: vhdtest.Fixed, Size: 1024, Placement: vhdtest.Placement{ShortFooter: true}}.Build()), checkOf(vhdtest.Spec{Type: vhdtest.Fixed, Size: 1024}.Build())},
		RuleFooterChecksum:  {Warning, goodImage().Layout.Footer + vhdtest.FooterChecksum, checkOf(goodImage(), func(f *vhdtest.File) { f.EditFooters(put32(vhdtest.FooterChecksum, 1)) }), checkOf(hiddenTap())},
		RuleFooterCopy:      {Warning, 0, checkOf(goodImage(), copyField(vhdtest.FooterCreator, 'x')), checkOf(vhdtest.Spec{Type: vhdtest.Fixed, Size: 512, Data: goodImage().Get(0, 512)}.Build())},
		RuleFooterPoisoned:  {Error, goodImage().Layout.Footer, checkOf(goodImage(), footers(func(b []byte) { copy(b, "v_poison") })), good()},
		RuleFooterVersion:   {Warning, anyPlace, checkOf(goodImage(), footers(put32(vhdtest.FooterVersion, 0x20000))), good()},
		RuleFooterFeatures:  {Note, anyPlace, checkOf(goodImage(), footers(put32(vhdtest.FooterFeatures, 0))), checkOf(goodImage(), footers(put32(vhdtest.FooterFeatures, 3)))},
		RuleFooterReserved:  {Note, anyPlace, checkOf(goodImage(), footerField(300, 1)), good()},
		RuleTrailingBytes:   {Warning, goodImage().Size(), checkOf(goodImage(), func(f *vhdtest.File) { f.Append(make([]byte, 512)) }), good()},
		RuleSavedState:      {Note, anyPlace, checkOf(goodImage(), footerField(vhdtest.FooterSavedState, 1)), good()},
		RuleHidden:          {Note, anyPlace, checkOf(goodImage(), footerField(vhdtest.FooterHidden, 1)), good()},
		RuleCurrentSize:     {Warning, anyPlace, checkOf(vhdtest.Spec{Type: vhdtest.Fixed, Size: 700}.Build()), checkOf(vhdtest.Spec{Type: vhdtest.Fixed, Size: 512}.Build())},
		RuleFixedSize:       {Error, anyPlace, checkOf(fixedImage(), footers(put64(vhdtest.FooterCurrentSize, 2560))), checkOf(fixedImage())},
		RuleGeometry:        {Note, anyPlace, checkOf(goodImage(), footers(put32(vhdtest.FooterCylinders, 0))), checkOf(vhdtest.Spec{Type: vhdtest.Fixed, Size: 512, Geometry: &vhdtest.Geometry{Heads: 4, Sectors: 17}}.Build())},
		RuleUUID:            {Warning, anyPlace, checkOf(goodImage(), footers(func(b []byte) { clear(b[vhdtest.FooterUUID:][:16]) })), good()},
		RuleTimestampFuture: {Note, anyPlace, checkOf(childLayer(future).file), checkOf(goodImage(), footers(put32(vhdtest.FooterTimestamp, uint32(checkNow.Add(23*time.Hour).Sub(epoch)/time.Second))))},
		RuleFixedDataOffset: {Note, anyPlace, checkOf(fixedImage(), footers(put64(vhdtest.FooterDataOffset, 512))), checkOf(fixedImage(), footers(put64(vhdtest.FooterDataOffset, 0xFFFFFFFF)))},

		RuleHeaderOffset:   {Error, goodImage().Layout.Footer + vhdtest.FooterDataOffset, checkOf(goodImage(), func(f *vhdtest.File) { f.Put(512, []byte("x")) }), good()},
		RuleHeaderChecksum: {Warning, 512 + vhdtest.HeaderChecksum, checkOf(goodImage(), func(f *vhdtest.File) { f.PutUint32(512+vhdtest.HeaderChecksum, 1) }), good()},
		RuleHeaderVersion:  {Warning, anyPlace, checkOf(goodImage(), header(put32(vhdtest.HeaderVersion, 7))), good()},
		RuleHeaderNext:     {Note, anyPlace, checkOf(goodImage(), header(put64(vhdtest.HeaderDataOffset, 512))), good()},
		RuleHeaderReserved: {Note, anyPlace, checkOf(goodImage(), header(put32(vhdtest.HeaderReserved1, 1))), good()},
		RuleBlockSize:      {Error, 512 + vhdtest.HeaderBlockSize, checkOf(goodImage(), header(put32(vhdtest.HeaderBlockSize, 3<<20))), checkOf(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1024, BlockSize: 512}.Build())},
		RuleTableOffset:    {Error, 512 + vhdtest.HeaderTableOffset, checkOf(goodImage(), header(put64(vhdtest.HeaderTableOffset, 1<<40))), checkOf(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1024, BlockSize: 512, Placement: vhdtest.Placement{TableOffset: 8192}}.Build())},
		RuleTableEntries:   {Error, 512 + vhdtest.HeaderMaxEntries, checkOf(goodImage(), header(put32(vhdtest.HeaderMaxEntries, 8))), checkOf(surplus(unallocated))},
		RuleTableTruncated: {Error, anyPlace, checkOf(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1 << 20, BlockSize: 512}.Build(), func(f *vhdtest.File) { f.Truncate(f.Layout.Table + 4000) }), good()},
		RuleTableSurplus:   {Warning, surplus(0).Layout.Entry(10), checkOf(surplus(40)), checkOf(surplus(0))},
		RuleTablePadding: {Note, layout.Entry(8), checkOf(tableImage(), func(f *vhdtest.File) { f.SetEntry(20, 7) }),
			checkOf(tableImage(), func(f *vhdtest.File) { f.Put(f.Layout.Entry(8), make([]byte, 512-32)) })},
		RuleStructureOverlap: {Error, anyPlace, checkOf(headerOverCopy()), good()},

		RuleBlockOutside:   {Error, layout.Entry(2), checkOf(tableImage(), entryAt(2, func(l *vhdtest.Layout) int64 { return l.Footer / 512 })), checkOf(tableImage())},
		RuleBlockStructure: {Error, layout.Entry(2), checkOf(tableImage(), entryAt(2, func(*vhdtest.Layout) int64 { return 2 })), checkOf(tableImage())},
		RuleBlockTruncated: {Error, layout.Entry(7), checkOf(tableImage(), cutBy(1024)), checkOf(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 5120, BlockSize: 4096, Blocks: []vhdtest.Block{{Index: 1, Data: blockData(1)[:1024], Stored: 1024}}}.Build())},
		RuleBlockOverlap:   {Error, layout.Entry(3), checkOf(tableImage(), entryAt(3, func(l *vhdtest.Layout) int64 { return l.Blocks[1].Bitmap/512 + 8 })), checkOf(shuffledImage())},
		RuleBlockDuplicate: {Error, layout.Entry(3), checkOf(tableImage(), entryAt(3, blockPlace(1))), checkOf(shuffledImage())},

		RuleBitmapPadding: {Note, anyPlace, checkOf(raggedBlock(4096, 4096, []byte{0xFF, 0x80}, blockData(0))), checkOf(raggedBlock(4096, 4096, []byte{0xFF}, blockData(0)))},
		RuleBitmapPastEnd: {Note, anyPlace, checkOf(raggedBlock(1024, 4096, []byte{0xC1}, blockData(0))), checkOf(raggedBlock(1024, 4096, []byte{0xFF}, blockData(0)))},
		RuleBitmapData:    {Warning, raggedBlock(4096, 4096, []byte{0xF0}, blockData(0)).Layout.Blocks[0].Data + 2048, checkOf(raggedBlock(4096, 4096, []byte{0xF0}, blockData(0))), checkOf(raggedBlock(4096, 4096, []byte{0xF0}, blockData(0)[:2048]))},
		RuleBitmapOrder:   {Error, anyPlace, checkOf(tapImage(0x00000001)), checkOf(tapImage(0x00010003))},
		RuleBatmap:        {Note, anyPlace, checkOf(batmapImage(&vhdtest.Batmap{ClaimChecksum: new(uint32(3))})), checkOf(batmapImage(&vhdtest.Batmap{Version: 0x00010001}))},
		RuleBatmapMismatch: {Warning, batmapImage(&vhdtest.Batmap{}).Layout.BatmapMap, checkOf(batmapImage(&vhdtest.Batmap{Map: []byte{0xB0}})),
			checkOf(batmapImage(&vhdtest.Batmap{Map: []byte{0x80}}))},
		RuleLostSpace: {Note, unlistedTail().Layout.Footer - 8192, checkOf(unlistedTail()), checkOf(alignedImage())},

		RuleLocatorCode:      {Warning, slot, checkOf(loc(vhdtest.Locator{Code: 0x41424344})), checkOf(loc(relative))},
		RuleLocatorEmpty:     {Note, slot + 24, checkOf(loc(relative), func(f *vhdtest.File) { f.PutUint32(slot+24+8, 1); f.FixChecksums() }), checkOf(loc(relative))},
		RuleLocatorSpace:     {Warning, slot + 4, checkOf(claim(func(l *vhdtest.Locator) { l.ClaimSpace = new(uint32(513)) })), checkOf(claim(func(l *vhdtest.Locator) { l.SpaceInSectors = true }))},
		RuleLocatorLength:    {Warning, slot + 8, checkOf(claim(func(l *vhdtest.Locator) { l.ClaimLength = new(uint32(600)) })), checkOf(claim(func(l *vhdtest.Locator) { l.ClaimLength = new(uint32(512)) }))},
		RuleLocatorOffset:    {Warning, slot + 16, checkOf(claim(func(l *vhdtest.Locator) { l.ClaimOffset = new(uint64(1 << 40)) })), checkOf(loc(relative))},
		RuleLocatorText:      {Warning, anyPlace, checkOf(loc(vhdtest.Relative(""))), checkOf(loc(vhdtest.Relative("é😀.vhd")))},
		RuleLocatorOverlap:   {Warning, slot + 16, checkOf(claim(func(l *vhdtest.Locator) { l.ClaimOffset = new(uint64(1536)) })), checkOf(loc(relative))},
		RuleLocatorDuplicate: {Note, slot + 24, checkOf(locatorsNamed(relative, relative)), checkOf(locatorsNamed(relative, vhdtest.Absolute(`C:\parent.vhd`)))},
		RuleLocatorReserved:  {Note, slot + 12, checkOf(loc(vhdtest.Locator{Code: vhdtest.W2ru, Data: relative.Data, Reserved: 5})), checkOf(loc(relative))},
		RuleParentName:       {Warning, anyPlace, chainOf(childLayer(nil), parentLayer(nil).named("disks/renamed.vhd")), chainOf(childLayer(nil), parentLayer(nil).named("elsewhere/PARENT.VHD"))},
		RuleParentStale:      {Note, anyPlace, checkOf(goodImage(), header(put32(vhdtest.HeaderParentUUID, 1))), good()},
		RuleParentUUID:       {Error, 512 + vhdtest.HeaderParentUUID, chainOf(childLayer(nil), parentLayer(func(s *vhdtest.Spec) { s.UUID = vhdtest.ID("other") })), family()},
		RuleSelfParent:       {Warning, anyPlace, checkOf(child(func(s *vhdtest.Spec) { s.ParentUUID = s.UUID })), checkOf(child(nil))},
		RuleParentMissing:    {Error, 512 + vhdtest.HeaderParentUUID, chainOf(childLayer(nil)), family()},
		RuleDepth:            {Error, -1, deep(MaxDepth), deep(MaxDepth - 1)},
		RuleParentTime:       {Note, 512 + vhdtest.HeaderParentTimestamp, noted(3 * time.Second), noted(2 * time.Second)},
		RuleChainSize:        {Warning, anyPlace, chainOf(childLayer(nil), parentLayer(func(s *vhdtest.Spec) { s.Size = 8192 })), family()},
		RuleCycle:            {Error, -1, chainOf(childLayer(nil), childLayer(nil), parentLayer(nil)), family()},
		RuleDuplicateUUID:    {Warning, anyPlace, chainOf(childLayer(func(s *vhdtest.Spec) { s.UUID = vhdtest.ID("parent") }), parentLayer(nil)), family()},
	}
}

// locatorsNamed is a child with locators and a unicode name.
func locatorsNamed(list ...vhdtest.Locator) *vhdtest.File {
	return child(func(s *vhdtest.Spec) { s.Locators = list })
}

// hiddenTap is an early XenServer image with its stale checksum.
func hiddenTap() *vhdtest.File {
	f := tapImage(0x00010001)
	f.EditFooters(func(b []byte) { b[vhdtest.FooterHidden] = 1 })
	return f
}

// tapImage is an image by a release of XenServer.
func tapImage(version uint32) *vhdtest.File {
	s := tableSpec()
	s.Creator, s.CreatorVersion = "tap\x00", version
	return s.Build()
}

// unlistedTail has 8 KiB before the footer that nothing refers to.
func unlistedTail() *vhdtest.File {
	f := tableImage()
	footer := f.Get(f.Layout.Footer, 512)
	f.Put(f.Layout.Footer, make([]byte, 8192))
	f.Layout.Footer += 8192
	f.Append(footer)
	return f
}

// alignedImage leaves as much between its blocks as aligning may.
func alignedImage() *vhdtest.File {
	s := tableSpec()
	s.Aligned = true
	return s.Build()
}

// shuffledImage has its blocks in another order than the disk.
func shuffledImage() *vhdtest.File {
	s := tableSpec()
	s.Blocks[0], s.Blocks[1], s.Blocks[2], s.Blocks[3] = s.Blocks[3], s.Blocks[0], s.Blocks[1], s.Blocks[2]
	return s.Build()
}

// headerOverCopy has its header inside the footer's copy, whose reserved
// bytes it takes.
func headerOverCopy() *vhdtest.File {
	s := tableSpec()
	s.HeaderOffset, s.TableOffset = 256, 2048
	return s.Build()
}

// TestEveryRule breaks each rule, and does not break it. It knows the rules
// from the source, so that a new one without a case fails.
func TestEveryRule(t *testing.T) {
	cases := ruleCases()
	for name, rule := range rulesInSource(t) {
		if rule == RuleBounds || rule == RuleWrite { // what is asked of a disk, and nothing about a file
			continue
		}
		c, ok := cases[rule]
		if !ok {
			t.Errorf("%s has no case", name)
			continue
		}
		delete(cases, rule)
		t.Run(string(rule), func(t *testing.T) {
			found := c.broken(t)
			if !hasFinding(found, rule, c.severity) {
				t.Errorf("broken, but only %+v is found", found)
			}
			for _, f := range found {
				if f.Rule == rule && f.Severity == c.severity && c.at != anyPlace && f.Offset != c.at {
					t.Errorf("found at byte %#x, want %#x", f.Offset, c.at)
				}
			}
			for _, f := range c.kept(t) {
				if f.Rule == rule {
					t.Errorf("kept, but %+v is found", f)
				}
			}
		})
	}
	for rule := range cases {
		t.Errorf("%s is no rule", rule)
	}
}

// rulesInSource are the constants of type Rule by their names.
func rulesInSource(t *testing.T) map[string]Rule {
	t.Helper()
	rules := map[string]Rule{}
	packages, err := parser.ParseDir(token.NewFileSet(), ".", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range packages["vhd"].Files {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Rule" {
				text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				rules[spec.Names[0].Name] = Rule(text)
			}
			return true
		})
	}
	if len(rules) < 60 {
		t.Fatalf("only %d rules are found in the source", len(rules))
	}
	return rules
}
