package volume

import (
	"bytes"
	"encoding/hex"
	"strings"
	"unicode/utf16"

	"vhdscope/vhd/volume/fsys"
)

// has tells whether text stands at an offset of the volume's start.
func (w *window) has(off int64, text string) bool {
	return off <= int64(len(w.head)-len(text)) && string(w.head[off:off+int64(len(text))]) == text
}

// from is n bytes of the volume's start; nil where it ends before.
func (w *window) from(off, n int64) []byte {
	if n < 0 || off > int64(len(w.head))-n {
		return nil
	}
	return w.head[off : off+n]
}

// cString is text up to a NUL, for display.
func cString(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	if len(b) == 0 {
		return ""
	}
	return fsys.Name(string(b))
}

// utf16Text is text up to a NUL; order is how two bytes make a unit.
func utf16Text(b []byte, order func([]byte) uint16) string {
	var units []uint16
	for ; len(b) >= 2; b = b[2:] {
		u := order(b)
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}

// uuid is 16 bytes as most tools write them; "" where all are zero.
func uuid(b []byte) string {
	if bytes.Count(b, []byte{0}) == len(b) {
		return ""
	}
	h := hex.EncodeToString(b)
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

func isPowerOfTwo[T uint8 | uint16 | uint32](n T) bool { return n != 0 && n&(n-1) == 0 }
