package vhd

import (
	"testing"

	"vhdscope/vhd/vhdtest"
)

// tableImage is a dynamic disk of eight 4 KiB blocks, of which 0, 2, 3 and 7
// are whole, stored in that order.
func tableImage() *vhdtest.File { return tableSpec().Build() }

func tableSpec() vhdtest.Spec {
	s := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 32 << 10, BlockSize: 4096}
	for _, b := range []int{0, 2, 3, 7} {
		s.Blocks = append(s.Blocks, vhdtest.Block{Index: b, Data: blockData(b)})
	}
	return s
}

// blockData is the data of block b of a tableImage.
func blockData(b int) []byte {
	var data []byte
	for s := range 8 {
		data = append(data, pattern(0, int64(b*8+s))...)
	}
	return data
}

func TestHostileTable(t *testing.T) {
	entry := func(sector func(l *vhdtest.Layout) int64) func(*vhdtest.File) {
		return func(f *vhdtest.File) { f.SetEntry(2, uint32(sector(&f.Layout))) }
	}
	at := func(n int64) func(*vhdtest.File) { return entry(func(*vhdtest.Layout) int64 { return n }) }
	second := func(l vhdtest.Layout) int64 { return l.Entry(2) }
	gone := func(rule Rule) func(*testing.T, *Disk, []byte) { return lost(rule, 2*4096, 3*4096) }
	withLocator := func() *vhdtest.File {
		s := tableSpec()
		s.Type, s.ParentUUID, s.UUID, s.ParentName = vhdtest.Differencing, vhdtest.ID("p"), vhdtest.ID("c"), "p.vhd"
		far := vhdtest.Relative(`.\p.vhd`)
		far.At = 64 << 10
		s.Locators = []vhdtest.Locator{far}
		return s.Build()
	}
	withBatmap := func() *vhdtest.File {
		s := tableSpec()
		s.Batmap = &vhdtest.Batmap{}
		return s.Build()
	}
	runDamages(t, []damage{
		{name: "entry 0", image: tableImage, edit: at(0), rule: RuleBlockStructure, severity: Error, at: second, read: gone(RuleBlockStructure)},
		{name: "entry 1", image: tableImage, edit: at(1), rule: RuleBlockStructure, severity: Error, at: second, read: gone(RuleBlockStructure)},
		{name: "entry 2", image: tableImage, edit: at(2), rule: RuleBlockStructure, severity: Error, at: second, read: gone(RuleBlockStructure)},
		{name: "in the table", image: tableImage, edit: entry(func(l *vhdtest.Layout) int64 { return l.Table / 512 }),
			rule: RuleBlockStructure, severity: Error, at: second, read: gone(RuleBlockStructure)},
		{name: "over a locator", image: withLocator, edit: entry(func(l *vhdtest.Layout) int64 { return l.Locators[0]/512 - 1 }),
			rule: RuleBlockStructure, severity: Error, at: second, read: unread},
		{name: "over the batmap", image: withBatmap, edit: entry(func(l *vhdtest.Layout) int64 { return l.BatmapMap / 512 }),
			rule: RuleBlockStructure, severity: Error, at: second, read: unread},
		{name: "in the footer", image: tableImage, edit: entry(func(l *vhdtest.Layout) int64 { return l.Footer / 512 }),
			rule: RuleBlockOutside, severity: Error, at: second, read: gone(RuleBlockOutside)},
		{name: "its data in the footer", image: tableImage, edit: entry(func(l *vhdtest.Layout) int64 { return l.Footer/512 - 1 }),
			rule: RuleBlockTruncated, severity: Error, at: second, read: unread},
		{name: "past the end", image: tableImage, edit: entry(func(l *vhdtest.Layout) int64 { return l.Footer/512 + 100 }),
			rule: RuleBlockOutside, severity: Error, at: second, read: gone(RuleBlockOutside)},
		{name: "0x80000000", image: tableImage, edit: at(0x80000000), rule: RuleBlockOutside, severity: Error, at: second, read: gone(RuleBlockOutside)},
		{name: "0xFFFFFFFE", image: tableImage, edit: at(0xFFFFFFFE), rule: RuleBlockOutside, severity: Error, at: second, read: gone(RuleBlockOutside)},
		{name: "duplicated", image: tableImage, edit: entry(func(l *vhdtest.Layout) int64 { return l.Blocks[2].Bitmap / 512 }),
			rule: RuleBlockOverlap, severity: Error, read: func(t *testing.T, d *Disk, intact []byte) {
				copy(intact[2*4096:3*4096], blockData(3)) // both entries lead to block 3's bytes
				wantBytes(t, readAll(t, d), intact)
			}, checked: RuleBlockDuplicate, checkedSeverity: Error},
		{name: "duplicated, one of them shorter", image: vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096 + 1024, BlockSize: 4096,
			Blocks: []vhdtest.Block{{Index: 0, Data: blockData(0)}}}.Build, edit: func(f *vhdtest.File) {
			f.SetEntry(1, uint32(f.Layout.Blocks[0].Bitmap/512))
		}, rule: RuleBlockOverlap, severity: Error, read: func(t *testing.T, d *Disk, _ []byte) {
			wantBytes(t, readAll(t, d), append(blockData(0), blockData(0)[:1024]...))
		}, checked: RuleBlockDuplicate, checkedSeverity: Error},
		{name: "overlapping by a sector", image: tableImage, edit: entry(func(l *vhdtest.Layout) int64 { return l.Blocks[1].Bitmap/512 + 1 }),
			rule: RuleBlockOverlap, severity: Error, read: unread},
		{name: "blocks at no regular stride", image: func() *vhdtest.File {
			s := tableSpec()
			s.Aligned = true
			s.Blocks[0], s.Blocks[3] = s.Blocks[3], s.Blocks[0]
			return s.Build()
		}},
		{name: "padding of zeros", image: func() *vhdtest.File {
			s := tableSpec()
			s.ZeroTablePad = true
			return s.Build()
		}},
		{name: "blocks past the disk", image: func() *vhdtest.File {
			s := tableSpec()
			s.ExtraEntries = 8
			return s.Build()
		}, edit: func(f *vhdtest.File) { f.SetEntry(9, 0); f.SetEntry(10, 0xFFFFFF00) },
			checked: RuleTableSurplus, checkedSeverity: Warning},
		{name: "table cut off", image: func() *vhdtest.File {
			s := tableSpec()
			s.Size = 1 << 20
			return s.Build()
		}, edit: func(f *vhdtest.File) {
			table := f.Get(f.Layout.Table, 130)
			f.Truncate(f.Layout.Footer)
			header(put64(vhdtest.HeaderTableOffset, uint64(f.Size())))(f)
			f.Append(table)
		}, rule: RuleTableTruncated, severity: Error,
			read: func(t *testing.T, d *Disk, _ []byte) {
				want := make([]byte, 32*4096) // 130 bytes hold 32 entries
				for _, b := range []int{0, 2, 3, 7} {
					copy(want[b*4096:], blockData(b))
				}
				got := make([]byte, 1<<20)
				n, err := d.ReadAt(got, 0)
				wantError(t, err, ErrFormat, RuleTableTruncated)
				wantBytes(t, got[:n], want)
			}},
	})
}

func TestShortLastBlock(t *testing.T) {
	last := func(size, stored int64) func() *vhdtest.File {
		s := vhdtest.Spec{Type: vhdtest.Dynamic, Size: size, BlockSize: 4096, Blocks: []vhdtest.Block{
			{Index: 0, Data: blockData(0)}, {Index: 1, Data: blockData(1)[:stored], Stored: stored}}}
		return s.Build
	}
	runDamages(t, []damage{
		{name: "as long as the disk", image: last(4096+1024, 1024)},
		{name: "longer than the disk", image: last(4096+1024, 4096)},
		{name: "two sectors short", image: last(8192, 3072), rule: RuleBlockTruncated, severity: Error, read: func(t *testing.T, d *Disk, _ []byte) {
			got := make([]byte, 8192)
			n, err := d.ReadAt(got, 0)
			f := wantError(t, err, ErrFormat, RuleBlockTruncated)
			if n != 4096+3072 || f.Layer != 0 {
				t.Errorf("%d bytes, layer %d", n, f.Layer)
			}
			wantBytes(t, got[:n], append(blockData(0), blockData(1)[:3072]...))
		}},
	})
}
