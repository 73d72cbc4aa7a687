package worker

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"vhdscope/blobio"
	"vhdscope/vhd"
)

// MaxView bounds the bytes of one view: what no screen shows.
const MaxView = 1 << 20

// NewView is a range of something of so many bytes, cut at its end, without
// extents yet.
func NewView(off, length, size int64) *View {
	n := max(0, min(length, size-off))
	return &View{Offset: off, Bytes: make([]byte, n), Extents: []Extent{}, Changed: []Span{}}
}

// ExtentOf is an extent of a disk, or why it cannot be read, as the page knows
// it. Files are as in [ProblemOf].
func ExtentOf(e vhd.Extent, err error, files []string) Extent {
	x := Extent{Offset: e.Offset, Length: e.Length, Layer: e.Layer, Source: e.Source, State: "data"}
	switch {
	case err != nil:
		x.State, x.Problem = "unreadable", ProblemOf(err, files)
	case e.Layer < 0:
		x.State = "zeros"
	}
	return x
}

// Fill reads the readable extents, neighbours together, and marks what the
// file will not give after all. Files are as in [ProblemOf]. The error is the
// context's.
func (v *View) Fill(ctx context.Context, r io.ReaderAt, files []string) error {
	for i := 0; i < len(v.Extents); {
		if err := ctx.Err(); err != nil {
			return err
		}
		if v.Extents[i].State == "unreadable" {
			i++
			continue
		}
		j := i
		for j < len(v.Extents) && v.Extents[j].State != "unreadable" {
			j++
		}
		from, to := v.Extents[i].Offset, v.Extents[j-1].Offset+v.Extents[j-1].Length
		n, err := r.ReadAt(v.Bytes[from-v.Offset:to-v.Offset], from)
		if from+int64(n) == to {
			i = j
			continue
		}
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		i = v.fail(i, from+int64(n), err, files)
		if blobio.Gone(err) || errors.Is(err, fs.ErrClosed) {
			v.giveUp(i, v.Extents[i-1])
		}
	}
	return nil
}

// giveUp marks all that the layer of a bad extent should supply from extent i
// on: its file is gone, so that each further read would fail too.
func (v *View) giveUp(i int, bad Extent) {
	for ; i < len(v.Extents); i++ {
		e := &v.Extents[i]
		if e.Layer == bad.Layer && e.State == "data" {
			e.Source, e.State, e.Problem = -1, "unreadable", bad.Problem
			clear(v.Bytes[e.Offset-v.Offset : e.Offset-v.Offset+e.Length])
		}
	}
}

// badRun is what is given up where a file does not give a byte: behind it
// reading is tried again.
const badRun = 4 << 10

// fail marks the bytes from off to the next multiple of badRun, in the extent
// that holds off, as unreadable. It tells the index of what lies behind them.
func (v *View) fail(i int, off int64, err error, files []string) int {
	for v.Extents[i].Offset+v.Extents[i].Length <= off {
		i++
	}
	e := v.Extents[i]
	end := min(off-off%badRun+badRun, e.Offset+e.Length)
	clear(v.Bytes[off-v.Offset : end-v.Offset])
	parts := append(e.cut(e.Offset, off), Extent{Offset: off, Length: end - off, Layer: e.Layer, Source: -1, State: "unreadable", Problem: ProblemOf(err, files)})
	next := i + len(parts)
	parts = append(parts, e.cut(end, e.Offset+e.Length)...)
	v.Extents = append(v.Extents[:i:i], append(parts, v.Extents[i+1:]...)...)
	return next
}

// cut is the part [from, to) of an extent, in a list; none where it is empty.
func (e Extent) cut(from, to int64) []Extent {
	if from == to {
		return nil
	}
	if e.Source >= 0 {
		e.Source += from - e.Offset
	}
	e.Offset, e.Length = from, to-from
	return []Extent{e}
}
