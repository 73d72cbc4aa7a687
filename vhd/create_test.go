package vhd

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
)

// fileOf puts a plan's bytes into a file that can be written to.
func fileOf(t testing.TB, p *Plan) *vhdtest.File {
	t.Helper()
	f := vhdtest.NewFile()
	f.Truncate(p.Size())
	for s, err := range p.Segments(0, p.Size()) {
		if err != nil {
			t.Fatal(err)
		}
		if s.Layer < 0 && s.Data == nil {
			continue
		}
		b := make([]byte, s.Length)
		if n, err := p.ReadAt(b, s.Offset); int64(n) != s.Length || err != nil && err != io.EOF {
			t.Fatal(n, err)
		}
		f.Put(s.Offset, b)
	}
	return f
}

// mustCreate makes an image, holds it against Open, and opens it.
func mustCreate(t testing.TB, n NewImage) (*vhdtest.File, *Image) {
	t.Helper()
	p, err := Create(n)
	if err != nil {
		t.Fatalf("Create(%+v): %v", n, err)
	}
	f := fileOf(t, p)
	im := mustOpen(t, f)
	wantClean(t, im)
	return f, im
}

func TestCreatedImagesOpenWithoutFindings(t *testing.T) {
	made := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	for _, n := range []NewImage{
		{Type: Fixed, Size: 512},
		{Type: Fixed, Size: 3 << 40},
		{Type: Dynamic, Size: 512, BlockSize: 512},
		{Type: Dynamic, Size: 100 << 20},
		{Type: Dynamic, Size: 5<<20 + 512, BlockSize: 16 << 20},
		{Type: Dynamic, Size: 1 << 30, BlockSize: 256 << 20},
		{Type: Dynamic, Size: 2040 << 30},
		{Type: Differencing, Size: 40 << 20, BlockSize: 512 << 10, Parent: &Parent{UUID: UUID{1}, Relative: "base.vhd", Absolute: `C:\disks\base.vhd`, Modified: made}},
		{Type: Differencing, Size: 4096, BlockSize: 4096, Parent: &Parent{UUID: UUID{1}, Relative: "base.vhd"}},
	} {
		t.Run(fmt.Sprintf("%s of %d in blocks of %d", n.Type, n.Size, n.BlockSize), func(t *testing.T) {
			n.UUID, n.Created = UUID{7, 8, 9}, made
			file, im := mustCreate(t, n)
			f := im.Footer()
			if im.Type() != n.Type || im.Size() != n.Size || im.UUID() != n.UUID || !f.Created.Time().Equal(made) ||
				f.OriginalSize != uint64(n.Size) || f.Geometry != GeometryFor(n.Size) || f.Creator != "vhsc" || f.CreatorVersion != 0x10000 || f.CreatorOS != "Wi2k" {
				t.Errorf("%+v", f)
			}
			if n.Type == Fixed {
				if file.Size() != n.Size+512 {
					t.Errorf("%d bytes", file.Size())
				}
				return
			}
			if n.BlockSize == 0 {
				n.BlockSize = 2 << 20
			}
			if all, allocated := im.Blocks(); im.BlockSize() != n.BlockSize || allocated != 0 || all != (n.Size+n.BlockSize-1)/n.BlockSize {
				t.Errorf("%d of %d blocks of %d", allocated, all, im.BlockSize())
			}
			if !bytes.Equal(file.Get(0, 512), file.Get(file.Size()-512, 512)) || file.Size()%4096 != 0 {
				t.Error("the footer's copy differs, or the file ends beside a border of 4 KiB")
			}
			end := im.table.at + int64(len(im.table.raw))
			if pad := file.Get(end, int(roundUp(end, 512)-end)); strings.Trim(string(pad), "\xff") != "" {
				t.Errorf("the table is padded with % x", pad)
			}
		})
	}
}

func TestCreatedImagesHaveTheirOwnUUID(t *testing.T) {
	seen := map[UUID]bool{}
	for range 100 {
		_, im := mustCreate(t, NewImage{Type: Dynamic, Size: 1 << 20})
		id := im.UUID()
		if s := id.String(); seen[id] || s[14] != '4' || !strings.ContainsRune("89ab", rune(s[19])) {
			t.Errorf("UUID %s", s)
		}
		seen[id] = true
	}
}

func TestCreateRefusesWhatTheFormatCannotHold(t *testing.T) {
	parent := &Parent{Relative: "base.vhd"}
	for _, c := range []struct {
		n    NewImage
		rule Rule
	}{
		{NewImage{Type: Raw, Size: 512}, RuleDiskType},
		{NewImage{Size: 512}, RuleDiskType},
		{NewImage{Type: Differencing, Size: 512}, RuleDiskType},
		{NewImage{Type: Dynamic, Size: 512, Parent: parent}, RuleDiskType},
		{NewImage{Type: Fixed}, RuleSize},
		{NewImage{Type: Fixed, Size: 513}, RuleSize},
		{NewImage{Type: Fixed, Size: -512}, RuleSize},
		{NewImage{Type: Fixed, Size: math.MaxInt64 &^ 511}, RuleSize},
		{NewImage{Type: Dynamic, Size: 2040<<30 + 512}, RuleSize},
		{NewImage{Type: Differencing, Size: 2041 << 30, Parent: parent}, RuleSize},
		{NewImage{Type: Dynamic, Size: 1 << 20, BlockSize: 3 << 20}, RuleBlockSize},
		{NewImage{Type: Dynamic, Size: 1 << 20, BlockSize: -1}, RuleBlockSize},
		{NewImage{Type: Dynamic, Size: 1 << 20, BlockSize: 512 << 20}, RuleBlockSize},
		{NewImage{Type: Dynamic, Size: 1 << 20, BlockSize: 1<<32 + 512}, RuleBlockSize},
		{NewImage{Type: Dynamic, Size: 2040 << 30, BlockSize: 4096}, RuleBlockSize},      // the table would be too large
		{NewImage{Type: Dynamic, Size: 2040 << 30, BlockSize: 256 << 10}, RuleBlockSize}, // the file would outgrow 32-bit sectors
	} {
		p, err := Create(c.n)
		if err == nil {
			t.Errorf("Create(%+v) made %d bytes", c.n, p.Size())
			continue
		}
		wantError(t, err, ErrFormat, c.rule)
	}
}

func TestCreatedTimesAreClamped(t *testing.T) {
	for _, c := range []struct {
		t    time.Time
		want Timestamp
	}{
		{time.Time{}, 0}, {epoch, 0}, {epoch.Add(-time.Hour), 0}, {epoch.Add(90 * time.Second), 90},
		{time.Date(2136, 2, 7, 6, 28, 15, 0, time.UTC), math.MaxUint32}, {time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), math.MaxUint32},
	} {
		if got := timestampOf(c.t); got != c.want {
			t.Errorf("%s becomes %d, want %d", c.t, got, c.want)
		}
	}
}
