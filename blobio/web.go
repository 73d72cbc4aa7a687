package blobio

import (
	"errors"
	"strconv"
	"strings"
)

// Web asks a server for a range ("bytes=0-511") of what a URL names, with an
// Authorization header unless that is empty: with a browser's fetch, or, in
// tests, with net/http. It returns at once.
type Web func(url, ranged, authorization string) Exchange

// Exchange is a request under way and its answer.
type Exchange struct {
	// Answer waits for the answer. Redirects are followed; the error is of a
	// server that did not answer.
	Answer func() (*Answer, error)
	// Cancel ends the request and the answer's body, if they have not ended.
	Cancel func()
}

// Answer is what a server answers.
type Answer struct {
	Status   int
	Header   func(name string) string    // "" where there is none, or the browser does not show it
	Modified int64                       // Last-Modified, in Unix milliseconds; 0 where there is none
	Body     func(p []byte) (int, error) // as of an io.Reader
}

// Codes of a WebError.
const (
	CodeChanged      = "changed"      // the error is also ErrChanged
	CodeNetwork      = "network"      // the server, or the way to it, failed; it may work at another time
	CodeNoRanges     = "no-ranges"    // the server does not give what it is asked for and nothing else
	CodeUnauthorized = "unauthorized" // the server wants a token, or another one
	CodeNotFound     = "not-found"
)

// WebError reports why a remote file cannot be read. That holds for the whole
// file, and not for some bytes of it.
type WebError struct {
	Code string
	what string // in words

	again bool // asked again, the server may do better
	pause int  // in seconds, which it asks for before that
}

func (e *WebError) Error() string { return e.what }

// Is makes ErrChanged of the code.
func (e *WebError) Is(target error) bool { return target == ErrChanged && e.Code == CodeChanged }

// Gone reports whether a read failed for a reason that holds for the whole
// file, so that nothing else can be had of it at this time.
func Gone(err error) bool {
	_, web := errors.AsType[*WebError](err)
	return web || errors.Is(err, ErrChanged)
}

// patience is how many seconds a server may ask to be left alone.
const patience = 20

// refused is what a status other than 206 means; nil for that.
func (a *Answer) refused() *WebError {
	e := &WebError{Code: CodeNetwork, what: "the server failed"}
	switch s := a.Status; {
	case s == 206:
		return nil
	case s == 200:
		e.Code, e.what = CodeNoRanges, "the server gives the file only whole, and not the part that was asked for"
	case s == 401 || s == 403:
		e.Code, e.what = CodeUnauthorized, "the server wants a token, or another one"
	case s == 404 || s == 410:
		e.Code, e.what = CodeNotFound, "the server has no such file"
	case s == 412 || s == 416:
		e.Code, e.what = CodeChanged, ErrChanged.Error()
	case s == 408 || s == 429 || s >= 500:
		pause, _ := number(a.Header("Retry-After"))
		e.pause, e.again = int(min(pause, patience)), pause <= patience
	}
	e.what += " (status " + strconv.Itoa(a.Status) + ")"
	return e
}

// empty reports whether the answer to who asked for a file's first byte is that
// there is none: some servers refuse such a range, and some ignore it.
func (a *Answer) empty() bool {
	switch a.Status {
	case 200:
		return a.Header("Content-Length") == "0"
	case 416:
		held := a.Header("Content-Range")
		return held == "bytes */0" || held == "" // on another site it may not be exposed
	}
	return false
}

// wrong is an answer that holds other bytes than were asked for, as far as one
// can see.
func wrong(what string) *WebError {
	return &WebError{Code: CodeNoRanges, what: "the server answers with something else than was asked for: " + what, again: true}
}

// size is the file's size, where the answer holds a range ("0-511") and
// nothing else.
func (a *Answer) size(asked string) (int64, *WebError) {
	held := a.Header("Content-Range")
	total, ok := strings.CutPrefix(held, "bytes "+asked+"/")
	size, known := number(total)
	coding := a.Header("Content-Encoding")
	switch {
	case held == "":
		return 0, wrong("its Content-Range is missing, or, on another site, not exposed")
	case !ok || !known:
		return 0, wrong("its Content-Range for the bytes " + asked + " is " + strconv.Quote(held))
	case coding != "" && coding != "identity":
		return 0, wrong("it is coded as " + strconv.Quote(coding))
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
