package browse

import (
	"context"
	"io"

	"vhdscope/vhd"
	"vhdscope/wasm/output"
	"vhdscope/wasm/worker"
)

// Save makes one new file: of one file of the volume as it is, or an archive.
func (v *Volume) Save(ctx context.Context, req *SaveRequest, progress worker.Progress) (*SavedFiles, error) {
	m, err := v.mounted()
	if err != nil {
		return nil, err
	}
	if req.Zip {
		return m.archive(ctx, v.host, req, progress)
	}
	if len(req.Paths) != 1 {
		return nil, worker.BadRequest("one file is saved as it is, and any number only in an archive")
	}
	saved, err := m.save(ctx, v.host, req, progress)
	if err != nil {
		return nil, m.problem(err)
	}
	return &SavedFiles{Saved: *saved, Count: 1, Unread: []UnreadFile{}, Renamed: []RenamedFile{}}, nil
}

// save saves one file: where its bytes lie on the disk one by one, as a plan of
// those, of which a browser makes a file without reading it here; else by
// reading it.
func (m *mounted) save(ctx context.Context, host output.Host, req *SaveRequest, progress worker.Progress) (*output.Saved, error) {
	l, err := m.located(req.Paths[0])
	if err != nil {
		return nil, err
	}
	if plain(l.extents) {
		p, err := m.disk.Piecewise(m.runs(l.extents))
		if err != nil {
			return nil, err
		}
		return output.Write(ctx, host, p, req.To, false, progress)
	}
	return output.Assemble(ctx, host, req.To, l.size, false, func(w io.WriterAt, _ func(vhd.Loss)) (int64, error) {
		out, done := io.NewOffsetWriter(w, 0), int64(0)
		err := readAll(ctx, l.file, 0, l.size, func(p []byte) error {
			if _, err := out.Write(p); err != nil {
				return err
			}
			done += int64(len(p))
			progress(done, l.size)
			return nil
		})
		return l.size, err
	})
}
