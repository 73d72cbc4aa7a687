package session

import (
	"context"
	"slices"
	"strconv"

	"vhdscope/vhd"
	"vhdscope/wasm/worker"
)

// Edits are an image that takes what a person writes on a disk, and so lies on
// top of it: one more file of the session. Its parent is the leaf that it was
// laid on, whatever the files say of themselves.
type Edits struct {
	Key    int
	Name   string
	Image  *vhd.Image    // may change at any time, also while it is read
	Source worker.Source // its bytes; closed with the file
}

// Edit reports whether the file takes edits, and is none of the person's.
func (f *File) Edit() bool { return f.on != nil }

// LayOn puts edits on top of a disk, which from then on is known by their key;
// as it is below them it can still be asked for by its own. They are closed
// with the disk's leaf at the latest.
func (s *Session) LayOn(disk int, e Edits) (*Forest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chains[disk]
	switch {
	case c == nil:
		return nil, worker.BadRequest("disk " + strconv.Itoa(disk) + " is not open")
	case c.leaf.on != nil || slices.ContainsFunc(s.files, func(f *File) bool { return f.on == c.leaf }):
		return nil, worker.BadRequest("the disk has edits on top of it already")
	case e.Key <= 0 || s.file(e.Key) != nil:
		return nil, worker.BadRequest(strconv.Itoa(e.Key) + " is no key for a new file")
	}
	s.files = append(s.files, &File{key: e.Key, name: e.Name, source: e.Source, image: e.Image, on: c.leaf})
	s.rebuild()
	return s.forest, nil
}

// Edited says that the edits under a key have changed, and returns what is to
// be known of their file now. What was read ahead is forgotten.
func (s *Session) Edited(key int) (*FileInfo, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f, c := s.file(key), s.chains[key]
	if f == nil || c == nil {
		return nil, worker.BadRequest("disk " + strconv.Itoa(key) + " is not open")
	}
	c.ahead.drop()
	info := fileInfo(f)
	return &info, nil
}

// changed lists the runs of bytes of a view that edits made differ from the
// disk below them, and those of which that cannot be told.
func (c *chain) changed(ctx context.Context, v *worker.View) ([]worker.Span, error) {
	spans := []worker.Span{}
	if c.below == nil {
		return spans, nil
	}
	var was []byte
	for _, e := range v.Extents {
		if e.Layer != 0 || e.State != "data" {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		was = append(was[:0], make([]byte, e.Length)...)
		known, _ := c.below.ReadAt(was, e.Offset) // what cannot be read there was surely not like this
		now := v.Bytes[e.Offset-v.Offset:][:e.Length]
		for i := range now {
			if i >= known || now[i] != was[i] {
				spans = addByte(spans, e.Offset+int64(i))
			}
		}
	}
	return spans, nil
}

// addByte appends a byte to a list of runs in order.
func addByte(spans []worker.Span, at int64) []worker.Span {
	if n := len(spans); n > 0 && spans[n-1].Offset+spans[n-1].Length == at {
		spans[n-1].Length++
		return spans
	}
	return append(spans, worker.Span{Offset: at, Length: 1})
}
