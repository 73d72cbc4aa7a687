package edit

import (
	"errors"
	"io"
	"sync"
)

// Memory is a file in memory, for where edits cannot be kept.
type Memory struct {
	mu     sync.RWMutex
	size   int64
	chunks map[int64][]byte // by number; zeros where there is none
}

const (
	memoryChunk = 64 << 10
	memoryLimit = 512 << 20 // of all chunks
)

var errMemory = errors.New("there is no room for more edits in memory")

// NewMemory returns an empty file.
func NewMemory() *Memory { return &Memory{chunks: map[int64][]byte{}} }

// Size is the length of the file in bytes.
func (m *Memory) Size() int64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.size
}

// Close gives the memory back; it never fails.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.size, m.chunks = 0, map[int64][]byte{}
	return nil
}

// ReadAt implements io.ReaderAt.
func (m *Memory) ReadAt(p []byte, off int64) (n int, err error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if off >= m.size {
		return 0, io.EOF
	}
	if int64(len(p)) > m.size-off {
		p, err = p[:m.size-off], io.EOF
	}
	clear(p)
	each(int64(len(p)), off, func(done, chunk, within, part int64) {
		if c := m.chunks[chunk]; c != nil {
			copy(p[done:done+part], c[within:])
		}
	})
	return len(p), err
}

// WriteAt implements io.WriterAt.
func (m *Memory) WriteAt(p []byte, off int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	added := int64(0)
	each(int64(len(p)), off, func(_, chunk, _, _ int64) {
		if m.chunks[chunk] == nil {
			added++
		}
	})
	if (int64(len(m.chunks))+added)*memoryChunk > memoryLimit {
		return 0, errMemory
	}
	each(int64(len(p)), off, func(done, chunk, within, part int64) {
		c := m.chunks[chunk]
		if c == nil {
			c = make([]byte, memoryChunk)
			m.chunks[chunk] = c
		}
		copy(c[within:], p[done:done+part])
	})
	m.size = max(m.size, off+int64(len(p)))
	return len(p), nil
}

// each calls do for every chunk that a range of n bytes touches.
func each(n, off int64, do func(done, chunk, within, part int64)) {
	for done := int64(0); done < n; {
		chunk, within := (off+done)/memoryChunk, (off+done)%memoryChunk
		part := min(n-done, memoryChunk-within)
		do(done, chunk, within, part)
		done += part
	}
}
