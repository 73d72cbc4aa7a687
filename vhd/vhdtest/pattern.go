package vhdtest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
)

// patternText is how much of a sector is readable; the rest is noise that
// differs from byte to byte, so that a shift by any amount shows.
const patternText = 32

// PutPattern fills p, one sector long, with contents that belong to sector
// lba of a layer and to no other: a readable name, then noise.
func PutPattern(p []byte, layer int, lba int64) {
	_ = p[Sector-1]
	text := append(p[:0], "layer "...)
	text = strconv.AppendInt(text, int64(layer), 10)
	text = append(text, " sector "...)
	text = strconv.AppendInt(text, lba, 10)
	for len(text) < patternText-1 {
		text = append(text, ' ')
	}
	text = append(text, '\n')

	noise := uint64(layer)<<48 ^ uint64(lba)
	for i := patternText; i < Sector; i += 8 {
		noise += 0x9E3779B97F4A7C15 // splitmix64
		z := noise
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		binary.LittleEndian.PutUint64(p[i:], z^z>>31)
	}
}

// Pattern is the sector that PutPattern makes.
func Pattern(layer int, lba int64) (sector [Sector]byte) {
	PutPattern(sector[:], layer, lba)
	return sector
}

// Describe says what a sector holds, for the message of a failing test: its
// pattern's layer and number, "zeros", or its first bytes.
func Describe(sector []byte) string {
	if allZero(sector) {
		return "zeros"
	}
	var layer int
	var lba int64
	if len(sector) == Sector {
		if _, err := fmt.Sscanf(string(sector[:patternText]), "layer %d sector %d", &layer, &lba); err == nil {
			want := Pattern(layer, lba)
			if bytes.Equal(sector, want[:]) {
				return fmt.Sprintf("layer %d sector %d", layer, lba)
			}
			return fmt.Sprintf("layer %d sector %d, damaged", layer, lba)
		}
	}
	return fmt.Sprintf("% x…", sector[:min(16, len(sector))])
}

// Diff compares two disks' bytes and describes the first sector that differs;
// "" where none does.
func Diff(got, want []byte) string {
	for off := 0; off < max(len(got), len(want)); off += Sector {
		g, w := sectorAt(got, off), sectorAt(want, off)
		if !bytes.Equal(g, w) {
			return fmt.Sprintf("sector %d: got %s, want %s", off/Sector, Describe(g), Describe(w))
		}
	}
	return ""
}

// sectorAt is the sector at off, or what of it lies before the end of b.
func sectorAt(b []byte, off int) []byte {
	if off >= len(b) {
		return nil
	}
	return b[off:min(off+Sector, len(b))]
}
