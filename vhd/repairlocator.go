package vhd

import "encoding/binary"

// repairLocators empties locator slots that lead nowhere and puts lengths and
// spaces right that contradict each other.
func (p *repairer) repairLocators() error {
	im := p.im
	if im.kind != Differencing {
		return nil
	}
	for slot, e := range im.header.Locators {
		if e.Code == LocatorNone {
			continue
		}
		at := headerLocatorsAt + slot*locatorSize
		raw := im.headerRaw[at : at+locatorSize]
		if rule := p.strayLocator(e); rule != "" {
			where := "outside the file"
			if rule == RuleLocatorOverlap {
				where = "over the image's own structures"
			}
			clear(raw)
			p.change(rule, im.headerAt+int64(at), locatorSize, "The data of the "+e.Code.String()+" locator in "+slotText(slot)+" was said to lie "+where+"; the slot is emptied, other names of the parent are kept.")
			continue
		}
		switch space, ok := e.spaceBytes(); {
		case !ok:
			binary.BigEndian.PutUint32(raw[4:], uint32(roundUp(int64(e.Length), SectorSize)))
			p.change(RuleLocatorSpace, im.headerAt+int64(at)+4, 4, "The space of locator "+slotText(slot)+" was "+dec(int64(e.Space))+", neither sectors nor whole sectors in bytes; it is now what its data takes.")
		case space > 0 && int64(e.Length) > space:
			binary.BigEndian.PutUint32(raw[8:], uint32(space))
			p.change(RuleLocatorLength, im.headerAt+int64(at)+8, 4, "The data of locator "+slotText(slot)+" was said to have "+dec(int64(e.Length))+" bytes in a space of "+dec(space)+"; the length is cut to that.")
		}
	}
	im.header = parseHeader(im.headerRaw)
	im.readLocators()
	return nil
}

// strayLocator is the rule for which a locator's data cannot be where it is
// said to be; empty where it can.
func (p *repairer) strayLocator(e LocatorEntry) Rule {
	im := p.im
	length := int64(e.Length)
	if space, ok := e.spaceBytes(); ok && space > 0 {
		length = min(length, space)
	}
	if e.Offset > uint64(im.size) || uint64(length) > uint64(im.size)-e.Offset {
		return RuleLocatorOffset
	}
	here := extent{int64(e.Offset), int64(e.Offset) + length}
	if im.overStructure(here) || here.overlaps(footerCopyPlace) || here.to > im.dataEnd {
		return RuleLocatorOverlap
	}
	return ""
}
