// Package compare tells what became of the files of a volume between two
// views of it, such as the disk with and without a layer of its chain.
//
// What differs is found by names, by identities and by where the files lie.
// Bytes are read only where a file lies elsewhere than before, or where the
// layer holds something of it.
package compare

import (
	"context"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
)

// Kind is what became of a file.
type Kind string

// The kinds of change.
const (
	Added    Kind = "added"
	Removed  Kind = "removed"
	Renamed  Kind = "renamed"  // or moved to another folder, or both
	Content  Kind = "content"  // its bytes, or where a link leads
	Metadata Kind = "metadata" // and not its bytes
)

// Change is what became of one name.
//
// A folder that was added or removed comes with everything below it. A folder
// that was renamed comes alone: what is in it has other paths, and is told of
// where it changed besides.
type Change struct {
	Kind Kind

	// Path is where it is, and where it was if it was removed. From is its
	// path before, where that was another; "" elsewhere.
	Path, From string

	// Before is nil for what was added, After for what was removed.
	Before, After fs.FileInfo

	// Content is set where the bytes differ, whatever Kind is. Ranges are
	// those of the file that do, in order, in sectors of 512 bytes, the first
	// MaxRanges of them; Bytes is the sum of all. What a file grew by is a
	// range. What it lost at its end is one too: it begins at the new size.
	Content bool
	Ranges  []Range
	Bytes   int64

	// Fields is what differs besides: "modified", "created", "changed",
	// "accessed", "attributes", "owner", "links", "short name", "target",
	// "stream NAME"; of an added or removed name of a file that has others,
	// "another name of PATH".
	Fields []string

	// Problem is why it could not be told, or not wholly, what became of the
	// content, or of a folder of what is in it.
	Problem error
}

// MaxRanges bounds the ranges of one file, and the runs of a region.
const MaxRanges = 4096

// Range is a run of a file's bytes.
type Range struct{ Offset, Length int64 }

// Region is what was touched of one structure of the file system, or of what
// is free: bytes that belong to no file of either view.
type Region struct {
	Name          string         // see [fsys.Structure]; also [Slack] and [Unknown]
	Start, Length int64          // of the volume: from the first touched byte to the last
	Bytes         int64          // touched
	Runs          []device.Range // the first MaxRanges
}

// Names of regions that are no structure of a file system.
const (
	Slack   = "behind the ends of files" // the rest of their last unit of allocation
	Unknown = "not known"                // the file system cannot tell
)

// Changes is what differs between two views of a volume.
type Changes struct {
	Files     []Change // by Path
	Elsewhere []Region // by Start
	Notes     []string // sentences for a person
}

// Compare tells what differs between two views of one volume, before and
// after. Touched gives the runs of the volume in which the two may differ, and
// outside of which they do not: those that a layer holds. A view is nil where
// there is no file system: then all files of the other one are added, or
// removed.
//
// A file is known again by its name and its identity. By identity alone it is
// known again, so that it was renamed, only where it is of the same kind and
// was created at the same time, or lies untouched at the same place: numbers
// of deleted files are given out again. Where the time of creation is not
// kept, it has to lie at the same place and be last modified at the same time.
// What has the name of something of its kind that is gone counts as that,
// changed.
//
// Only the time of the last access is no change, and neither are the times of
// a folder in which something was added, removed or renamed.
//
// Progress is told in parts of total how far it is, at least once a second
// while the file systems answer; it may be nil. The error is the context's:
// what cannot be read is a Problem of a change.
func Compare(ctx context.Context, before, after fsys.FS, touched iter.Seq[device.Range], progress func(done, total int64)) (*Changes, error) {
	c := &comparison{
		ctx:      ctx,
		before:   newSide(before),
		after:    newSide(after),
		compared: map[uint64]difference{},
		progress: newMeter(progress),
	}
	if err := c.run(touched); err != nil {
		return nil, err
	}
	c.note()
	slices.SortFunc(c.changes.Files, func(a, b Change) int {
		if a.Path != b.Path {
			return strings.Compare(a.Path, b.Path)
		}
		return strings.Compare(string(b.Kind), string(a.Kind)) // "removed" before what took its place
	})
	return &c.changes, nil
}

// comparison is a Compare under way.
type comparison struct {
	ctx           context.Context
	before, after side
	touched       runs
	owned, slack  gathering // runs of files of either view, and behind their ends, that are touched somewhere
	gone, come    []*node   // that have no partner of the same name and identity; folders before what is in them
	compared      map[uint64]difference
	buffers       [2][]byte
	changes       Changes
	accessed      int // files of which only the time of the last access differs
	sealed        int // files that cannot be read in either view, and seem the same
	cut           bool
	progress      *meter
}

func (c *comparison) run(touched iter.Seq[device.Range]) error {
	if err := c.gather(touched); err != nil {
		return err
	}
	if len(c.touched) == 0 && c.before.fsys != nil && c.after.fsys != nil {
		return nil
	}
	couple(c.before.root, c.after.root)
	for found := []folders{{c.before.root, c.after.root, 0.9}}; len(found) > 0; found = c.movedFolders() {
		for _, f := range found {
			if err := c.walk(f); err != nil {
				return err
			}
		}
	}
	if err := c.list(); err != nil {
		return err
	}
	c.match()
	if err := c.tell(); err != nil {
		return err
	}
	return c.elsewhere()
}

// gather makes a list of what was touched.
func (c *comparison) gather(touched iter.Seq[device.Range]) error {
	var g gathering
	for r := range touched {
		if err := c.alive(); err != nil {
			return err
		}
		g.add(r)
	}
	c.touched = g.runs()
	if g.gap > 0 {
		c.changes.Notes = append(c.changes.Notes, "What was touched lies in so many pieces that small gaps between them are counted as touched.")
	}
	return nil
}

// alive tells of progress, and whether to go on.
func (c *comparison) alive() error {
	c.progress.tick()
	return c.ctx.Err()
}
