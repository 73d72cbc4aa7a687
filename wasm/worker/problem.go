package worker

import (
	"errors"
	"io"

	"vhdscope/blobio"
	"vhdscope/vhd"
)

// Codes of problems that are no rule of the format, beside those of a
// [blobio.WebError].
const (
	CodeBadRequest = "bad-request"
	CodeChanged    = blobio.CodeChanged // a file changed or vanished
	CodeMemory     = "memory"
	CodeInternal   = "internal"
)

// Error is an error that has a problem's code of its own.
type Error struct{ Code, Msg string }

func (e *Error) Error() string { return e.Msg }

// BadRequest is the error of a request that cannot be meant.
func BadRequest(msg string) error { return &Error{CodeBadRequest, msg} }

// ErrFault is the error of work that was given up because of a panic.
var ErrFault = errors.New("the engine met a fault of its own")

// ChainError is an error of a chain, with the names of the files that its
// layers are, leaf first.
type ChainError struct {
	Err   error
	Files []string
}

func (e *ChainError) Error() string { return e.Err.Error() }
func (e *ChainError) Unwrap() error { return e.Err }

// ProblemOf is an error as the page shows it. Files are the names of those of
// the chain that was asked, leaf first; nil where none was.
func ProblemOf(err error, files []string) *Problem {
	if e, ok := errors.AsType[*ChainError](err); ok {
		files = e.Files
	}
	p := &Problem{Code: CodeInternal, Message: err.Error(), Layer: -1, Offset: -1}
	if format, ok := errors.AsType[*vhd.FormatError](err); ok {
		p.Code, p.Message, p.Layer, p.Offset = string(format.Rule), format.Msg, format.Layer, format.Offset
		if format.Layer >= 0 && format.Layer < len(files) {
			p.File = files[format.Layer]
		}
	}
	if coded, ok := errors.AsType[*Error](err); ok {
		p.Code = coded.Code
	}
	if errors.Is(err, blobio.ErrChanged) {
		p.Code = CodeChanged
	}
	if web, ok := errors.AsType[*blobio.WebError](err); ok {
		p.Code = web.Code
	}
	read, ok := errors.AsType[*blobio.ReadError](err)
	switch {
	case ok:
		p.Message, p.File, p.Offset = read.Error(), read.Name, read.Offset
	case errors.Is(err, io.ErrUnexpectedEOF):
		p.Code = CodeChanged
	}
	return p
}
