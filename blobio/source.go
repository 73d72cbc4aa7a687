package blobio

import (
	"errors"
	"io"
	"strconv"
)

// Source is a file to read from. ReadAt may be called by several goroutines
// at once. Size is in bytes and must not change; Name is the file's path as
// the person gave it and appears in errors.
type Source interface {
	io.ReaderAt
	Size() int64
	Name() string
}

// readFull fills p with the bytes of src from off on, all of which lie below
// src.Size(). It returns the number of bytes read, and an error when that is
// not len(p): ErrChanged where the source ended early, whatever the source
// said otherwise.
func readFull(src Source, p []byte, off int64) (int, error) {
	n, err := src.ReadAt(p, off)
	if n < 0 || n > len(p) {
		return 0, errors.New("source answered " + strconv.Itoa(n) + " bytes to a read of " + strconv.Itoa(len(p)))
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	if err == nil && n < len(p) {
		err = errShort
	}
	return n, err
}
