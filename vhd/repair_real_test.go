package vhd

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// wantUntouched: a repair of a healthy file is the file itself.
func wantUntouched(t *testing.T, im *Image) {
	t.Helper()
	for _, data := range []bool{false, true} {
		res := repairAll(t, im.r, im.size, RepairOptions{Data: data})
		if res == nil || len(res.Changes) > 0 || len(res.Lost) > 0 {
			t.Fatalf("%+v", res)
		}
		for s, err := range res.Plan.Segments(0, res.Plan.Size()) {
			if err != nil || s.Layer != 0 || s.Source != 0 || s.Length != im.size {
				t.Errorf("%+v, %v: want one run, the whole file", s.Extent, err)
			}
		}
	}
}

func TestRepairLeavesRealImagesAlone(t *testing.T) {
	if _, err := os.Stat(imagesDir); err != nil {
		t.Skip("the folder of real images is not here")
	}
	err := filepath.WalkDir(imagesDir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".vhd") || strings.Contains(path, "bad-checksums") {
			return err
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			im, err := openFile(t, path)
			if err != nil {
				t.Fatal(err)
			}
			wantUntouched(t, im)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRepairLeavesGoodImagesAlone(t *testing.T) {
	for seed := range uint64(40) {
		for _, l := range randomChain(seed).Layers {
			wantUntouched(t, mustOpen(t, l.File))
		}
	}
	for name, f := range map[string]*vhdtest.File{
		"fixed": fixedImage(), "batmap": batmapImage(&vhdtest.Batmap{}), "table": tableImage(),
		"zero padding":  vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1 << 20, BlockSize: 4096, Placement: vhdtest.Placement{ZeroTablePad: true, ExtraEntries: 9}}.Build(),
		"Windows child": vhdtest.WindowsChild(vhdtest.Spec{Type: vhdtest.Differencing, Size: 8192, BlockSize: 4096, ParentUUID: vhdtest.ID("p"), ParentName: "p"}, `.\p.vhd`, `C:\p.vhd`).Build(),
		"empty, made here": func() *vhdtest.File {
			p, err := Create(NewImage{Type: Dynamic, Size: 3 << 20})
			if err != nil {
				t.Fatal(err)
			}
			b := make([]byte, p.Size())
			p.ReadAt(b, 0)
			f := vhdtest.NewFile()
			f.Put(0, b)
			return f
		}(),
	} {
		t.Run(name, func(t *testing.T) { wantUntouched(t, mustOpen(t, f)) })
	}
}

// TestRepairOfAHugeDisk: what a repair costs depends on what the file holds.
func TestRepairOfAHugeDisk(t *testing.T) {
	const size = 2040 << 30
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: size, Blocks: []vhdtest.Block{{Index: 7, Data: pattern(0, 0)}, {Index: 900000, Data: pattern(0, 1)}}}.Build()
	f.EditFooters(func(b []byte) { b[vhdtest.FooterChecksum] ^= 1 })
	var res *Repaired
	var err error
	spent := allocated(func() { res, err = Repair(context.Background(), f, f.Size(), RepairOptions{}) })
	if err != nil || len(res.Lost) > 0 || res.Plan.Size() != f.Size() {
		t.Fatalf("%+v, %v", res, err)
	}
	if spent > 24<<20 {
		t.Errorf("%d bytes allocated for a table of 4 MiB", spent)
	}
}
