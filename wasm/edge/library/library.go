// Package library serves the images of a bucket over HTTP, read-only: a
// listing at /images, and each image, whole or in part, at /images/ followed
// by its key.
//
// It is plain net/http and knows no platform: wasm/edge binds it to
// Cloudflare's R2. What it answers is RFC 9110; sections are named where its
// rules are kept. Beyond HTTP:
//
//   - A key is what remains of the decoded path: a text like any other, in
//     which "/" is a letter, so that %2F and / are one and "+" is itself.
//     Clients resolve the segments "." and ".." before they ask, so keys that
//     have such segments are listed but cannot be asked for.
//   - Errors are JSON: {"error":{"code":"not-found","message":"…"}}. What
//     went wrong in here is status 500 and has an "id", which the log explains.
package library

import (
	"io"
	"log"
	"maps"
	"net/http"
	"strings"
)

// root is the path of the listing; images are below it.
const root = "/images"

// A Library is an http.Handler over the images of a bucket.
type Library struct {
	Images  Bucket
	Token   string   // what requests must carry as bearer token; "" asks for none
	Origins []string // whose pages may read across origins, such as https://vhd.example
}

func (l *Library) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := l.answerSafely(r)
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	if a.body == nil {
		return
	}
	defer a.body.Close()
	if _, err := io.Copy(w, a.body); err != nil {
		// Less is sent than Content-Length says, which no client takes for all.
		log.Printf("%s %q: the answer was cut short: %v", r.Method, r.URL.Path, err)
	}
}

// answerSafely makes a panic an answer as well: it would end the program, and
// the client would learn nothing.
func (l *Library) answerSafely(r *http.Request) (a *answer) {
	defer func() {
		if reason := recover(); reason != nil {
			a = failure(r, reason)
		}
		a.header.Set("X-Content-Type-Options", "nosniff")
		l.allowOrigin(a.header, r)
		if r.Method == http.MethodHead {
			a.body = nil // §9.3.2
		}
	}()
	return l.answer(r)
}

func (l *Library) answer(r *http.Request) *answer {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions: // before the token: browsers ask without it
		return l.options(r)
	default: // §15.5.6
		a := problem(http.StatusMethodNotAllowed, "method-not-allowed", "Images are only read here: GET and HEAD.")
		a.header.Set("Allow", methods)
		return a
	}
	if !l.admits(r) { // §15.5.2
		a := problem(http.StatusUnauthorized, "unauthorized", "This library asks for a token, as Authorization: Bearer.")
		a.header.Set("WWW-Authenticate", "Bearer")
		return a
	}
	if r.URL.Path == root {
		return l.list(r)
	}
	key, found := strings.CutPrefix(r.URL.Path, root+"/")
	if !found {
		return notFound()
	}
	return l.image(r, key)
}
