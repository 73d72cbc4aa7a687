package library

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
)

const methods = "GET, HEAD, OPTIONS"

// admits tells whether a request carries the library's token, in a time that
// does not depend on how much of it is right: digests are compared, which also
// have one length.
func (l *Library) admits(r *http.Request) bool {
	if l.Token == "" {
		return true
	}
	scheme, token, _ := strings.Cut(field(r.Header, "Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") { // §11.1
		return false
	}
	got, want := sha256.Sum256([]byte(strings.TrimLeft(token, " "))), sha256.Sum256([]byte(l.Token))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// ParseOrigins reads a list of origins with spaces or commas between them.
func ParseOrigins(list string) []string {
	origins := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	for i, origin := range origins {
		origins[i] = strings.TrimSuffix(strings.ToLower(origin), "/")
	}
	return origins
}

// allowOrigin lets the page that asks read the answer, where it is of an
// origin that may: https://fetch.spec.whatwg.org/#http-responses.
func (l *Library) allowOrigin(h http.Header, r *http.Request) {
	if len(l.Origins) == 0 {
		return
	}
	h.Add("Vary", "Origin")
	origin := field(r.Header, "Origin")
	if !slices.Contains(l.Origins, origin) {
		return
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "Accept-Ranges, Content-Length, Content-Range, ETag, Last-Modified, Retry-After")
}

// options answers what may be asked, and a browser's preflight request.
func (l *Library) options(r *http.Request) *answer {
	a := newAnswer(http.StatusNoContent)
	a.header.Set("Allow", methods)
	if slices.Contains(l.Origins, field(r.Header, "Origin")) {
		a.header.Set("Access-Control-Allow-Methods", methods)
		a.header.Set("Access-Control-Allow-Headers", "Authorization, Range, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, If-Range")
		a.header.Set("Access-Control-Max-Age", "86400") // a day
	}
	return a
}

// field returns the value of a header field, or "" where there is none. Its
// lines make one list (§5.3); and github.com/syumai/workers cuts every line
// at its commas, also those within a date or an ETag.
func field(h http.Header, name string) string {
	return strings.Join(h.Values(name), ",")
}
