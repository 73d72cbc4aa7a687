package vhd

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// repairAll repairs a file and holds the result against what a repair
// promises. It returns nil where the repair refuses.
func repairAll(t testing.TB, r io.ReaderAt, size int64, o RepairOptions) *Repaired {
	t.Helper()
	res, err := Repair(context.Background(), r, size, o)
	before, refused := Open(r, size)
	if err != nil {
		e, ok := err.(*FormatError)
		if !ok || e.Rule == "" || e.Msg == "" {
			t.Fatalf("error %v", err)
		}
		// What opens is refused only where its table is not to be trusted, or
		// none can be written for the disk's size.
		if refused == nil && e.Rule != RuleTableOffset && e.Rule != RuleSize {
			t.Fatalf("the file opens, but its repair fails: %v", err)
		}
		return nil
	}
	wantPlanTruthful(t, res, r, size)
	after, err := Open(res.Plan, res.Plan.Size())
	if err != nil {
		t.Fatalf("the repaired file: %v", err)
	}
	retyped := slices.Contains(rulesChanged(res), RuleDiskType)
	if refused == nil && !retyped {
		if before.Type() != after.Type() {
			t.Errorf("a %v disk became a %v one", before.Type(), after.Type())
		}
		if before.Size() != after.Size() && !slices.Contains(rulesChanged(res), RuleSize) {
			t.Errorf("a disk of %d bytes became one of %d", before.Size(), after.Size())
		}
		dropped := slices.ContainsFunc(res.Changes, func(c Change) bool { return strings.Contains(c.Message, "more than the file has") })
		wantSameDisk(t, before, after, res.Lost, dropped)
	}
	for _, c := range res.Changes {
		if c.Rule == "" || c.Message == "" || c.Offset < 0 || c.Length < 0 || c.Offset+c.Length > res.Plan.Size() {
			t.Errorf("change %+v of a file of %d bytes", c, res.Plan.Size())
		}
	}
	end := int64(0)
	for _, l := range res.Lost {
		if l.Err == nil || l.Offset < end || l.Length <= 0 || l.Offset+l.Length > after.Size() {
			t.Errorf("loss %+v behind %d", l, end)
		}
		end = l.Offset + l.Length
	}
	wantSettled(t, res, o)
	return res
}

// wantPlanTruthful: a file without changes is the old one, one with changes
// is not.
func wantPlanTruthful(t testing.TB, res *Repaired, r io.ReaderAt, size int64) {
	t.Helper()
	same := res.Plan.Size() == size
	if same && size < 1<<24 {
		a, b := make([]byte, size), make([]byte, size)
		_, errA := readFull(r, a, 0)
		_, errB := readFull(res.Plan, b, 0)
		same = bytes.Equal(a, b) && (errA == nil) == (errB == nil)
	}
	if size < 1<<24 && same != (len(res.Changes) == 0) {
		t.Errorf("the new file is the old one: %t; changes %+v", same, res.Changes)
	}
}

// wantSettled: the repaired file is no further repaired.
func wantSettled(t testing.TB, res *Repaired, o RepairOptions) {
	t.Helper()
	again, err := Repair(context.Background(), res.Plan, res.Plan.Size(), o)
	if err != nil {
		t.Fatalf("repaired again: %v", err)
	}
	if len(again.Changes) != 0 || again.Plan.Size() != res.Plan.Size() {
		t.Errorf("repaired again: %+v after %+v", again.Changes, res.Changes)
	}
	left, err := CheckFile(context.Background(), res.Plan, res.Plan.Size(), CheckOptions{Data: o.Data})
	if err != nil || !slices.Equal(left, res.Left) || !slices.Equal(again.Left, res.Left) {
		t.Errorf("a check finds %+v (%v), a second repair leaves %+v; left %+v", left, err, again.Left, res.Left)
	}
	for _, f := range res.Left {
		// What it was not asked to read, a repair does not mend.
		if f.Severity == Error && (f.Rule != RuleRead || o.Data) {
			t.Errorf("left: %+v", f)
		}
	}
}

// wantSameDisk: what could be read reads the same, and what could not is
// listed as lost. Of blocks that share bytes, some may be dropped.
func wantSameDisk(t testing.TB, before, after *Image, lost []Loss, dropped bool) {
	t.Helper()
	end := min(before.Size(), after.Size(), 4<<20)
	for off := int64(0); off < end; off += SectorSize {
		n := min(SectorSize, end-off)
		isLost := slices.ContainsFunc(lost, func(l Loss) bool { return l.Offset < off+n && off < l.Offset+l.Length })
		was, data, err := sectorState(before, off, n)
		is, dataNow, errNow := sectorState(after, off, n)
		switch {
		case errNow != nil:
			t.Fatalf("byte %d of the repaired disk: %v", off, errNow)
		case err != nil && !isLost:
			t.Fatalf("byte %d could not be read (%v) and is not listed as lost", off, err)
		case err == nil && !(isLost && dropped) && (was != is || !bytes.Equal(data, dataNow)):
			t.Fatalf("byte %d was %d %s, now %d %s", off, was, vhdtest.Describe(data), is, vhdtest.Describe(dataNow))
		}
	}
}

// sectorState is what one image says of a sector, and its bytes where they
// are in the file.
func sectorState(im *Image, off, n int64) (verdict, []byte, error) {
	r, err := im.runAt(off, off+n)
	if err != nil || r.length < n {
		return 0, nil, cmpOr(err, io.ErrUnexpectedEOF)
	}
	p := make([]byte, n)
	if r.verdict == here {
		if _, err := readFull(im.r, p, r.source); err != nil {
			return 0, nil, err
		}
	}
	return r.verdict, p, nil
}

func cmpOr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// rulesChanged lists the rules of a repair's changes, each once.
func rulesChanged(res *Repaired) []Rule {
	var rules []Rule
	for _, c := range res.Changes {
		if !slices.Contains(rules, c.Rule) {
			rules = append(rules, c.Rule)
		}
	}
	return rules
}
