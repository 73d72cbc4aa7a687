package session

import (
	"context"
	"encoding/hex"
	"strconv"

	"vhdscope/vhd"
	"vhdscope/wasm/worker"
)

// maxRaw bounds the raw bytes that a field shows.
const maxRaw = 64

// Details lists a file's structures and findings.
func (s *Session) Details(_ context.Context, req *DetailsRequest) (*Details, error) {
	f, err := s.Image(req.File)
	if err != nil {
		return nil, err
	}
	d := &Details{Structures: []Structure{}, Findings: []Finding{}, Batmap: batmapCheck(f.image)}
	for _, st := range f.image.Structures() {
		x := Structure{Name: st.Name, Offset: st.Offset, Length: st.Length, State: [...]string{"", "good", "bad"}[st.Sum]}
		for _, fd := range st.Fields {
			raw := hex.EncodeToString(fd.Raw[:min(len(fd.Raw), maxRaw)])
			if len(fd.Raw) > maxRaw {
				raw += "…"
			}
			x.Fields = append(x.Fields, Field{Name: fd.Name, Value: fd.Value, Raw: raw, Offset: fd.Offset, Length: int64(len(fd.Raw)), Note: fd.Note})
		}
		d.Structures = append(d.Structures, x)
	}
	for _, fi := range f.image.Findings() {
		d.Findings = append(d.Findings, Finding{Rule: string(fi.Rule), Severity: fi.Severity.String(), Message: fi.Message,
			Offset: fi.Offset, Length: fi.Length, Got: fi.Got, Want: fi.Want})
	}
	return d, nil
}

// Explain follows one sector down the chain.
func (s *Session) Explain(_ context.Context, req *ExplainRequest) (*Explanation, error) {
	c, err := s.chain(req.Disk)
	if err != nil {
		return nil, err
	}
	steps, err := c.disk.Explain(req.Offset)
	if err != nil {
		return nil, err
	}
	x := &Explanation{Sector: req.Offset / vhd.SectorSize}
	for _, st := range steps {
		step := Step{Layer: st.Layer, Verdict: string(st.Verdict), Message: st.Message, Block: st.Block,
			TableEntry: st.TableEntry, BitmapByte: st.BitmapByte, Bit: st.Bit, Source: st.Source}
		if st.Layer < len(c.files) {
			step.File = c.files[st.Layer].key
		}
		if st.Err != nil {
			step.Problem = worker.ProblemOf(st.Err, namesOf(c.files))
		}
		x.Steps = append(x.Steps, step)
	}
	return x, nil
}

// Locate tells where a sector or block begins.
func (s *Session) Locate(_ context.Context, req *LocateRequest) (*Location, error) {
	if req.Unit != "sector" && req.Unit != "block" {
		return nil, worker.BadRequest(strconv.Quote(req.Unit) + " is no unit: sector or block is")
	}
	if req.Index < 0 {
		return nil, worker.BadRequest(req.Unit + "s are counted from 0")
	}
	size, block, im := int64(0), int64(0), (*vhd.Image)(nil)
	if req.Disk != 0 {
		c, err := s.chain(req.Disk)
		if err != nil {
			return nil, err
		}
		size, block = c.disk.Size(), c.leaf.image.BlockSize()
	} else {
		f, err := s.Image(req.File)
		if err != nil {
			return nil, err
		}
		size, block, im = f.source.Size(), f.image.BlockSize(), f.image
	}
	unit := int64(vhd.SectorSize)
	switch {
	case req.Unit == "block" && block == 0:
		return nil, worker.BadRequest("a disk of this type has no blocks")
	case req.Unit == "block" && im != nil:
		off, err := im.BlockOffset(req.Index)
		if err != nil {
			return nil, err
		}
		return &Location{Offset: off}, nil
	case req.Unit == "block":
		unit = block
	}
	if size == 0 {
		return nil, worker.BadRequest("there is no " + req.Unit + " in a disk of no bytes")
	}
	if req.Index > (size-1)/unit {
		return nil, worker.BadRequest("there is no " + req.Unit + " " + dec(req.Index) + ": the last is " + dec((size-1)/unit))
	}
	return &Location{Offset: req.Index * unit}, nil
}

var batmapStates = [...]string{
	vhd.BatmapNone: "none", vhd.BatmapInvalid: "invalid", vhd.BatmapUnchecked: "unchecked",
	vhd.BatmapAgrees: "agrees", vhd.BatmapContradicts: "contradicts",
}

func batmapCheck(im *vhd.Image) BatmapCheck {
	state, marked, flaw := im.Batmap()
	return BatmapCheck{State: batmapStates[state], Marked: marked, Message: flaw}
}

// CheckBatmap holds a file's batmap against its bitmaps.
func (s *Session) CheckBatmap(ctx context.Context, req *CheckBatmapRequest, progress worker.Progress) (*BatmapCheck, error) {
	f, err := s.Image(req.File)
	if err != nil {
		return nil, err
	}
	if err := f.image.CheckBatmap(ctx, progress); err != nil {
		return nil, err
	}
	check := batmapCheck(f.image)
	return &check, nil
}
