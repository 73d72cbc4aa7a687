package vhd

import (
	"errors"
	"strings"
)

// Sentinels for errors.Is.
var (
	ErrNotVHD   = errors.New("vhd: not a VHD image")
	ErrFormat   = errors.New("vhd: damaged or unsupported image")
	ErrNoParent = errors.New("vhd: parent image is missing")
	ErrBounds   = errors.New("vhd: outside the disk")
)

// FormatError says what of a file cannot be used: the rule that it breaks,
// where, and in which layer of a chain.
type FormatError struct {
	Layer  int    // index into the chain, leaf 0; -1 outside a chain
	Offset int64  // byte offset in that layer's file; -1 where there is none
	Rule   Rule   // stable name of the rule that is broken
	Msg    string // a sentence for a person
	Err    error  // ErrNotVHD, ErrFormat, ErrNoParent, ErrBounds, or a read error
}

func (e *FormatError) Error() string {
	s := "vhd: "
	if e.Layer >= 0 {
		s += "layer " + dec(int64(e.Layer)) + ": "
	}
	s += e.Msg
	if e.Offset >= 0 {
		s += " (at byte " + hexa(uint64(e.Offset)) + ")"
	}
	return s + " [" + string(e.Rule) + "]"
}

func (e *FormatError) Unwrap() error { return e.Err }

// inLayer is the error as seen from a chain in which the image is layer i.
func inLayer(err error, i int) error {
	if f, ok := errors.AsType[*FormatError](err); ok && f.Layer < 0 {
		c := *f
		c.Layer = i
		return &c
	}
	return err
}

// broken is a FormatError outside a chain. Each %d in msg stands for the next
// of the numbers.
func broken(rule Rule, offset int64, msg string, numbers ...int64) *FormatError {
	for _, n := range numbers {
		msg = strings.Replace(msg, "%d", dec(n), 1)
	}
	return &FormatError{Layer: -1, Offset: offset, Rule: rule, Msg: msg, Err: ErrFormat}
}

// readFailed is the error for bytes that the file itself would not give.
func readFailed(what string, offset int64, err error) *FormatError {
	return &FormatError{Layer: -1, Offset: offset, Rule: RuleRead,
		Msg: "cannot read the " + what + ": " + err.Error(), Err: err}
}
