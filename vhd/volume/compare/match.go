package compare

import (
	"io/fs"
	"slices"
	"strings"

	"vhdscope/vhd/volume/fsys"
)

// maxLeft bounds how many names are kept that have no partner.
const maxLeft = 1 << 20

// maxNames bounds how many names of one identity are held against each other.
const maxNames = 256

// movedFolders finds folders among what has no partner that were renamed, so that
// what is in them can be walked. They leave gone and come.
func (c *comparison) movedFolders() []folders {
	c.matchIDs(func(n *node) bool { return n.isDir() })
	var found []folders
	for _, a := range c.come {
		if a.pair != nil {
			found = append(found, folders{a.pair, a, 0})
		}
	}
	paired := func(n *node) bool { return n.pair != nil }
	c.gone, c.come = slices.DeleteFunc(c.gone, paired), slices.DeleteFunc(c.come, paired)
	return found
}

// list adds to gone and come what is in their folders.
func (c *comparison) list() error {
	for i := 0; i < len(c.gone) || i < len(c.come); i++ {
		if err := c.alive(); err != nil {
			return err
		}
		if i < len(c.gone) {
			c.gone = c.listInto(&c.before, c.gone, c.gone[i])
		}
		if i < len(c.come) {
			c.come = c.listInto(&c.after, c.come, c.come[i])
		}
	}
	return nil
}

func (c *comparison) listInto(s *side, left []*node, n *node) []*node {
	if !n.isDir() {
		return left
	}
	if len(c.gone)+len(c.come) > maxLeft {
		c.cut = true
		return left
	}
	n.kids = s.list(n)
	return append(left, n.kids...)
}

// match finds what is the same among all that has no partner: what is in
// folders that turned out to be the same first, then by identity, and last
// what took the place of something.
func (c *comparison) match() {
	c.matchIDs(func(n *node) bool { return n.isDir() })
	c.matchPlaces(sameID)
	c.matchIDs(func(n *node) bool { return !n.isDir() })
	c.matchPlaces(func(*node, *node) bool { return true })
}

// matchPlaces couples what has the same name and kind in two folders that are
// the same. Folders come before what is in them.
func (c *comparison) matchPlaces(fits func(b, a *node) bool) {
	type place struct {
		parent *node
		name   string
	}
	places := map[place]*node{}
	for _, b := range c.gone {
		if at := (place{b.parent, b.name}); b.pair == nil && places[at] == nil {
			places[at] = b
		}
	}
	for _, a := range c.come {
		if a.pair != nil || a.parent.pair == nil {
			continue
		}
		b := places[place{a.parent.pair, a.name}]
		if b != nil && b.pair == nil && b.kind() == a.kind() && fits(b, a) {
			couple(b, a)
		}
	}
}

// matchIDs couples what has the same identity; of the names of one file first
// those that are alike.
func (c *comparison) matchIDs(among func(*node) bool) {
	type names struct{ gone, come []*node }
	ids := map[uint64]*names{}
	for _, b := range c.gone {
		if b.pair == nil && b.id() != 0 && among(b) {
			if ids[b.id()] == nil {
				ids[b.id()] = new(names)
			}
			if l := &ids[b.id()].gone; len(*l) < maxNames {
				*l = append(*l, b)
			}
		}
	}
	for _, a := range c.come {
		if l := ids[a.id()]; a.pair == nil && l != nil && len(l.come) < maxNames && among(a) {
			l.come = append(l.come, a)
		}
	}
	for _, l := range ids {
		byPath(l.gone)
		byPath(l.come)
		c.matchNames(l.gone, l.come, func(b, a *node) bool { return b.name == a.name })
		c.matchNames(l.gone, l.come, func(*node, *node) bool { return true })
	}
}

func byPath(names []*node) {
	if len(names) > 1 {
		slices.SortFunc(names, func(a, b *node) int { return strings.Compare(a.path(), b.path()) })
	}
}

// matchNames couples names of one identity.
func (c *comparison) matchNames(gone, come []*node, fits func(b, a *node) bool) {
	for _, a := range come {
		for _, b := range gone {
			if a.pair == nil && b.pair == nil && fits(b, a) && c.same(b, a) {
				couple(b, a)
			}
		}
	}
}

// same reports whether two nodes of one identity are the same file and not two
// that had the same number one after the other.
func (c *comparison) same(b, a *node) bool {
	if b.kind() != a.kind() {
		return false
	}
	c.before.learn(b)
	c.after.learn(a)
	mb, ma := b.meta(), a.meta()
	if !mb.Created.IsZero() && !ma.Created.IsZero() {
		return mb.Created.Equal(ma.Created) || c.untouched(b, a)
	}
	if !b.info.ModTime().Equal(a.info.ModTime()) {
		return false
	}
	switch b.kind() {
	case fs.ModeDir:
		return true
	case 0:
		return b.info.Size() == 0 && a.info.Size() == 0 || c.samePlace(b, a)
	}
	return mb.Target == ma.Target
}

// untouched reports whether two files are the same bytes of the volume.
func (c *comparison) untouched(b, a *node) bool {
	return b.kind() == 0 && c.samePlace(b, a) && len(c.concerned(c.extents(b, &c.before), c.extents(a, &c.after), a.info.Size())) == 0
}

// samePlace reports whether two files lie at the same places of the volume,
// and lie somewhere.
func (c *comparison) samePlace(b, a *node) bool {
	if b.info.Size() != a.info.Size() {
		return false
	}
	eb, ea := c.extents(b, &c.before), c.extents(a, &c.after)
	return slices.Equal(eb, ea) && slices.ContainsFunc(eb, func(e fsys.Extent) bool { return e.Start >= 0 })
}

// extents of a file; nil where they are not known.
func (c *comparison) extents(n *node, s *side) []fsys.Extent {
	f, err := s.open(n.path())
	if err != nil {
		return nil
	}
	defer f.Close()
	list, _ := f.Extents()
	return list
}
