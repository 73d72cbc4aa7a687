package blobio

import "sync"

// atOnce is how many requests ReadMany has under way: as many as a browser
// sends to a server of HTTP/1.1.
const atOnce = 6

// ReadMany fills each p[i] from byte off[i] on, several at once.
func (r *Remote) ReadMany(p [][]byte, off []int64) error {
	var (
		mu     sync.Mutex
		next   int
		failed error
		wg     sync.WaitGroup
	)
	take := func(err error) (i int, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if failed == nil {
			failed = err
		}
		next++
		return next - 1, failed == nil && next <= len(p)
	}
	for range min(atOnce, len(p)) {
		wg.Go(func() {
			for i, ok := take(nil); ok; {
				_, err := readFull(r, p[i], off[i])
				i, ok = take(err)
			}
		})
	}
	wg.Wait()
	return failed
}
