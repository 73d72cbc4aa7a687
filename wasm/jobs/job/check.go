package job

import (
	"context"

	"vhdscope/vhd"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// Check looks for all that is wrong with a chain, or with one file.
func (j *Jobs) Check(ctx context.Context, req *CheckRequest, progress worker.Progress) (*CheckReport, error) {
	o := vhd.CheckOptions{Data: req.Data, Progress: progress}
	if req.Disk == 0 {
		return j.checkFile(ctx, req, o)
	}
	files, err := j.Layers(req.Disk)
	if err != nil {
		return nil, err
	}
	var chain []vhd.Candidate
	for _, f := range files {
		c := f.Candidate()
		if f.Edit() {
			// As its file is now: the image of edits is one that grows.
			if c.Image, err = vhd.Open(f.Source(), f.Source().Size()); err != nil {
				return nil, err
			}
		}
		chain = append(chain, c)
	}
	findings, err := vhd.CheckChain(ctx, chain, o)
	if err != nil {
		return nil, err
	}
	r := newReport(req, files)
	for _, f := range findings {
		r.add(f.Layer, f.Finding)
	}
	return r, nil
}

func (j *Jobs) checkFile(ctx context.Context, req *CheckRequest, o vhd.CheckOptions) (*CheckReport, error) {
	f, err := j.withBytes(req.File)
	if err != nil {
		return nil, err
	}
	findings, err := vhd.CheckFile(ctx, f.Source(), f.Source().Size(), o)
	if err != nil {
		return nil, err
	}
	r := newReport(req, []*session.File{f})
	for _, finding := range findings {
		r.add(0, finding)
	}
	return r, nil
}

func newReport(req *CheckRequest, files []*session.File) *CheckReport {
	r := &CheckReport{Name: files[0].Name(), Data: req.Data, Findings: []CheckFinding{}}
	for _, f := range files {
		r.Layers = append(r.Layers, CheckedLayer{File: f.Key(), Name: f.Name(), Size: f.Source().Size(), Edit: f.Edit()})
	}
	return r
}

func (r *CheckReport) add(layer int, f vhd.Finding) {
	r.Findings = append(r.Findings, checkFinding(layer, r.Layers[layer].File, f))
}

func checkFinding(layer, file int, f vhd.Finding) CheckFinding {
	return CheckFinding{Layer: layer, File: file, Rule: string(f.Rule), Severity: f.Severity.String(), Message: f.Message,
		Offset: f.Offset, Length: f.Length, Got: f.Got, Want: f.Want}
}
