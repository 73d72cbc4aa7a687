package vhd

import (
	"bytes"
	"time"
)

// MaxDepth is the most layers that a chain may have; Hyper-V allows far
// fewer. A longer chain is cut there and said to be.
const MaxDepth = 1024

// Candidate is an opened image under the name by which it was given.
type Candidate struct {
	Name     string // path as the user gave it, '/' separated
	Image    *Image
	Modified time.Time // of the file; zero where unknown
}

// Resolution is the chain of one leaf.
type Resolution struct {
	Chain   []Candidate    // leaf first, as far as it could be followed
	Links   []Link         // Links[i] tells why Chain[i+1] is the parent of Chain[i]
	Missing *MissingParent // nil when the chain reaches its base
}

// Link tells why one image was taken for another's parent.
type Link struct {
	SameUUID bool     // the parent's UUID is the one that the child names
	Chosen   bool     // the user said so
	Evidence []string // sentences for a person, the strongest first
}

// Reason tells how the search for a parent ended.
type Reason string

const (
	NotFound  Reason = "not-found" // no candidate is it
	Mismatch  Reason = "mismatch"  // a file of the right name has another identity
	Ambiguous Reason = "ambiguous" // several have the right UUID and no name decides
	Cycle     Reason = "cycle"     // only files that are in the chain already
	TooDeep   Reason = "depth"     // the chain has MaxDepth layers
)

// MissingParent tells what was looked for and not found.
type MissingParent struct {
	Child   Candidate
	UUID    UUID         // all zero: a raw disk
	Names   []ParentName // every name that the child knows it by
	Reason  Reason
	Refused []Refusal // every candidate and why it was not taken, the nearest first
}

// Refusal tells why a candidate is not the parent.
type Refusal struct {
	Candidate Candidate
	UUID      UUID
	SameName  bool   // its name is one that the child knows its parent by
	Usable    bool   // a user who knows better may choose it
	Message   string // a sentence for a person
}

// Resolve finds the parents of a leaf among the candidates of a pool, which
// may hold the leaf itself. UUIDs decide: the names in the child's locators,
// the unicode name and times rank candidates of the same UUID and explain.
func Resolve(leaf Candidate, pool []Candidate) Resolution {
	return Resolver{}.Resolve(leaf, pool)
}

// Resolver resolves chains with a user's choices.
type Resolver struct {
	// Chosen maps a child to the image that is its parent whatever the
	// UUIDs say. A choice that would close a cycle is not followed.
	Chosen map[*Image]*Image
}

// Resolve is like the function [Resolve].
func (r Resolver) Resolve(leaf Candidate, pool []Candidate) Resolution {
	res := Resolution{Chain: []Candidate{leaf}}
	for child := leaf; child.Image.Type() == Differencing; {
		if len(res.Chain) == MaxDepth {
			res.Missing = missing(child, TooDeep, nil)
			break
		}
		parent, link, lost := r.parent(child, pool, res.Chain)
		if lost != nil {
			res.Missing = lost
			break
		}
		res.Chain = append(res.Chain, parent)
		res.Links = append(res.Links, link)
		child = parent
	}
	return res
}

func missing(child Candidate, why Reason, refused []Refusal) *MissingParent {
	return &MissingParent{Child: child, UUID: child.Image.ParentUUID(), Names: child.Image.ParentNames(), Reason: why, Refused: refused}
}

// match is a candidate as the child sees it.
type match struct {
	Candidate
	sameUUID bool
	inChain  bool
	sameTime bool
	name     nameMatch
}

// Parent finds the image below one child, as [Resolver.Resolve] would if the
// child were a leaf.
func (r Resolver) Parent(child Candidate, pool []Candidate) (parent Candidate, ok bool) {
	if child.Image.Type() != Differencing {
		return Candidate{}, false
	}
	parent, _, n := r.find(child, pool, []Candidate{child})
	return parent, n == one
}

// parent finds the parent of a child or tells why not; chain is what lies
// above it.
func (r Resolver) parent(child Candidate, pool, chain []Candidate) (Candidate, Link, *MissingParent) {
	parent, link, n := r.find(child, pool, chain)
	if n == one {
		return parent, link, nil
	}
	return Candidate{}, Link{}, notFound(child, pool, chain, n == several)
}

// howMany candidates are the parent.
type howMany int

const (
	none howMany = iota
	one
	several // and nothing tells which
)

// find looks for the parent. Names are matched only where they can decide: a
// pool may be large.
func (r Resolver) find(child Candidate, pool, chain []Candidate) (Candidate, Link, howMany) {
	var fit []*match
	for _, c := range pool {
		if c.Image == child.Image {
			continue
		}
		if c.Image == r.Chosen[child.Image] && !inChain(chain, c.Image) {
			l := newMatch(child, c, chain).link(child)
			l.Chosen = true
			return c, l, one
		}
		if !mayFit(child, c) {
			continue
		}
		if m := newMatch(child, c, chain); m.fits(child) && !m.inChain {
			fit = append(fit, m)
		}
	}
	if len(fit) == 0 {
		return Candidate{}, Link{}, none
	}
	fit = likeliestFirst(fit)
	if !decided(fit) {
		return Candidate{}, Link{}, several
	}
	l := fit[0].link(child)
	if len(fit) > 1 {
		l.Evidence = append(l.Evidence, rivals(fit))
	}
	return fit[0].Candidate, l, one
}

// notFound tells why no candidate was taken.
func notFound(child Candidate, pool, chain []Candidate, ambiguous bool) *MissingParent {
	var all []*match
	for _, c := range pool {
		if c.Image != child.Image {
			all = append(all, newMatch(child, c, chain))
		}
	}
	all = likeliestFirst(all)
	why := NotFound
	if ambiguous {
		why = Ambiguous
	} else if id := child.Image.UUID(); child.Image.ParentUUID() == id && !id.IsZero() {
		why = Cycle
	}
	for _, m := range all {
		switch {
		case why == Ambiguous:
		case m.inChain && m.fits(child):
			why = Cycle
		case m.name.parts > 0 && !m.inChain && why == NotFound:
			why = Mismatch
		}
	}
	return missing(child, why, refusals(child, all))
}

func newMatch(child, c Candidate, chain []Candidate) *match {
	m := &match{Candidate: c, name: matchNames(child, c)}
	m.sameUUID = hasUUID(c, child.Image.ParentUUID())
	m.inChain = inChain(chain, c.Image)
	m.sameTime = sameTime(child.Image.header.ParentTimestamp, c)
	return m
}

func hasUUID(c Candidate, want UUID) bool {
	return !want.IsZero() && c.Image.Type() != Raw && c.Image.UUID() == want
}

// mayFit reports whether a candidate could be the parent, names apart.
func mayFit(child, c Candidate) bool {
	want := child.Image.ParentUUID()
	return hasUUID(c, want) || want.IsZero() && c.Image.Type() == Raw
}

// inChain reports whether an image, or a copy of it, lies in the chain: a
// copy of what lies above cannot lie below it either.
func inChain(chain []Candidate, im *Image) bool {
	for _, l := range chain {
		if l.Image == im || sameFile(l.Image, im) {
			return true
		}
	}
	return false
}

// fits reports whether a candidate may be the parent: by UUID, or, where the
// child names none, a raw disk by its name.
func (m *match) fits(child Candidate) bool {
	if child.Image.ParentUUID().IsZero() {
		return m.Image.Type() == Raw && m.name.parts > 0
	}
	return m.sameUUID
}

// maxRank is the highest rank that a match can have.
const maxRank = 1<<32 - 1

// rank is the higher the likelier a match is the parent. What counts first
// stands in the higher bits.
func (m *match) rank() int64 {
	rank := int64(min(m.name.parts, 1<<20-1)) << 1
	if m.sameUUID {
		rank |= 1 << 31
	}
	if m.name.exact { // then the name that a move leaves true, see parentNames
		rank |= 1<<30 | int64(locatorCount-min(m.name.order, locatorCount))<<21
	}
	if m.sameTime {
		rank |= 1
	}
	return rank
}

// likeliestFirst sorts matches by their ranks; equals keep their order.
func likeliestFirst(matches []*match) []*match {
	sorted := make([]*match, 0, len(matches))
	for _, i := range orderOf(len(matches), func(i int) int64 { return maxRank - matches[i].rank() }) {
		sorted = append(sorted, matches[i])
	}
	return sorted
}

// decided reports whether the likeliest of the fitting candidates is the
// parent beyond doubt: its name or time says so, or those that fit as well
// are copies of it.
func decided(fit []*match) bool {
	for _, m := range fit[1:] {
		if m.rank() == fit[0].rank() && !copies(m.Candidate, fit[0].Candidate) {
			return false
		}
	}
	return true
}

// copies reports whether two candidates are copies of one file as far as can
// be told without reading all of them: the same structures and the same time
// of their last change. Without a time one may have been changed since.
func copies(a, b Candidate) bool {
	return sameFile(a.Image, b.Image) && !a.Modified.IsZero() && a.Modified.Equal(b.Modified)
}

// sameFile reports whether two images have the same structures.
func sameFile(a, b *Image) bool {
	return a.size == b.size && a.kind != Raw && a.kind == b.kind && bytes.Equal(a.footerRaw, b.footerRaw) &&
		bytes.Equal(a.headerRaw, b.headerRaw) && bytes.Equal(a.table.raw, b.table.raw)
}

// rivals explains a choice among several candidates of one UUID.
func rivals(fit []*match) string {
	others := "Another file has"
	if n := len(fit) - 1; n > 1 {
		others = dec(int64(n)) + " other files have"
	}
	if fit[0].rank() == fit[1].rank() {
		return others + " the same UUID, structures and time; this is the first of the copies."
	}
	return others + " the same UUID; the name and time of this one fit better."
}

// sameTime reports whether the child's note of its parent's time is that of
// the candidate's file or footer.
func sameTime(t Timestamp, c Candidate) bool {
	if t == 0 {
		return false
	}
	if !c.Modified.IsZero() && c.Modified.Sub(t.Time()).Abs() <= 2*time.Second { // FAT counts in twos
		return true
	}
	return c.Image.footer.Created == t
}
