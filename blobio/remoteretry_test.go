package blobio_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vhdscope/blobio"
	"vhdscope/blobio/remotetest"
)

// TestRemoteGoesOn: what came before a connection broke is not asked for again,
// and does not count as a failure.
func TestRemoteGoesOn(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault remotetest.Fault
		n     int
		asked string
	}{
		{"dropped", remotetest.Cut(0.5), 6, "100-1123 612-1123 868-1123 996-1123 1060-1123 1092-1123 1108-1123"},
		{"short", remotetest.Body(short), 3, "100-1123 1123-1123 1123-1123 1123-1123"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				data, s, r := served(t, 5000)
				failing(s, test.n, test.fault)
				p := make([]byte, 1024)
				n, err := r.ReadAt(p, 100)
				if n != 1024 || err != nil || !bytes.Equal(p, data[100:1124]) {
					t.Errorf("ReadAt = %d, %v", n, err)
				}
				if asked, _ := s.Counts(); strings.Join(asked, " ") != test.asked {
					t.Errorf("asked for %q, want %q", asked, test.asked)
				}
			})
		})
	}
}

// TestRemoteGivesUpWithWhatCame: the bytes before a failure are right.
func TestRemoteGivesUpWithWhatCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		data, s, r := served(t, 5000)
		s.Fault = func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n == 0 {
				return s.Misbehave(remotetest.Cut(0.25), w, r)
			}
			return s.Misbehave(remotetest.Status(500), w, r)
		}
		p := make([]byte, 1000)
		n, err := r.ReadAt(p, 0)
		if n != 250 || !coded(err, blobio.CodeNetwork) || !bytes.Equal(p[:n], data[:n]) {
			t.Errorf("ReadAt = %d, %v", n, err)
		}
	})
}

// TestRemoteWaits: between tries it waits, longer each time, and as long as
// the server says where that is more.
func TestRemoteWaits(t *testing.T) {
	for _, test := range []struct {
		fault remotetest.Fault
		least [3]time.Duration
	}{
		{remotetest.Status(500), [3]time.Duration{300 * time.Millisecond, 600 * time.Millisecond, 1200 * time.Millisecond}},
		{remotetest.Status(429, "Retry-After", "7"), [3]time.Duration{7 * time.Second, 7 * time.Second, 7 * time.Second}},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, s, r := served(t, 5000)
			var at []time.Time
			s.Fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
				at = append(at, time.Now())
				return s.Misbehave(test.fault, w, r)
			}
			_, _ = r.ReadAt(make([]byte, 1), 0)
			for i, least := range test.least {
				if pause := at[i+1].Sub(at[i]); pause < least || pause > least*3/2 {
					t.Errorf("pause %d is %v, want %v or a little more", i, pause, least)
				}
			}
		})
	}
}

// TestRemoteIsDown: after tries in vain a read is one request, until one
// brings something.
func TestRemoteIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, s, r := served(t, 5000)
		down := true
		s.Fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			return down && s.Misbehave(remotetest.Status(500), w, r)
		}
		for i, step := range []struct {
			down     bool
			requests int
		}{{true, 4}, {true, 1}, {true, 1}, {false, 1}, {true, 4}, {true, 1}} {
			down = step.down
			_, err := r.ReadAt(make([]byte, 1), 0)
			if requests, _ := s.Counts(); len(requests) != step.requests || (err != nil) != down {
				t.Errorf("read %d, down %t: %d requests, want %d; %v", i, down, len(requests), step.requests, err)
			}
		}
	})
}

// TestRemoteSilence: a connection without a byte for 15 seconds counts as
// broken, and one that is only slow does not.
func TestRemoteSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		data, s, r := served(t, 5000)
		ended := make(chan bool, 2)
		s.Fault = func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n == 0 { // silent before the answer
				<-r.Context().Done()
				ended <- true
				return true
			}
			return s.Misbehave(func(w http.ResponseWriter, _ *remotetest.Server, _, _ int64, right []byte) {
				w.WriteHeader(206)
				for i := range right {
					if n == 1 && i == 10 { // silent in the middle
						<-r.Context().Done()
						ended <- true
						return
					}
					_, _ = w.Write(right[i : i+1])
					_ = http.NewResponseController(w).Flush()
					time.Sleep(10 * time.Second)
				}
			}, w, r)
		}
		p := make([]byte, 20)
		began := time.Now()
		if n, err := r.ReadAt(p, 0); n != 20 || err != nil || !bytes.Equal(p, data[:20]) {
			t.Errorf("ReadAt = %d, %v", n, err)
		}
		if took := time.Since(began).Round(2 * time.Second); took != (15+9*10+15+9*10+10)*time.Second {
			t.Errorf("it took %v", took)
		}
		<-ended
		<-ended
		failing(s, always, func(w http.ResponseWriter, _ *remotetest.Server, _, _ int64, _ []byte) { time.Sleep(40 * time.Second) })
		if _, err := r.ReadAt(p, 0); !coded(err, blobio.CodeNetwork) || !strings.Contains(err.Error(), "15 seconds") {
			t.Errorf("a silent server: %v", err)
		}
		time.Sleep(time.Minute) // the server ends, too
	})
}

// TestRemoteTakesNoMore: a body that is not wanted is not downloaded.
func TestRemoteTakesNoMore(t *testing.T) {
	const size = 64 << 20
	for name, fault := range map[string]remotetest.Fault{
		"the whole file": remotetest.Whole,
		"a longer body":  remotetest.Body(func(right []byte) []byte { return append(right, make([]byte, size)...) }),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &remotetest.Server{Data: counting{}, Size: size, ETag: `"one"`}
				r := blobio.NewRemote(remotetest.Serve(t, s), "disk.vhd", url, "", s.Version())
				failing(s, always, fault)
				if _, err := r.ReadAt(make([]byte, 512), 0); !coded(err, blobio.CodeNoRanges) {
					t.Error(err)
				}
				synctest.Wait()
				if asked, moved := s.Counts(); moved > int64(len(asked))*100_000 {
					t.Errorf("%d bytes were sent in answer to %d requests", moved, len(asked))
				}
			})
		})
	}
}
