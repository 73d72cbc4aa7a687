package vhd

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// repairCase is a damaged image and what its repair must come to.
type repairCase struct {
	name  string
	image func() *vhdtest.File // nil: a tableImage
	edit  func(f *vhdtest.File)

	changed []Rule   // in any order
	lost    []extent // of the disk
	grown   int64    // how many bytes the file gets longer
	leaves  Rule     // a warning of the check that stays
	want    func(disk []byte)
}

func (c repairCase) run(t *testing.T) {
	f := tableImage()
	if c.image != nil {
		f = c.image()
	}
	want := plainDisk(t, f)
	if want == nil {
		t.Fatal("no plain image to begin with")
	}
	c.edit(f)
	res := repairAll(t, f, f.Size(), RepairOptions{Data: true})
	if res == nil {
		t.Fatal("refused")
	}
	changed := rulesChanged(res)
	slices.Sort(changed)
	slices.Sort(c.changed)
	if !slices.Equal(changed, c.changed) {
		t.Errorf("changes %+v, want the rules %v", res.Changes, c.changed)
	}
	var lost []extent
	for _, l := range res.Lost {
		lost = append(lost, extent{l.Offset, l.Offset + l.Length})
	}
	if !slices.Equal(lost, c.lost) {
		t.Errorf("lost %v, want %v", res.Lost, c.lost)
	}
	if grown := res.Plan.Size() - f.Size(); grown != c.grown {
		t.Errorf("%d bytes longer, want %d", grown, c.grown)
	}
	for _, found := range res.Left {
		if found.Severity > Note && found.Rule != c.leaves {
			t.Errorf("left: %+v", found)
		}
	}
	if c.want != nil {
		c.want(want)
	}
	wantBytes(t, plainDisk(t, planFile(t, res.Plan)), want)
}

// planFile is a new file in memory, with zeros where the old one gives
// nothing.
func planFile(t *testing.T, p *Plan) *vhdtest.File {
	t.Helper()
	var b bytes.Buffer
	if err := p.Copy(t.Context(), &b, nil, func(Loss) {}); err != nil {
		t.Fatal(err)
	}
	f := vhdtest.NewFile()
	f.Put(0, b.Bytes())
	return f
}

// plainDisk is the disk as the naive reader sees it, with 0xAA where a
// differencing image asks its parent; nil where it does not open the file.
func plainDisk(t *testing.T, f *vhdtest.File) []byte {
	t.Helper()
	im, err := openNaive(f, f.Size())
	if err != nil {
		return nil
	}
	var disk []byte
	for lba := uint64(0); lba*512 < im.disk; lba++ {
		at, here, err := im.where(lba)
		sector := make([]byte, min(512, im.disk-lba*512))
		switch {
		case err != nil:
			t.Fatal(err)
		case here:
			if sector, err = im.bytes(at, len(sector)); err != nil {
				t.Fatal(err)
			}
		case im.kind == vhdtest.Differencing:
			for i := range sector {
				sector[i] = 0xAA
			}
		}
		disk = append(disk, sector...)
	}
	return disk
}

// tableChild is a tableImage as a differencing image, its locator behind the
// table.
func tableChild() *vhdtest.File {
	s := tableSpec()
	s.Type, s.ParentUUID, s.UUID, s.ParentName = vhdtest.Differencing, vhdtest.ID("p"), vhdtest.ID("c"), "p.vhd"
	s.Locators = []vhdtest.Locator{vhdtest.Relative(`.\p.vhd`)}
	return s.Build()
}

// withBatmap is a tableImage with a batmap.
func withBatmap(m *vhdtest.Batmap) func() *vhdtest.File {
	s := tableSpec()
	s.Batmap = m
	return s.Build
}

func TestRepairs(t *testing.T) {
	const block, stored = 4096, 512 + 4096
	fill := func(from, to int64, v byte) func([]byte) {
		return func(disk []byte) {
			for i := from; i < to; i++ {
				disk[i] = v
			}
		}
	}
	point := func(b int, at func(l *vhdtest.Layout) int64) func(*vhdtest.File) {
		return func(f *vhdtest.File) { f.SetEntry(b, uint32(at(&f.Layout)/512)) }
	}
	copied := func(to, from int64) func([]byte) {
		return func(disk []byte) { copy(disk[to*block:(to+1)*block], disk[from*block:(from+1)*block]) }
	}
	// aligned is the growth by a block's copy behind n sectors of file.
	aligned := func(sectors int64) int64 { return placeAligned(sectors*512, 512) + stored - sectors*512 }
	end := int64(40) // the sector of a tableImage's footer
	for _, c := range []repairCase{
		{name: "entry in the footer copy", edit: point(2, func(*vhdtest.Layout) int64 { return 0 }),
			changed: []Rule{RuleBlockStructure}, lost: []extent{{2 * block, 3 * block}}, want: fill(2*block, 3*block, 0)},
		{name: "entry past the end, in a child", image: tableChild, edit: point(3, func(*vhdtest.Layout) int64 { return 1 << 40 }),
			changed: []Rule{RuleBlockOutside}, lost: []extent{{3 * block, 4 * block}}, want: fill(3*block, 4*block, 0xAA)},
		{name: "all entries past the end", edit: func(f *vhdtest.File) {
			for b := range 8 {
				f.SetEntry(b, 0xFFFFFF00)
			}
		}, changed: []Rule{RuleBlockOutside}, lost: []extent{{0, 8 * block}}, want: fill(0, 8*block, 0)},
		{name: "two blocks at one place", edit: point(2, func(l *vhdtest.Layout) int64 { return l.Blocks[2].Bitmap }),
			changed: []Rule{RuleBlockDuplicate}, lost: []extent{{2 * block, 4 * block}}, grown: aligned(end), want: copied(2, 3)},
		{name: "three blocks at one place", edit: func(f *vhdtest.File) {
			point(2, func(l *vhdtest.Layout) int64 { return l.Blocks[0].Bitmap })(f)
			point(7, func(l *vhdtest.Layout) int64 { return l.Blocks[0].Bitmap })(f)
		}, changed: []Rule{RuleBlockDuplicate}, lost: []extent{{0, block}, {2 * block, 3 * block}, {7 * block, 8 * block}},
			grown: aligned(end) + 8192, want: func(disk []byte) { copied(2, 0)(disk); copied(7, 0)(disk) }},
		{name: "a block in another's data", leaves: RuleBitmapData, edit: point(2, func(l *vhdtest.Layout) int64 { return l.Blocks[0].Data + 512 }),
			changed: []Rule{RuleBlockOverlap}, lost: []extent{{0, block}, {2 * block, 3 * block}}, grown: aligned(end),
			want: func(disk []byte) {
				// Sector 1 of block 0 is now a bitmap of block 2.
				bits := pattern(0, 1)[0]
				for s := range int64(8) {
					at := 2*block + s*512
					fill(at, at+512, 0)(disk)
					if bits&(0x80>>s) == 0 {
						continue
					}
					if s < 6 {
						copy(disk[at:at+512], blockData(0)[(s+2)*512:])
					} else if s == 7 {
						copy(disk[at:at+512], blockData(2)[:512])
					} else {
						copy(disk[at:], []byte{0xFF}) // block 2's own bitmap
					}
				}
			}},
		{name: "cut in a block", edit: func(f *vhdtest.File) { f.Truncate(f.Layout.Blocks[3].Data + 1000) },
			changed: []Rule{RuleBlockTruncated, RuleFooterMissing}, lost: []extent{{7*block + 512, 8 * block}},
			grown: 512 + 4096 - 1000, want: fill(7*block+512, 8*block, 0)},
		{name: "cut in a block of a child", image: tableChild, edit: func(f *vhdtest.File) { f.Truncate(f.Layout.Blocks[3].Data + 1024) },
			changed: []Rule{RuleBlockTruncated, RuleFooterMissing}, lost: []extent{{7*block + 1024, 8 * block}},
			grown: 512 + 4096 - 1024, want: fill(7*block+1024, 8*block, 0xAA)},
		{name: "cut in a block of which that part is the parent's", image: func() *vhdtest.File {
			f := tableChild()
			f.Put(f.Layout.Blocks[3].Bitmap, []byte{0xF0})
			return f
		}, edit: func(f *vhdtest.File) { f.Truncate(f.Layout.Blocks[3].Data + 2048) },
			changed: []Rule{RuleBlockTruncated, RuleFooterMissing}, grown: 512 + 2048},
		{name: "cut in a bitmap", edit: func(f *vhdtest.File) { f.Truncate(f.Layout.Blocks[3].Bitmap + 511) },
			changed: []Rule{RuleBlockOutside, RuleFooterMissing}, lost: []extent{{7 * block, 8 * block}}, grown: 1, want: fill(7*block, 8*block, 0)},
		{name: "two footers that differ", edit: func(f *vhdtest.File) {
			copyOf := f.Get(0, 512)
			put64(vhdtest.FooterCurrentSize, 512)(copyOf)
			f.Put(0, copyOf)
		}, changed: []Rule{RuleFooterCopy}},
		{name: "both footers lost", edit: func(f *vhdtest.File) { f.EditFooters(func(b []byte) { clear(b) }) }, changed: []Rule{RuleFooterMissing}},
		{name: "both footers of a child lost", image: tableChild, edit: func(f *vhdtest.File) { f.EditFooters(func(b []byte) { clear(b) }) },
			changed: []Rule{RuleFooterMissing}},
		{name: "both footers lost, header elsewhere", image: func() *vhdtest.File {
			s := tableSpec()
			s.HeaderOffset, s.TableOffset = 4096, 8192
			return s.Build()
		}, edit: func(f *vhdtest.File) { f.EditFooters(func(b []byte) { clear(b) }) }, changed: []Rule{RuleFooterMissing}},
		{name: "header elsewhere, pointer lost", image: func() *vhdtest.File {
			s := tableSpec()
			s.HeaderOffset, s.TableOffset = 4096, 8192
			return s.Build()
		}, edit: footers(put64(vhdtest.FooterDataOffset, 1<<50)), changed: []Rule{RuleHeaderOffset}},
		{name: "type and checksums lost", edit: func(f *vhdtest.File) { f.EditFooters(put32(vhdtest.FooterType, vhdtest.Fixed)) },
			changed: []Rule{RuleDiskType, RuleFooterChecksum}},
		{name: "type of a child lost", image: tableChild, edit: footers(put32(vhdtest.FooterType, 6)), changed: []Rule{RuleDiskType}},
		{name: "size lost, and the first size too", edit: footers(func(b []byte) {
			put64(vhdtest.FooterCurrentSize, 1<<62)(b)
			put64(vhdtest.FooterOriginalSize, 1<<62)(b)
		}), changed: []Rule{RuleSize}},
		{name: "size lost of a disk that ends in a block", image: func() *vhdtest.File {
			s := tableSpec()
			s.Size -= 1024
			return s.Build()
		}, edit: footers(put64(vhdtest.FooterCurrentSize, 1<<62)), changed: []Rule{RuleSize}},
		{name: "locator past the end", image: tableChild, edit: func(f *vhdtest.File) {
			header(put64(vhdtest.HeaderLocators+vhdtest.LocatorOffset, 1<<40))(f)
		}, changed: []Rule{RuleLocatorOffset}},
		{name: "locator over the table", image: tableChild, edit: func(f *vhdtest.File) {
			header(put64(vhdtest.HeaderLocators+vhdtest.LocatorOffset, uint64(f.Layout.Table)))(f)
		}, changed: []Rule{RuleLocatorOverlap}},
		{name: "locator where the footer's copy goes", image: func() *vhdtest.File {
			f := tableChild()
			f.Put(0, make([]byte, 512))
			return f
		}, edit: func(f *vhdtest.File) {
			header(put64(vhdtest.HeaderLocators+vhdtest.LocatorOffset, 0))(f)
			f.Put(0, make([]byte, 512))
		}, changed: []Rule{RuleFooterCopy, RuleLocatorOverlap}},
		{name: "a block cut by the footer", image: func() *vhdtest.File {
			s := tableSpec()
			s.Blocks[3].Data, s.Blocks[3].Stored = s.Blocks[3].Data[:3072], 3072
			f := s.Build()
			f.Append(make([]byte, 512)) // for the naive reader, which needs the whole block
			f.Put(f.Layout.Footer+512, f.Get(f.Layout.Footer, 512))
			return f
		}, edit: func(f *vhdtest.File) { f.Truncate(f.Size() - 512) },
			changed: []Rule{RuleBlockTruncated}, lost: []extent{{8*block - 1024, 8 * block}}, grown: 1024, want: fill(8*block-1024, 8*block, 0)},
		{name: "locator longer than its space", image: tableChild, edit: header(put32(vhdtest.HeaderLocators+vhdtest.LocatorLength, 513)),
			changed: []Rule{RuleLocatorLength}},
		{name: "table on no sector", image: func() *vhdtest.File {
			s := tableSpec()
			s.TableOffset = 1537
			return s.Build()
		}, edit: func(*vhdtest.File) {}, changed: []Rule{RuleTableOffset}, grown: 512},
		{name: "header over the footer's copy", image: func() *vhdtest.File {
			s := tableSpec()
			s.HeaderOffset, s.TableOffset = 256, 2048
			return s.Build()
		}, edit: func(*vhdtest.File) {}, changed: []Rule{RuleFooterCopy, RuleHeaderOffset}, grown: 1024},
		{name: "a batmap that lies", image: withBatmap(&vhdtest.Batmap{Map: []byte{0xFF}}), edit: func(f *vhdtest.File) {
			f.SetEntry(1, uint32(f.Layout.Blocks[3].Bitmap/512)) // so that 1 is allocated, and 4 to 6 are not
		}, changed: []Rule{RuleBatmap, RuleBlockDuplicate}, lost: []extent{{block, 2 * block}, {7 * block, 8 * block}},
			grown: aligned(end+2) + 512, want: copied(1, 7)},
		{name: "a batmap that calls a ragged block full", image: withBatmap(&vhdtest.Batmap{}), edit: func(f *vhdtest.File) {
			f.Put(f.Layout.Blocks[1].Bitmap, []byte{0xFE})
		}, changed: []Rule{RuleBatmapMismatch}, leaves: RuleBitmapData, want: fill(3*block-512, 3*block, 0)},
		{name: "a batmap over a block that is cut", image: withBatmap(&vhdtest.Batmap{}), edit: func(f *vhdtest.File) { f.Truncate(f.Layout.Footer - 512) },
			changed: []Rule{RuleBatmapMismatch, RuleBlockTruncated, RuleFooterMissing}, lost: []extent{{8*block - 512, 8 * block}},
			grown: 1024, want: fill(8*block-512, 8*block, 0)},
		{name: "bytes behind the footer", edit: func(f *vhdtest.File) { f.Append(make([]byte, 700)) }, changed: []Rule{RuleTrailingBytes}, grown: -700},
	} {
		t.Run(c.name, c.run)
	}
}

// TestRepairGivesATableRoom: a disk that is longer than its table, in the
// middle of a file and behind it.
func TestRepairGivesATableRoom(t *testing.T) {
	for _, image := range []func() *vhdtest.File{tableImage, tableChild, withBatmap(&vhdtest.Batmap{})} {
		f := image()
		want := plainDisk(t, f)
		for _, blocks := range []uint64{9, 200, 5000} {
			footers(put64(vhdtest.FooterCurrentSize, blocks*4096))(f)
			res := repairAll(t, f, f.Size(), RepairOptions{Data: true})
			after := planFile(t, res.Plan)
			got := plainDisk(t, after)
			if len(got) != int(blocks)*4096 || len(res.Lost) > 0 {
				t.Fatalf("%d bytes, %v", len(got), res.Lost)
			}
			wantBytes(t, got[:len(want)], want)
			if state, marked, flaw := mustOpen(t, after).Batmap(); f.Layout.BatmapHead >= 0 && (state != BatmapUnchecked || marked != 4) {
				t.Errorf("batmap %v, %d blocks, %s", state, marked, flaw)
			}
		}
	}
}

// TestRepairKeepsAChildsNames: whatever becomes of the locators, the parent's
// UUID and the names that are left are as before.
func TestRepairKeepsAChildsNames(t *testing.T) {
	f := tableChild()
	before := mustOpen(t, f.Clone())
	f.EditFooters(func(b []byte) { clear(b) })
	res := repairAll(t, f, f.Size(), RepairOptions{})
	after := mustOpen(t, planFile(t, res.Plan))
	if after.Type() != Differencing || after.ParentUUID() != before.ParentUUID() || fmt.Sprint(after.ParentNames()) != fmt.Sprint(before.ParentNames()) {
		t.Errorf("%v %v %v", after.Type(), after.ParentUUID(), after.ParentNames())
	}
	if after.UUID() == before.UUID() || after.UUID().IsZero() {
		t.Errorf("UUID %v: want a new one", after.UUID())
	}
	if !strings.Contains(res.Changes[0].Message, "children will not know") {
		t.Errorf("%+v", res.Changes)
	}
}

// TestRepairSaysThatTheParentShows where a child loses data.
func TestRepairSaysThatTheParentShows(t *testing.T) {
	for typ, want := range map[string]string{"child": "where data is lost, the parent's shows", "disk": "what is lost reads as zeros"} {
		f := tableImage()
		if typ == "child" {
			f = tableChild()
		}
		f.SetEntry(2, 1)
		res := repairAll(t, f, f.Size(), RepairOptions{})
		if len(res.Changes) != 1 || !strings.Contains(res.Changes[0].Message, want) {
			t.Errorf("%s: %+v", typ, res.Changes)
		}
	}
}

// TestRepairRefuses what nothing certain can be made of.
func TestRepairRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		image func() *vhdtest.File
		edit  func(*vhdtest.File)
		rule  Rule
		fails error
	}{
		"a fixed disk without a footer": {fixedImage, func(f *vhdtest.File) { f.Truncate(2048) }, RuleCookie, ErrNotVHD},
		"another format":                {tableImage, func(f *vhdtest.File) { f.EditFooters(func(b []byte) { copy(b, "vhdxfile") }) }, RuleOtherFormat, ErrNotVHD},
		"no header":                     {tableImage, func(f *vhdtest.File) { f.EditHeader(func(b []byte) { clear(b) }) }, RuleHeaderOffset, ErrFormat},
		"no footers, a doubtful header": {tableImage, func(f *vhdtest.File) {
			f.EditFooters(func(b []byte) { clear(b) })
			f.EditHeader(func(b []byte) { b[vhdtest.HeaderChecksum]++ })
		}, RuleCookie, ErrNotVHD},
		"no pointer, a doubtful header elsewhere": {of(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096,
			Placement: vhdtest.Placement{HeaderOffset: 2048, TableOffset: 4096}}), func(f *vhdtest.File) {
			footers(put64(vhdtest.FooterDataOffset, 0))(f)
			f.EditHeader(func(b []byte) { b[vhdtest.HeaderChecksum]++ })
		}, RuleHeaderOffset, ErrFormat},
		"no table":        {tableImage, header(put64(vhdtest.HeaderTableOffset, 1<<40)), RuleTableOffset, ErrFormat},
		"table on header": {tableImage, header(put64(vhdtest.HeaderTableOffset, 1024)), RuleTableOffset, ErrFormat},
		"no block size":   {tableImage, header(put32(vhdtest.HeaderBlockSize, 3<<20)), RuleBlockSize, ErrFormat},
		"type 5, no header": {tableImage, func(f *vhdtest.File) {
			footers(put32(vhdtest.FooterType, 5))(f)
			f.EditHeader(func(b []byte) { clear(b) })
		}, RuleDiskType, ErrFormat},
	} {
		f := c.image()
		c.edit(f)
		res, err := Repair(t.Context(), f, f.Size(), RepairOptions{})
		if res != nil {
			t.Errorf("%s: %+v", name, res.Changes)
			continue
		}
		wantError(t, err, c.fails, c.rule)
	}
}

// TestRepairMarksMovedBlocks: a batmap that is made anew knows full blocks
// that got another place.
func TestRepairMarksMovedBlocks(t *testing.T) {
	f := withBatmap(&vhdtest.Batmap{ClaimChecksum: new(uint32(1))})()
	f.SetEntry(1, uint32(f.Layout.Blocks[0].Bitmap/512))
	res := repairAll(t, f, f.Size(), RepairOptions{})
	if _, marked, flaw := mustOpen(t, planFile(t, res.Plan)).Batmap(); marked != 5 {
		t.Errorf("%d blocks marked, %s; want 5", marked, flaw)
	}
}

// TestRepairDoubtsAFixedSize that a wrong checksum does not vouch for: the
// disk is what stands before the footer.
func TestRepairDoubtsAFixedSize(t *testing.T) {
	f := fixedImage()
	f.EditFooters(put64(vhdtest.FooterCurrentSize, 1<<20))
	res := repairAll(t, f, f.Size(), RepairOptions{})
	if im := mustOpen(t, planFile(t, res.Plan)); im.Size() != 2048 || len(res.Lost) > 0 || !slices.Equal(rulesChanged(res), []Rule{RuleSize, RuleFooterChecksum}) {
		t.Errorf("%d bytes; %+v", im.Size(), res)
	}
}
