package iso

import (
	"testing"
	"time"
)

// TestLongTimes: what the digits say, and no time where they say none.
func TestLongTimes(t *testing.T) {
	east := time.FixedZone("", 2*3600)
	for text, want := range map[string]time.Time{
		"2024022923595999\x00": time.Date(2024, 2, 29, 23, 59, 59, 990_000_000, time.UTC),
		"1999123100000001\x08": time.Date(1999, 12, 31, 0, 0, 0, 10_000_000, east),
		"0000000000000000\x00": {}, "2023022900000000\x00": {}, "2024130100000000\x00": {}, "2024010124000000\x00": {}, "2024010100600000\x00": {},
		"20240101000000 0\x00": {}, "2024-10100000000\x00": {},
	} {
		if got := longTime([]byte(text)); !got.Equal(want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
