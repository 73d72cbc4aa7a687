package volume

import (
	"bytes"
	"io/fs"
	"time"
)

// sectors are the bytes of a partition table, as the library reads them: never
// more than were checked here.
type sectors struct{ *bytes.Reader }

func newSectors(b []byte) sectors { return sectors{bytes.NewReader(b)} }

func (s sectors) Close() error               { return nil }
func (s sectors) Stat() (fs.FileInfo, error) { return s, nil }
func (s sectors) Name() string               { return "table" }
func (s sectors) Mode() fs.FileMode          { return 0 }
func (s sectors) ModTime() time.Time         { return time.Time{} }
func (s sectors) IsDir() bool                { return false }
func (s sectors) Sys() any                   { return nil }
