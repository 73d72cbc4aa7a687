package vhd

// place is where a structure lies: held is what it holds, and extent has in
// addition the space that is reserved for it, behind a locator's data or for
// blocks past the disk's end.
type place struct {
	extent
	held extent
	name string
	rule Rule  // that is broken where something else lies there
	at   int64 // of the field that tells the place; -1 where none does
}

// needed reports whether the disk cannot be read without the structure.
func (p *place) needed() bool { return p.rule == "" }

// placeStructures lists the file's structures, but for the blocks.
func (c *fileCheck) placeStructures() {
	im, t := c.im, &c.im.table
	add := func(from, length int64, name string, rule Rule, at int64) {
		e := extent{from, from + length}
		c.places = append(c.places, place{e, e, name, rule, at})
	}
	add(0, footerSize, "the footer's copy", "", -1)
	add(im.headerAt, headerSize, "the dynamic header", "", im.footerAt+footerDataOffsetAt)
	if len(t.raw) > 0 {
		add(t.at, int64(len(t.raw)), "the block allocation table", "", im.headerAt+headerTableOffsetAt)
	}
	if im.dataEnd < im.size {
		add(im.dataEnd, min(footerSize, im.size-im.dataEnd), "the footer at the end", "", -1)
	}
	if m := im.batmap; m != nil {
		add(m.headerAt, batmapHeaderSize, "the batmap's header", RuleStructureOverlap, -1)
		if m.usable() {
			add(m.at, int64(len(m.bits)), "the batmap", RuleStructureOverlap, m.headerAt+batmapOffsetAt)
		}
	}
	for _, l := range im.locators {
		if l.Data == nil {
			continue
		}
		from, length := int64(l.Offset), int64(len(l.Data))
		add(from, length, "the data of locator "+slotText(l.Slot), RuleLocatorOverlap, im.headerAt+headerLocatorsAt+int64(l.Slot)*locatorSize+16)
		p := &c.places[len(c.places)-1]
		space, _ := l.spaceBytes()
		if p.to = max(p.to, from+space); p.to > im.dataEnd {
			c.add(Finding{Rule: RuleLocatorSpace, Severity: Warning, Offset: p.at - 12, Length: 4,
				Got: dec(int64(l.Space)), Want: "at most " + dec(im.dataEnd-from) + " bytes",
				Message: "The space of locator " + slotText(l.Slot) + " is said to reach past the end of the file's data."})
			p.to = max(p.held.to, im.dataEnd)
		}
		if space == 0 && l.Space == 0 && length > 0 {
			c.add(Finding{Rule: RuleLocatorSpace, Severity: Note, Offset: p.at - 12, Length: 4, Got: "0",
				Message: "Locator " + slotText(l.Slot) + " has data, but reserves no space for it."})
		}
	}
	for i := range c.places {
		for ; i > 0 && c.places[i].from < c.places[i-1].from; i-- {
			c.places[i], c.places[i-1] = c.places[i-1], c.places[i]
		}
	}
}

// checkPlaces looks for structures that lie over each other. There are a
// dozen and a half at most.
func (c *fileCheck) checkPlaces() {
	for i := range c.places {
		for j := range c.places[:i] {
			a, b := &c.places[j], &c.places[i] // a begins first
			if !a.overlaps(b.extent) || c.tableOverHead(a, b) {
				continue
			}
			f := Finding{Rule: RuleStructureOverlap, Severity: Error, Offset: b.from, Length: min(a.to, b.to) - b.from,
				Message: "Two structures lie over each other: " + a.name + " and " + b.name + "."}
			for _, p := range []*place{a, b} {
				if !p.needed() {
					f.Rule, f.Severity, f.Got = p.rule, Warning, hexa(uint64(p.from))
				}
				if p.at >= 0 && f.Rule == p.rule {
					f.Offset, f.Length = p.at, 8
				}
			}
			if !a.held.overlaps(b.held) {
				f.Message = "Space that is reserved for one structure belongs to another: " + a.name + " and " + b.name + "; a tool that writes there would damage the other."
			}
			c.add(f)
		}
	}
}

// tableOverHead reports whether two structures are the BAT and one before it,
// which Open tells of.
func (c *fileCheck) tableOverHead(a, b *place) bool {
	t := &c.im.table
	isTable := func(p *place) bool { return p.held == extent{t.at, t.at + int64(len(t.raw))} }
	return a.needed() && b.needed() && (isTable(a) || isTable(b))
}
