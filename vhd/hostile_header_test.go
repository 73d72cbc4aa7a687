package vhd

import (
	"fmt"
	"testing"

	"vhdscope/vhd/vhdtest"
)

func TestHostileHeader(t *testing.T) {
	var cases []damage
	for _, size := range []uint32{0, 1, 511, 513, 1000, 3 << 20, 1 << 29, 1 << 31, 0xFFFFFFFF} {
		cases = append(cases, damage{name: fmt.Sprintf("block size %d", size), edit: header(put32(vhdtest.HeaderBlockSize, size)),
			fails: ErrFormat, rule: RuleBlockSize, at: inHeader(vhdtest.HeaderBlockSize)})
	}
	for _, size := range []uint32{512, 1024, 2048, 4096, 8192, 512 << 10, 2 << 20} {
		cases = append(cases, damage{name: fmt.Sprintf("good block size %d", size), image: func() *vhdtest.File {
			return vhdtest.NewChain(vhdtest.ChainSpec{Seed: 3, Layers: 1, Size: 12800, BlockSizes: []uint32{size}, Share: 0.5, Run: 1}).Layers[0].File
		}})
	}
	for name, at := range map[string]uint64{"past the end": 1 << 40, "at the end": 1 << 20, "2^63": 1 << 63, "near 2^64": 1<<64 - 512, "all ones": 1<<64 - 1} {
		cases = append(cases, damage{name: "table " + name, edit: header(put64(vhdtest.HeaderTableOffset, at)),
			fails: ErrFormat, rule: RuleTableOffset, at: inHeader(vhdtest.HeaderTableOffset)})
	}
	zeroTail := func(b []byte) { b[vhdtest.HeaderReserved2+10] = 1 }
	cases = append(cases,
		damage{name: "cookie", edit: header(func(b []byte) { b[0] = 'C' }), fails: ErrFormat, rule: RuleHeaderOffset, at: inFooter(vhdtest.FooterDataOffset)},
		damage{name: "version", edit: header(put32(vhdtest.HeaderVersion, 0x20000)), rule: RuleHeaderVersion, severity: Warning, at: inHeader(vhdtest.HeaderVersion)},
		damage{name: "checksum", edit: func(f *vhdtest.File) { f.EditHeader(put32(vhdtest.HeaderChecksum, 1)) },
			rule: RuleHeaderChecksum, severity: Warning, at: inHeader(vhdtest.HeaderChecksum)},
		damage{name: "next structure", edit: header(put64(vhdtest.HeaderDataOffset, 4096)), rule: RuleHeaderNext, severity: Note, at: inHeader(vhdtest.HeaderDataOffset)},
		damage{name: "next structure is itself", edit: header(put64(vhdtest.HeaderDataOffset, 512)), rule: RuleHeaderNext, severity: Note},
		damage{name: "reserved bytes", edit: header(zeroTail), rule: RuleHeaderReserved, severity: Note},
		damage{name: "reserved field", edit: header(put32(vhdtest.HeaderReserved1, 1)), rule: RuleHeaderReserved, severity: Note},
		damage{name: "header past the table", image: of(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096,
			Placement: vhdtest.Placement{HeaderOffset: 8192, TableOffset: 4096}})},
		damage{name: "table in front of the blocks of Windows 10", image: vhdtest.WindowsChild(vhdtest.Spec{Type: vhdtest.Differencing, Size: 4096,
			BlockSize: 4096, UUID: vhdtest.ID("c"), ParentUUID: vhdtest.ID("p"), ParentName: `C:\p.vhd`}, `.\p.vhd`, `C:\p.vhd`).Build, read: unread},
		damage{name: "no entries", edit: header(put32(vhdtest.HeaderMaxEntries, 0)), rule: RuleTableEntries, severity: Error, at: inHeader(vhdtest.HeaderMaxEntries),
			read: func(t *testing.T, d *Disk, intact []byte) { wantBytes(t, readAll(t, d), make([]byte, len(intact))) }},
		damage{name: "too few entries", edit: header(put32(vhdtest.HeaderMaxEntries, 8)), rule: RuleTableEntries, severity: Error,
			read: func(t *testing.T, d *Disk, intact []byte) {
				wantBytes(t, readAll(t, d), append(intact[:32<<10:32<<10], make([]byte, 32<<10)...))
			}},
		damage{name: "more entries than needed", image: of(func() vhdtest.Spec {
			s := goodChain().Layers[0].Spec
			s.ExtraEntries = 100
			return s
		}())},
		damage{name: "0x7FFFFFFF entries", edit: header(put32(vhdtest.HeaderMaxEntries, 0x7FFFFFFF)), checked: RuleTableEntries, checkedSeverity: Warning},
		damage{name: "0xFFFFFFFF entries", edit: header(put32(vhdtest.HeaderMaxEntries, 0xFFFFFFFF)), checked: RuleTableEntries, checkedSeverity: Warning},
		damage{name: "table on no sector", image: of(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 8192, BlockSize: 4096,
			Blocks: []vhdtest.Block{{Index: 1, Data: pattern(0, 8)}}, Placement: vhdtest.Placement{TableOffset: 1537}}),
			rule: RuleTableOffset, severity: Warning, at: inHeader(vhdtest.HeaderTableOffset)},
	)
	runDamages(t, cases)
}

// TestHostileHugeDisks: sizes and tables that no small file can hold.
func TestHostileHugeDisks(t *testing.T) {
	huge := func(size uint64, blockSize, entries uint32) func(*vhdtest.File) {
		return func(f *vhdtest.File) {
			f.EditFooters(put64(vhdtest.FooterCurrentSize, size))
			f.EditHeader(put32(vhdtest.HeaderBlockSize, blockSize))
			f.EditHeader(put32(vhdtest.HeaderMaxEntries, entries))
			f.FixChecksums()
		}
	}
	empty := of(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096})
	far := func(want Rule) func(*testing.T, *Disk, []byte) {
		return func(t *testing.T, d *Disk, _ []byte) {
			n, err := d.ReadAt(make([]byte, 512), d.Size()-512)
			if want == "" && (n != 512 || err != nil) {
				t.Errorf("%d, %v", n, err)
			} else if want != "" {
				wantError(t, err, ErrFormat, want)
			}
		}
	}
	runDamages(t, []damage{
		{name: "8 PiB, 512-byte blocks, all entries", image: empty, edit: huge(1<<53-512, 512, 0xFFFFFFFF),
			rule: RuleTableTruncated, severity: Error, read: far("")},
		{name: "2 TiB, 512-byte blocks, all entries", image: empty, edit: huge(1<<41-512, 512, 0xFFFFFFFF),
			rule: RuleTableTruncated, severity: Error, read: far(RuleTableTruncated)},
		{name: "8 PiB, no entries", image: empty, edit: huge(1<<53-512, 2<<20, 0), rule: RuleTableEntries, severity: Error, read: far("")},
		{name: "2040 GiB, its table cut off", image: empty, edit: huge(2040<<30, 2<<20, 2040<<9), rule: RuleTableTruncated, severity: Error, read: far(RuleTableTruncated)},
	})
}
