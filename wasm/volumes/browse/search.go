package browse

import (
	"context"
	"slices"
	"sync"
	"time"

	"vhdscope/vhd/volume/find"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/worker"
)

const (
	// batch is how many files one reply of a search tells of, and pace how long
	// it takes at most where it finds fewer.
	batch = 200
	pace  = 300 * time.Millisecond

	// searches is how many searches are kept that may go on. Nobody says that
	// one does not.
	searches = 16
)

// finder keeps the searches under way, those longest unused first.
type finder struct {
	mu   sync.Mutex
	last int
	list []*searching
}

// searching is a search by its cursor.
type searching struct {
	cursor int
	mu     sync.Mutex
	search *find.Search
}

// begin keeps a new search.
func (f *finder) begin(s *find.Search) *searching {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	if len(f.list) == searches {
		f.list = f.list[1:]
	}
	g := &searching{cursor: f.last, search: s}
	f.list = append(f.list, g)
	return g
}

// goOn finds a search again.
func (f *finder) goOn(cursor int) (*searching, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.list, func(g *searching) bool { return g.cursor == cursor })
	if i < 0 {
		return nil, worker.BadRequest("that search is over")
	}
	g := f.list[i]
	f.list = append(slices.Delete(f.list, i, i+1), g)
	return g, nil
}

// end forgets a search.
func (f *finder) end(g *searching) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = slices.DeleteFunc(f.list, func(other *searching) bool { return other == g })
}

// Search begins to look for files by name, or goes on with it.
func (v *Volume) Search(ctx context.Context, req *SearchRequest, _ worker.Progress) (*Found, error) {
	m, err := v.mounted()
	if err != nil {
		return nil, err
	}
	var g *searching
	if req.Cursor != 0 {
		if g, err = v.finder.goOn(req.Cursor); err != nil {
			return nil, err
		}
	} else {
		folder, err := inside(req.Path)
		if err != nil {
			return nil, err
		}
		g = v.finder.begin(find.New(m.fs, req.Pattern, find.Options{Folder: folder, MatchCase: req.Case, Deleted: req.Deleted}))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	matches, done, err := g.search.Next(ctx, batch, pace)
	if err != nil {
		v.finder.end(g) // what it found would be lost
		return nil, err
	}
	if done {
		v.finder.end(g)
	}
	r := &Found{Cursor: g.cursor, Done: done, Entries: []FoundEntry{}, Looked: g.search.Looked, Problems: g.search.Unlisted, Problem: m.words(g.search.Problem)}
	for _, f := range matches {
		e := FoundEntry{Path: outside(f.Path), Kind: kindOf(f.Entry.Type())}
		if info, err := f.Entry.Info(); err == nil {
			meta := fsys.MetaOf(info)
			e.Deleted, e.Size, e.Modified = meta.Deleted, sizeOf(info.Size()), timeText(info.ModTime(), meta.Local)
		}
		r.Entries = append(r.Entries, e)
	}
	return r, nil
}
