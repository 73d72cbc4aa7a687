package session

import (
	"errors"
	"io"

	"vhdscope/blobio"
	"vhdscope/vhd"
)

// Codes of problems that are no rule of the format.
const (
	CodeBadRequest = "bad-request"
	CodeChanged    = "changed" // a file changed or vanished
	CodeMemory     = "memory"
	CodeInternal   = "internal"
)

// requestError is a request that cannot be met as it was made.
type requestError struct{ msg string }

func (e *requestError) Error() string { return e.msg }

// RoomError is a result that the host has no memory for.
type RoomError struct{ Msg string }

func (e *RoomError) Error() string { return e.Msg }

// chainError is an error of a chain, with the files that its layers are.
type chainError struct {
	err   error
	files []*file
}

func (e *chainError) Error() string { return e.err.Error() }
func (e *chainError) Unwrap() error { return e.err }

// problemOf is an error as the page shows it. Files are those of the chain
// that was asked, leaf first; nil where none was.
func problemOf(err error, files []*file) *Problem {
	if e, ok := errors.AsType[*chainError](err); ok {
		files = e.files
	}
	p := &Problem{Code: CodeInternal, Message: err.Error(), Layer: -1, Offset: -1}
	if format, ok := errors.AsType[*vhd.FormatError](err); ok {
		p.Code, p.Message, p.Layer, p.Offset = string(format.Rule), format.Msg, format.Layer, format.Offset
		if format.Layer >= 0 && format.Layer < len(files) {
			p.File = files[format.Layer].name
		}
	}
	if _, ok := errors.AsType[*requestError](err); ok {
		p.Code = CodeBadRequest
	}
	if _, ok := errors.AsType[*RoomError](err); ok {
		p.Code = CodeMemory
	}
	read, ok := errors.AsType[*blobio.ReadError](err)
	switch {
	case ok:
		p.Message, p.File, p.Offset = read.Error(), read.Name, read.Offset
		if errors.Is(err, blobio.ErrChanged) {
			p.Code = CodeChanged
		}
	case errors.Is(err, io.ErrUnexpectedEOF):
		p.Code = CodeChanged
	}
	return p
}
