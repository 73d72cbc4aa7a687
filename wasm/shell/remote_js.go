//go:build js && wasm

package shell

import (
	"syscall/js"

	"vhdscope/blobio"
	"vhdscope/wasm/worker"
)

// remote is a file on a web server, behind the cache. It implements
// worker.Remote.
type remote struct {
	*blobio.Reader
	file *blobio.Remote
}

func (r *remote) Pin() (blobio.Version, error) { return r.file.Pin() }

func (r *remote) OnFailure(f func(error)) (stop func()) { return r.file.OnFailure(f) }

// openRemote opens what the page knows as a RemoteFile.
func (h Host) openRemote(name string, v js.Value) (worker.Source, error) {
	var url, authorization string
	var version blobio.Version
	r := reader{from: v}
	r.String("url", &url)
	r.String("authorization", &authorization)
	r.Int64("size", &version.Size)
	r.String("etag", &version.ETag)
	r.Int64("lastModified", &version.Modified)
	if r.err != nil {
		return nil, r.err
	}
	file := blobio.NewRemote(blobio.Fetch, name, url, authorization, version)
	return &remote{h.cache.Reader(file), file}, nil
}
