package library

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A table is testdata/requests.json, which the tests of the Worker read too.
type table struct {
	Images map[string]int
	Cases  []struct {
		Name, Rule   string
		Method, Path string
		Send         [][2]string
		Status       int
		Code         string
		Receive      map[string]*string
		Bytes        *[2]int
	}
}

// TestRequests: what is asked of a library, and what it answers, by RFC 9110.
func TestRequests(t *testing.T) {
	source, err := os.ReadFile("testdata/requests.json")
	if err != nil {
		t.Fatal(err)
	}
	var given table
	if err := json.Unmarshal(source, &given); err != nil {
		t.Fatal(err)
	}
	images := newMemory(t, given.Images)
	etag := images.images["disk.vhd"].ETag
	second := func(n time.Duration) string { return uploaded.Add(n * time.Second).Format(http.TimeFormat) }
	fill := strings.NewReplacer("{etag}", etag, "{bare}", strings.Trim(etag, `"`),
		"{modified}", second(0), "{earlier}", second(-1), "{later}", second(1))

	for _, cutAtCommas := range []bool{false, true} {
		for _, c := range given.Cases {
			name := c.Name
			if cutAtCommas {
				name += ", with its fields cut at their commas"
			}
			t.Run(name, func(t *testing.T) {
				method, path := c.Method, c.Path
				if method == "" {
					method = http.MethodGet
				}
				if path == "" {
					path = "images/disk.vhd"
				}
				r := httptest.NewRequest(method, "/"+path, nil)
				for _, line := range c.Send {
					values := []string{fill.Replace(line[1])}
					if cutAtCommas {
						values = strings.Split(values[0], ",")
					}
					for _, value := range values {
						r.Header.Add(line[0], value)
					}
				}
				w := httptest.NewRecorder()
				(&Library{Images: images}).ServeHTTP(w, r)

				if w.Code != c.Status {
					t.Fatalf("§%s: status %d, want %d; %s", c.Rule, w.Code, c.Status, w.Body)
				}
				for field, want := range c.Receive {
					got := w.Header().Values(field)
					if want == nil && got != nil || want != nil && (len(got) != 1 || got[0] != fill.Replace(*want)) {
						t.Errorf("§%s: %s is %q", c.Rule, field, got)
					}
				}
				if c.Bytes != nil && !bytes.Equal(w.Body.Bytes(), pattern(c.Bytes[0], c.Bytes[1])) {
					t.Errorf("§%s: these are not the bytes %d", c.Rule, *c.Bytes)
				}
				if got := code(t, w); got != c.Code {
					t.Errorf("the code is %q, want %q", got, c.Code)
				}
				checkHead(t, method, w)
			})
		}
	}
}

// checkHead checks what holds for all answers.
func checkHead(t *testing.T, method string, w *httptest.ResponseRecorder) {
	t.Helper()
	h := w.Header()
	if h.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("browsers may guess what it is")
	}
	if bare := method == http.MethodHead || w.Code == http.StatusNoContent || w.Code == http.StatusNotModified; bare && w.Body.Len() > 0 {
		t.Errorf("a body of %d bytes", w.Body.Len())
	} else if !bare && h.Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
		t.Errorf("Content-Length %q, and %d bytes", h.Get("Content-Length"), w.Body.Len())
	}
	switch w.Code {
	case http.StatusOK, http.StatusPartialContent:
		for _, field := range []string{"ETag", "Last-Modified", "Accept-Ranges", "Content-Type", "Cache-Control"} {
			if h.Get(field) == "" { // §15.3.7: of a part as of the whole
				t.Errorf("no %s", field)
			}
		}
	case http.StatusNoContent, http.StatusNotModified:
	default:
		if h.Get("Cache-Control") != "no-store" {
			t.Error("an error may be kept")
		}
	}
}

// code reads the code of an error, which has a message too.
func code(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Header().Get("Content-Type") != "application/json" || w.Body.Len() == 0 {
		return ""
	}
	var e errorBody
	if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil {
		t.Fatal(err)
	}
	if e.Error.Code != "" && e.Error.Message == "" {
		t.Error("an error without a message")
	}
	return e.Error.Code
}
