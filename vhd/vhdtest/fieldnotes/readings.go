package fieldnotes

import (
	"bytes"
	"fmt"
	"time"
)

// The gauges' log: one line an hour and station. Levels are whole centimetres
// worked out in integers, so that every machine makes the same file.

var (
	logStart = time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC)
	peak     = time.Date(2026, 3, 12, 3, 0, 0, 0, time.UTC)
	// station 3 fell silent at its last reading and was back five weeks later.
	lost  = time.Date(2026, 3, 12, 2, 0, 0, 0, time.UTC)
	found = time.Date(2026, 4, 18, 15, 0, 0, 0, time.UTC)
)

// readings is the log up to end. The corrected one starts earlier, and says
// how each line came about.
func readings(end time.Time, corrected bool) []byte {
	var b bytes.Buffer
	from := logStart
	if corrected {
		from = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		b.WriteString("time,station,level in m,quality\n")
	} else {
		b.WriteString("time,station,level in m\n")
	}
	for at := from; !at.After(end); at = at.Add(time.Hour) {
		for station := 1; station <= 3; station++ {
			silent := station == 3 && at.After(lost) && at.Before(found)
			if silent && !corrected {
				continue
			}
			cm := level(station, at)
			fmt.Fprintf(&b, "%s,%d,", at.Format("2006-01-02 15:04"), station)
			switch {
			case !corrected:
				fmt.Fprintf(&b, "%d.%02d\n", cm/100, cm%100)
			case silent:
				b.WriteString(",no gauge\n")
			default:
				fmt.Fprintf(&b, "%d.%02d,checked\n", (cm+2)/100, (cm+2)%100)
			}
		}
	}
	return b.Bytes()
}

// level is a station's water level in cm: a base, a slow swell, and the flood.
func level(station int, at time.Time) int {
	hour := int(at.Sub(logStart) / time.Hour)
	cm := 90 + 35*station + sine(hour*2+70*station)*12/1000
	passed := int(at.Sub(peak)/time.Hour) - 2*(station-1)
	switch {
	case passed > -19 && passed <= 0:
		cm += 260 * (19 + passed) / 19
	case passed > 0 && passed < 130:
		cm += 260 * (130 - passed) / 130
	}
	return cm
}

// sine is a thousand times the sine of an angle in degrees, by Bhaskara's
// formula.
func sine(degrees int) int {
	degrees = (degrees%360 + 360) % 360
	if degrees > 180 {
		return -sine(degrees - 180)
	}
	p := degrees * (180 - degrees)
	return 4000 * p / (40500 - p)
}
