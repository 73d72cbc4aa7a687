package remotetest

import "vhdscope/blobio"

// File is a remote file as tests give it to a host: a reader of it behind a
// page cache, as in a browser.
type File struct {
	*blobio.Reader
	Remote *blobio.Remote
}

// Open opens what a server gives through a web, pinned to what it is now.
func (s *Server) Open(web blobio.Web, name string) *File {
	r := blobio.NewRemote(web, name, "http://server/"+name, "", s.Version())
	return &File{blobio.NewCache(16 << 20).Reader(r), r}
}

// Pin is blobio.Remote.Pin.
func (f *File) Pin() (blobio.Version, error) { return f.Remote.Pin() }

// OnFailure is blobio.Remote.OnFailure.
func (f *File) OnFailure(g func(error)) (stop func()) { return f.Remote.OnFailure(g) }
