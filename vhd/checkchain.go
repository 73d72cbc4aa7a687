package vhd

import (
	"context"
	"time"
)

// ChainFinding is a finding about one layer of a chain, or about what binds
// it to the layer below.
type ChainFinding struct {
	Layer int // index into the chain, leaf 0
	Finding
}

// CheckChain checks every file of a chain, leaf first, as [CheckFile] does,
// and that they belong together: identities, names, times and sizes. The
// error is the context's.
func CheckChain(ctx context.Context, chain []Candidate, o CheckOptions) ([]ChainFinding, error) {
	k := newCheck(o)
	checks := make([]*fileCheck, 0, min(len(chain), MaxDepth))
	for _, l := range chain[:cap(checks)] {
		checks = append(checks, newFileCheck(k, l.Image, nil))
	}
	var all []ChainFinding
	for i, c := range checks {
		if err := c.run(ctx); err != nil {
			return nil, err
		}
		c.checkLink(chain, i)
		for _, f := range c.sorted() {
			all = append(all, ChainFinding{i, f})
		}
		*c = fileCheck{check: k} // its lists are no longer needed
	}
	sorted := make([]ChainFinding, 0, len(all))
	for _, i := range orderOf(len(all), func(i int) int64 { return int64(Error - all[i].Severity) }) {
		sorted = append(sorted, all[i])
	}
	return sorted, nil
}

// checkLink looks at layer i of a chain together with the others.
func (c *fileCheck) checkLink(chain []Candidate, i int) {
	c.checkTwins(chain, i)
	im := c.im
	if i == len(chain)-1 {
		if im.kind == Differencing {
			c.add(Finding{Rule: RuleParentMissing, Severity: Error, Offset: im.headerAt + headerParentUUIDAt, Length: 16, Want: im.ParentUUID().String(),
				Message: "The chain is incomplete: what this image leaves to " + im.parentText() + " cannot be read until that is found."})
		}
		return
	}
	if i == MaxDepth-1 {
		c.add(Finding{Rule: RuleDepth, Severity: Error, Offset: -1, Got: dec(int64(len(chain))), Want: "at most " + dec(MaxDepth),
			Message: "The chain has more layers than are read; those below this one were not checked."})
	}
	if im.kind != Differencing {
		c.add(Finding{Rule: RuleDiskType, Severity: Error, Offset: -1, Got: im.kind.String(), Want: Differencing.String(),
			Message: "A " + im.kind.String() + " image has no parent, but the chain goes on below it."})
		return
	}
	c.checkIdentity(chain[i], chain[i+1])
	if a, b := im.disk, chain[i+1].Image.disk; a != b {
		how := "longer than its parent's; past the parent's end it reads as zeros"
		if a < b {
			how = "shorter than its parent's; the parent's end cannot be seen through it"
		}
		c.add(Finding{Rule: RuleChainSize, Severity: Warning, Offset: im.footerAt + footerCurrentSizeAt, Length: 8, Got: dec(a), Want: dec(b),
			Message: "The image's disk is " + how + ". Windows refuses such a chain."})
	}
}

// checkIdentity looks whether a parent is the one that its child names.
func (c *fileCheck) checkIdentity(child, parent Candidate) {
	im := c.im
	want, got := im.ParentUUID(), parent.Image.UUID()
	f := Finding{Rule: RuleParentUUID, Severity: Error, Offset: im.headerAt + headerParentUUIDAt, Length: 16, Got: want.String(), Want: idText(parent.Image)}
	switch raw := parent.Image.kind == Raw; {
	case raw && want.IsZero(), !raw && want == got && !want.IsZero():
	case raw:
		f.Message = "The image's parent is a VHD, but a raw disk stands below it in the chain; what comes from there is not to be trusted."
		c.add(f)
	case want.IsZero():
		f.Message = "The image's parent is a raw disk, but a VHD stands below it in the chain; what comes from there is not to be trusted."
		c.add(f)
	case want == got.swapped():
		f.Severity = Warning
		f.Message = "The image names its parent's UUID with the bytes in another order: a tool rewrote one of the two. Relinking the image mends it."
		c.add(f)
	default:
		f.Message = "The image names another parent than the one below it in the chain: that is another disk, or was made anew. What comes from there is not to be trusted."
		c.add(f)
	}
	if m := matchNames(child, parent); m.parts == 0 && len(im.names) > 0 && parent.Name != "" {
		c.add(Finding{Rule: RuleParentName, Severity: Warning, Offset: im.headerAt + headerParentNameAt, Length: 512,
			Got: im.names[0].Text, Want: parent.Name,
			Message: "The image knows its parent by another file name: tools that go by names do not find it. Relinking the image mends that."})
	}
	c.checkParentTime(parent)
}

// checkParentTime compares the parent's time with the one that the child
// noted, where both are known.
func (c *fileCheck) checkParentTime(parent Candidate) {
	t := c.im.header.ParentTimestamp
	if t == 0 || parent.Modified.IsZero() || sameTime(t, parent) {
		return
	}
	message := "The parent was changed after the image was made, or was copied: a change would make the two not fit together any more."
	if apart := parent.Modified.Sub(t.Time()).Abs(); apart <= 14*time.Hour && (apart+2*time.Second)%time.Hour <= 4*time.Second {
		message = "The parent's time is whole hours from the one that the image noted, as after a change to summer time."
	}
	c.add(Finding{Rule: RuleParentTime, Severity: Note, Offset: c.im.headerAt + headerParentTimestampAt, Length: 4,
		Got: t.String(), Want: parent.Modified.UTC().Format("2006-01-02 15:04:05 UTC"),
		Message: message + " Some tools refuse the chain for this; relinking the image notes the new time."})
}

// checkTwins looks for a layer above that is the same file, or another one
// with the same UUID.
func (c *fileCheck) checkTwins(chain []Candidate, i int) {
	im := c.im
	for j, l := range chain[:i] {
		if l.Image == im || sameFile(l.Image, im) {
			c.add(Finding{Rule: RuleCycle, Severity: Error, Offset: -1, Got: "layers " + dec(int64(j)) + " and " + dec(int64(i)),
				Message: "The same file is in the chain twice, so the chain has no end: one of the images below it names the wrong parent."})
			return
		}
	}
	for j, l := range chain[:i] {
		if im.kind != Raw && l.Image.kind != Raw && !im.UUID().IsZero() && l.Image.UUID() == im.UUID() {
			c.add(Finding{Rule: RuleDuplicateUUID, Severity: Warning, Offset: im.footerAt + footerUUIDAt, Length: 16, Got: im.UUID().String(),
				Message: "Layer " + dec(int64(j)) + " of the chain has the same UUID; only their names can tell the two apart."})
			return
		}
	}
}
