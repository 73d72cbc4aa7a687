package library

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// ask asks a library, with fields given as name, value, name, value.
func ask(l *Library, method, target string, fields ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r)
	return w
}

// TestToken: who knows the token reads, and nobody else: RFC 9110 §11.
func TestToken(t *testing.T) {
	const token = "a,b c=="
	l := &Library{Images: newMemory(t, map[string]int{"disk.vhd": 10}), Token: token}
	for _, test := range []struct {
		name   string
		fields []string
		admits bool
	}{
		{"none", nil, false},
		{"the token", []string{"Authorization", "Bearer " + token}, true},
		{"the scheme in another case", []string{"Authorization", "bEARER " + token}, true},
		{"more spaces", []string{"Authorization", "Bearer   " + token}, true},
		{"cut at its comma", []string{"Authorization", "Bearer a", "Authorization", "b c=="}, true},
		{"another", []string{"Authorization", "Bearer other"}, false},
		{"its beginning", []string{"Authorization", "Bearer " + token[:len(token)-1]}, false},
		{"more than it", []string{"Authorization", "Bearer " + token + "="}, false},
		{"in another case", []string{"Authorization", "Bearer " + strings.ToUpper(token)}, false},
		{"empty", []string{"Authorization", "Bearer "}, false},
		{"no token", []string{"Authorization", "Bearer"}, false},
		{"another scheme", []string{"Authorization", "Basic " + token}, false},
		{"no scheme", []string{"Authorization", token}, false},
		{"in two lines", []string{"Authorization", "Bearer " + token, "Authorization", "Bearer " + token}, false},
	} {
		for _, target := range []string{"/images", "/images/disk.vhd", "/images/none.vhd", "/elsewhere"} {
			w := ask(l, http.MethodGet, target, test.fields...)
			if got := w.Code != http.StatusUnauthorized; got != test.admits {
				t.Errorf("%s, for %s: status %d", test.name, target, w.Code)
			}
			if w.Code == http.StatusUnauthorized && (w.Header().Get("WWW-Authenticate") != "Bearer" || code(t, w) != "unauthorized") {
				t.Errorf("%s, for %s: %v %s", test.name, target, w.Header(), w.Body) // §11.6.1
			}
		}
	}
	w := ask(l, http.MethodGet, "/images/disk.vhd", "Authorization", "Bearer "+token)
	if got := w.Header().Get("Cache-Control"); !strings.HasPrefix(got, "private") {
		t.Errorf("what needs a token may be kept by all: %q", got)
	}
}

// TestOrigins: pages of the origins that are named may read, and no others:
// https://fetch.spec.whatwg.org/#http-cors-protocol.
func TestOrigins(t *testing.T) {
	origins := ParseOrigins(" https://A.example/ ,https://b.example:8443, http://c.example https://d.example,,")
	if want := []string{"https://a.example", "https://b.example:8443", "http://c.example", "https://d.example"}; !slices.Equal(origins, want) {
		t.Fatalf("%q", origins)
	}
	images := newMemory(t, map[string]int{"disk.vhd": 10})
	for _, test := range []struct {
		origin string
		may    bool
	}{
		{"https://a.example", true},
		{"https://b.example:8443", true},
		{"http://c.example", true},
		{"http://a.example", false},
		{"https://b.example", false},
		{"https://a.example.evil.example", false},
		{"https://evil.example", false},
		{"https://a.example, https://b.example:8443", false},
		{"null", false},
		{"", false},
	} {
		// With a token, too: a preflight request has none, and an error is to be read.
		for _, token := range []string{"", "token"} {
			l := &Library{Images: images, Origins: origins, Token: token}
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
				for _, target := range []string{"/images", "/images/disk.vhd", "/images/none.vhd"} {
					w := ask(l, method, target, "Origin", test.origin, "Access-Control-Request-Headers", "range")
					h := w.Header()
					want := ""
					if test.may {
						want = test.origin
					}
					if got := h.Get("Access-Control-Allow-Origin"); got != want {
						t.Errorf("%s %s from %q: Access-Control-Allow-Origin %q", method, target, test.origin, got)
					}
					if h.Get("Vary") != "Origin" {
						t.Errorf("%s %s from %q: Vary %q", method, target, test.origin, h.Get("Vary"))
					}
					if h.Get("Access-Control-Allow-Credentials") != "" {
						t.Error("cookies are let in")
					}
					if exposed := h.Get("Access-Control-Expose-Headers"); test.may != strings.Contains(exposed, "Content-Range") || test.may != strings.Contains(exposed, "ETag") {
						t.Errorf("%s %s from %q shows %q", method, target, test.origin, exposed)
					}
					if method != http.MethodOptions {
						continue
					}
					allowed := h.Get("Access-Control-Allow-Headers")
					for _, field := range []string{"Authorization", "Range", "If-Match"} {
						if test.may != strings.Contains(allowed, field) {
							t.Errorf("from %q: Access-Control-Allow-Headers %q", test.origin, allowed)
						}
					}
					if w.Code != http.StatusNoContent || test.may != (h.Get("Access-Control-Max-Age") != "") {
						t.Errorf("from %q: status %d, %v", test.origin, w.Code, h)
					}
				}
			}
		}
	}
	if h := ask(&Library{Images: images}, http.MethodGet, "/images", "Origin", "https://a.example").Header(); h.Get("Vary") != "" || h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a library of no other origins: %v", h)
	}
}
