//go:build js && wasm

package blobio

import (
	"sync"
	"syscall/js"
)

// memoryChunk is what a Memory makes room for at a time.
const memoryChunk = 4 << 20

// Memory is a file in the browser's memory, for where there is no other place.
type Memory struct {
	name  string
	limit int64

	mu     sync.Mutex
	size   int64
	chunks []js.Value // Uint8Arrays; undefined where nothing was written
}

// NewMemory returns an empty file, which takes at most limit bytes.
func NewMemory(name string, limit int64) *Memory { return &Memory{name: name, limit: limit} }

// Write implements Writer.
func (m *Memory) Write(array js.Value, at int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return writeError(m.name, m.write(array, at))
}

func (m *Memory) write(array js.Value, at int64) (err error) {
	defer recoverException(&err)
	n := int64(array.Length())
	if err := m.grow(max(m.size, at+n)); err != nil {
		return err
	}
	for from := int64(0); from < n; {
		i, within := (at+from)/memoryChunk, (at+from)%memoryChunk
		part := min(n-from, memoryChunk-within)
		if m.chunks[i].IsUndefined() {
			m.chunks[i] = js.Global().Get("Uint8Array").New(memoryChunk)
		}
		(&Bytes{array}).CopyTo(m.chunks[i], within, from, part)
		from += part
	}
	return nil
}

// Resize implements Writer; a Memory does not become shorter.
func (m *Memory) Resize(size int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return writeError(m.name, m.grow(size))
}

// grow makes the file so long; m.mu is held.
func (m *Memory) grow(size int64) error {
	if size > m.limit {
		return ErrNoRoom
	}
	m.size = size
	for int64(len(m.chunks))*memoryChunk < size {
		m.chunks = append(m.chunks, js.Undefined())
	}
	return nil
}

// Close implements Writer.
func (m *Memory) Close() (js.Value, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var parts []Part
	for i, chunk := range m.chunks {
		n := min(memoryChunk, m.size-int64(i)*memoryChunk)
		if chunk.IsUndefined() {
			parts = append(parts, Part{Length: n})
		} else {
			parts = append(parts, Part{array: chunk, Length: n})
		}
	}
	blob, err := Blob(parts)
	m.chunks = nil
	return blob, writeError(m.name, err)
}

// Abort implements Writer.
func (m *Memory) Abort() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.chunks, m.size = nil, 0
}
