package compare

import (
	"slices"
	"strconv"
	"strings"

	"vhdscope/vhd/volume/fsys"
)

// compare tells what differs between two nodes that are the same. Stirred is
// set of a folder in which something came or went. The error is the context's.
func (c *comparison) compare(b, a *node, stirred bool) error {
	problem := firstOf(b.problem, a.problem)
	if a.parent == nil {
		if problem != nil {
			c.say(Change{Kind: Content, Path: a.name, Problem: problem})
		}
		return nil
	}
	if err := c.alive(); err != nil {
		return err
	}
	was, is := b.path(), a.path()
	d, err := c.bytes(b, a, was, is)
	if err != nil {
		return err
	}
	c.before.knows(b, was)
	c.after.knows(a, is)
	change := Change{Kind: Metadata, Path: is, Before: b.info, After: a.info, Ranges: d.ranges, Bytes: d.bytes,
		Content: d.bytes > 0 || b.meta().Target != a.meta().Target, Fields: fields(b, a), Problem: firstOf(problem, d.problem)}
	if was != is {
		change.From = was
	}
	streams, err := c.streams(b, a, was, is, &change)
	if err != nil {
		return err
	}
	if stirred {
		change.Fields = withoutTimes(change.Fields)
	}
	accessed := slices.Equal(change.Fields, []string{"accessed"})
	change.Fields = append(change.Fields, streams...)
	switch {
	case b.moved():
		change.Kind = Renamed
	case change.Content:
		change.Kind = Content
	case len(streams) > 0 || len(change.Fields) > 0 && !accessed:
		if change.Problem != nil {
			change.Kind = Content
		}
	case change.Problem != nil:
		if b.meta().Problem != nil && a.meta().Problem != nil && b.info.Size() == a.info.Size() {
			c.sealed++
			return nil
		}
		change.Kind = Content
	default:
		if accessed && !a.isDir() {
			c.accessed++
		}
		return nil
	}
	c.say(change)
	return nil
}

// bytes compares the contents of two files, of those with several names once,
// and learns what is known of them.
func (c *comparison) bytes(b, a *node, was, is string) (difference, error) {
	if a.kind() != 0 {
		c.before.learn(b)
		c.after.learn(a)
		return difference{}, nil
	}
	fb, fa, problem := c.openBoth(was, is)
	if problem != nil {
		c.before.learn(b)
		c.after.learn(a)
		return difference{problem: problem}, nil
	}
	defer fb.Close()
	defer fa.Close()
	b.learnOf(fb)
	a.learnOf(fa)
	once := b.hasLinks() && a.hasLinks() && b.id() == a.id()
	if d, ok := c.compared[a.id()]; once && ok {
		return d, nil
	}
	d, err := c.content(fb, fa)
	if once {
		c.compared[a.id()] = d
	}
	return d, err
}

// streams compares the streams of two files.
func (c *comparison) streams(b, a *node, was, is string, change *Change) (fields []string, err error) {
	old := b.meta().Streams
	for _, s := range a.meta().Streams {
		i := slices.IndexFunc(old, func(o fsys.Stream) bool { return o.Name == s.Name })
		differs := true
		if i >= 0 {
			d, err := c.stream(was+":"+s.Name, is+":"+s.Name)
			if err != nil {
				return nil, err
			}
			differs, change.Problem = d.bytes > 0, firstOf(change.Problem, d.problem)
			old = slices.Delete(slices.Clone(old), i, i+1)
		} else {
			c.claim(&c.after, is+":"+s.Name)
		}
		if differs {
			fields = append(fields, "stream "+s.Name)
		}
	}
	for _, s := range old {
		c.claim(&c.before, was+":"+s.Name)
		fields = append(fields, "stream "+s.Name)
	}
	slices.Sort(fields)
	return fields, nil
}

func (c *comparison) stream(before, after string) (difference, error) {
	fb, fa, problem := c.openBoth(before, after)
	if problem != nil {
		return difference{problem: problem}, nil
	}
	defer fb.Close()
	defer fa.Close()
	return c.content(fb, fa)
}

// claim finds out where a file or a stream lies that is in one view alone.
func (c *comparison) claim(s *side, name string) error {
	f, err := s.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = c.lies(s, f)
	return err
}

// tell tells of everything that was not compared in its folder.
func (c *comparison) tell() error {
	for _, a := range c.come {
		if a.pair != nil {
			if err := c.compare(a.pair, a, a.isDir() && (stirred(a) || stirred(a.pair))); err != nil {
				return err
			}
		}
	}
	if err := c.alone(&c.before, c.gone, Removed); err != nil {
		return err
	}
	return c.alone(&c.after, c.come, Added)
}

// stirred reports whether something in a folder is not what and where it was
// in the other view.
func stirred(folder *node) bool {
	return slices.ContainsFunc(folder.kids, func(n *node) bool { return !n.stays() })
}

// alone tells of what is in one view only.
func (c *comparison) alone(s *side, left []*node, kind Kind) error {
	type named struct {
		path string
		*node
	}
	var list []named
	for _, n := range left {
		if n.pair != nil {
			continue
		}
		// What a folder lacks that cannot be listed may be there.
		n.doubtful = n.parent.doubtful || n.parent.pair != nil && n.parent.pair.problem != nil
		list = append(list, named{n.path(), n})
	}
	slices.SortFunc(list, func(a, b named) int { return strings.Compare(a.path, b.path) })
	for _, n := range list {
		if err := c.alive(); err != nil {
			return err
		}
		s.learn(n.node)
		change := Change{Kind: kind, Path: n.path, Problem: n.problem}
		if kind == Added {
			change.After = n.info
		} else {
			change.Before = n.info
		}
		if n.hasLinks() {
			if other, ok := s.names[n.id()]; ok {
				change.Fields = []string{"another name of " + other}
			} else {
				s.names[n.id()] = n.path
			}
		}
		if n.kind() == 0 && change.Fields == nil {
			change.Problem = c.claim(s, n.path)
		}
		for _, stream := range n.meta().Streams {
			change.Problem = firstOf(change.Problem, c.claim(s, n.path+":"+stream.Name))
		}
		if !n.doubtful {
			c.say(change)
		}
	}
	return nil
}

func (c *comparison) say(change Change) { c.changes.Files = append(c.changes.Files, change) }

// note says in words what is not in the lists.
func (c *comparison) note() {
	say := func(is bool, note string) {
		if is {
			c.changes.Notes = append(c.changes.Notes, note)
		}
	}
	say(c.accessed > 0, "Files of which only the time of the last access differs are not listed: "+strconv.Itoa(c.accessed)+".")
	say(c.sealed > 0, "Files that cannot be read, and whose sizes and times are the same, are not listed, though their bytes may differ: "+strconv.Itoa(c.sealed)+".")
	say(c.cut, "So many files came and went that not all folders among them were gone through.")
}
