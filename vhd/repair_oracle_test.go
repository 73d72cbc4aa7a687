package vhd

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// brokenDisk is a dynamic disk for other readers, whole but for an edit, and
// what it must read as when it is repaired.
type brokenDisk struct {
	name string
	edit func(f *vhdtest.File)
	want func(disk []byte) // nil: nothing is lost
}

// oracleDisk has whole blocks 0, 2 and 4 of eight, stored in that order.
func oracleDisk() (*vhdtest.File, []byte) {
	const block = 512 << 10
	disk := make([]byte, 8*block)
	s := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 8 * block, BlockSize: block}
	for _, b := range []int{0, 2, 4} {
		data := disk[b*block : (b+1)*block]
		for i := range data {
			data[i] = byte(i/512*5 + i + b)
		}
		s.Blocks = append(s.Blocks, vhdtest.Block{Index: b, Data: data})
	}
	return s.Build(), disk
}

func brokenDisks() []brokenDisk {
	const block = 512 << 10
	lose := func(from, to int64) func([]byte) { return func(disk []byte) { clear(disk[from:to]) } }
	return []brokenDisk{
		{"footer checksums", func(f *vhdtest.File) { f.EditFooters(func(b []byte) { b[vhdtest.FooterChecksum] ^= 1 }) }, nil},
		{"header checksum", func(f *vhdtest.File) { f.EditHeader(func(b []byte) { b[vhdtest.HeaderChecksum] ^= 1 }) }, nil},
		{"footer at the end", func(f *vhdtest.File) { f.Put(f.Layout.Footer, make([]byte, 512)) }, nil},
		{"footer at the start", func(f *vhdtest.File) { f.Put(0, make([]byte, 512)) }, nil},
		{"both footers", func(f *vhdtest.File) { f.EditFooters(func(b []byte) { clear(b) }) }, nil},
		{"no footer at the end", func(f *vhdtest.File) { f.Truncate(f.Layout.Footer) }, nil},
		{"footer of 511 bytes", func(f *vhdtest.File) { f.Truncate(f.Size() - 1) }, nil},
		{"bytes behind the footer", func(f *vhdtest.File) { f.Append([]byte("junk")) }, nil},
		{"poisoned", footers(func(b []byte) { copy(b, "v_poison") }), nil},
		{"unknown features", footers(put32(vhdtest.FooterFeatures, 0x80000002)), nil},
		{"header version", header(put32(vhdtest.HeaderVersion, 0x20000)), nil},
		{"header's mark", header(func(b []byte) { clear(b[:8]) }), nil},
		{"disk type", footers(put32(vhdtest.FooterType, 5)), nil},
		{"disk size", footers(put64(vhdtest.FooterCurrentSize, 1<<60)), nil},
		{"data offset", footers(put64(vhdtest.FooterDataOffset, 0)), nil},
		{"too few entries", header(put32(vhdtest.HeaderMaxEntries, 6)), nil},
		{"too many entries", header(put32(vhdtest.HeaderMaxEntries, 0xFFFFFF)), nil},
		{"entry past the end", func(f *vhdtest.File) { f.SetEntry(2, 0x80000000) }, lose(2*block, 3*block)},
		{"entry in the header", func(f *vhdtest.File) { f.SetEntry(2, 1) }, lose(2*block, 3*block)},
		{"two blocks at one place", func(f *vhdtest.File) { f.SetEntry(1, uint32(f.Layout.Blocks[0].Bitmap/512)) },
			func(disk []byte) { copy(disk[block:2*block], disk[:block]) }},
		{"cut in a block", func(f *vhdtest.File) { f.Truncate(f.Layout.Blocks[2].Data + 100<<10) }, lose(4*block+100<<10, 5*block)},
	}
}

// TestOthersReadWhatIsRepaired: 7-Zip and qemu-img read every repaired file,
// most of which they refuse or misread as they were.
func TestOthersReadWhatIsRepaired(t *testing.T) {
	for _, reader := range []struct {
		name string
		read func(t *testing.T, file string) []byte
	}{{"7zz", readWith7zz}, {"qemu-img", readWithQEMU}} {
		t.Run(reader.name, func(t *testing.T) {
			if _, err := exec.LookPath(reader.name); err != nil {
				t.Skipf("%s is not installed", reader.name)
			}
			helped := 0
			for _, c := range brokenDisks() {
				f, want := oracleDisk()
				c.edit(f)
				if c.want != nil {
					c.want(want)
				}
				dir := t.TempDir()
				before, after := filepath.Join(dir, "before.vhd"), filepath.Join(dir, "after.vhd")
				if err := f.WriteFile(before); err != nil {
					t.Fatal(err)
				}
				res := repairAll(t, f, f.Size(), RepairOptions{Data: true})
				if res == nil {
					t.Fatalf("%s: refused", c.name)
				}
				writePlan(t, res.Plan, after)
				if !bytes.Equal(reader.read(t, before), want) {
					helped++
				}
				// Of a disk made by a tool that it does not know, qemu-img shows
				// what the geometry describes.
				got := reader.read(t, after)
				if len(got) < len(want) && int64(len(got)) == GeometryFor(int64(len(want))).Size() {
					want = want[:len(got)]
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s: %d bytes; %s", c.name, len(got), vhdtest.Diff(got, want))
				}
			}
			if helped < 5 {
				t.Errorf("only %d of the damaged files could not be read: the test shows nothing", helped)
			}
		})
	}
}

// readWith7zz gives the disk as 7-Zip extracts it; nil where it refuses.
func readWith7zz(t *testing.T, file string) []byte {
	out, err := exec.Command("7zz", "e", "-y", "-tVHD", "-so", file).Output()
	if err != nil {
		return nil
	}
	return out
}

// readWithQEMU is the same with qemu-img.
func readWithQEMU(t *testing.T, file string) []byte {
	raw := filepath.Join(t.TempDir(), "raw")
	if exec.Command("qemu-img", "convert", "-f", "vpc", "-O", "raw", file, raw).Run() != nil {
		return nil
	}
	b, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writePlan(t *testing.T, p *Plan, name string) {
	t.Helper()
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := io.Copy(out, io.NewSectionReader(p, 0, p.Size())); err != nil {
		t.Fatal(err)
	}
}

// TestRepairOfRealChecksums: a real chain with wrong checksums, which 7-Zip
// refuses, reads as it does here, and after a repair as 7-Zip does too.
func TestRepairOfRealChecksums(t *testing.T) {
	for _, row := range expectedRows(t) {
		if !strings.Contains(row.files[0], "bad-checksums") {
			continue
		}
		dir := t.TempDir()
		var images []*Image
		for _, name := range row.files {
			im, err := openFile(t, filepath.Join(imagesDir, name))
			if err != nil {
				t.Fatal(err)
			}
			res := repairAll(t, im.r, im.size, RepairOptions{Data: true})
			for _, c := range res.Changes {
				if c.Rule != RuleFooterChecksum && c.Rule != RuleHeaderChecksum && c.Rule != RuleFooterCopy {
					t.Errorf("%s: %+v", name, c)
				}
			}
			if len(res.Changes) == 0 || len(res.Lost) > 0 || res.Plan.Size() != im.size {
				t.Errorf("%s: %+v", name, res)
			}
			repaired, err := Open(res.Plan, res.Plan.Size())
			if err != nil {
				t.Fatal(err)
			}
			images = append(images, repaired)
			writePlan(t, res.Plan, filepath.Join(dir, filepath.Base(name)))
		}
		d := mustDisk(t, images...)
		if got := sha(t, io.NewSectionReader(d, 0, d.Size())); got != row.sum {
			t.Errorf("sha256 %s, want %s", got, row.sum)
		}
		if _, err := exec.LookPath("7zz"); err != nil {
			t.Skip("7zz is not installed")
		}
		if readWith7zz(t, filepath.Join(imagesDir, row.files[0])) != nil {
			t.Error("7-Zip reads the file with wrong checksums")
		}
		if got := sha(t, bytes.NewReader(readWith7zz(t, filepath.Join(dir, filepath.Base(row.files[0]))))); got != row.sum {
			t.Errorf("7-Zip: sha256 %s, want %s", got, row.sum)
		}
	}
}
