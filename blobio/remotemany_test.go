package blobio_test

import (
	"bytes"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vhdscope/blobio"
	"vhdscope/blobio/remotetest"
)

// TestReadMany: each gets its bytes, several requests are under way at once,
// and a failure is one of all.
func TestReadMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		data, s, r := served(t, 100_000)
		var mu sync.Mutex
		under, most := 0, 0
		s.Fault = func(int, http.ResponseWriter, *http.Request) bool {
			mu.Lock()
			under++
			most = max(most, under)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			defer mu.Unlock()
			under--
			return false
		}
		var p [][]byte
		var off []int64
		for i := range 20 {
			p, off = append(p, make([]byte, 512)), append(off, int64(i*4999))
		}
		if err := r.ReadMany(p, off); err != nil {
			t.Fatal(err)
		}
		for i := range p {
			if !bytes.Equal(p[i], data[off[i]:off[i]+512]) {
				t.Errorf("range %d holds other bytes", i)
			}
		}
		if most != 6 {
			t.Errorf("%d requests were under way at once", most)
		}
		if err := r.ReadMany(p[:1], []int64{99_900}); !errors.Is(err, blobio.ErrChanged) {
			t.Errorf("beyond the end: %v", err)
		}
		s.Counts()
		failing(s, always, remotetest.Status(404))
		if err := r.ReadMany(p, off); !coded(err, blobio.CodeNotFound) {
			t.Error(err)
		}
		if asked, _ := s.Counts(); len(asked) > 6 {
			t.Errorf("%d requests after the first failed", len(asked))
		}
	})
}
