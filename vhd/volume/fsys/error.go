package fsys

import (
	"errors"
	"strconv"
)

// What an error is, for errors.Is.
var (
	ErrDamaged     = errors.New("damaged")       // it contradicts itself or its format
	ErrUnsupported = errors.New("not supported") // it is well, but not readable here
	ErrEncrypted   = errors.New("encrypted")
)

// Error says what is wrong with a volume or a file of it.
type Error struct {
	Kind   error  // one of the above
	Offset int64  // in the volume, bytes; -1 where no place is meant
	Msg    string // for a person
	Err    error  // what a library said; nil for none
}

func (e *Error) Error() string {
	s := e.Msg
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Offset >= 0 {
		s += " (at byte " + strconv.FormatInt(e.Offset, 10) + " of the volume)"
	}
	return s
}

func (e *Error) Unwrap() []error {
	if e.Err != nil {
		return []error{e.Kind, e.Err}
	}
	return []error{e.Kind}
}

// Damaged is an error about a place in the volume, -1 for none.
func Damaged(offset int64, msg string) *Error {
	return &Error{Kind: ErrDamaged, Offset: offset, Msg: msg}
}

// Unsupported is an error about what cannot be read here.
func Unsupported(msg string) *Error { return &Error{Kind: ErrUnsupported, Offset: -1, Msg: msg} }
