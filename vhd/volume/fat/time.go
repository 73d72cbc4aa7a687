package fat

import "time"

// stamp is a time as directory entries have it.
type stamp struct {
	date, clock uint16 // "Date and Time Formats"
	hundredths  uint8  // of a second, 0 … 199
	zone        uint8  // of exFAT: "UtcOffset Fields"
}

// time is the stamp's time, zero where it has none or is none. Without a zone
// it is that of the clock, as if of UTC.
func (s stamp) time() (t time.Time, local bool) {
	year, month, day := 1980+int(s.date>>9), time.Month(s.date>>5&15), int(s.date&31)
	hour, minute, second := int(s.clock>>11), int(s.clock>>5&63), int(s.clock&31)*2
	if hour > 23 || minute > 59 || second > 59 || s.hundredths > 199 {
		return time.Time{}, false
	}
	t = time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	if t.Day() != day || t.Month() != month {
		return time.Time{}, false // month 0, or 31 February
	}
	t = t.Add(time.Duration(s.hundredths) * 10 * time.Millisecond)
	if s.zone&0x80 == 0 {
		return t, true
	}
	quarters := int8(s.zone<<1) >> 1 // seven bits with a sign
	return t.Add(-time.Duration(quarters) * 15 * time.Minute), false
}
