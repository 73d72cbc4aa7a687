package blobio

import (
	"errors"
	"strconv"
)

// ErrChanged reports that a file is not what it was when it was opened: it
// was changed, moved or deleted, or may no longer be read.
var ErrChanged = errors.New("the file was changed, moved or deleted since it was opened, or may no longer be read; open it again")

// ErrNoRoom reports that a new file finds no room on the disk, or in what the
// browser grants the page of it.
var ErrNoRoom = errors.New("there is not enough room for it")

// WriteError reports that a new file could not be written. Err says why in
// words, and is ErrNoRoom where that is why.
type WriteError struct {
	Name string
	Err  error
}

func (e *WriteError) Error() string {
	return "cannot write " + strconv.Quote(e.Name) + ": " + e.Err.Error()
}
func (e *WriteError) Unwrap() error { return e.Err }

// errShort is ErrChanged, found by a source that ended before its size.
var errShort error = changedError("it ends early: " + ErrChanged.Error())

// changedError is ErrChanged with what showed it.
type changedError string

func (e changedError) Error() string { return string(e) }
func (e changedError) Unwrap() error { return ErrChanged }

// ReadError reports a read that failed. Offset and Length are what was asked
// for, in bytes of the file, not what was fetched on its account.
type ReadError struct {
	Name   string
	Offset int64
	Length int
	Err    error
}

func (e *ReadError) Error() string {
	return "cannot read " + strconv.Quote(e.Name) + ", " + strconv.Itoa(e.Length) + " bytes at offset " +
		strconv.FormatInt(e.Offset, 10) + ": " + e.Err.Error()
}

func (e *ReadError) Unwrap() error { return e.Err }

// readError names the read that err ended. A source's own ReadError is
// replaced, so that the file is named once and the range is the caller's.
func readError(name string, off int64, length int, err error) *ReadError {
	if inner, ok := errors.AsType[*ReadError](err); ok {
		err = inner.Err
	}
	return &ReadError{Name: name, Offset: off, Length: length, Err: err}
}
