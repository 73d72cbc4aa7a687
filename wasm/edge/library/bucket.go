package library

import (
	"errors"
	"io"
	"time"
)

// A Bucket holds images by key: R2, or what stands in for it in tests.
type Bucket interface {
	// List returns the images whose keys begin with prefix, by key, from where
	// cursor points, "" being the start; limit at most, and perhaps fewer.
	List(prefix, cursor string, limit int) (Page, error)
	// Head describes an image. The error is ErrNotFound where there is none.
	Head(key string) (Image, error)
	// Get opens length bytes at offset of an image that still has the given
	// ETag. The error is ErrChanged where it has another, ErrNotFound where
	// it is gone. The bytes lie within the image, as Head described it; a
	// length of 0 is asked for of empty images only.
	Get(key, etag string, offset, length int64) (io.ReadCloser, error)
}

// An Image is what a bucket tells of an object.
type Image struct {
	Key      string
	Size     int64     // bytes
	ETag     string    // strong, in its quotes
	Uploaded time.Time // HTTP and the listing give it to the second
}

// A Page is a part of a listing.
type Page struct {
	Images []Image
	Cursor string // of the next page, "" on the last
}

var (
	ErrNotFound = errors.New("library: no such image")
	ErrChanged  = errors.New("library: the image was replaced")
)
