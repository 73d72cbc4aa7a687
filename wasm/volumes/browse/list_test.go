package browse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/output/outputtest"
	"vhdscope/wasm/worker"
)

// TestListingHasEverythingOfItsEntries: kinds, sizes, times, attributes and
// deleted files, where they are asked for.
func TestListingHasEverythingOfItsEntries(t *testing.T) {
	f := newFake(map[string]string{"file": "four", "folder/in it": ""})
	f.link("link", "file")
	f.add("pipe", fs.ModeNamedPipe)
	n := f.file("old", "")
	n.Bytes = 1<<53 + 2 // more than an exact number, and no panic
	n.Modified, n.Meta.Created = time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC), time.UnixMilli(1234567890123)
	n.Meta.Attributes, n.Meta.Local = "RHSA", true
	gone := f.file("gone", "x")
	gone.Meta.Deleted, gone.Modified = true, time.Time{}
	f.deleted["."] = []string{"gone"}
	v := with(t, &outputtest.Host{}, f)
	for _, deleted := range []bool{false, true} {
		l := ask[Listing](t, v, CommandList, ListRequest{Path: "/", Deleted: deleted})
		got := map[string]entry{}
		for _, e := range entries(t, l) {
			got[e.name] = e
		}
		modified := float64(f.nodes["file"].Modified.UnixMilli())
		want := map[string]entry{
			"file": {"file", "f", 4, modified, ""}, "folder": {"folder", "d", 0, modified, ""}, "link": {"link", "l", 0, modified, ""},
			"pipe": {"pipe", "o", 0, modified, ""}, "old": {"old", "f", 1<<53 + 2, -11644473600000, "RHSA"},
		}
		for name, e := range want {
			if got[name] != e {
				t.Errorf("%+v, want %+v", got[name], e)
			}
		}
		e, there := got["gone"]
		if there != deleted || deleted && (e.kind != "F" || !math.IsNaN(e.modified)) || len(got) != len(want)+len(l.Kinds)-5 {
			t.Errorf("of a deleted file: %+v", e)
		}
		if !l.Local || len(l.Notes) != 0 || len(l.Attributes) != 2 {
			t.Errorf("%+v", l)
		}
		for i, name := range strings.Split(strings.TrimSuffix(string(l.Names), "\x00"), "\x00") {
			if created := float(l.Created, i); (name == "old") != (created == 1234567890123) || (name != "old") != math.IsNaN(created) {
				t.Errorf("%s was created at %v", name, created)
			}
		}
	}
	refused(t, v, CommandList, ListRequest{Path: "/nowhere"}, CodeNotFound)
	for _, p := range []string{"", "file", "//", "/folder/", "/../x", "/a//b", "/."} {
		refused(t, v, CommandList, ListRequest{Path: p}, worker.CodeBadRequest)
	}
}

// TestFolderThatCannotBeListed: one of which nothing can be read is an error;
// what can be is a list, with a note.
func TestFolderThatCannotBeListed(t *testing.T) {
	f := newFake(map[string]string{"some/file": "x"})
	bad := fsys.Damaged(77, "a block of names is gone")
	f.nodes["some"].bad = bad
	f.add("none", fs.ModeDir).bad = bad
	v := with(t, &outputtest.Host{}, f)
	p := refused(t, v, CommandList, ListRequest{Path: "/none"}, CodeDamaged)
	l := ask[Listing](t, v, CommandList, ListRequest{Path: "/some"})
	if l.Count != 1 || len(l.Notes) != 1 || !strings.HasSuffix(l.Notes[0], p.Message) || !strings.Contains(p.Message, "a block of names is gone (at byte 77 of the volume)") {
		t.Errorf("%+v, %+v", l, p)
	}
}

// nameless is a file system whose entries cannot be told of.
type nameless struct{ *fake }

func (f nameless) ReadDir(string) (list []fs.DirEntry, err error) {
	for i := range maxNotes + 5 {
		list = append(list, mute(fmt.Sprint("entry ", i)))
	}
	return list, nil
}

type mute string

func (m mute) Name() string             { return string(m) }
func (mute) IsDir() bool                { return false }
func (mute) Type() fs.FileMode          { return 0 }
func (mute) Info() (fs.FileInfo, error) { return nil, errors.New("its record is gone") }

// TestEntriesOfWhichOnlyTheNameIsKnown are listed with a note each, and not
// more notes than anybody reads.
func TestEntriesOfWhichOnlyTheNameIsKnown(t *testing.T) {
	l := ask[Listing](t, with(t, &outputtest.Host{}, nameless{newFake(nil)}), CommandList, ListRequest{Path: "/"})
	list := entries(t, l)
	if l.Count != maxNotes+5 || len(l.Notes) != maxNotes+1 || l.Notes[0] != "entry 0: its record is gone" || l.Notes[maxNotes] != "5 more of this kind" || !math.IsNaN(list[0].size) {
		t.Errorf("%d entries, notes %q", l.Count, l.Notes)
	}
}

// TestTimesAsTexts are such that a page can read them: ISO 8601, of any year,
// without a zone where none is known.
func TestTimesAsTexts(t *testing.T) {
	for _, test := range []struct {
		at    time.Time
		local bool
		want  string
	}{
		{time.Time{}, false, ""},
		{time.Date(2024, 3, 5, 10, 11, 12, 123456700, time.UTC), false, "2024-03-05T10:11:12.1234567Z"},
		{time.Date(2024, 3, 5, 10, 11, 12, 0, time.FixedZone("", 2*3600)), false, "2024-03-05T08:11:12Z"},
		{time.Date(1980, 1, 2, 3, 4, 6, 0, time.UTC), true, "1980-01-02T03:04:06"},
		{time.Date(30828, 9, 14, 2, 48, 5, 0, time.UTC), false, "+030828-09-14T02:48:05Z"},
		{time.Date(800, 1, 1, 0, 0, 0, 0, time.UTC), false, "0800-01-01T00:00:00Z"},
		{time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC), false, "-000044-03-15T00:00:00Z"},
	} {
		if got := timeText(test.at, test.local); got != test.want {
			t.Errorf("%v: %q, want %q", test.at, got, test.want)
		}
	}
}

// many is a folder of 100,000 entries.
func many(t testing.TB) *Volume {
	f := newFake(nil)
	for i := range 100_000 {
		f.file(fmt.Sprintf("a file of a long list %d.txt", i), "").Meta.Attributes = []string{"rw-r--r--", "rwxr-xr-x"}[i%2]
	}
	return with(t, &outputtest.Host{}, f)
}

// TestCancelledList ends at once.
func TestCancelledList(t *testing.T) {
	v := many(t)
	ctx, cancel := context.WithCancel(t.Context())
	told := int64(0)
	kind, value, problem := do(ctx, v, CommandList, ListRequest{Path: "/"}, func(done, total int64) {
		told = done
		cancel()
	})
	if kind != worker.ReplyCancelled || value != nil || problem != nil || told == 0 || told > 2000 {
		t.Errorf("%s %+v %+v behind %d entries", kind, value, problem, told)
	}
}

// BenchmarkColumns is what a list of 100,000 entries costs beside reading it.
func BenchmarkColumns(b *testing.B) {
	v := many(b)
	list, err := v.volume.fs.ReadDir(".")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l := newColumns(len(list))
		for _, e := range list {
			info, _ := e.Info()
			l.add(info)
		}
		if l.listing().Count != len(list) {
			b.Fatal("not all")
		}
	}
}
