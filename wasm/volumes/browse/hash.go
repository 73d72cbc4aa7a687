package browse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"vhdscope/wasm/worker"
)

// Hash tells the SHA-256 of files, and of all files in folders.
func (v *Volume) Hash(ctx context.Context, req *HashRequest, progress worker.Progress) (*Hashes, error) {
	m, err := v.mounted()
	if err != nil {
		return nil, err
	}
	names, err := selected(req.Paths)
	if err != nil {
		return nil, err
	}
	r := &Hashes{Files: []FileHash{}}
	total := int64(0)
	err = m.each(ctx, names, func(f file) error {
		h := FileHash{Path: outside(f.name), Problem: m.words(f.err)}
		switch {
		case f.err != nil:
		case f.entry.Mode().IsRegular():
			h.Size = sizeOf(f.entry.Size())
			total = min(maxSize, total+h.Size)
		default:
			return nil
		}
		r.Files = append(r.Files, h)
		progress(0, total)
		return nil
	})
	if err != nil {
		return nil, err
	}
	done := int64(0)
	for i := range r.Files {
		h := &r.Files[i]
		if h.Problem != "" {
			continue
		}
		before := done
		err := m.hash(ctx, h, func(n int64) {
			done += n
			progress(done, total)
		})
		if ctx.Err() != nil || gone(err) {
			return nil, m.problem(err)
		}
		h.Problem = m.words(err)
		done = min(before+h.Size, total)
		progress(done, total)
	}
	return r, nil
}

func (m *mounted) hash(ctx context.Context, h *FileHash, progress func(n int64)) error {
	name, err := inside(h.Path)
	if err != nil {
		return err
	}
	f, err := m.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	sum := sha256.New()
	err = readAll(ctx, f, 0, info.Size(), func(p []byte) error {
		sum.Write(p)
		progress(int64(len(p)))
		return nil
	})
	if err != nil {
		return err
	}
	h.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}
