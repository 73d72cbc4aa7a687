package session

import (
	"context"
	"io"

	"vhdscope/blobio"
	"vhdscope/vhd"
	"vhdscope/wasm/worker"
)

// Identify tells which images files are, by at most 1 KiB of each, and opens
// none: see [vhd.Identify]. Who looks for a parent asks this of many files and
// opens few.
func (s *Session) Identify(ctx context.Context, req *OpenRequest, progress worker.Progress) (*Forest, error) {
	forest := &Forest{}
	r := &counted{}
	for _, f := range req.Files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		o := &File{key: f.Key, name: f.Name}
		var footer *vhd.Footer
		if o.source, o.err = s.host.Open(f.Name, f.File); o.err == nil {
			r.ReaderAt = o.source
			if cached, ok := o.source.(interface{ Source() blobio.Source }); ok {
				r.ReaderAt = cached.Source() // a page would be much more
			}
			footer, o.err = vhd.Identify(r, o.source.Size())
			o.close()
		}
		info := fileInfo(o)
		if o.err == nil {
			info.Kind, info.Type, info.UUID = "vhd", footer.Type.String(), footer.UUID.String()
		} else if worker.MayBeRaw(o.err, info.Size) {
			info.Kind = "raw"
		}
		forest.Files = append(forest.Files, info)
		if progress != nil {
			progress(r.n, r.n)
		}
	}
	return forest, ctx.Err()
}

// counted counts the bytes that are read.
type counted struct {
	io.ReaderAt
	n int64
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.n += int64(n)
	return n, err
}
