package session

import (
	"strconv"

	"vhdscope/blobio"
	"vhdscope/vhd"
	"vhdscope/wasm/worker"
)

// chain is one disk: a leaf and its parents.
type chain struct {
	leaf       *File
	disk       *vhd.Disk
	files      []*File   // of the disk's layers, leaf first
	below      *vhd.Disk // what the edits lie on; nil where the leaf is no edits
	resolution vhd.Resolution
	ahead      ahead
}

// rebuild makes the chains of all leaves anew; s.mu is held. Every change of
// what is open may complete a chain or break one.
func (s *Session) rebuild() {
	byImage := map[*vhd.Image]*File{}
	var pool []vhd.Candidate
	edits := map[*vhd.Image]vhd.Candidate{} // by the leaf that they lie on; never a parent
	resolver := vhd.Resolver{Chosen: map[*vhd.Image]*vhd.Image{}}
	for _, f := range s.files {
		switch {
		case f.image == nil:
			continue
		case f.on != nil:
			edits[f.on.image] = f.Candidate()
			resolver.Chosen[f.image] = f.on.image
		default:
			pool = append(pool, f.Candidate())
		}
		byImage[f.image] = f
	}
	for child, parent := range s.choices {
		if c, p := s.file(child), s.file(parent); c != nil && p != nil {
			resolver.Chosen[c.image] = p.image
		}
	}
	for _, c := range s.chains {
		c.ahead.drop()
	}
	s.chains = map[int]*chain{}
	s.forest = &Forest{Files: make([]FileInfo, 0, len(s.files)), Disks: []DiskInfo{}}
	for _, f := range s.files {
		s.forest.Files = append(s.forest.Files, fileInfo(f))
	}
	for _, r := range leafResolutions(resolver, pool, edits) {
		c := s.join(r, byImage)
		if c == nil {
			continue
		}
		if on := c.leaf.on; on != nil {
			if under := s.join(resolver.Resolve(on.Candidate(), pool), byImage); under != nil {
				c.below = under.disk
			}
		}
		s.forest.Disks = append(s.forest.Disks, s.diskInfo(c, byImage))
	}
}

// join makes the chain of a resolution; nil where that is no disk. s.mu is
// held.
func (s *Session) join(r vhd.Resolution, byImage map[*vhd.Image]*File) *chain {
	c := &chain{resolution: r}
	var images []*vhd.Image
	for _, l := range r.Chain {
		c.files = append(c.files, byImage[l.Image])
		images = append(images, l.Image)
	}
	c.leaf = c.files[0]
	disk, err := vhd.NewDisk(images...)
	if err != nil {
		return nil // Resolve only chains what NewDisk takes
	}
	c.disk = disk
	s.chains[c.leaf.key] = c
	return c
}

// leafResolutions resolves every image that is no other's parent, in the
// order of the pool. Images that are only parents of each other, in a cycle,
// have no leaf: each that no chain holds begins one. An image on which edits
// lie is their parent, and has its place in the order.
func leafResolutions(resolver vhd.Resolver, pool []vhd.Candidate, edits map[*vhd.Image]vhd.Candidate) []vhd.Resolution {
	isParent := map[*vhd.Image]bool{}
	for _, c := range pool {
		if p, ok := resolver.Parent(c, pool); ok {
			isParent[p.Image] = true
		}
	}
	var list []vhd.Resolution
	shown := map[*vhd.Image]bool{}
	for _, leaves := range []bool{true, false} {
		for _, c := range pool {
			top, edited := edits[c.Image]
			if !edited {
				top = c
			}
			if c.Image.Type() == vhd.Raw || shown[top.Image] || leaves && isParent[top.Image] {
				continue
			}
			r := resolver.Resolve(top, pool)
			for _, l := range r.Chain {
				shown[l.Image] = true
			}
			list = append(list, r)
		}
	}
	return list
}

func fileInfo(f *File) FileInfo {
	info := FileInfo{Key: f.key, Name: f.name, Kind: "refused"}
	if f.source != nil {
		info.Size = f.source.Size()
	}
	if f.err != nil {
		p := worker.ProblemOf(f.err, nil)
		p.File = f.name
		info.Problem = p
	}
	im := f.image
	if im == nil {
		return info
	}
	info.Type, info.VirtualSize = im.Type().String(), im.Size()
	if im.Type() == vhd.Raw {
		info.Kind = "raw"
		return info
	}
	footer := im.Footer()
	info.Kind = "vhd"
	info.BlockSize = im.BlockSize()
	info.Blocks, info.Allocated = im.Blocks()
	info.UUID = im.UUID().String()
	info.Creator, info.Created = footer.CreatorText(), footer.Created.String()
	info.GeometrySize = footer.Geometry.Size()
	if im.Type() == vhd.Differencing {
		info.ParentUUID = im.ParentUUID().String()
		info.ParentNames = parentNames(im.ParentNames())
	}
	info.Findings = countFindings(im.Findings())
	return info
}

func parentNames(names []vhd.ParentName) []ParentName {
	list := make([]ParentName, 0, len(names))
	for _, n := range names {
		list = append(list, ParentName{Origin: n.Origin, Text: n.Text})
	}
	return list
}

func countFindings(findings []vhd.Finding) (n FindingCounts) {
	for _, f := range findings {
		switch f.Severity {
		case vhd.Error:
			n.Errors++
		case vhd.Warning:
			n.Warnings++
		default:
			n.Notes++
		}
	}
	return n
}

func (s *Session) diskInfo(c *chain, byImage map[*vhd.Image]*File) DiskInfo {
	info := DiskInfo{ID: c.leaf.key, Name: c.leaf.name, Size: c.disk.Size(), Complete: c.disk.Complete() && c.resolution.Missing == nil}
	if c.leaf.on != nil {
		info.Name = c.leaf.on.name
	}
	for i, f := range c.files {
		l := LayerInfo{File: f.key, Name: f.name, State: "resolved", Evidence: []string{}, Edit: f.on != nil}
		if i > 0 && c.files[i-1].on != nil {
			l.Evidence = append(l.Evidence, "Your edits were made on this file.")
		} else if i > 0 {
			link := c.resolution.Links[i-1]
			l.Chosen, l.Evidence = link.Chosen, link.Evidence
			if link.Chosen && !link.SameUUID && !c.files[i-1].image.ParentUUID().IsZero() {
				l.State = "mismatch"
			}
		}
		if l.State == "resolved" && countFindings(f.image.Findings()).Errors > 0 {
			l.State = "damaged"
		}
		info.Layers = append(info.Layers, l)
	}
	if m := c.resolution.Missing; m != nil {
		missing, layer := s.missingInfo(m, byImage)
		info.Missing = missing
		info.Layers = append(info.Layers, layer)
	}
	return info
}

// maxRefused is how many candidates are listed, the nearest first: who opens
// a thousand files does not read of each why it is not the parent.
const maxRefused = 50

// missingInfo describes a parent that was not found, and the place that it
// would have in the chain.
func (s *Session) missingInfo(m *vhd.MissingParent, byImage map[*vhd.Image]*File) (*Missing, LayerInfo) {
	child := m.Child.Image
	layer := LayerInfo{Name: child.ParentFileName(), State: "missing", Evidence: []string{}}
	if layer.Name == "" {
		layer.Name = "unnamed parent"
	}
	info := &Missing{Child: byImage[child].key, Reason: string(m.Reason), UUID: m.UUID.String(), Names: parentNames(m.Names), Refused: []Refusal{}}
	if m.UUID.IsZero() {
		info.UUID = ""
	}
	for _, r := range m.Refused {
		if len(info.Refused) == maxRefused {
			break
		}
		if !r.Usable && !r.SameName && m.Reason != vhd.Cycle {
			continue // a layer above the child: nobody would take it for the parent
		}
		f := byImage[r.Candidate.Image]
		refusal := Refusal{File: f.key, Name: f.name, Reason: r.Message, Usable: r.Usable}
		if f.image.Type() != vhd.Raw {
			refusal.UUID = r.UUID.String()
		}
		info.Refused = append(info.Refused, refusal)
		if r.SameName && m.Reason == vhd.Mismatch && layer.State == "missing" {
			layer.Name, layer.State = f.name, "mismatch"
		}
	}
	for _, f := range s.files {
		if f.image == nil && child.NamesParent(f.name) {
			broken := Refusal{File: f.key, Name: f.name, Reason: "It has the right name, but it cannot be opened: " + worker.ProblemOf(f.err, nil).Message + "."}
			info.Refused = append([]Refusal{broken}, info.Refused...)
			if !blobio.Gone(f.err) && (m.Reason == vhd.NotFound || m.Reason == vhd.Mismatch) {
				layer.Name, layer.State = f.name, "damaged"
			}
		}
	}
	info.Message = missingMessage(m, layer)
	return info, layer
}

// missingMessage says in a sentence what is missing.
func missingMessage(m *vhd.MissingParent, layer LayerInfo) string {
	child, uuid := m.Child.Name, m.UUID.String()
	named := "a file of unknown name"
	if n := m.Child.Image.ParentFileName(); n != "" {
		named = strconv.Quote(n)
	}
	parent := "The parent of " + child + " is "
	switch {
	case layer.State == "damaged":
		return parent + named + ", and a file of that name is open, but it cannot be read as a VHD."
	case m.Reason == vhd.Mismatch:
		return parent + named + " with the UUID " + uuid + ". A file of that name is open, but it has another UUID."
	case m.Reason == vhd.Ambiguous:
		return "Several open files have the UUID " + uuid + " that " + child + " names, and nothing tells which of them is its parent. Choose one."
	case m.Reason == vhd.Cycle:
		return "The parent that " + child + " names lies above it in the same chain, so the chain has no base."
	case m.Reason == vhd.TooDeep:
		return "The chain has more than " + strconv.Itoa(vhd.MaxDepth) + " layers; it was followed to " + child + " and no further."
	case m.UUID.IsZero():
		return parent + "missing: a raw disk, " + named + "."
	}
	return parent + "missing: " + named + " with the UUID " + uuid + "."
}
