package compare

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/fsys/fsystest"
)

// told is what Compare tells of two views, a short line each: kind, path and
// where it was.
func told(t *testing.T, before, after fsys.FS, touched []device.Range) ([]string, *Changes) {
	t.Helper()
	changes, err := Compare(context.Background(), before, after, slices.Values(touched), nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, c := range changes.Files {
		s := string(c.Kind) + " " + c.Path
		if c.From != "" {
			s += " from " + c.From
		}
		if c.Problem != nil {
			s += ": " + c.Problem.Error()
		}
		list = append(list, s)
	}
	return list, changes
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// put makes a file of n bytes in the root.
func put(s *fsystest.System, name string, n int) *fsystest.File {
	f := s.Create(s.Root(), name)
	s.Put(f, &f.Data, slices.Repeat([]byte(name[:1]), n))
	return f
}

// TestReusedNumbersWithoutTimesOfCreation: where a file system does not keep
// when a file was created, a file is known again under another name by where
// it lies and when it was last modified.
func TestReusedNumbersWithoutTimesOfCreation(t *testing.T) {
	s := fsystest.New(128, 1024)
	put(s, "kept", 3000)
	put(s, "grown", 100)
	put(s, "gone", 2000)
	put(s, "moved", 2000)
	s.Create(s.Root(), "empty")
	s.Mkdir(s.Root(), "folder")
	s.Symlink(s.Root(), "link", "kept")
	before := s.View()
	s.Written()
	for _, name := range []string{"kept", "grown", "empty", "folder", "link"} {
		s.Rename(s.Root(), name, s.Root(), "new-"+name)
	}
	grown := s.Root().Entries["new-grown"]
	s.Write(grown, &grown.Data, 100, []byte("more"))
	s.Remove(s.Root(), "gone")
	put(s, "other", 2000) // has the number and the blocks of what is gone
	s.Remove(s.Root(), "moved")
	put(s, "replaced", 1500)
	after := s.View()
	if a, b := before.Nodes["gone"], after.Nodes["other"]; a.Meta.ID != b.Meta.ID || !slices.Equal(a.Forks[""].Extents, b.Forks[""].Extents) {
		t.Fatal("the number and the blocks of the deleted file were not given out again")
	}
	for _, v := range []*fsystest.View{before, after} {
		for _, n := range v.Nodes {
			n.Meta.Created = time.Time{}
		}
	}
	before.Nodes["moved"].Modified = after.Nodes["replaced"].Modified // somebody set it
	got, _ := told(t, before, after, s.Written())
	want(t, got, "removed gone", "removed grown", "removed moved", "renamed new-empty from empty", "renamed new-folder from folder", "added new-grown",
		"renamed new-kept from kept", "renamed new-link from link", "added other", "added replaced")
}

// TestNamesOfOneFileMoveAsTheyAre: of several names that moved those are
// coupled that are in the same folder, or else are alike.
func TestNamesOfOneFileMoveAsTheyAre(t *testing.T) {
	s := fsystest.New(128, 1024)
	x, y, d := s.Mkdir(s.Root(), "x"), s.Mkdir(s.Root(), "y"), s.Mkdir(s.Root(), "d")
	f := s.Create(x, "p")
	s.Link(y, "p", f)
	g := s.Create(d, "a")
	s.Link(d, "b", g)
	before := s.View()
	s.Written()
	n, e := s.Mkdir(s.Root(), "n"), s.Mkdir(s.Root(), "e")
	s.Rename(s.Root(), "x", n, "y2")
	s.Rename(s.Root(), "y", n, "x2")
	s.Rename(d, "b", e, "b")
	s.Rename(d, "a", e, "c")
	got, _ := told(t, before, s.View(), s.Written())
	want(t, got, "added e", "renamed e/b from d/b", "renamed e/c from d/a", "added n", "renamed n/x2 from y", "renamed n/y2 from x")
}

// TestASetTimeOfCreationHidesNoRename: a file that lies untouched where it did
// is the same, also where somebody set another time of its creation.
func TestASetTimeOfCreationHidesNoRename(t *testing.T) {
	s := fsystest.New(128, 1024)
	put(s, "a", 3000)
	before := s.View()
	s.Written()
	s.Rename(s.Root(), "a", s.Root(), "b")
	s.Root().Entries["b"].Created = time.Unix(0, 0)
	got, changes := told(t, before, s.View(), s.Written())
	want(t, got, "renamed b from a")
	want(t, changes.Files[0].Fields, "created", "changed")
}

// TestWhatCannotBeReadIsSaid: a file that was touched and cannot be read is a
// change with a problem; one that was not touched is none.
func TestWhatCannotBeReadIsSaid(t *testing.T) {
	s := fsystest.New(128, 1024)
	touchedFile, lost := put(s, "touched", 3000), put(s, "lost", 500)
	put(s, "quiet", 3000)
	put(s, "sealed", 3000)
	before := s.View()
	s.Written()
	for _, f := range []*fsystest.File{touchedFile, lost} {
		s.Write(f, &f.Data, 10, []byte("x"))
	}
	after := s.View()
	bad := errors.New("unreadable")
	after.Broken["touched"], after.Broken["quiet"], before.Nowhere["lost"] = bad, bad, bad
	after.Nowhere["sealed"] = bad
	before.Nodes["sealed"].Meta.Problem, after.Nodes["sealed"].Meta.Problem = bad, bad
	got, changes := told(t, before, after, s.Written())
	want(t, got, "content lost: unreadable", "content touched: unreadable")
	if len(changes.Notes) != 1 || !strings.Contains(changes.Notes[0], "cannot be read") || !strings.HasSuffix(changes.Notes[0], ": 1.") {
		t.Errorf("of the file that cannot be read at all the notes say %q", changes.Notes)
	}
}

// TestFoldersThatCannotBeListed: what is in them is not called added or
// removed, and that it is not known is said once.
func TestFoldersThatCannotBeListed(t *testing.T) {
	s := fsystest.New(128, 1024)
	for _, name := range []string{"both", "now", "then", "gone"} {
		s.Put(s.Create(s.Mkdir(s.Root(), name), "f"), &fsystest.Fork{}, nil)
	}
	before := s.View()
	s.Written()
	s.Rename(s.Root(), "both", s.Root(), "new")
	s.Remove(s.Root(), "gone")
	after := s.View()
	bad := errors.New("unreadable")
	before.Broken["then"], after.Broken["now"], before.Broken["both"], after.Broken["new"], before.Broken["gone"] = bad, bad, bad, bad, bad
	got, _ := told(t, before, after, s.Written())
	want(t, got, "removed gone: unreadable", "renamed new from both: unreadable", "content now: unreadable", "content then: unreadable")

	before.Broken["."] = bad
	got, _ = told(t, before, after, []device.Range{{Start: 0, Length: 512}})
	want(t, got, "content .: unreadable")
}

// TestOneViewWithoutFileSystem: everything in the other is added, or removed.
func TestOneViewWithoutFileSystem(t *testing.T) {
	s := fsystest.New(128, 1024)
	put(s, "a", 3000)
	s.Create(s.Mkdir(s.Root(), "d"), "e")
	v := s.View()
	got, changes := told(t, nil, v, s.Written())
	want(t, got, "added a", "added d", "added d/e")
	if len(changes.Elsewhere) == 0 {
		t.Error("nothing was written elsewhere")
	}
	got, _ = told(t, v, nil, nil)
	want(t, got, "removed a", "removed d", "removed d/e")
	got, changes = told(t, nil, nil, []device.Range{{Start: 5, Length: 10}})
	want(t, got)
	if len(changes.Elsewhere) != 1 || changes.Elsewhere[0].Name != Unknown || changes.Elsewhere[0].Start != 5 || changes.Elsewhere[0].Bytes != 10 {
		t.Errorf("without file systems: %+v", changes.Elsewhere)
	}
}

// TestOnlyAccessIsNoChange: it is counted, and told of where more changed.
func TestOnlyAccessIsNoChange(t *testing.T) {
	s := fsystest.New(128, 1024)
	a, b := put(s, "a", 3000), put(s, "b", 10)
	before := s.View()
	s.Written()
	s.Touch(a)
	s.Touch(b)
	s.Describe(b, "RO")
	got, changes := told(t, before, s.View(), s.Written())
	want(t, got, "metadata b")
	want(t, changes.Files[0].Fields, "changed", "accessed", "attributes")
	if len(changes.Notes) != 1 || !strings.HasSuffix(changes.Notes[0], ": 1.") {
		t.Errorf("notes are %q", changes.Notes)
	}
}

// TestCancelEndsACompare wherever it is.
func TestCancelEndsACompare(t *testing.T) {
	s := fsystest.New(128, 1024)
	put(s, "a", 3000)
	before := s.View()
	ctx, cancel := context.WithCancel(context.Background())
	touched := func(yield func(device.Range) bool) {
		for i := int64(0); yield(device.Range{Start: 2 * i * 512, Length: 512}); i++ {
			if i == 5 {
				cancel()
			}
			if i > 6 {
				t.Fatal("goes on after the cancel")
			}
		}
	}
	if _, err := Compare(ctx, before, before, iter.Seq[device.Range](touched), nil); err != context.Canceled {
		t.Errorf("error %v", err)
	}
	for _, stop := range []string{"a", "d", "."} {
		ctx, cancel := context.WithCancel(context.Background())
		v := &stopping{View: s.View(), at: stop, stop: cancel}
		s.Mkdir(s.Root(), "d"+stop)
		if _, err := Compare(ctx, v, s.View(), slices.Values(s.Written()), nil); err != context.Canceled && stop != "d" {
			t.Errorf("cancelled at %s: error %v", stop, err)
		}
	}
}

// stopping is a view that cancels when something of it is opened or listed.
type stopping struct {
	*fsystest.View
	at   string
	stop func()
}

func (v *stopping) Open(name string) (fs.File, error) {
	if name == v.at {
		v.stop()
	}
	return v.View.Open(name)
}

func (v *stopping) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == v.at {
		v.stop()
	}
	return v.View.ReadDir(name)
}

// endless is a file system whose every folder holds a folder, the same one
// where it has an identity.
type endless struct {
	fsys.FS
	id uint64
}

func (e endless) About() fsys.About                { return fsys.About{} }
func (e endless) Stat(string) (fs.FileInfo, error) { return nil, fs.ErrNotExist }

func (e endless) ReadDir(string) ([]fs.DirEntry, error) {
	return []fs.DirEntry{&fsys.Node{Base: "x", FileMode: fs.ModeDir, Meta: fsys.Meta{ID: e.id}}}, nil
}

// TestFoldersInThemselvesEnd: the comparison ends and says so.
func TestFoldersInThemselvesEnd(t *testing.T) {
	anywhere := []device.Range{{Start: 0, Length: 1}}
	got, _ := told(t, endless{id: 7}, endless{id: 7}, anywhere)
	want(t, got, "content x/x: "+"the folder is the same as one at another place, or as one that it lies in")
	for _, sides := range [][2]fsys.FS{{endless{}, endless{}}, {nil, endless{}}, {endless{id: 3}, nil}, {endless{id: 3}, endless{id: 4}}} {
		got, _ := told(t, sides[0], sides[1], anywhere)
		if len(got) == 0 || len(got) > 2*fsys.MaxDepth+2 || !strings.Contains(got[len(got)-1], "folder") {
			t.Errorf("%d changes, the last %q", len(got), got[max(0, len(got)-1):])
		}
	}
}

// TestManyRangesAreCutAndCounted: the ranges of a file are bounded, and the
// sum of them all is told.
func TestManyRangesAreCutAndCounted(t *testing.T) {
	const n = MaxRanges + 100
	s := fsystest.New(6*n, 512)
	f := put(s, "a", 2*n*512)
	before := s.View()
	s.Written()
	other := slices.Clone(f.Data.Bytes)
	for i := range n {
		other[2*i*512] = 'x'
	}
	s.Write(f, &f.Data, 0, other)
	_, changes := told(t, before, s.View(), s.Written())
	if len(changes.Files) != 1 || len(changes.Files[0].Ranges) != MaxRanges || changes.Files[0].Bytes != n*512 {
		t.Errorf("%d ranges and %d bytes of %d changes", len(changes.Files[0].Ranges), changes.Files[0].Bytes, len(changes.Files))
	}
}

// TestProgressGoesOn: it never goes back nor past the whole.
func TestProgressGoesOn(t *testing.T) {
	m := newMeter(nil)
	var last, calls int64
	m.tell = func(done, total int64) {
		if done < last || done > total {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last, calls = done, calls+1
	}
	for range 50 {
		m.advance(0.03)
		m.told = time.Time{}
		m.tick()
		m.tick() // too soon
	}
	if calls != 50 || last != total {
		t.Errorf("told %d times, at last %d", calls, last)
	}
	s := fsystest.New(128, 1024)
	put(s, "a", 10)
	d := s.Mkdir(s.Root(), "d")
	s.Create(d, "e")
	before := s.View()
	s.Written()
	s.Create(d, "f")
	c := &comparison{ctx: context.Background(), before: newSide(before), after: newSide(s.View()), compared: map[uint64]difference{}, progress: newMeter(nil)}
	if err := c.run(slices.Values(s.Written())); err != nil || c.progress.done < 0.89 || c.progress.done > 1 {
		t.Errorf("at the end %v is done, %v", c.progress.done, err)
	}
}
