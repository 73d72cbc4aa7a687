package compare

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/fsys/fsystest"
)

// model works out what Compare is to tell of two views, from plain bytes and
// with no care for time or memory.
type model struct {
	before, after *fsystest.View
	pairs         map[string]string // of a path after the path before
	taken         map[string]bool   // paths before that have a pair
	written       []bool            // by byte of the volume
}

func newModel(before, after *fsystest.View, size int, touched []device.Range) *model {
	m := &model{before, after, map[string]string{".": "."}, map[string]bool{".": true}, make([]bool, size)}
	for _, r := range touched {
		for i := r.Start; i < r.Start+r.Length; i++ {
			m.written[i] = true
		}
	}
	m.places(true)
	m.identities(true)
	m.places(true)
	m.identities(false)
	m.places(false)
	return m
}

func paths(v *fsystest.View) []string { return slices.Sorted(maps.Keys(v.Nodes)) }

func (m *model) pair(a, b string) { m.pairs[a], m.taken[b] = b, true }

// places pairs what has the same name and kind in the same folder.
func (m *model) places(sameID bool) {
	for _, a := range paths(m.after) { // folders before what is in them
		folder, ok := m.pairs[path.Dir(a)]
		b := path.Join(folder, path.Base(a))
		old, is := m.before.Nodes[b], m.after.Nodes[a]
		if _, has := m.pairs[a]; has || !ok || old == nil || m.taken[b] || old.Type() != is.Type() || sameID && old.Meta.ID != is.Meta.ID {
			continue
		}
		m.pair(a, b)
	}
}

// identities pairs what has one number and was made at one moment: names that
// are alike first.
func (m *model) identities(folders bool) {
	for _, alike := range []bool{true, false} {
		for _, a := range paths(m.after) {
			for _, b := range paths(m.before) {
				old, is := m.before.Nodes[b], m.after.Nodes[a]
				if _, has := m.pairs[a]; has || m.taken[b] || is.IsDir() != folders || alike && path.Base(a) != path.Base(b) {
					continue
				}
				if old.Type() == is.Type() && old.Meta.ID != 0 && old.Meta.ID == is.Meta.ID && old.Meta.Created.Equal(is.Meta.Created) {
					m.pair(a, b)
				}
			}
		}
	}
}

// stirred reports whether something in a folder is not the file and name that
// it was.
func (m *model) stirred(folder string) bool {
	kids := func(v *fsystest.View, folder string) (list []string) {
		for p, n := range v.Nodes {
			if p != "." && path.Dir(p) == folder {
				list = append(list, fmt.Sprint(n.Name(), " ", n.Type(), " ", n.Meta.ID))
			}
		}
		slices.Sort(list)
		return list
	}
	return !slices.Equal(kids(m.before, m.pairs[folder]), kids(m.after, folder))
}

// fields is what of two nodes differs besides the content.
func (m *model) fields(a, b string) (list []string) {
	old, is := m.before.Nodes[b], m.after.Nodes[a]
	stirred := is.IsDir() && m.stirred(a)
	for _, f := range []struct {
		name string
		same bool
	}{
		{"modified", stirred || old.Modified.Equal(is.Modified)},
		{"created", old.Meta.Created.Equal(is.Meta.Created)},
		{"changed", stirred || old.Meta.Changed.Equal(is.Meta.Changed)},
		{"accessed", stirred || old.Meta.Accessed.Equal(is.Meta.Accessed)},
		{"attributes", old.Meta.Attributes == is.Meta.Attributes},
		{"links", is.IsDir() || old.Meta.Links == is.Meta.Links},
		{"target", old.Meta.Target == is.Meta.Target},
	} {
		if !f.same {
			list = append(list, f.name)
		}
	}
	for _, stream := range []string{"Zone", "tag"} {
		x, had := old.Forks[stream]
		y, has := is.Forks[stream]
		if had != has || !bytes.Equal(x.Bytes, y.Bytes) {
			list = append(list, "stream "+stream)
		}
	}
	return list
}

// ranges are the sectors of two contents that differ.
func ranges(old, is []byte) (list []Range, n int64) {
	add := func(r Range) {
		n += r.Length
		if i := len(list) - 1; i >= 0 && list[i].Offset+list[i].Length == r.Offset {
			list[i].Length += r.Length
			return
		}
		list = append(list, r)
	}
	short, long := min(len(old), len(is)), max(len(old), len(is))
	for i := 0; i < short; i += 512 {
		if end := min(i+512, short); !bytes.Equal(old[i:end], is[i:end]) {
			add(Range{int64(i), int64(end - i)})
		}
	}
	if long > short {
		add(Range{int64(short), int64(long - short)})
	}
	return list, n
}

// others is a name that a file has besides, as Compare is to name it.
func others(v *fsystest.View, name string, stays func(string) bool) []string {
	n := v.Nodes[name]
	if n.IsDir() || n.Meta.Links < 2 || n.Meta.ID == 0 {
		return nil
	}
	var stayed, before []string
	for _, p := range paths(v) {
		if o := v.Nodes[p]; p != name && !o.IsDir() && o.Meta.ID == n.Meta.ID {
			if stays(p) {
				stayed = append(stayed, p)
			} else if p < name {
				before = append(before, p)
			}
		}
	}
	if list := append(stayed, before...); len(stayed) > 0 {
		return []string{"another name of " + stayed[0]}
	} else if len(list) > 0 {
		return []string{"another name of " + list[0]}
	}
	return nil
}

// files is what Compare is to tell of the files, a line each.
func (m *model) files() (list []string) {
	for _, a := range paths(m.after) {
		b, ok := m.pairs[a]
		switch {
		case a == ".":
		case !ok:
			stays := func(p string) bool { _, ok := m.pairs[p]; return ok }
			list = append(list, line(Change{Kind: Added, Path: a, Fields: others(m.after, a, stays)}))
		default:
			old, is := m.before.Nodes[b], m.after.Nodes[a]
			c := Change{Path: a, Fields: m.fields(a, b)}
			c.Ranges, c.Bytes = ranges(old.Forks[""].Bytes, is.Forks[""].Bytes)
			c.Content = c.Bytes > 0 || old.Meta.Target != is.Meta.Target
			if a != b {
				c.From = b
			}
			switch moved := path.Base(a) != path.Base(b) || m.pairs[path.Dir(a)] != path.Dir(b); {
			case moved:
				c.Kind = Renamed
			case c.Content:
				c.Kind = Content
			case len(c.Fields) > 0 && !slices.Equal(c.Fields, []string{"accessed"}):
				c.Kind = Metadata
			default:
				continue
			}
			list = append(list, line(c))
		}
	}
	for _, b := range paths(m.before) {
		if !m.taken[b] {
			list = append(list, line(Change{Kind: Removed, Path: b, Fields: others(m.before, b, func(p string) bool { return m.taken[p] })}))
		}
	}
	slices.Sort(list)
	return list
}

// line is a change in words.
func line(c Change) string {
	return fmt.Sprintf("%s: %s from %q, content %v, %d bytes %v, fields %s, problem %v", c.Path, c.Kind, c.From, c.Content, c.Bytes, c.Ranges, strings.Join(c.Fields, ", "), c.Problem)
}

// elsewhere is what was written and belongs to no file, by structure.
func (m *model) elsewhere() map[string]int64 {
	name, slack := make([]string, len(m.written)), make([]bool, len(m.written))
	m.after.Structures(func(s fsys.Structure) bool {
		for i := range s.Length {
			name[s.Start+i] = s.Name
		}
		return true
	})
	for _, v := range []*fsystest.View{m.before, m.after} {
		for _, n := range v.Nodes {
			for _, k := range n.Forks {
				for _, e := range k.Extents {
					start, length := e.Volume()
					for i := range length {
						name[start+i] = "file"
					}
					for i := start + length; e.Stored == 0 && i%1024 > 0; i++ {
						slack[i] = true
					}
				}
			}
		}
	}
	found := map[string]int64{}
	for i, written := range m.written {
		if written && name[i] == "" && slack[i] {
			found[Slack]++
		} else if written && name[i] == "" {
			found[Unknown]++
		} else if written && name[i] != "file" {
			found[name[i]]++
		}
	}
	return found
}

// place is where byte i of a fork lies, and whether that is all there is to
// know: of packed bytes the extent is.
func place(k fsystest.ViewFork, i int64) (e fsys.Extent, at, length int64) {
	for _, e := range k.Extents {
		if i >= e.Offset && i < e.Offset+e.Length {
			if e.Start >= 0 && e.Stored == 0 {
				return fsys.Extent{Start: e.Start + i - e.Offset}, e.Start + i - e.Offset, 1
			}
			at, length = e.Volume()
			if e.Start < 0 {
				return fsys.Extent{Start: -1}, 0, 0
			}
			return e, at, length
		}
	}
	panic("a byte without a place")
}

// readable marks the bytes of the volume that may have to be read to compare
// the forks of two nodes: in sectors of the file that lie elsewhere or were
// written.
func (m *model) readable(before, after []bool, old, is *fsystest.Node) {
	for stream, x := range old.Forks {
		y, ok := is.Forks[stream]
		if !ok {
			continue
		}
		size := int64(min(len(x.Bytes), len(y.Bytes)))
		differs := make([]bool, size)
		for i := range size {
			ex, at, n := place(x, i)
			ey, _, _ := place(y, i)
			differs[i] = ex != ey
			for j := at; j < at+n; j++ {
				differs[i] = differs[i] || m.written[j]
			}
		}
		for from := int64(0); from < size; from += 512 {
			to := min(from+512, size)
			if !slices.Contains(differs[from:to], true) {
				continue
			}
			for i := from; i < to; i++ {
				for v, k := range map[*[]bool]fsystest.ViewFork{&before: x, &after: y} {
					_, at, n := place(k, i)
					for j := at; j < at+n; j++ {
						(*v)[j] = true
					}
				}
			}
		}
	}
}

// wronglyRead is the first byte of each view that was read and need not have
// been; -1 where there is none.
func (m *model) wronglyRead() (before, after int64) {
	b, a := make([]bool, len(m.written)), make([]bool, len(m.written))
	for is, old := range m.pairs {
		m.readable(b, a, m.before.Nodes[old], m.after.Nodes[is])
	}
	first := func(reads []device.Range, may []bool) int64 {
		for _, r := range reads {
			for i := r.Start; i < r.Start+r.Length; i++ {
				if !may[i] {
					return i
				}
			}
		}
		return -1
	}
	return first(m.before.Reads, b), first(m.after.Reads, a)
}

var _ fs.FileInfo = (*fsystest.Node)(nil)
