package trees

import (
	"context"
	"io"
	"io/fs"
	"path"
	"testing"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
)

// Gather fills in the files of a volume and what each needs: what entry says
// that it and each folder above need, by their IDs, its extents, and what all
// need.
func (d *Damaged) Gather(t testing.TB, entry func(id uint64) []device.Range, all []device.Range) {
	t.Helper()
	volume, err := d.Open(d.Volume, d.Size)
	check(t, err)
	d.Files, d.Needs = map[string][]byte{}, map[string][]device.Range{}
	id := func(name string) uint64 {
		info, err := volume.Stat(name)
		check(t, err)
		return fsys.MetaOf(info).ID
	}
	check(t, fsys.Walk(context.Background(), volume, ".", func(name string, e fs.DirEntry, err error) error {
		check(t, err)
		info, err := e.Info()
		check(t, err)
		if !info.Mode().IsRegular() {
			return nil
		}
		f, err := volume.Open(name)
		check(t, err)
		d.Files[name], err = io.ReadAll(f)
		check(t, err)
		needs := append(entry(id(name)), all...)
		for above := path.Dir(name); ; above = path.Dir(above) {
			needs = append(needs, entry(id(above))...)
			if above == "." {
				break
			}
		}
		extents, err := f.(fsys.File).Extents()
		check(t, err)
		for _, x := range extents {
			if start, length := x.Volume(); length > 0 {
				needs = append(needs, device.Range{Start: start, Length: length})
			}
		}
		d.Needs[name] = needs
		return nil
	}))
	check(t, volume.(fsys.Mapping).Structures(func(s fsys.Structure) bool {
		if s.Name != fsys.Free && s.Name != "journal" && s.Name != "log" {
			d.Aim = append(d.Aim, device.Range{Start: s.Start, Length: s.Length})
		}
		return true
	}))
}

// Few makes a folder of few and small files, with everything that makes a file
// system's structures differ.
func Few(t testing.TB, seed uint64) string {
	t.Helper()
	root := t.TempDir()
	random := Random(seed)
	for _, f := range []struct {
		name string
		size int
	}{{"a", 10}, {"empty", 0}, {"b/c", 5000}, {"b/d/e/f", 70_000}, {"b/d/g", 13 << 10}, {"large", 150_000}} {
		name := root + "/" + f.name
		write(t, name, Bytes(random, f.size))
	}
	for i := range 60 {
		write(t, root+"/many/a-file-with-some-name-"+string(rune('a'+i/26))+string(rune('a'+i%26)), Bytes(random, 20))
	}
	var places []int64
	for i := range int64(40) {
		places = append(places, i*16384)
	}
	Sparse(t, root+"/sparse", 1<<20, random, places)
	return root
}
