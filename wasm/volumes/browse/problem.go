package browse

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"vhdscope/blobio"
	"vhdscope/vhd"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/worker"
)

// Codes of problems with volumes and their files, beside those of every worker
// and of new files.
const (
	CodeDamaged     = "damaged"
	CodeUnsupported = "unsupported"
	CodeEncrypted   = "encrypted"
	CodeNotFound    = "not-found"
)

// problem gives an error of the disk, or of what is on it, the code and the
// file that a problem is made of. What could not be read stands before what a
// file system made of that.
func (c *chain) problem(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, ok := errors.AsType[*worker.Error](err); ok {
		return err
	}
	if unread(err) {
		return &worker.ChainError{Err: err, Files: c.files}
	}
	for _, k := range []struct {
		kind error
		code string
	}{
		{fsys.ErrEncrypted, CodeEncrypted},
		{fsys.ErrUnsupported, CodeUnsupported},
		{fsys.ErrDamaged, CodeDamaged},
	} {
		if errors.Is(err, k.kind) {
			return &worker.Error{Code: k.code, Msg: err.Error()}
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return &worker.Error{Code: CodeNotFound, Msg: "it is not on the volume"}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &worker.Error{Code: CodeDamaged, Msg: "it ends before what it should hold"}
	}
	return err
}

// unread reports whether an error comes from the files of the chain.
func unread(err error) bool {
	_, format := errors.AsType[*vhd.FormatError](err)
	_, read := errors.AsType[*blobio.ReadError](err)
	return format || read
}

// gone reports whether a file of the chain cannot be read any more, so that
// nothing else can be had of it either.
func gone(err error) bool { return blobio.Gone(err) || errors.Is(err, fs.ErrClosed) }

// words say why something failed, "" for nil.
func (c *chain) words(err error) string {
	if err == nil {
		return ""
	}
	p := worker.ProblemOf(c.problem(err), nil)
	if p.File != "" {
		return p.File + ": " + p.Message
	}
	return p.Message
}
