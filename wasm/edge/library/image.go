package library

import (
	"errors"
	"net/http"
	"strconv"
	"unicode/utf8"
)

// An image that is replaced while it is asked for is asked for again so often.
const tries = 3

// image answers GET and HEAD of an image, whole or in part.
func (l *Library) image(r *http.Request, key string) *answer {
	// R2 has no other keys, and would be asked for one that is not meant.
	if key == "" || len(key) > 1024 || !utf8.ValidString(key) {
		return notFound()
	}
	for range tries {
		image, err := l.Images.Head(key)
		if err == nil {
			var a *answer
			if a, err = l.described(r, image); err == nil {
				return a
			}
		}
		switch {
		case errors.Is(err, ErrNotFound): // §13.2.1: whatever the conditions
			return notFound()
		case !errors.Is(err, ErrChanged):
			return failure(r, err)
		}
	}
	a := problem(http.StatusServiceUnavailable, "changing", "The image is being replaced. Try again.")
	a.header.Set("Retry-After", "1")
	return a
}

// described answers a request for an image as it was described, or with the
// error ErrChanged if that is no longer true.
func (l *Library) described(r *http.Request, image Image) (*answer, error) {
	switch unmet(r, image) {
	case http.StatusNotModified: // §15.4.5: and no other fields
		a := newAnswer(http.StatusNotModified)
		a.header.Set("ETag", image.ETag)
		a.header.Set("Cache-Control", l.caching())
		return a, nil
	case http.StatusPreconditionFailed:
		return problem(http.StatusPreconditionFailed, "precondition-failed", "The image is not the one that the request is about."), nil
	}
	a := newAnswer(http.StatusOK)
	part := span{0, image.Size}
	// §14.2: for GET alone, and after the conditions.
	if field := field(r.Header, "Range"); field != "" && r.Method == http.MethodGet && rangeApplies(r, image) {
		some, err := requested(field, image.Size)
		if err != nil { // §15.5.17
			a := problem(http.StatusRequestedRangeNotSatisfiable, "range-not-satisfiable", "The image has "+strconv.FormatInt(image.Size, 10)+" bytes, and none where they were asked for.")
			a.header.Set("Content-Range", "bytes */"+strconv.FormatInt(image.Size, 10))
			return a, nil
		}
		if some != nil { // §15.3.7
			part = *some
			a.status = http.StatusPartialContent
			a.header.Set("Content-Range", part.contentRange(image.Size))
		}
	}
	a.header.Set("Accept-Ranges", "bytes")
	a.header.Set("Cache-Control", l.caching())
	a.header.Set("Content-Length", strconv.FormatInt(part.length, 10))
	// With nosniff, no browser takes it for a page or a script of this site.
	a.header.Set("Content-Type", "application/octet-stream")
	a.header.Set("ETag", image.ETag)
	a.header.Set("Last-Modified", image.Uploaded.UTC().Format(http.TimeFormat))
	if r.Method == http.MethodHead {
		return a, nil
	}
	var err error
	a.body, err = l.Images.Get(image.Key, image.ETag, part.offset, part.length)
	return a, err
}

// contentRange is the value of Content-Range: §14.4.
func (s span) contentRange(size int64) string {
	n := func(n int64) string { return strconv.FormatInt(n, 10) }
	return "bytes " + n(s.offset) + "-" + n(s.offset+s.length-1) + "/" + n(size)
}

// caching is the value of Cache-Control of what a library holds: it may be
// kept, by the client alone where there is a token, is asked for again with
// its ETag, and is not compressed on its way, where ranges would be of what.
func (l *Library) caching() string {
	if l.Token != "" {
		return "private, no-cache, no-transform"
	}
	return "no-cache, no-transform"
}
