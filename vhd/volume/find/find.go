// Package find searches a file system for names.
package find

import (
	"context"
	"io/fs"
	"time"

	"vhdscope/vhd/volume/fsys"
)

// Options tell where and how to search.
type Options struct {
	Folder    string // with everything below; "" is the root
	MatchCase bool   // "A" is not "a"
	Deleted   bool   // also what the file system still knows of deleted files
}

// Search is a search under way. It is not for concurrent use.
type Search struct {
	// Looked counts the entries that were looked at, Unlisted the folders
	// that could not be listed, or not wholly; Problem is of the first.
	Looked, Unlisted int64
	Problem          error

	walker  *fsys.Walker
	pattern *pattern
	done    bool
}

// Match is what was found.
type Match struct {
	Path  string
	Entry fs.DirEntry
}

// New begins a search for a pattern:
//
//   - text without wildcards is what a name contains;
//   - with * (any characters), ? (one), [a-z] or [!a-z] (one of these, or none
//     of them) it is all of a name;
//   - with a slash it is compared with the path instead, of which * and ?
//     match no slash, and ** matches everything. A pattern with wildcards may
//     begin in any folder; with a slash in front it begins in the root.
//
// A backslash takes the meaning from the character behind it. Names that
// differ only in how accents are encoded are the same.
func New(f fsys.FS, text string, o Options) *Search {
	folder := o.Folder
	if folder == "" {
		folder = "."
	}
	return &Search{walker: fsys.NewWalker(f, folder, o.Deleted), pattern: compile(text, o.MatchCase)}
}

// Next goes on with the search until it has found as many as most, or has
// gone on for the given time, or is done. The error is the context's; the
// search can go on behind it.
func (s *Search) Next(ctx context.Context, most int, within time.Duration) (found []Match, done bool, err error) {
	until := time.Now().Add(within)
	for !s.done && len(found) < most {
		if err := ctx.Err(); err != nil {
			return found, false, err
		}
		if !s.walker.Next() {
			s.done = true
			break
		}
		if err := s.walker.Err(); err != nil {
			s.Unlisted++
			if s.Problem == nil {
				s.Problem = err
			}
			continue
		}
		s.Looked++
		if entry := s.walker.Entry(); s.pattern.matches(s.walker.Path(), entry.Name()) {
			found = append(found, Match{s.walker.Path(), entry})
		}
		if !time.Now().Before(until) {
			break
		}
	}
	return found, s.done, nil
}
