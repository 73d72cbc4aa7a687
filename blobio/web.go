package blobio

import (
	"context"
	"errors"
	"strconv"
	"strings"
)

// Web sends requests to servers: a browser's fetch, or, in tests, net/http.
type Web interface {
	// Get asks for a range ("bytes=0-511") of what a URL names, with an
	// Authorization header unless that is empty. Redirects are followed; the
	// error is of a server that did not answer. The request ends, and its
	// body with it, when ctx does.
	Get(ctx context.Context, url, ranged, authorization string) (*Answer, error)
}

// Answer is what a server answers.
type Answer struct {
	Status   int
	Header   func(name string) string    // "" where there is none, or the browser does not show it
	Modified int64                       // Last-Modified, in Unix milliseconds; 0 where there is none
	Body     func(p []byte) (int, error) // as of an io.Reader
}

// Why a remote file cannot be read, beside ErrChanged. All hold for the whole
// file and not for some bytes of it: see [Gone].
var (
	ErrNetwork      = errors.New("the network or the server failed; try again")
	ErrNoRanges     = errors.New("the server does not give single ranges of the file, without which it cannot be read from here")
	ErrUnauthorized = errors.New("the server wants a token, or another one")
	ErrNotFound     = errors.New("the server has no such file")
)

// Gone reports whether a read failed for a reason that holds for the whole
// file, so that nothing else can be had of it at this time.
func Gone(err error) bool {
	for _, kind := range []error{ErrChanged, ErrNetwork, ErrNoRanges, ErrUnauthorized, ErrNotFound} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// webError is one of the errors above, or ErrChanged, with what showed it.
type webError struct {
	kind  error
	what  string
	again bool // asked again, the server may do better
	pause int  // in seconds, which it asks for before that
}

func (e *webError) Error() string { return e.kind.Error() + " (" + e.what + ")" }
func (e *webError) Unwrap() error { return e.kind }

// patience is how long a server may ask to be left alone.
const patience = 20 // seconds

// refused is what a status other than 206 means; nil for that.
func (a *Answer) refused() *webError {
	e := &webError{kind: ErrNetwork, what: "it answered " + strconv.Itoa(a.Status)}
	switch s := a.Status; {
	case s == 206:
		return nil
	case s == 200:
		e.kind = ErrNoRanges
	case s == 401 || s == 403:
		e.kind = ErrUnauthorized
	case s == 404 || s == 410:
		e.kind = ErrNotFound
	case s == 412 || s == 416:
		e.kind = ErrChanged
	case s == 408 || s == 429 || s >= 500:
		pause, _ := number(a.Header("Retry-After"))
		e.pause, e.again = int(min(pause, patience)), pause <= patience
		if !e.again {
			e.what += ", and not before " + strconv.FormatInt(pause, 10) + " seconds"
		}
	}
	return e
}

// wrong is an answer that holds other bytes than were asked for.
func wrong(what string) *webError {
	return &webError{kind: ErrNoRanges, what: what, again: true}
}

// size is the file's size, where the answer holds the bytes from first on to
// last, both included, and nothing else.
func (a *Answer) size(first, last string) (int64, *webError) {
	held := a.Header("Content-Range")
	if held == "" {
		return 0, wrong("its answer has no Content-Range, or, as one of another site, does not expose it")
	}
	total, ok := strings.CutPrefix(held, "bytes "+first+"-"+last+"/")
	if !ok {
		return 0, wrong("its answer is " + strconv.Quote(held) + " and not the bytes " + first + " to " + last)
	}
	size, ok := number(total)
	if !ok {
		return 0, wrong("its answer does not tell the file's size: " + strconv.Quote(held))
	}
	if coding := a.Header("Content-Encoding"); coding != "" && coding != "identity" {
		return 0, wrong("its answer is coded: " + coding)
	}
	return size, nil
}

// number is the value of a text that is all digits, below 2^53.
func number(text string) (n int64, ok bool) {
	for _, c := range []byte(text) {
		if n = n*10 + int64(c) - '0'; c < '0' || c > '9' || n >= 1<<53 {
			return 0, false
		}
	}
	return n, text != ""
}
