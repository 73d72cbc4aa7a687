package vhd

import "fmt"

// nameMatch tells how far a candidate's name is one that the child knows its
// parent by.
type nameMatch struct {
	name  ParentName
	exact bool // the name leads from the child's folder exactly to the candidate
	parts int  // components that agree, from the end; 0 where the file's name does not
}

// matchNames finds the name of the child's parent that fits a candidate best.
func matchNames(child, c Candidate) nameMatch {
	var best nameMatch
	at, to := splitPath(child.Name), splitPath(c.Name)
	for _, n := range child.Image.names {
		m := nameMatch{name: n, parts: n.path.common(to)}
		m.exact = m.parts > 0 && n.path.from(at).equal(to)
		if m.parts > 0 && (m.exact && !best.exact || m.exact == best.exact && m.parts > best.parts) {
			best = m
		}
	}
	return best
}

// link explains why a match is the child's parent.
func (m match) link(child Candidate) Link {
	l := Link{SameUUID: m.sameUUID}
	want := child.Image.ParentUUID()
	switch {
	case m.sameUUID:
		l.Evidence = append(l.Evidence, fmt.Sprintf("Its UUID %s is the one that the child names.", want))
	case want.IsZero():
		l.Evidence = append(l.Evidence, "The child names no UUID, so its parent is a raw disk, which only a name can tell.")
	default:
		l.Evidence = append(l.Evidence, fmt.Sprintf("Its UUID is %s, but the child names %s.", idText(m.Image), want))
	}
	switch n := m.name; {
	case n.exact:
		l.Evidence = append(l.Evidence, fmt.Sprintf("The %s, %q, leads exactly to it.", n.name.Origin, n.name.Text))
	case n.parts > 1:
		l.Evidence = append(l.Evidence, fmt.Sprintf("The %s, %q, ends like its path.", n.name.Origin, n.name.Text))
	case n.parts == 1:
		l.Evidence = append(l.Evidence, fmt.Sprintf("The %s, %q, has its file name.", n.name.Origin, n.name.Text))
	case len(child.Image.names) > 0:
		l.Evidence = append(l.Evidence, fmt.Sprintf("The child knows its parent by another name, %q: the file was renamed.", child.Image.names[0].Text))
	default:
		l.Evidence = append(l.Evidence, "The child knows its parent by no name.")
	}
	switch t := child.Image.header.ParentTimestamp; {
	case m.sameTime:
		l.Evidence = append(l.Evidence, fmt.Sprintf("The time that the child noted, %s, is the parent's.", t))
	case t != 0:
		l.Evidence = append(l.Evidence, fmt.Sprintf("The child noted the parent's time as %s; the parent's own is another. A copy or a change of clocks does that, and so does a change of the parent after the child was made.", t))
	}
	if a, b := child.Image.Size(), m.Image.Size(); a != b {
		l.Evidence = append(l.Evidence, fmt.Sprintf("The child's disk has %d bytes, the parent's %d.", a, b))
	}
	return l
}

// refusals explains for every candidate why it is not the child's parent.
func refusals(child Candidate, all []match) []Refusal {
	want := child.Image.ParentUUID()
	list := make([]Refusal, 0, len(all))
	for _, m := range all {
		r := Refusal{Candidate: m.Candidate, UUID: m.Image.UUID(), SameName: m.name.parts > 0, Usable: !m.inChain}
		switch {
		case m.inChain:
			r.Message = "It lies above the child in this chain, so it cannot be below it too."
		case m.fits(child):
			r.Message = "It has the right UUID, but so have others, and neither names nor times tell which is the parent."
		case m.Image.Type() == Raw && want.IsZero():
			r.Message = "It is a raw disk, but its name is none that the child knows its parent by."
		case m.Image.Type() == Raw:
			r.Message = "It is no VHD, so it has no UUID to tell it by."
		case want.IsZero():
			r.Message = "It is a VHD, but the child's parent is a raw disk."
		case m.Image.UUID().swapped() == want:
			r.Message = fmt.Sprintf("Its UUID %s is the wanted %s with the bytes in another order: a tool may have rewritten it.", m.Image.UUID(), want)
		case r.SameName:
			r.Message = fmt.Sprintf("It has the right name, but its UUID is %s and the child names %s: it is another disk, or was made anew.", m.Image.UUID(), want)
		default:
			r.Message = fmt.Sprintf("Its UUID is %s.", m.Image.UUID())
		}
		list = append(list, r)
	}
	return sortRefusals(list)
}

// sortRefusals puts those of the right name first.
func sortRefusals(list []Refusal) []Refusal {
	var named, other []Refusal
	for _, r := range list {
		if r.SameName {
			named = append(named, r)
		} else {
			other = append(other, r)
		}
	}
	return append(named, other...)
}

// idText is an image's UUID for a sentence.
func idText(im *Image) string {
	if im.UUID().IsZero() {
		return "none"
	}
	return im.UUID().String()
}
