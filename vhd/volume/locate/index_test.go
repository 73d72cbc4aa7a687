package locate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/fsys/fsystest"
)

func build(t *testing.T, f fsys.FS) *Index {
	t.Helper()
	x, err := Build(context.Background(), f, nil)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// owned is a byte of the volume that a file has, as the model knows it.
type owned struct {
	paths  []string // names of the file
	offset int64
	packed int64
}

// model is what each byte of a view's volume belongs to: a file, or a
// structure by name.
func model(v *fsystest.View, size int64) (files []owned, structures []string) {
	files, structures = make([]owned, size), make([]string, size)
	for name, n := range v.Nodes {
		for stream, k := range n.Forks {
			full := name
			if stream != "" {
				full += ":" + stream
			}
			for _, e := range k.Extents {
				start, length := e.Volume()
				for i := range length {
					o := &files[start+i]
					o.paths = append(o.paths, full)
					o.offset = e.Offset + i
					if e.Stored > 0 {
						o.offset, o.packed = e.Offset, e.Length
					}
				}
			}
		}
	}
	v.Structures(func(s fsys.Structure) bool {
		for i := range s.Length {
			structures[s.Start+i] = s.Name
		}
		return true
	})
	return files, structures
}

// TestEveryByteHasTheModelsOwner: of random histories each byte of the volume
// belongs to the file that the model put there, at its offset in it, or to its
// structure, or is not known.
func TestEveryByteHasTheModelsOwner(t *testing.T) {
	for seed := range uint64(12) {
		s := fsystest.New(128, 1024)
		r := rand.New(rand.NewPCG(seed, 5))
		for range 120 {
			s.Random(r)
		}
		v := s.View()
		v.Lazy = seed%2 == 1
		x := build(t, v)
		files, structures := model(v, 128*1024)
		for off := range files {
			p, want := x.At(int64(off)), files[off]
			if p.Structure != structures[off] || len(p.Owners) != min(1, len(want.paths)) || p.More != 0 {
				t.Fatalf("seed %d: byte %d is %+v, want %+v and %q", seed, off, p, want, structures[off])
			}
			if len(want.paths) == 0 {
				continue
			}
			o := p.Owners[0]
			if !slices.Contains(want.paths, o.Path) || o.Links != len(want.paths) || o.Offset != want.offset || o.Packed != want.packed {
				t.Fatalf("seed %d: byte %d is %+v, want %+v", seed, off, o, want)
			}
		}
		for _, off := range []int64{-1, 128 * 1024, 1 << 62} {
			if p := x.At(off); len(p.Owners) > 0 || p.Structure != "" {
				t.Errorf("outside of the volume, at %d: %+v", off, p)
			}
		}
		if len(x.Notes) > 0 || x.Unplaced > 0 {
			t.Errorf("seed %d: %d not placed, notes %q", seed, x.Unplaced, x.Notes)
		}
	}
}

// shared is a file system of files at given extents, in one folder.
type shared struct {
	fsys.FS
	files map[string][]fsys.Extent
}

func (s shared) ReadDir(string) (list []fs.DirEntry, err error) {
	for name := range s.files {
		list = append(list, &fsys.Node{Base: name})
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

func (s shared) Stat(string) (fs.FileInfo, error) { return nil, fs.ErrNotExist }

func (s shared) Open(name string) (fs.File, error) {
	return fsys.NewMapped(&fsys.Node{}, nil, s.files[name]), nil
}

// TestSharedPlacesHaveAllTheirOwners: also where long runs hold short ones,
// and the first of very many.
func TestSharedPlacesHaveAllTheirOwners(t *testing.T) {
	const size = 500
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 6))
		s := shared{files: map[string][]fsys.Extent{}}
		for i := range 1 + r.IntN(25) {
			s.files[fmt.Sprintf("f%02d", i)] = []fsys.Extent{{Offset: 7, Length: 1 + r.Int64N(200), Start: r.Int64N(size)}}
		}
		x := build(t, s)
		for off := range int64(size + 200) {
			var want, got []string
			for name, list := range s.files {
				if e := list[0]; e.Start <= off && off < e.Start+e.Length {
					want = append(want, fmt.Sprint(name, " ", 7+off-e.Start))
				}
			}
			p := x.At(off)
			for _, o := range p.Owners {
				got = append(got, fmt.Sprint(o.Path, " ", o.Offset))
			}
			slices.Sort(want)
			slices.Sort(got)
			if p.More > 0 {
				if len(got) != maxOwners || p.More != len(want)-maxOwners {
					t.Fatalf("seed %d, byte %d: %d owners and %d more of %d", seed, off, len(got), p.More, len(want))
				}
				continue
			}
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d, byte %d: %q, want %q", seed, off, got, want)
			}
		}
	}
}

// TestWhatHasNoKnownPlaceIsNoted: files that do not tell where they lie, and
// folders that cannot be listed.
func TestWhatHasNoKnownPlaceIsNoted(t *testing.T) {
	s := fsystest.New(128, 1024)
	for _, name := range []string{"a", "b"} {
		f := s.Create(s.Mkdir(s.Root(), name), "f")
		s.Put(f, &f.Data, make([]byte, 5000))
	}
	v := s.View()
	v.Nowhere["a/f"], v.Broken["b"] = errors.New("bad"), errors.New("bad")
	x := build(t, v)
	if x.Unplaced != 2 || len(x.Notes) != 1 || !strings.Contains(x.Notes[0], "2") || len(x.runs) != 0 {
		t.Errorf("%d not placed, %d runs, notes %q", x.Unplaced, len(x.runs), x.Notes)
	}
}

// TestBuildCanBeCancelled and tells of its progress.
func TestBuildCanBeCancelled(t *testing.T) {
	s := fsystest.New(128, 1024)
	for i := range 10 {
		s.Create(s.Root(), fmt.Sprint(i))
	}
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	_, err := Build(ctx, s.View(), func(entries int64) {
		calls++
		cancel()
	})
	if err != context.Canceled || calls != 1 {
		t.Errorf("%v after %d signs of progress", err, calls)
	}
}
