package find

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/fsys/fsystest"
)

// forgetful is a file system with a deleted file in each folder.
type forgetful struct{ *fsystest.View }

func (f forgetful) Deleted(name string) ([]fs.DirEntry, error) {
	return []fs.DirEntry{&fsys.Node{Base: "1 (deleted)", Meta: fsys.Meta{Deleted: true}}}, nil
}

// tree is a file system of folders 0 to 9 with files 0 to 4.
func tree() forgetful {
	s := fsystest.New(1024, 1024)
	for i := range 10 {
		folder := s.Mkdir(s.Root(), fmt.Sprint(i))
		for j := range 5 {
			s.Create(folder, fmt.Sprint(j))
		}
	}
	return forgetful{s.View()}
}

func paths(found []Match) (list []string) {
	for _, m := range found {
		list = append(list, m.Path)
	}
	return list
}

// TestSearchGoesOnInBatches: of any size, in order, each match once, also
// behind a cancelled one.
func TestSearchGoesOnInBatches(t *testing.T) {
	want := []string{"0/1", "1", "1/1", "2/1", "3/1", "4/1", "5/1", "6/1", "7/1", "8/1", "9/1"}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for most := 1; most < 13; most++ {
		s := New(tree(), "1", Options{})
		var got []string
		for done, rounds := false, 0; !done; rounds++ {
			if found, done, err := s.Next(cancelled, most, time.Hour); len(found) > 0 || done || err != context.Canceled {
				t.Fatalf("cancelled: %d found, done %v, %v", len(found), done, err)
			}
			var found []Match
			var err error
			found, done, err = s.Next(context.Background(), most, time.Hour)
			if err != nil || len(found) > most || rounds > len(want) || !done && len(found) < most {
				t.Fatalf("batch of %d: %d found, done %v, %v", most, len(found), done, err)
			}
			got = append(got, paths(found)...)
		}
		if !slices.Equal(got, want) || s.Looked != 60 || s.Unlisted != 0 {
			t.Errorf("in batches of %d: %q, looked at %d", most, got, s.Looked)
		}
		if found, done, err := s.Next(context.Background(), most, time.Hour); len(found) > 0 || !done || err != nil {
			t.Errorf("behind the end: %d found, done %v, %v", len(found), done, err)
		}
	}
}

// TestSearchStopsWhenItsTimeIsOver and goes on an entry at least.
func TestSearchStopsWhenItsTimeIsOver(t *testing.T) {
	s := New(tree(), "nothing has this name", Options{})
	for i := int64(1); i <= 60; i++ {
		if found, done, err := s.Next(context.Background(), 5, 0); len(found) > 0 || done || err != nil || s.Looked != i {
			t.Fatalf("call %d: %d found, done %v, %v, looked at %d", i, len(found), done, err, s.Looked)
		}
	}
}

// TestSearchInAFolderAndAmongDeleted files, if told to.
func TestSearchInAFolderAndAmongDeleted(t *testing.T) {
	for _, c := range []struct {
		pattern string
		o       Options
		want    []string
	}{
		{"1", Options{Folder: "3"}, []string{"3/1"}},
		{"1", Options{Folder: "3", Deleted: true}, []string{"3/1", "3/1 (deleted)"}},
		{"3/1", Options{Folder: "3"}, []string{"3/1"}},
		{"/1", Options{}, []string{"0/1", "1", "1/0", "1/1", "1/2", "1/3", "1/4", "2/1", "3/1", "4/1", "5/1", "6/1", "7/1", "8/1", "9/1"}},
		{"[1-2]/[!0-3]", Options{}, []string{"1/4", "2/4"}},
	} {
		found, done, err := New(tree(), c.pattern, c.o).Next(context.Background(), 100, time.Hour)
		if got := paths(found); !slices.Equal(got, c.want) || !done || err != nil {
			t.Errorf("%q, %+v: %q, done %v, %v", c.pattern, c.o, got, done, err)
		}
	}
}

// TestSearchCountsWhatItCannotList and goes on.
func TestSearchCountsWhatItCannotList(t *testing.T) {
	f, bad := tree(), errors.New("bad")
	f.Broken["3"], f.Broken["5"] = bad, errors.New("worse")
	s := New(f, "4", Options{})
	found, done, err := s.Next(context.Background(), 100, time.Hour)
	if len(found) != 9 || !done || err != nil || s.Unlisted != 2 || s.Problem != bad || s.Looked != 50 {
		t.Errorf("%q, done %v, %v; %d not listed: %v; looked at %d", paths(found), done, err, s.Unlisted, s.Problem, s.Looked)
	}
}

// TestPatternsMatchNames: what each form of pattern finds and what not.
func TestPatternsMatchNames(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		exact, want   bool
	}{
		{"", "a", false, true},
		{"note", "docs/My Notes.txt", false, true},
		{"note", "docs/My Notes.txt", true, false},
		{"Note", "docs/My Notes.txt", true, true},
		{"docs", "docs/a.txt", false, false},
		{"*.txt", "docs/A.TXT", false, true},
		{"*.txt", "docs/A.TXT", true, false},
		{"*.txt", "a.txt.bak", false, false},
		{"a?c", "abc", false, true},
		{"a?c", "ac", false, false},
		{"a?c", "aéc", false, true},
		{"[a-c]x", "Bx", false, true},
		{"[a-c]x", "Bx", true, false},
		{"[!a-c]x", "dx", false, true},
		{"[!a-c]x", "ax", false, false},
		{"[]x]?", "]1", false, true},
		{`\[1\]`, "song [1].mp3", false, true},
		{"[1", "song [1].mp3", false, true},
		{`a\*b`, "a*b", false, true},
		{`a\*b`, "aXb", false, false},
		{"**", "x", false, true},
		{"a*b*c*d", "a1b2c3d", false, true},
		{"a*b*c*d", "a1b2c3", false, false},
		{"docs/", "docs/a.txt", false, true},
		{"s/a", "docs/a.txt", false, true},
		{"/s/a", "docs/a.txt", false, false},
		{"/docs/a", "docs/a.txt", false, true},
		{"docs/*.txt", "docs/a.txt", false, true},
		{"docs/*.txt", "old/docs/a.txt", false, true},
		{"ocs/*.txt", "docs/a.txt", false, false},
		{"/docs/*.txt", "old/docs/a.txt", false, false},
		{"/docs/*.txt", "docs/a.txt", false, true},
		{"docs/*.txt", "docs/old/a.txt", false, false},
		{"docs/**.txt", "docs/old/a.txt", false, true},
		{"docs/**/*.txt", "docs/a.txt", false, true},
		{"docs/**/*.txt", "docs/x/y/a.txt", false, true},
		{"docs/**/a.txt", "docs/xa.txt", false, false},
		{"docs/?.txt", "docs//.txt", false, false},
		{"docs/[!x].txt", "docs/a.txt", false, true},
		{"É*", "e\u0301tude", false, true},  // NFD in the volume
		{"e\u0301", "L'École", false, true}, // NFD in the pattern
		{"е́", "e", false, false},           // Cyrillic
		{"ПАПКА", "моя папка", false, true},
		{"[а-я]*", "Папка", false, true},
		{"straße", "STRAẞE", false, true},
		{"σ*", "Σα", false, true},
		{"*ς", "ΑΣ", false, true},
		{"kelvin", "\u212Aelvin", false, true},
		{"😀*", "😀.png", false, true},
		{"?.png", "😀.png", false, true},
	} {
		p := compile(c.pattern, c.exact)
		base := c.path
		for i := range c.path {
			if c.path[i] == '/' {
				base = c.path[i+1:]
			}
		}
		for range 2 { // a pattern is used many times
			if got := p.matches(c.path, base); got != c.want {
				t.Errorf("%q of %q (case %v): %v", c.pattern, c.path, c.exact, got)
			}
		}
	}
}
