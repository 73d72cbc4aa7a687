package library

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
)

// TestReplacedImage: an answer is about one image, from its first field to
// its last byte, though another takes its place meanwhile.
func TestReplacedImage(t *testing.T) {
	images := newMemory(t, nil)
	l := &Library{Images: images}
	first := images.put("disk.vhd", pattern(0, 1000))
	second := bytes.Repeat([]byte{'2'}, 500)
	replaceOnce := func(what, key string) error {
		if what == "get" {
			images.before = nil
			images.put(key, second)
		}
		return nil
	}

	images.before = replaceOnce
	w := ask(l, http.MethodGet, "/images/disk.vhd", "Range", "bytes=-600")
	if w.Code != http.StatusPartialContent || w.Header().Get("ETag") != images.images["disk.vhd"].ETag ||
		w.Header().Get("Content-Range") != "bytes 0-499/500" || !bytes.Equal(w.Body.Bytes(), second) {
		t.Errorf("status %d, %v, %d bytes", w.Code, w.Header(), w.Body.Len())
	}

	images.put("disk.vhd", first.content)
	images.before = replaceOnce
	if w := ask(l, http.MethodGet, "/images/disk.vhd", "If-Match", first.ETag); w.Code != http.StatusPreconditionFailed {
		t.Errorf("who asks for the first image is given the second: status %d", w.Code)
	}

	images.put("disk.vhd", first.content)
	images.before = func(what, key string) error {
		if what == "get" {
			delete(images.images, key)
		}
		return nil
	}
	if w := ask(l, http.MethodGet, "/images/disk.vhd"); w.Code != http.StatusNotFound {
		t.Errorf("an image that is gone has status %d", w.Code)
	}

	asked := 0
	images.before = func(what, key string) error {
		if what == "get" {
			asked++
			images.put(key, pattern(0, asked))
		}
		return nil
	}
	images.put("disk.vhd", first.content)
	w = ask(l, http.MethodGet, "/images/disk.vhd")
	if w.Code != http.StatusServiceUnavailable || code(t, w) != "changing" || w.Header().Get("Retry-After") == "" || asked != tries {
		t.Errorf("an image that is never the same: status %d after %d times, %s", w.Code, asked, w.Body)
	}
}

// logging gives a test what is logged until it ends.
func logging(t *testing.T) *bytes.Buffer {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	return &logged
}

// TestFailure: what goes wrong in here is an answer with an id, the log has
// the reason under the id, and the next request is served.
func TestFailure(t *testing.T) {
	logged := logging(t)
	images := newMemory(t, map[string]int{"disk.vhd": 10})
	l := &Library{Images: images, Origins: []string{"https://a.example"}}
	ids := map[string]bool{}
	for _, test := range []struct {
		call, target string
	}{{"list", "/images"}, {"head", "/images/disk.vhd"}, {"get", "/images/disk.vhd"}} {
		for _, fail := range []func() error{
			func() error { return errors.New("the secret reason") },
			func() error { panic("the secret reason") },
		} {
			logged.Reset()
			images.before = func(call, key string) error {
				if call == test.call {
					return fail()
				}
				return nil
			}
			w := ask(l, http.MethodGet, test.target, "Origin", "https://a.example")
			images.before = nil
			if w.Code != http.StatusInternalServerError || w.Header().Get("Access-Control-Allow-Origin") == "" {
				t.Errorf("%s: status %d, %v", test.call, w.Code, w.Header())
			}
			var e errorBody
			if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil {
				t.Fatal(err)
			}
			if id := e.Error.ID; len(id) < 16 || ids[id] || !strings.Contains(logged.String(), id) || e.Error.Code != "internal" {
				t.Errorf("%s: %s is answered, and logged %s", test.call, w.Body, logged)
			}
			ids[e.Error.ID] = true
			if !strings.Contains(logged.String(), "the secret reason") || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%s: %s is answered, and logged %s", test.call, w.Body, logged)
			}
			checkHead(t, http.MethodGet, w)
			if w := ask(l, http.MethodGet, test.target); w.Code != http.StatusOK {
				t.Errorf("%s: the next request has status %d", test.call, w.Code)
			}
		}
	}
}

// huge is a bucket with an image of 8 TiB, which can be read until it fails.
type huge struct {
	Bucket
	until int64
}

const eightTiB = 8 << 40

func (h huge) Head(key string) (Image, error) { return Image{key, eightTiB, `"huge"`, uploaded}, nil }

func (h huge) Get(key, etag string, offset, length int64) (io.ReadCloser, error) {
	zeros := io.LimitReader(zeros{}, min(length, h.until))
	if length > h.until {
		zeros = io.MultiReader(zeros, failedReader{})
	}
	return io.NopCloser(zeros), nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type failedReader struct{}

func (failedReader) Read([]byte) (int, error) { return 0, errors.New("the bucket is gone") }

// A counter is an http.ResponseWriter that keeps nothing.
type counter struct {
	header http.Header
	n      int64
}

func (c *counter) Header() http.Header { return c.header }
func (c *counter) WriteHeader(int)     {}
func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// TestStreaming: an image passes through without being held.
func TestStreaming(t *testing.T) {
	const length = 64 << 20
	w := &counter{header: http.Header{}}
	r := httptest.NewRequest(http.MethodGet, "/images/huge.vhd", nil)
	r.Header.Set("Range", "bytes=4398046511104-4398113619967") // 64 MiB at 4 TiB
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	(&Library{Images: huge{until: eightTiB}}).ServeHTTP(w, r)
	runtime.ReadMemStats(&after)
	if w.n != length || w.header.Get("Content-Range") != "bytes 4398046511104-4398113619967/8796093022208" {
		t.Errorf("%d bytes, %v", w.n, w.header)
	}
	if held := after.TotalAlloc - before.TotalAlloc; held > 1<<20 {
		t.Errorf("%d bytes of memory for it", held)
	}
}

// TestCutShort: a body that ends early is an error to the client, and no
// shorter image.
func TestCutShort(t *testing.T) {
	logged := logging(t)
	server := httptest.NewServer(&Library{Images: huge{until: 100_000}})
	response, err := http.Get(server.URL + "/images/huge.vhd")
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, response.Body)
	response.Body.Close()
	server.Close() // and with it what it logs
	if response.StatusCode != http.StatusOK || response.ContentLength != eightTiB || n > 100_000 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("status %d, %d bytes of %d, %v", response.StatusCode, n, response.ContentLength, err)
	}
	if !strings.Contains(logged.String(), "the bucket is gone") {
		t.Errorf("the log has %s", logged)
	}
}
