package vhd

import (
	"encoding/binary"
	"sync/atomic"
)

// liveTable are the entries of a table to which a [Writer] adds blocks while
// others read. An entry changes once: from unallocated to its block's place.
type liveTable struct {
	entries   []atomic.Uint32
	allocated atomic.Int64
}

// enliven lets a table be changed.
func (t *table) enliven() {
	live := &liveTable{entries: make([]atomic.Uint32, t.entries())}
	for b := range live.entries {
		live.entries[b].Store(t.entry(int64(b)))
	}
	live.allocated.Store(t.allocated)
	t.live = live
}

// allocate enters block b, which was not allocated.
func (t *table) allocate(b int64, sector uint32) {
	t.live.entries[b].Store(sector)
	t.live.allocated.Add(1)
}

// count counts the allocated blocks.
func (t *table) count() int64 {
	if t.live != nil {
		return t.live.allocated.Load()
	}
	return t.allocated
}

// bytes are the entries as the file has them.
func (t *table) bytes() []byte {
	if t.live == nil {
		return t.raw
	}
	raw := make([]byte, len(t.raw))
	for b := range t.live.entries {
		binary.BigEndian.PutUint32(raw[b*tableEntrySize:], t.live.entries[b].Load())
	}
	return raw
}
