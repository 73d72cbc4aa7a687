package vhd

import (
	"bytes"
	"fmt"
	"testing"

	"vhdscope/vhd/vhdtest"
)

func TestHostileFooterPlace(t *testing.T) {
	var cases []damage
	for _, n := range []int64{0, 1, 510, 511, 512, 513, 1023} {
		cases = append(cases,
			damage{name: fmt.Sprintf("%d zero bytes", n), image: func() *vhdtest.File {
				f := vhdtest.NewFile()
				f.Truncate(n)
				return f
			}, fails: ErrNotVHD, rule: RuleCookie})
	}
	cut := func(n int64) func(*vhdtest.File) { return func(f *vhdtest.File) { f.Truncate(n) } }
	tail := func(edit func(b []byte)) func(*vhdtest.File) {
		return func(f *vhdtest.File) {
			b := f.Get(f.Layout.Footer, f.Layout.FooterLength)
			edit(b)
			f.Put(f.Layout.Footer, b)
		}
	}
	head := func(edit func(b []byte)) func(*vhdtest.File) {
		return func(f *vhdtest.File) {
			b := f.Get(0, 512)
			edit(b)
			f.Put(0, b)
		}
	}
	spoil := func(b []byte) { b[0] ^= 0xFF }
	unsum := func(b []byte) { b[vhdtest.FooterChecksum] ^= 0xFF }
	zero := func(l vhdtest.Layout) int64 { return 0 }
	cases = append(cases,
		damage{name: "cut to 511 bytes", edit: cut(511), fails: ErrFormat, rule: RuleHeaderOffset},
		damage{name: "cut to 512 bytes", edit: cut(512), fails: ErrFormat, rule: RuleHeaderOffset},
		damage{name: "cut to 1023 bytes", edit: cut(1023), fails: ErrFormat, rule: RuleHeaderOffset},
		damage{name: "cut in front of the footer", edit: func(f *vhdtest.File) { f.Truncate(f.Layout.Footer) }, rule: RuleFooterMissing, severity: Warning},
		damage{name: "cookie wrong in both", edit: func(f *vhdtest.File) { f.EditFooters(spoil) }, fails: ErrNotVHD, rule: RuleCookie},
		damage{name: "cookie wrong at the end", edit: tail(spoil), rule: RuleFooterMissing, severity: Warning},
		damage{name: "cookie wrong at the start", edit: head(spoil), checked: RuleFooterCopy, checkedSeverity: Warning},
		damage{name: "no copy at the start", image: of(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096,
			Placement: vhdtest.Placement{NoFooterCopy: true}}), checked: RuleFooterCopy, checkedSeverity: Warning},
		damage{name: "checksum wrong at the end", edit: tail(unsum), rule: RuleFooterChecksum, severity: Warning, at: inFooter(vhdtest.FooterChecksum)},
		damage{name: "checksum wrong at the start", edit: head(unsum), rule: RuleFooterCopy, severity: Warning, at: zero},
		damage{name: "checksum wrong in both", edit: func(f *vhdtest.File) { f.EditFooters(unsum) },
			rule: RuleFooterChecksum, severity: Warning, at: inFooter(vhdtest.FooterChecksum)},
		damage{name: "two good footers that differ", edit: func(f *vhdtest.File) {
			head(func(b []byte) { put64(vhdtest.FooterCurrentSize, 4096)(b) })(f)
			f.FixChecksums()
		}, rule: RuleFooterCopy, severity: Warning, at: zero},
		damage{name: "511-byte footer", image: func() *vhdtest.File {
			s := goodChain().Layers[0].Spec
			s.ShortFooter = true
			return s.Build()
		}, rule: RuleFooterShort, severity: Note, at: inFooter(0)},
		damage{name: "511-byte footer of a fixed disk", image: of(vhdtest.Spec{Type: vhdtest.Fixed, Size: 1024, Data: pattern(0, 0),
			Placement: vhdtest.Placement{ShortFooter: true}}), rule: RuleFooterShort, severity: Note},
		damage{name: "fixed disk without a footer", image: fixedImage, edit: cut(2048), fails: ErrNotVHD, rule: RuleCookie},
		damage{name: "fixed disk, only the footer", image: of(vhdtest.Spec{Type: vhdtest.Fixed, Size: 0}),
			rule: RuleCurrentSize, severity: Warning},
	)
	for n := range 8 {
		junk := bytes.Repeat([]byte{0x5A}, (n+1)*512)
		cases = append(cases, damage{name: fmt.Sprintf("%d sectors behind the footer", n+1), edit: func(f *vhdtest.File) { f.Append(junk) },
			rule: RuleTrailingBytes, severity: Warning},
			damage{name: fmt.Sprintf("%d sectors behind a fixed disk's footer", n+1), image: fixedImage, edit: func(f *vhdtest.File) { f.Append(junk) },
				rule: RuleTrailingBytes, severity: Warning})
	}
	cases = append(cases, damage{name: "a few bytes behind the footer", edit: func(f *vhdtest.File) { f.Append([]byte("junk\r\n")) },
		rule: RuleTrailingBytes, severity: Warning})
	runDamages(t, cases)
}

func TestHostileFooterFields(t *testing.T) {
	var cases []damage
	for _, typ := range []uint32{0, 1, 5, 6, 0xFFFFFFFE, 0xFFFFFFFF} {
		cases = append(cases, damage{name: fmt.Sprintf("type %#x", typ), edit: footers(put32(vhdtest.FooterType, typ)),
			fails: ErrFormat, rule: RuleDiskType, at: inFooter(vhdtest.FooterType)})
	}
	for name, at := range map[string]uint64{"0": 0, "odd": 513, "past the end": 1 << 40, "2^63": 1 << 63, "all ones": 1<<64 - 1, "near 2^64": 1<<64 - 512} {
		cases = append(cases, damage{name: "data offset " + name, edit: footers(put64(vhdtest.FooterDataOffset, at)),
			rule: RuleHeaderOffset, severity: Warning, at: inFooter(vhdtest.FooterDataOffset)})
	}
	for name, size := range map[string]uint64{"2^53": 1 << 53, "2^63": 1 << 63, "all ones": 1<<64 - 1} {
		cases = append(cases,
			damage{name: "size " + name, edit: footers(put64(vhdtest.FooterCurrentSize, size)), fails: ErrFormat, rule: RuleSize, at: inFooter(vhdtest.FooterCurrentSize)},
			damage{name: "fixed, size " + name, image: fixedImage, edit: footers(put64(vhdtest.FooterCurrentSize, size)), fails: ErrFormat, rule: RuleSize, at: inFooter(vhdtest.FooterCurrentSize)})
	}
	size := func(n uint64) func(*vhdtest.File) { return footers(put64(vhdtest.FooterCurrentSize, n)) }
	reads := func(n int64) func(*testing.T, *Disk, []byte) {
		return func(t *testing.T, d *Disk, intact []byte) { wantBytes(t, readAll(t, d), intact[:n]) }
	}
	flag := func(at int, v byte) func([]byte) { return func(b []byte) { b[at] = v } }
	cases = append(cases,
		damage{name: "data offset to itself", edit: func(f *vhdtest.File) {
			footers(put64(vhdtest.FooterDataOffset, uint64(f.Layout.Footer)))(f)
		}, rule: RuleHeaderOffset, severity: Warning},
		damage{name: "header on no sector", image: of(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096,
			Placement: vhdtest.Placement{HeaderOffset: 777, TableOffset: 2048}}), rule: RuleHeaderOffset, severity: Note},
		damage{name: "fixed disk with a data offset", image: fixedImage, edit: footers(put64(vhdtest.FooterDataOffset, 512)),
			rule: RuleFixedDataOffset, severity: Note, at: inFooter(vhdtest.FooterDataOffset)},
		damage{name: "fixed disk with a 32-bit data offset", image: fixedImage, edit: footers(put64(vhdtest.FooterDataOffset, 0xFFFFFFFF))},
		damage{name: "size 0", edit: size(0), rule: RuleCurrentSize, severity: Warning, at: inFooter(vhdtest.FooterCurrentSize), read: reads(0)},
		damage{name: "size 1", edit: size(1), rule: RuleCurrentSize, severity: Warning, read: reads(1)},
		damage{name: "size of no whole sectors", edit: size(64<<10 - 100), rule: RuleCurrentSize, severity: Warning, read: reads(64<<10 - 100)},
		damage{name: "size past the table", edit: size(80 << 10), rule: RuleTableEntries, severity: Error,
			at: inHeader(vhdtest.HeaderMaxEntries), read: func(t *testing.T, d *Disk, intact []byte) {
				wantBytes(t, readAll(t, d), append(intact, make([]byte, 16<<10)...))
			}},
		damage{name: "fixed disk longer than its file", image: fixedImage, edit: size(4096), rule: RuleFixedSize, severity: Error,
			at: inFooter(vhdtest.FooterCurrentSize), read: lost(RuleFixedSize, 2048, 4096)},
		damage{name: "fixed disk shorter than its file", image: fixedImage, edit: size(512), read: func(t *testing.T, d *Disk, _ []byte) {
			wantBytes(t, readAll(t, d), bytes.Repeat([]byte{1}, 512))
		}, checked: RuleLostSpace, checkedSeverity: Note},
		damage{name: "resized", edit: footers(put64(vhdtest.FooterOriginalSize, 12345)), read: nil},
		damage{name: "CHS 0/0/0", edit: footers(put32(vhdtest.FooterCylinders, 0)), checked: RuleGeometry, checkedSeverity: Note},
		damage{name: "CHS larger than the disk", edit: footers(put32(vhdtest.FooterCylinders, 0xFFFF10FF)), rule: RuleGeometry, severity: Note, at: inFooter(vhdtest.FooterCylinders)},
		damage{name: "features without the reserved bit", edit: footers(put32(vhdtest.FooterFeatures, 0)), rule: RuleFooterFeatures, severity: Note, at: inFooter(vhdtest.FooterFeatures)},
		damage{name: "features temporary", edit: footers(put32(vhdtest.FooterFeatures, 3))},
		damage{name: "features unknown", edit: footers(put32(vhdtest.FooterFeatures, 0x80000002)), rule: RuleFooterFeatures, severity: Note},
		damage{name: "version 2.0", edit: footers(put32(vhdtest.FooterVersion, 0x20000)), rule: RuleFooterVersion, severity: Warning, at: inFooter(vhdtest.FooterVersion)},
		damage{name: "reserved bytes", edit: footers(flag(300, 1)), rule: RuleFooterReserved, severity: Note},
		damage{name: "saved state", edit: footers(flag(vhdtest.FooterSavedState, 1)), rule: RuleSavedState, severity: Note, at: inFooter(vhdtest.FooterSavedState)},
		damage{name: "saved state 2", edit: footers(flag(vhdtest.FooterSavedState, 2)), rule: RuleSavedState, severity: Note},
		damage{name: "hidden", edit: footers(flag(vhdtest.FooterHidden, 1)), rule: RuleHidden, severity: Note, at: inFooter(vhdtest.FooterHidden)},
		damage{name: "no UUID", edit: footers(func(b []byte) { clear(b[vhdtest.FooterUUID : vhdtest.FooterUUID+16]) }), rule: RuleUUID, severity: Warning, at: inFooter(vhdtest.FooterUUID)},
		damage{name: "made in the future", edit: footers(put32(vhdtest.FooterTimestamp, 0xFFFFFFFF)), rule: RuleTimestampFuture, severity: Note},
		damage{name: "poisoned", edit: footers(func(b []byte) { copy(b, "v_poison") }), rule: RuleFooterPoisoned, severity: Error, at: inFooter(0)},
	)
	runDamages(t, cases)
}

// TestHiddenWithStaleChecksum: early XenServer set the hidden flag and left
// the checksum as it was.
func TestHiddenWithStaleChecksum(t *testing.T) {
	tap := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096, Creator: "tap\x00", CreatorVersion: 0x00010001}
	f := tap.Build()
	f.EditFooters(func(b []byte) { b[vhdtest.FooterHidden] = 1 })
	im := mustOpen(t, f)
	if rules := rulesOf(im); len(rules) != 1 || rules[0] != RuleHidden {
		t.Errorf("findings %v, want only %s", rules, RuleHidden)
	}
	for _, s := range im.Structures() {
		if s.Sum == SumBad {
			t.Errorf("the sum of the %s is called bad", s.Name)
		}
	}
	tap.Creator = "win "
	f = tap.Build()
	f.EditFooters(func(b []byte) { b[vhdtest.FooterHidden] = 1 })
	wantFinding(t, mustOpen(t, f), RuleFooterChecksum, Warning)
}

// TestFixedDiskThatBeginsWithAVHD: the first sector is the disk's own data.
func TestFixedDiskThatBeginsWithAVHD(t *testing.T) {
	for name, inner := range map[string][]byte{"dynamic": goodImage().Bytes(), "fixed": fixedImage().Get(2048, 512)} {
		f := vhdtest.Spec{Type: vhdtest.Fixed, Size: int64(len(inner)), Data: inner}.Build()
		im := mustOpen(t, f)
		wantClean(t, im)
		if im.Type() != Fixed {
			t.Fatalf("%s: type %s", name, im.Type())
		}
		wantBytes(t, readAll(t, mustDisk(t, im)), inner)
	}
}

func TestOtherFormats(t *testing.T) {
	for _, o := range otherFormats {
		b := make([]byte, 4096)
		copy(b[o.offset:], o.magic)
		_, err := Open(bytes.NewReader(b), int64(len(b)))
		wantError(t, err, ErrNotVHD, RuleOtherFormat)
		if !IsOtherFormat(err) {
			t.Errorf("%s: not recognised", o.name)
		}
	}
}
