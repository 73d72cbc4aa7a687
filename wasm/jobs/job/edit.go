package job

import (
	"context"
	"errors"

	"vhdscope/vhd"
	"vhdscope/wasm/jobs/edit"
	"vhdscope/wasm/output"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// Edit lays edits on top of a disk.
func (j *Jobs) Edit(_ context.Context, req *EditRequest) (*Edits, error) {
	files, err := j.Layers(req.Disk)
	if err != nil {
		return nil, err
	}
	var kept Kept = edit.NewMemory()
	if req.Store != "" {
		if kept, err = j.host.Keep(req.Store, req.Name); err != nil {
			return nil, output.Failed(err, output.WayStaged)
		}
	}
	layer, err := openLayer(kept, files[0].Candidate())
	if err != nil {
		kept.Close()
		return nil, output.Failed(err, output.WayStaged)
	}
	forest, err := j.LayOn(req.Disk, session.Edits{Key: req.Key, Name: req.Name, Image: layer.Image(), Source: kept})
	if err != nil {
		kept.Close()
		return nil, err
	}
	j.note(req.Key, layer)
	state, err := j.state(req.Key, layer, edit.Span{})
	if err != nil {
		return nil, err
	}
	return &Edits{Key: req.Key, Forest: *forest, State: *state}, nil
}

// note keeps edits by their key, and lets go of those that were closed.
func (j *Jobs) note(key int, layer *edit.Layer) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for before := range j.edits {
		if _, err := j.File(before); err != nil {
			delete(j.edits, before)
		}
	}
	j.edits[key] = layer
}

// openLayer opens the edits that a file holds, or makes it hold none yet.
func openLayer(kept Kept, leaf vhd.Candidate) (*edit.Layer, error) {
	if kept.Size() == 0 {
		if err := createLayer(kept, leaf); err != nil {
			return nil, err
		}
	}
	w, err := vhd.OpenWriter(kept, kept.Size())
	if err != nil {
		return nil, err
	}
	im := w.Image()
	if im.Type() != vhd.Differencing || im.ParentUUID() != leaf.Image.UUID() || im.Size() != wholeSectors(leaf.Image.Size()) {
		return nil, worker.BadRequest("these are the edits of another disk than " + leaf.Name)
	}
	return edit.New(w)
}

// createLayer makes an empty child of an image.
func createLayer(kept Kept, leaf vhd.Candidate) error {
	parent, size := leaf.AsParent(), wholeSectors(leaf.Image.Size())
	plan, err := vhd.Create(vhd.NewImage{Type: vhd.Differencing, Size: size, BlockSize: blockSize(size), Parent: &parent})
	if err != nil {
		return err
	}
	p := make([]byte, plan.Size()) // the table and little else
	if _, err := plan.ReadAt(p, 0); err != nil {
		return err
	}
	_, err = kept.WriteAt(p, 0)
	return err
}

// blockSize is that of the blocks for edits of a disk: small, as edits are few
// and far between, and at most 2 MiB, where the table would become large.
func blockSize(disk int64) int64 {
	const smallest, largest, entries = 64 << 10, 2 << 20, 1 << 16
	size := int64(smallest)
	for size < largest && disk/size > entries {
		size *= 2
	}
	return size
}

// Write writes to a disk with edits.
func (j *Jobs) Write(_ context.Context, req *WriteRequest) (*EditState, error) {
	layer, files, err := j.edited(req.Disk)
	if err != nil {
		return nil, err
	}
	disk, err := diskOf(files)
	if err != nil {
		return nil, err
	}
	if err := layer.Write(disk, req.Offset, req.Bytes, req.Length); err != nil {
		return nil, unwritten(err, files)
	}
	return j.state(req.Disk, layer, edit.Span{Offset: req.Offset, Length: req.Length})
}

// Revert gives sectors back to what lies below the edits.
func (j *Jobs) Revert(_ context.Context, req *RevertRequest) (*EditState, error) {
	layer, files, err := j.edited(req.Disk)
	if err != nil {
		return nil, err
	}
	if err := layer.Revert(req.Offset, req.Length); err != nil {
		return nil, unwritten(err, files)
	}
	return j.state(req.Disk, layer, edit.Span{Offset: req.Offset, Length: req.Length})
}

// Undo takes the last step back, or makes it again.
func (j *Jobs) Undo(_ context.Context, req *UndoRequest) (*EditState, error) {
	layer, files, err := j.edited(req.Disk)
	if err != nil {
		return nil, err
	}
	step := layer.Undo
	if req.Redo {
		step = layer.Redo
	}
	span, err := step()
	if err != nil {
		return nil, unwritten(err, files)
	}
	return j.state(req.Disk, layer, span)
}

// edited finds the edits of a disk, and the files of its chain with them.
func (j *Jobs) edited(disk int) (*edit.Layer, []*session.File, error) {
	files, err := j.Layers(disk)
	if err != nil {
		return nil, nil, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	layer := j.edits[disk]
	if layer == nil {
		return nil, nil, worker.BadRequest("disk " + dec(int64(disk)) + " is not being edited")
	}
	if j.saving[disk] > 0 {
		return nil, nil, &worker.Error{Code: CodeBusy, Msg: "the disk is being saved as it is now; it can be edited again when that is done"}
	}
	return layer, files, nil
}

// CodeBusy is the problem that edits cannot change while they are saved.
const CodeBusy = "busy"

// hold keeps a disk's edits as they are until it is released, so that a file
// which is made of them is of one moment.
func (j *Jobs) hold(disk int) (release func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.saving[disk]++
	return func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.saving[disk]--
	}
}

// state is what the page is told after a step.
func (j *Jobs) state(key int, layer *edit.Layer, span edit.Span) (*EditState, error) {
	info, err := j.Edited(key)
	if err != nil {
		return nil, err
	}
	s := layer.State()
	return &EditState{Offset: span.Offset, Length: span.Length, Undo: s.Undo, Redo: s.Redo, Forgotten: s.Forgotten, Sectors: s.Sectors, File: *info}, nil
}

// unwritten is the error of a step, with its code and the chain's files.
func unwritten(err error, files []*session.File) error {
	if errors.Is(err, edit.ErrLength) {
		return worker.BadRequest(err.Error())
	}
	why := output.Failed(err, output.WayStaged)
	if _, partly := errors.AsType[*edit.PartlyError](err); partly {
		if coded, ok := errors.AsType[*worker.Error](why); ok {
			why = &worker.Error{Code: coded.Code, Msg: (&edit.PartlyError{Err: coded}).Error()}
		}
	}
	return session.ChainError(why, files...)
}
