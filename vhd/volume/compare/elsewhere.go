package compare

import (
	"cmp"
	"slices"

	"vhdscope/vhd/volume/fsys"
)

// maxStructures bounds how many runs of structures are kept.
const maxStructures = 1 << 20

// elsewhere tells what was touched that belongs to no file of either view, by
// the structures of the later one that has a file system.
func (c *comparison) elsewhere() error {
	var left gathering
	for r := range c.touched.without(c.owned.runs()) {
		left.add(r)
	}
	rest := left.runs()
	structures, err := c.structures(rest)
	if err != nil {
		return err
	}
	regions, slack := map[string]*Region{}, c.slack.runs()
	unknown := func(from, to int64) {
		for s := range slack.within(from, to-from) {
			rest.count(regions, Unknown, from, s.Start)
			rest.count(regions, Slack, s.Start, end(s))
			from = end(s)
		}
		rest.count(regions, Unknown, from, to)
	}
	at := int64(0) // all before is told of
	for _, s := range structures {
		from, to := max(s.Start, at), max(s.Start+s.Length, at)
		unknown(at, from)
		rest.count(regions, s.Name, from, to)
		at = to
	}
	if len(rest) > 0 {
		unknown(at, end(rest[len(rest)-1]))
	}
	for _, r := range regions {
		c.changes.Elsewhere = append(c.changes.Elsewhere, *r)
	}
	slices.SortFunc(c.changes.Elsewhere, func(a, b Region) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Name, b.Name))
	})
	return nil
}

// structures are those that have a byte of the given runs, in order.
func (c *comparison) structures(rest runs) (list []fsys.Structure, err error) {
	mapping, ok := c.after.fsys.(fsys.Mapping)
	if c.after.fsys == nil {
		mapping, ok = c.before.fsys.(fsys.Mapping)
	}
	if !ok || len(rest) == 0 {
		return nil, nil
	}
	problem := mapping.Structures(func(s fsys.Structure) bool {
		if err = c.alive(); err != nil {
			return false
		}
		if s.Start >= 0 && s.Length > 0 && rest.meet(s.Start, s.Length) {
			list = append(list, s)
		}
		return len(list) < maxStructures
	})
	if problem != nil {
		c.changes.Notes = append(c.changes.Notes, "Not all structures of the file system are known: "+problem.Error())
	}
	slices.SortFunc(list, func(a, b fsys.Structure) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Name, b.Name))
	})
	return list, err
}

// count adds the runs in a range to what was touched of a structure.
func (l runs) count(regions map[string]*Region, name string, from, to int64) {
	for r := range l.within(from, to-from) {
		g := regions[name]
		if g == nil {
			g = &Region{Name: name, Start: r.Start}
			regions[name] = g
		}
		g.Length = end(r) - g.Start
		g.Bytes += r.Length
		if last := len(g.Runs) - 1; last >= 0 && end(g.Runs[last]) == r.Start {
			g.Runs[last].Length += r.Length
		} else if len(g.Runs) < MaxRanges {
			g.Runs = append(g.Runs, r)
		}
	}
}
