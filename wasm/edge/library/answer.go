package library

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
)

// An answer is a response that is decided before any of it is sent.
type answer struct {
	status int
	header http.Header
	body   io.ReadCloser // nil for none; as long as Content-Length says
}

func newAnswer(status int) *answer {
	return &answer{status: status, header: http.Header{}}
}

// text gives an answer a body.
func (a *answer) text(body, contentType string) *answer {
	a.header.Set("Content-Type", contentType)
	a.header.Set("Content-Length", strconv.Itoa(len(body)))
	a.body = io.NopCloser(strings.NewReader(body))
	return a
}

// json gives an answer a body. What is encoded has nothing that could fail.
func (a *answer) json(value any) *answer {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return a.text(string(body), "application/json")
}

type errorBody struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		ID      string `json:"id,omitempty"`
	} `json:"error"`
}

// problem is the answer to a request that is not granted, for a program to
// know by its code and a person by its message.
func problem(status int, code, message string) *answer {
	var e errorBody
	e.Error.Code, e.Error.Message = code, message
	return refusal(status, e)
}

func notFound() *answer {
	return problem(http.StatusNotFound, "not-found", "There is no such image.")
}

// failure is the answer to a request that failed in here. The reason goes to
// the log: it may tell what is no client's business.
func failure(r *http.Request, reason any) *answer {
	id := rand.Text()
	log.Printf("%s: %s %q: %v\n%s", id, r.Method, r.URL.Path, reason, debug.Stack())
	var e errorBody
	e.Error.Code, e.Error.Message, e.Error.ID = "internal", "The library failed. Its log has the reason, under the id.", id
	return refusal(http.StatusInternalServerError, e)
}

func refusal(status int, e errorBody) *answer {
	a := newAnswer(status).json(e)
	a.header.Set("Cache-Control", "no-store")
	return a
}
