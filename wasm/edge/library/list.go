package library

import (
	"net/http"
	"strconv"
	"time"
)

const (
	maxLimit = 1000 // what R2 lists at once
	// A listing takes some 10 µs an image, and where one does not pay, 10 ms
	// is all that a request is given.
	defaultLimit = 250
)

type listing struct {
	Images []entry `json:"images"`
	Cursor string  `json:"cursor,omitempty"`
}

type entry struct {
	Key      string `json:"key"`
	Size     int64  `json:"size"`
	ETag     string `json:"etag"`
	Uploaded string `json:"uploaded"`
}

// list answers with a page of the images whose keys have a prefix:
// ?prefix=&cursor=&limit=, each of which may be absent. The cursor, where there
// is one, is that of the page before.
func (l *Library) list(r *http.Request) *answer {
	query := r.URL.Query()
	limit := defaultLimit
	if given := query.Get("limit"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > maxLimit {
			return problem(http.StatusBadRequest, "bad-request", "A limit is a number from 1 to "+strconv.Itoa(maxLimit)+".")
		}
		limit = n
	}
	page, err := l.Images.List(query.Get("prefix"), query.Get("cursor"), limit)
	if err != nil {
		return failure(r, err)
	}
	found := listing{Images: make([]entry, len(page.Images)), Cursor: page.Cursor}
	for i, image := range page.Images {
		found.Images[i] = entry{image.Key, image.Size, image.ETag, image.Uploaded.UTC().Format(time.RFC3339)}
	}
	a := newAnswer(http.StatusOK).json(found)
	a.header.Set("Cache-Control", l.caching())
	return a
}
