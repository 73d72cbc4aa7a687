package fsys_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/fsys/fsystest"
)

// tree makes a small file system.
func tree() *fsystest.System {
	s := fsystest.New(128, 1024)
	a := s.Mkdir(s.Root(), "a")
	s.Create(a, "1")
	s.Create(s.Mkdir(a, "b"), "2")
	s.Mkdir(s.Root(), "c")
	s.Create(s.Root(), "d")
	return s
}

// walked is what a walk visits.
func walked(t *testing.T, f fsys.FS, folder string, visit func(name string) error) (list []string, err error) {
	t.Helper()
	err = fsys.Walk(context.Background(), f, folder, func(name string, entry fs.DirEntry, err error) error {
		s := name
		if err != nil {
			s += ": " + err.Error()
		} else if entry.Name() != path.Base(name) {
			t.Errorf("%s is %s", name, entry.Name())
		}
		list = append(list, s)
		return visit(name)
	})
	return list, err
}

func onward(string) error { return nil }

func wantList(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestWalkVisitsFoldersBeforeWhatIsInThem, from any folder, and can be stopped.
func TestWalkVisitsFoldersBeforeWhatIsInThem(t *testing.T) {
	v := tree().View()
	got, err := walked(t, v, ".", onward)
	wantList(t, got, "a", "a/1", "a/b", "a/b/2", "c", "d")
	if err != nil {
		t.Error(err)
	}
	got, _ = walked(t, v, "a", onward)
	wantList(t, got, "a/1", "a/b", "a/b/2")
	got, err = walked(t, v, ".", func(name string) error {
		if name == "a/b" || name == "d" {
			return fs.SkipDir
		}
		return nil
	})
	wantList(t, got, "a", "a/1", "a/b", "c", "d")
	if err != nil {
		t.Error(err)
	}
	stop := errors.New("stop")
	got, err = walked(t, v, ".", func(name string) error {
		if name == "a/1" {
			return stop
		}
		return nil
	})
	if wantList(t, got, "a", "a/1"); err != stop {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	err = fsys.Walk(ctx, v, ".", func(string, fs.DirEntry, error) error {
		if n++; n == 2 {
			cancel()
		}
		return nil
	})
	if err != context.Canceled || n != 2 {
		t.Errorf("a cancelled walk visits %d, %v", n, err)
	}
}

// TestWalkTellsWhatItCannotList: of a folder among others, and of its own.
func TestWalkTellsWhatItCannotList(t *testing.T) {
	v := tree().View()
	v.Broken["a"] = errors.New("bad")
	got, _ := walked(t, v, ".", onward)
	wantList(t, got, "a", "a: bad", "c", "d")
	got, _ = walked(t, v, "a", onward)
	wantList(t, got, "a: bad")
}

// strange is a file system of folders that are made by a rule.
type strange struct {
	fsys.FS
	list func(name string) ([]fs.DirEntry, error)
}

func (s strange) ReadDir(name string) ([]fs.DirEntry, error) { return s.list(name) }
func (s strange) Stat(string) (fs.FileInfo, error)           { return &fsys.Node{Meta: fsys.Meta{ID: 1}}, nil }

func dir(name string, id uint64) fs.DirEntry {
	return &fsys.Node{Base: name, FileMode: fs.ModeDir, Meta: fsys.Meta{ID: id}}
}

// TestWalkEndsInAnyFileSystem: folders in themselves, in the root, at many
// places, and without end.
func TestWalkEndsInAnyFileSystem(t *testing.T) {
	same := "the folder is the same as one at another place, or as one that it lies in"
	itself := strange{list: func(string) ([]fs.DirEntry, error) { return []fs.DirEntry{dir("x", 5)}, nil }}
	got, _ := walked(t, itself, ".", onward)
	wantList(t, got, "x", "x/x", "x/x: "+same)

	root := strange{list: func(string) ([]fs.DirEntry, error) { return []fs.DirEntry{dir("x", 1)}, nil }}
	got, _ = walked(t, root, ".", onward)
	wantList(t, got, "x", "x: "+same)

	endless := strange{list: func(string) ([]fs.DirEntry, error) { return []fs.DirEntry{dir("x", 0)}, nil }}
	got, _ = walked(t, endless, ".", onward)
	if len(got) != fsys.MaxDepth+2 || !strings.HasSuffix(got[len(got)-1], "too deep") {
		t.Errorf("%d visits, the last %q", len(got), got[len(got)-1])
	}

	// Two entries in each folder that are the same folder: 2^64 paths.
	double := strange{list: func(name string) ([]fs.DirEntry, error) {
		depth := uint64(strings.Count(name, "/") + 10)
		if name == "." {
			depth = 9
		}
		if depth > 70 {
			return nil, nil
		}
		return []fs.DirEntry{dir("x", depth), dir("y", depth)}, nil
	}}
	got, _ = walked(t, double, ".", onward)
	if len(got) > 500 {
		t.Errorf("%d visits", len(got))
	}
}

// remembering is a file system with deleted files: in each folder one, and in
// the root a folder that has the number of a living one.
type remembering struct{ *fsystest.View }

func (r remembering) Deleted(name string) ([]fs.DirEntry, error) {
	if name == "a/b" {
		return nil, errors.New("forgotten")
	}
	list := []fs.DirEntry{&fsys.Node{Base: "gone", Meta: fsys.Meta{Deleted: true}}}
	if name == "." {
		info, _ := r.Stat("a")
		list = append(list, &fsys.Node{Base: "old", FileMode: fs.ModeDir, Meta: fsys.Meta{Deleted: true, ID: fsys.MetaOf(info).ID}})
	}
	return list, nil
}

func (r remembering) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "old" {
		return []fs.DirEntry{&fsys.Node{Base: "3", Meta: fsys.Meta{Deleted: true}}}, nil
	}
	return r.View.ReadDir(name)
}

// TestWalkerGivesDeletedFilesWhereAsked: behind the living ones, and below
// deleted folders too.
func TestWalkerGivesDeletedFilesWhereAsked(t *testing.T) {
	f := remembering{tree().View()}
	for deleted, want := range map[bool][]string{
		false: {"a", "a/1", "a/b", "a/b/2", "c", "d"},
		true:  {"a", "a/1", "a/b", "a/b: forgotten", "a/b/2", "a/gone", "c", "c/gone", "d", "gone", "old", "old/3", "old/gone"},
	} {
		var got []string
		for w := fsys.NewWalker(f, ".", deleted); w.Next(); {
			s := w.Path()
			if w.Err() != nil {
				s = fmt.Sprint(s, ": ", w.Err())
			}
			got = append(got, s)
		}
		wantList(t, got, want...)
	}
}

// TestWalkHoldsFewEntries where each folder has a quarter of a million of
// them, and one more such folder first.
func TestWalkHoldsFewEntries(t *testing.T) {
	list := make([]fs.DirEntry, 1<<18)
	list[0] = dir("x", 0)
	for i := range list[1:] {
		list[1+i] = &fsys.Node{Base: "y"}
	}
	crowd := strange{list: func(string) ([]fs.DirEntry, error) { return list, nil }}
	w := fsys.NewWalker(crowd, ".", false)
	depth := 0
	for ; w.Next() && w.Err() == nil; depth++ {
	}
	if depth != 5 || !errors.Is(w.Err(), fsys.ErrUnsupported) || w.Path() != "x/x/x/x/x" {
		t.Errorf("%d folders deep, %s: %v", depth, w.Path(), w.Err())
	}
	if !w.Next() || w.Path() != "x/x/x/x/y" {
		t.Errorf("then %s", w.Path())
	}
}
