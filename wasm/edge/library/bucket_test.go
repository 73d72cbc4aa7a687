package library

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var uploaded = time.Date(2026, time.March, 1, 12, 30, 15, 678e6, time.UTC)

// A memory is a bucket that holds images in memory. It fails the test if it
// is asked for a key that R2 has not, or for bytes that an image has not.
type memory struct {
	t      testing.TB
	images map[string]*stored
	before func(what, key string) error // runs before each call, where it is set
	open   int                          // bodies that nobody has closed
}

type stored struct {
	Image
	content []byte
}

func newMemory(t testing.TB, sizes map[string]int) *memory {
	m := &memory{t: t, images: map[string]*stored{}}
	for key, size := range sizes {
		m.put(key, pattern(0, size))
	}
	t.Cleanup(func() {
		if m.open != 0 {
			t.Errorf("%d bodies were left open", m.open)
		}
	})
	return m
}

// pattern is what images hold from one byte up to another.
func pattern(from, to int) []byte {
	content := make([]byte, to-from)
	for i := range content {
		content[i] = byte((from + i) % 251)
	}
	return content
}

func (m *memory) put(key string, content []byte) *stored {
	sum := md5.Sum(content)
	s := &stored{Image{key, int64(len(content)), `"` + hex.EncodeToString(sum[:]) + `"`, uploaded}, content}
	m.images[key] = s
	return s
}

func (m *memory) called(what, key string) error {
	if m.before == nil {
		return nil
	}
	return m.before(what, key)
}

func (m *memory) List(prefix, cursor string, limit int) (Page, error) {
	if err := m.called("list", prefix); err != nil {
		return Page{}, err
	}
	var page Page
	var keys []string
	for key := range m.images {
		if strings.HasPrefix(key, prefix) && key > cursor {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	if len(keys) > limit {
		keys = keys[:limit]
		page.Cursor = keys[limit-1]
	}
	for _, key := range keys {
		page.Images = append(page.Images, m.images[key].Image)
	}
	return page, nil
}

func (m *memory) Head(key string) (Image, error) {
	if key == "" || len(key) > 1024 || !utf8.ValidString(key) {
		m.t.Errorf("the bucket is asked for %q", key)
	}
	if err := m.called("head", key); err != nil {
		return Image{}, err
	}
	s, ok := m.images[key]
	if !ok {
		return Image{}, ErrNotFound
	}
	return s.Image, nil
}

func (m *memory) Get(key, etag string, offset, length int64) (io.ReadCloser, error) {
	if err := m.called("get", key); err != nil {
		return nil, err
	}
	s, ok := m.images[key]
	switch {
	case !ok:
		return nil, ErrNotFound
	case s.ETag != etag:
		return nil, ErrChanged
	case offset < 0 || length < 0 || length > s.Size-offset || length == 0 && s.Size != 0:
		m.t.Errorf("the bucket is asked for %d bytes at %d of %d", length, offset, s.Size)
	}
	m.open++
	return &opened{bytes.NewReader(s.content[offset : offset+length]), m}, nil
}

type opened struct {
	io.Reader
	of *memory
}

func (o *opened) Close() error {
	o.of.open--
	return nil
}
