package worker

import "sync"

// InParts calls do for every part of [from, to), several at once. Parts begin
// at multiples of size, as blocks do. The error is that of the part which
// comes first of those that failed. A panic of do is the caller's.
func InParts(from, to, size int64, atOnce int, do func(off, n int64) error) error {
	var (
		mu     sync.Mutex
		next   = from
		failed error
		at     int64
		fault  any
	)
	take := func() (off, n int64) {
		mu.Lock()
		defer mu.Unlock()
		if failed != nil {
			return 0, 0
		}
		off = next
		n = min(size-off%size, to-off)
		next += n
		return off, n
	}
	var wg sync.WaitGroup
	for range min(int64(atOnce), (to-from)/size+2) {
		wg.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					mu.Lock()
					fault, failed = r, ErrFault
					mu.Unlock()
				}
			}()
			for off, n := take(); n > 0; off, n = take() {
				if err := do(off, n); err != nil {
					mu.Lock()
					if failed == nil || off < at {
						failed, at = err, off
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if fault != nil {
		panic(fault)
	}
	return failed
}
