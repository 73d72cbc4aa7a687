package compare

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"testing"
	"time"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
)

// many is a file system of 400 folders of 250 files, each of one block of
// 4 KiB, that costs nothing itself.
type many struct {
	volume  []byte
	folders map[string][]fs.DirEntry
	files   map[string]*fsys.Mapped
}

func newMany(volume []byte) *many {
	m := &many{volume, map[string][]fs.DirEntry{}, map[string]*fsys.Mapped{}}
	at := time.Unix(1e9, 0)
	for d := range 400 {
		folder := fmt.Sprintf("folder %03d", d)
		m.folders["."] = append(m.folders["."], &fsys.Node{Base: folder, FileMode: fs.ModeDir, Modified: at, Meta: fsys.Meta{ID: uint64(1e6 + d), Created: at}})
		for i := range 250 {
			n := &fsys.Node{Base: fmt.Sprintf("a file %03d of many.txt", i), Bytes: 4000, Modified: at, Meta: fsys.Meta{ID: uint64(1 + d*250 + i), Links: 1, Created: at}}
			m.folders[folder] = append(m.folders[folder], n)
			start := int64(d*250+i) * 4096 % int64(len(volume))
			m.files[path.Join(folder, n.Base)] = fsys.NewMapped(n, bytes.NewReader(volume), []fsys.Extent{{Length: 4000, Start: start}})
		}
	}
	return m
}

func (m *many) About() fsys.About                          { return fsys.About{Cluster: 4096} }
func (m *many) ReadDir(name string) ([]fs.DirEntry, error) { return m.folders[name], nil }
func (m *many) Open(name string) (fs.File, error)          { return m.files[name], nil }

func (m *many) Stat(name string) (fs.FileInfo, error) {
	for _, e := range m.folders["."] {
		if e.Name() == name {
			return e.Info()
		}
	}
	return nil, fs.ErrNotExist
}

// BenchmarkCompare is of 100,000 files of which 10 changed: what comparing
// costs besides the file systems.
func BenchmarkCompare(b *testing.B) {
	old := make([]byte, 100_000*4096)
	volume := slices.Clone(old)
	var touched []device.Range
	for i := range int64(10) {
		off := i * 10_000 * 4096
		volume[off] = 1
		touched = append(touched, device.Range{Start: off, Length: 512})
	}
	before, after := newMany(old), newMany(volume)
	b.ReportAllocs()
	for b.Loop() {
		changes, err := Compare(context.Background(), before, after, slices.Values(touched), nil)
		if err != nil || len(changes.Files) != 10 {
			b.Fatalf("%d changes, %v", len(changes.Files), err)
		}
	}
}
