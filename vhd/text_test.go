package vhd

import (
	"testing"

	"golang.org/x/text/encoding/charmap"
)

func TestANSIIsWindows1252(t *testing.T) {
	for c := 1; c <= 0xFF; c++ {
		got, _ := decodeANSI([]byte{byte(c), 'x'})
		if want := string(charmap.Windows1252.DecodeByte(byte(c))) + "x"; got != want {
			t.Errorf("%#x: %q, want %q", c, got, want)
		}
	}
}
