package blobio_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"vhdscope/blobio"
	"vhdscope/blobio/remotetest"
)

// faults are all ways to misbehave, what they are to who reads a pinned file,
// how often it is asked until that is clear, and a word of the error.
var faults = []struct {
	name  string
	fault remotetest.Fault
	kind  string
	asked int
	word  string
}{
	{"no ranges", remotetest.Whole, blobio.CodeNoRanges, 1, "200"},
	{"no content", remotetest.Status(204), blobio.CodeNetwork, 1, "204"},
	{"bad request", remotetest.Status(400), blobio.CodeNetwork, 1, "400"},
	{"no token", remotetest.Status(401), blobio.CodeUnauthorized, 1, "token"},
	{"no right", remotetest.Status(403), blobio.CodeUnauthorized, 1, "403"},
	{"not found", remotetest.Status(404), blobio.CodeNotFound, 1, "404"},
	{"gone", remotetest.Status(410), blobio.CodeNotFound, 1, "410"},
	{"precondition", remotetest.Status(412), blobio.CodeChanged, 1, "412"},
	{"no such range", remotetest.Status(416, "Content-Range", "bytes */5"), blobio.CodeChanged, 1, "416"},
	{"timeout", remotetest.Status(408), blobio.CodeNetwork, 4, "408"},
	{"too many", remotetest.Status(429), blobio.CodeNetwork, 4, "429"},
	{"too many for long", remotetest.Status(429, "Retry-After", "3600"), blobio.CodeNetwork, 1, "429"},
	{"internal", remotetest.Status(500), blobio.CodeNetwork, 4, "500"},
	{"unavailable", remotetest.Status(503, "Retry-After", "soon"), blobio.CodeNetwork, 4, "503"},
	{"no Content-Range", remotetest.Header("Content-Range", remotetest.Is("")), blobio.CodeNoRanges, 4, "missing"},
	{"another unit", remotetest.Header("Content-Range", remotetest.Is("sectors 0-1/2")), blobio.CodeNoRanges, 4, "sectors 0-1/2"},
	{"no size", remotetest.Header("Content-Range", func(first, last, _ int64) string {
		return strings.TrimSuffix(remotetest.ContentRange(first, last, 0), "0") + "*"
	}), blobio.CodeNoRanges, 4, "Content-Range"},
	{"a size beyond all", remotetest.Header("Content-Range", func(first, last, _ int64) string {
		return remotetest.ContentRange(first, last, 1<<62)
	}), blobio.CodeNoRanges, 4, "Content-Range"},
	{"another end", remotetest.Header("Content-Range", func(first, last, size int64) string {
		return remotetest.ContentRange(first, last+1, size)
	}), blobio.CodeNoRanges, 4, "Content-Range for the bytes"},
	{"another place", remotetest.Moved(512), blobio.CodeNoRanges, 4, "Content-Range for the bytes"},
	{"another size", remotetest.Header("Content-Range", func(first, last, size int64) string {
		return remotetest.ContentRange(first, last, size+1)
	}), blobio.CodeChanged, 1, "changed"},
	{"another ETag", remotetest.Header("ETag", remotetest.Is(`"two"`)), blobio.CodeChanged, 1, "ETag"},
	{"a weak ETag", remotetest.Header("ETag", remotetest.Is(`W/"one"`)), blobio.CodeChanged, 1, "ETag"},
	{"no ETag any more", remotetest.Header("ETag", remotetest.Is("")), blobio.CodeChanged, 1, "ETag"},
	{"multipart", multipart, blobio.CodeNoRanges, 4, "missing"},
	{"gzip", remotetest.Gzip, blobio.CodeNoRanges, 4, "gzip"},
	{"a longer body", remotetest.Body(twice), blobio.CodeNoRanges, 4, "more bytes"},
	{"cut at once", remotetest.Cut(0), blobio.CodeNetwork, 4, "the connection broke"},
	{"no answer", func(http.ResponseWriter, *remotetest.Server, int64, int64, []byte) { panic(http.ErrAbortHandler) }, blobio.CodeNetwork, 4, "no answer came"},
}

// twice is a body that is followed by itself.
func twice(right []byte) []byte { return append(right, right...) }

func short(right []byte) []byte { return right[:len(right)-1] }

func multipart(w http.ResponseWriter, s *remotetest.Server, first, last int64, right []byte) {
	w.Header().Set("Content-Type", "multipart/byteranges; boundary=x")
	part := "--x\r\nContent-Range: " + remotetest.ContentRange(first, last, s.Size) + "\r\n\r\n" + string(right) + "\r\n--x--\r\n"
	remotetest.Header("Content-Range", remotetest.Is(""))(w, s, first, last, []byte(part))
}

// TestRemoteFaults: each way to misbehave is told from the others, and after
// one that may have been bad luck the bytes are had all the same.
func TestRemoteFaults(t *testing.T) {
	for _, test := range faults {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				data, s, r := served(t, 5000)
				failing(s, always, test.fault)
				p := make([]byte, 1000)
				n, err := r.ReadAt(p, 2000)
				asked, _ := s.Counts()
				if len(asked) != test.asked {
					t.Errorf("it was asked %d times, want %d", len(asked), test.asked)
				}
				read, ok := errors.AsType[*blobio.ReadError](err)
				if n != 0 || !ok || read.Name != "disk.vhd" || read.Offset != 2000 || read.Length != 1000 || !coded(err, test.kind) || !blobio.Gone(err) {
					t.Fatalf("ReadAt = %d, %v; want %v", n, err, test.kind)
				}
				if !strings.Contains(err.Error(), test.word) {
					t.Errorf("%q says nothing of %q", err, test.word)
				}
				if test.asked == 1 {
					return
				}
				s.Fault = nil
				if _, err := r.ReadAt(p, 0); err != nil { // it is down no more
					t.Fatal(err)
				}
				s.Counts()
				failing(s, 3, test.fault)
				if n, err := r.ReadAt(p, 2000); n != 1000 || err != nil || !bytes.Equal(p, data[2000:3000]) {
					t.Errorf("after three failures: %d, %v", n, err)
				}
			})
		})
	}
}

// TestRemoteIsNeverWrong: whatever a server does, a byte that is given is the
// file's.
func TestRemoteIsNeverWrong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 1 << 20
		data, s, remote := served(t, size)
		seed := rand.Uint64()
		t.Log("seed", seed)
		random, chance := rand.New(rand.NewPCG(seed, 0)), rand.New(rand.NewPCG(seed, 1))
		var mu sync.Mutex // of chance and the counts
		any := append([]remotetest.Fault{remotetest.Cut(0.3), remotetest.Cut(1), remotetest.Body(short)}, all()...)
		s.Fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			mu.Lock()
			fault, good := any[chance.IntN(len(any))], chance.IntN(3) > 0
			mu.Unlock()
			return !good && s.Misbehave(fault, w, r)
		}
		read := func(r io.ReaderAt, off int64, length int) (failed bool) {
			p := make([]byte, length)
			n, err := r.ReadAt(p, off)
			if !bytes.Equal(p[:n], data[off:off+int64(n)]) {
				t.Errorf("ReadAt(%d bytes, %d) = %d, %v: wrong bytes", length, off, n, err)
			}
			if n < min(length, size-int(off)) && err == nil {
				t.Errorf("ReadAt(%d bytes, %d) = %d without an error", length, off, n)
			}
			return err != nil && err != io.EOF
		}
		good, bad := 0, 0
		for range 60 {
			cached := blobio.NewCache(4 * blobio.PageSize).Reader(remote)
			for _, r := range []io.ReaderAt{remote, cached} {
				var wg sync.WaitGroup
				for range 4 {
					off, length := random.Int64N(size), 1+random.IntN(1<<(1+random.IntN(19)))
					wg.Go(func() {
						failed := read(r, off, length)
						mu.Lock()
						defer mu.Unlock()
						if failed {
							bad++
						} else {
							good++
						}
					})
				}
				wg.Wait()
			}
		}
		if good < 50 || bad < 20 {
			t.Errorf("%d reads succeeded and %d failed: that tells little", good, bad)
		}
	})
}

// all are the faults alone.
func all() (list []remotetest.Fault) {
	for _, f := range faults {
		list = append(list, f.fault)
	}
	return list
}
