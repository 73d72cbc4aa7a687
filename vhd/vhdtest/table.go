package vhdtest

import (
	"encoding/binary"
	"fmt"
)

// table is a block allocation table that costs only the sectors in which an
// entry is allocated: those of a 2040 GiB disk have 4 MiB.
type table struct {
	entries int
	sectors map[int64][]byte
}

func newTable(entries int, zeroPad bool) *table {
	t := &table{entries: entries, sectors: map[int64][]byte{}}
	if used := 4 * int64(entries) % Sector; zeroPad && used != 0 {
		clear(t.sector(4 * int64(entries) / Sector)[used:])
	}
	return t
}

func (t *table) length() int64 { return roundUp(4*int64(t.entries), Sector) }

// sector is the bytes of a sector of the table, ready to be changed.
func (t *table) sector(i int64) []byte {
	b := t.sectors[i]
	if b == nil {
		b = make([]byte, Sector)
		fillSource(0xFF)(b, 0)
		t.sectors[i] = b
	}
	return b
}

func (t *table) set(i int, value uint32) {
	if i < 0 || i >= t.entries {
		panic(fmt.Sprintf("vhdtest: block %d in a table of %d entries", i, t.entries))
	}
	at := 4 * int64(i)
	binary.BigEndian.PutUint32(t.sector(at / Sector)[at%Sector:], value)
}

// read is the table as a Source.
func (t *table) read(p []byte, off int64) {
	for len(p) > 0 {
		i, in := off/Sector, off%Sector
		n := min(len(p), int(Sector-in))
		if b := t.sectors[i]; b != nil {
			copy(p[:n], b[in:])
		} else {
			fillSource(0xFF)(p[:n], 0)
		}
		p, off = p[n:], off+int64(n)
	}
}
