package compare

import "time"

// meter tells of progress, a few times a second.
type meter struct {
	tell func(done, total int64)
	done float64 // of 1
	told time.Time
}

// total is the whole of what progress tells, which has no unit.
const total = 1 << 20

func newMeter(tell func(done, total int64)) *meter { return &meter{tell: tell} }

func (m *meter) advance(share float64) { m.done += share }

func (m *meter) tick() {
	if m.tell == nil {
		return
	}
	if now := time.Now(); now.Sub(m.told) >= 200*time.Millisecond {
		m.told = now
		m.tell(min(int64(m.done*total), total), total)
	}
}
