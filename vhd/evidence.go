package vhd

// nameMatch tells how far a candidate's name is one that the child knows its
// parent by.
type nameMatch struct {
	name  ParentName
	order int  // of the name among the child's, the best 0
	exact bool // the name leads from the child's folder exactly to the candidate
	parts int  // components that agree, from the end; 0 where the file's name does not
}

// matchNames finds the name of the child's parent that fits a candidate best:
// the first that leads exactly to it, or the one with most in common.
func matchNames(child, c Candidate) nameMatch {
	var best nameMatch
	at, to := splitPath(child.Name), splitPath(c.Name)
	for i, n := range child.Image.names {
		m := nameMatch{name: n, order: i, parts: n.path.common(to)}
		m.exact = m.parts > 0 && n.path.from(at).equal(to)
		if m.exact {
			return m
		}
		if m.parts > best.parts {
			best = m
		}
	}
	return best
}

// link explains why a match is the child's parent.
func (m *match) link(child Candidate) Link {
	l := Link{SameUUID: m.sameUUID}
	add := func(sentence string) { l.Evidence = append(l.Evidence, sentence) }
	want := child.Image.ParentUUID()
	switch {
	case m.sameUUID:
		add("Its UUID " + want.String() + " is the one that the child names.")
	case want.IsZero():
		add("The child names no UUID, so its parent is a raw disk, which only a name can tell.")
	default:
		add("Its UUID is " + idText(m.Image) + ", but the child names " + want.String() + ".")
	}
	name := "The " + m.name.name.Origin + ", " + quoted(m.name.name.Text)
	switch {
	case m.name.exact:
		add(name + ", leads exactly to it.")
	case m.name.parts > 1:
		add(name + ", ends like its path.")
	case m.name.parts == 1:
		add(name + ", has its file name.")
	case len(child.Image.names) > 0:
		add("The child knows its parent by another name, " + quoted(child.Image.names[0].Text) + ": the file was renamed.")
	default:
		add("The child knows its parent by no name.")
	}
	switch t := child.Image.header.ParentTimestamp; {
	case m.sameTime:
		add("The time that the child noted, " + t.String() + ", is the parent's.")
	case t != 0:
		add("The child noted the parent's time as " + t.String() + "; the file's own differs, as it does after a copy, or after a change.")
	}
	if a, b := child.Image.Size(), m.Image.Size(); a != b {
		add("The child's disk has " + dec(a) + " bytes, the parent's " + dec(b) + ".")
	}
	return l
}

// refusals explains for every candidate why it is not the child's parent.
func refusals(child Candidate, all []*match) []Refusal {
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
			r.Message = "Its UUID " + m.Image.UUID().String() + " is the wanted " + want.String() + " with the bytes in another order: a tool may have rewritten it."
		case r.SameName:
			r.Message = "It has the right name, but its UUID is " + m.Image.UUID().String() + " and the child names " + want.String() + ": it is another disk, or was made anew."
		default:
			r.Message = "Its UUID is " + m.Image.UUID().String() + "."
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
