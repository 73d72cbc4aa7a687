package job

import (
	"context"

	"vhdscope/vhd"
	"vhdscope/wasm/output"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// Repair makes a copy of a file in which is put right what can be: also of one
// that cannot be opened.
func (j *Jobs) Repair(ctx context.Context, req *RepairRequest, progress worker.Progress) (*Repaired, error) {
	f, err := j.withBytes(req.File)
	if err != nil {
		return nil, err
	}
	r, err := vhd.Repair(ctx, f.Source(), f.Source().Size(), vhd.RepairOptions{Data: req.Data, Progress: progress})
	if err != nil {
		return nil, session.ChainError(err, f)
	}
	saved, err := output.Write(ctx, j.host, r.Plan, req.To, false, progress)
	if err != nil {
		return nil, session.ChainError(err, f)
	}
	for _, c := range r.Changes {
		saved.Changes = append(saved.Changes, output.Changed{Rule: string(c.Rule), Offset: c.Offset, Length: c.Length, Message: c.Message})
	}
	saved.Lost = output.LostOf(r.Lost)
	res := &Repaired{Saved: *saved}
	for _, finding := range r.Left {
		res.Left = append(res.Left, checkFinding(0, f.Key(), finding))
	}
	return res, nil
}

// withBytes finds an open file whose bytes came with it.
func (j *Jobs) withBytes(key int) (*session.File, error) {
	f, err := j.File(key)
	if err == nil && f.Source() == nil {
		return nil, worker.BadRequest(f.Name() + " came without its bytes")
	}
	return f, err
}
