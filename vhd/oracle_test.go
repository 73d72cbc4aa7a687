package vhd

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// The tests below let other programs read what is written here. How far each
// can be trusted: 7-Zip resolves chains, by the relative locator and then by
// the unicode name; qemu-img reads fixed and dynamic images, and of those of
// creators that it does not know as much as the geometry tells; vhdiinfo
// shows identities and the parent's name.

// save writes a new file into a folder.
func save(t *testing.T, path string, p *Plan) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := p.Copy(context.Background(), f, nil, nil); err != nil {
		t.Fatal(err)
	}
}

// sum7z is the sha256 of a disk as 7-Zip resolves its chain.
func sum7z(t *testing.T, dir, name string) string {
	t.Helper()
	out := t.TempDir()
	tool(t, dir, "7zz", "x", "-y", "-tvhd", "-o"+out, name)
	entries, err := os.ReadDir(out)
	if err != nil || len(entries) != 1 {
		t.Fatalf("7zz wrote %v, %v", entries, err)
	}
	return sumFile(t, filepath.Join(out, entries[0].Name()))
}

func sumFile(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return sha(t, f)
}

func sumDisk(t *testing.T, d *Disk) string { return sha(t, io.NewSectionReader(d, 0, d.Size())) }

// oracleChain is a chain whose size its geometry tells exactly.
func oracleChain(seed uint64, layers int) *vhdtest.Chain {
	return vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: layers, Size: 85 * 68 * 512, BlockSizes: []uint32{512 << 10, 2 << 20, 64 << 10}})
}

func TestQEMUReadsWhatWasConverted(t *testing.T) {
	dir := t.TempDir()
	for seed := range uint64(3) {
		d := diskOf(t, oracleChain(seed, 3))
		fixed, err := d.Fixed(NewImage{})
		if err != nil {
			t.Fatal(err)
		}
		save(t, filepath.Join(dir, "fixed.vhd"), fixed)
		f, _ := convert(t, d, Conversion{NewImage: NewImage{Type: Dynamic, BlockSize: 2 << 20 >> seed}})
		if err := f.WriteFile(filepath.Join(dir, "dynamic.vhd")); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"fixed.vhd", "dynamic.vhd"} {
			tool(t, dir, "qemu-img", "convert", "-f", "vpc", "-O", "raw", name, "raw")
			if sumFile(t, filepath.Join(dir, "raw")) != sumDisk(t, d) {
				t.Errorf("seed %d: qemu-img reads another disk from %s", seed, name)
			}
		}
	}
}

func Test7ZipReadsWhatWasConvertedAndMerged(t *testing.T) {
	for seed := range uint64(2) {
		c := oracleChain(seed, 4)
		d := diskOf(t, c)
		want := sumDisk(t, d)
		dir := t.TempDir()
		if err := c.WriteFiles(dir); err != nil {
			t.Fatal(err)
		}
		below := diskOf(t, c.From(2))
		f, _ := convert(t, d, Conversion{NewImage: NewImage{Type: Dynamic}})
		g, _ := convert(t, d, Conversion{Below: below, NewImage: NewImage{Type: Differencing,
			Parent: &Parent{UUID: below.layers[0].UUID(), Relative: c.Layers[2].Name}}})
		for name, f := range map[string]*vhdtest.File{"dynamic.vhd": f, "differencing.vhd": g} {
			if err := f.WriteFile(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			if sum7z(t, dir, name) != want {
				t.Errorf("seed %d: 7zz reads another disk from %s", seed, name)
			}
		}
		// The middle of the chain becomes one, under the name of its top.
		m := vhdtest.NewFile()
		if _, err := d.Merge(context.Background(), m, 1, 2, Merge{}, nil); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, c.Layers[2].Name)); err != nil {
			t.Fatal(err)
		}
		if err := m.WriteFile(filepath.Join(dir, c.Layers[1].Name)); err != nil {
			t.Fatal(err)
		}
		if sum7z(t, dir, c.Layers[0].Name) != want {
			t.Errorf("seed %d: 7zz reads another disk through the merged layers", seed)
		}
	}
}

// Test7ZipFollowsARelinkedChain: every file of the chain is renamed, and its
// child relinked, some to names that need new space.
func Test7ZipFollowsARelinkedChain(t *testing.T) {
	c := oracleChain(5, 4)
	d, dir := diskOf(t, c), t.TempDir()
	names := []string{"leaf.vhd", "Zoë – база.vhd", strings.Repeat("n", 200) + ".vhd", "b.vhd"}
	for i, im := range d.layers {
		p := &Plan{layers: []*Image{im}}
		p.addFile(0, 0, im.size)
		if i+1 < len(names) {
			to := Candidate{Name: names[i+1], Image: d.layers[i+1]}.AsParent()
			var err error
			if p, _, err = im.Relink(Relink{Parent: to, Names: true}); err != nil {
				t.Fatal(err)
			}
		}
		save(t, filepath.Join(dir, names[i]), p)
	}
	if sum7z(t, dir, "leaf.vhd") != sumDisk(t, d) {
		t.Error("7zz reads another disk")
	}
}

// Test7ZipFollowsTheRealChainsRelinked, each parent under a new name.
func Test7ZipFollowsTheRealChainsRelinked(t *testing.T) {
	rows := expectedRows(t)
	for _, row := range rows {
		if len(row.files) == 1 || strings.Contains(row.files[0], "bad-checksums") {
			continue
		}
		d, dir := realDisk(t, row), t.TempDir()
		for i, im := range d.layers {
			p := &Plan{layers: []*Image{im}}
			p.addFile(0, 0, im.size)
			if im.Type() == Differencing {
				var err error
				to := Parent{Relative: fmt.Sprint("layer ", i+1, ".vhd")}
				if p, _, err = im.Relink(Relink{Parent: to, Names: true}); err != nil {
					t.Fatal(err)
				}
			}
			save(t, filepath.Join(dir, fmt.Sprint("layer ", i, ".vhd")), p)
		}
		if got := sum7z(t, dir, "layer 0.vhd"); got != row.sum {
			t.Errorf("%s: 7zz reads a disk of sha256 %s, want %s", row.files[0], got, row.sum)
		}
	}
}

// Test7ZipReadsTheRealChainsConverted to dynamic and fixed images.
func Test7ZipReadsTheRealChainsConverted(t *testing.T) {
	rows := expectedRows(t)
	dir := t.TempDir()
	for _, row := range rows {
		d := realDisk(t, row)
		f, _ := convert(t, d, Conversion{NewImage: NewImage{Type: Dynamic}})
		if err := f.WriteFile(filepath.Join(dir, "d.vhd")); err != nil {
			t.Fatal(err)
		}
		p, err := d.Fixed(NewImage{})
		if err != nil {
			t.Fatal(err)
		}
		save(t, filepath.Join(dir, "f.vhd"), p)
		for _, name := range []string{"d.vhd", "f.vhd"} {
			if got := sum7z(t, dir, name); got != row.sum {
				t.Errorf("%s: 7zz reads from %s a disk of sha256 %s, want %s", row.files[0], name, got, row.sum)
			}
		}
	}
}

func TestVhdiinfoReadsMergedAndRelinkedIdentities(t *testing.T) {
	c := oracleChain(6, 4)
	d, dir := diskOf(t, c), t.TempDir()
	m := vhdtest.NewFile()
	if _, err := d.Merge(context.Background(), m, 0, 1, Merge{}, nil); err != nil {
		t.Fatal(err)
	}
	if err := m.WriteFile(filepath.Join(dir, "merged.vhd")); err != nil {
		t.Fatal(err)
	}
	p, _, err := d.layers[1].Relink(Relink{Parent: Parent{UUID: UUID(vhdtest.ID("other")), Relative: "x/Zoë.vhd"}, Names: true, UUID: true})
	if err != nil {
		t.Fatal(err)
	}
	save(t, filepath.Join(dir, "relinked.vhd"), p)
	for name, want := range map[string][3]string{
		"merged.vhd":   {d.layers[0].UUID().String(), d.layers[2].UUID().String(), c.Layers[2].Name},
		"relinked.vhd": {d.layers[1].UUID().String(), UUID(vhdtest.ID("other")).String(), "Zoë.vhd"},
	} {
		out := string(tool(t, dir, "vhdiinfo", name))
		for _, line := range []string{`Disk type\s*: Differential`, `\(` + fmt.Sprint(d.Size()) + ` bytes\)`,
			`\n\s*Identifier\s*: ` + want[0], `Parent identifier\s*: ` + want[1], `Parent filename\s*: ` + regexp.QuoteMeta(want[2])} {
			if !regexp.MustCompile(line).MatchString(out) {
				t.Errorf("%s: no %q in\n%s", name, line, out)
			}
		}
	}
}
