package browse

import (
	"context"
	"encoding/binary"
	"io/fs"
	"math"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/worker"
)

// List lists a folder. Where only a part of it can be read, that is the list,
// with a note.
func (v *Volume) List(ctx context.Context, req *ListRequest, progress worker.Progress) (*Listing, error) {
	m, err := v.mounted()
	if err != nil {
		return nil, err
	}
	name, err := inside(req.Path)
	if err != nil {
		return nil, err
	}
	entries, err := m.fs.ReadDir(name)
	if err != nil && len(entries) == 0 {
		return nil, m.problem(err)
	}
	l := newColumns(len(entries))
	l.note("This folder could not be read to its end", m.words(err))
	if r, ok := m.fs.(fsys.Remembering); ok && req.Deleted {
		deleted, err := r.Deleted(name)
		l.note("What was deleted from this folder is not all known", m.words(err))
		entries = append(entries[:len(entries):len(entries)], deleted...)
	}
	for i, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if info, err := e.Info(); err != nil {
			l.unknown(e, m.words(err))
		} else {
			l.add(info)
		}
		if i%1000 == 999 {
			progress(int64(i+1), int64(len(entries)))
		}
	}
	return l.listing(), nil
}

// columns are a listing under way.
type columns struct {
	Listing
	index map[string]uint32 // of Attributes
	lost  int               // notes beyond those that are listed
}

// newColumns has room for n entries.
func newColumns(n int) *columns {
	room := func(width int) []byte { return make([]byte, 0, n*width) }
	return &columns{
		Listing: Listing{Names: room(16), Kinds: room(1), Sizes: room(8), Modified: room(8), Created: room(8), Attribute: room(4), Attributes: []string{}, Notes: []string{}},
		index:   map[string]uint32{},
	}
}

// add adds an entry.
func (l *columns) add(info fs.FileInfo) {
	meta := fsys.MetaOf(info)
	l.entry(info.Name(), letter(info.Mode(), meta.Deleted), float64(info.Size()), info.ModTime(), meta.Created, meta.Attributes)
	l.Local = l.Local || meta.Local
}

// unknown adds an entry of which only the name is known.
func (l *columns) unknown(e fs.DirEntry, why string) {
	l.entry(e.Name(), letter(e.Type(), false), math.NaN(), time.Time{}, time.Time{}, "")
	l.note(e.Name(), why)
}

func (l *columns) entry(name string, kind byte, size float64, modified, created time.Time, attributes string) {
	l.Count++
	l.Names = append(append(l.Names, name...), 0)
	l.Kinds = append(l.Kinds, kind)
	l.Sizes = appendFloat(l.Sizes, size)
	l.Modified = appendFloat(l.Modified, milliseconds(modified))
	l.Created = appendFloat(l.Created, milliseconds(created))
	i, ok := l.index[attributes]
	if !ok {
		i = uint32(len(l.Attributes))
		l.index[attributes] = i
		l.Attributes = append(l.Attributes, attributes)
	}
	l.Attribute = binary.LittleEndian.AppendUint32(l.Attribute, i)
}

// maxNotes is how many notes a listing has: nobody reads more.
const maxNotes = 100

// note notes what could not be listed, where there is a reason.
func (l *columns) note(what, why string) {
	switch {
	case why == "":
	case len(l.Notes) < maxNotes:
		l.Notes = append(l.Notes, what+": "+why)
	default:
		l.lost++
	}
}

func (l *columns) listing() *Listing {
	if l.lost > 0 {
		l.Notes = append(l.Notes, dec(int64(l.lost))+" more of this kind")
	}
	return &l.Listing
}

func appendFloat(b []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
}

// milliseconds is a time in Unix milliseconds, NaN where there is none.
func milliseconds(t time.Time) float64 {
	if t.IsZero() {
		return math.NaN()
	}
	return float64(t.UnixMilli())
}

// letter is a kind as listings have it.
func letter(mode fs.FileMode, deleted bool) byte {
	c := kindOf(mode)[0]
	if deleted {
		c -= 'a' - 'A'
	}
	return c
}
