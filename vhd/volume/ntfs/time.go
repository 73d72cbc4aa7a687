package ntfs

import (
	"strconv"
	"time"
)

// fileTime is a time of NTFS: units of 100 ns since 1601, in UTC. Zero, and
// what is after the year 9999, is no time. The library's own is wrong before
// 1678 and after 2262.
func fileTime(t uint64) time.Time {
	const (
		perSecond  = 1e7
		until1970  = 11644473600 // seconds
		after9999  = 265046774400 * perSecond
		nanosecond = 100
	)
	if t == 0 || t >= after9999 {
		return time.Time{}
	}
	return time.Unix(int64(t/perSecond)-until1970, int64(t%perSecond)*nanosecond).UTC()
}

func dec(n int64) string { return strconv.FormatInt(n, 10) }
