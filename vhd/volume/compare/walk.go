package compare

// folders is a folder in both views, and the part of the progress that it
// makes with what is in it.
type folders struct {
	before, after *node
	share         float64
}

// walk goes through a folder of both views at once, with all folders below
// that have the same name and identity in both. What has a partner in the same
// folder is compared at once and forgotten, so that of a large volume only
// what differs is kept.
func (c *comparison) walk(first folders) error {
	stack := []folders{first}
	for len(stack) > 0 {
		f := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		below, err := c.folder(f)
		if err != nil {
			return err
		}
		stack = append(stack, below...)
	}
	return nil
}

// folder compares what is in a folder and gives the folders in it. What has
// no partner joins gone and come.
func (c *comparison) folder(f folders) (below []folders, err error) {
	before, after := c.before.list(f.before), c.after.list(f.after)
	if err := c.alive(); err != nil {
		return nil, err
	}
	names := make(map[string]*node, len(before))
	for _, b := range before {
		if names[b.name] == nil {
			names[b.name] = b
		}
	}
	stirred := false
	share := f.share / float64(len(after)+1)
	for _, a := range after {
		b := names[a.name]
		if b == nil || b.pair != nil || b.kind() != a.kind() || !sameID(b, a) {
			c.come, stirred = append(c.come, a), true
			c.progress.advance(share)
			continue
		}
		couple(b, a)
		if a.isDir() {
			below = append(below, folders{b, a, share})
			continue
		}
		if err := c.compare(b, a, false); err != nil {
			return nil, err
		}
		c.progress.advance(share)
	}
	for _, b := range before {
		if b.pair == nil {
			c.gone, stirred = append(c.gone, b), true
		}
	}
	c.progress.advance(share)
	return below, c.compare(f.before, f.after, stirred)
}
