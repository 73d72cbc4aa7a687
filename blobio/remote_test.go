package blobio_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"vhdscope/blobio"
	"vhdscope/blobio/remotetest"
)

const url = "http://server/disk.vhd"

var (
	day   = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	later = day.Add(time.Second)
)

// served is a file of random bytes, what serves it, and what reads it.
func served(t *testing.T, size int) (data []byte, s *remotetest.Server, r *blobio.Remote) {
	seed := rand.Uint64()
	t.Log("seed", seed)
	data = make([]byte, size)
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	_, _ = random.Read(data)
	s = &remotetest.Server{Data: bytes.NewReader(data), Size: int64(size), ETag: `"one"`, Modified: day}
	return data, s, blobio.NewRemote(remotetest.Serve(t, s), "disk.vhd", url, "", versionOf(s))
}

func versionOf(s *remotetest.Server) blobio.Version {
	v := blobio.Version{Size: s.Size, ETag: s.ETag}
	if !s.Modified.IsZero() {
		v.Modified = s.Modified.UnixMilli()
	}
	return v
}

// failing answers the first n requests with a fault, and the others well.
func failing(s *remotetest.Server, n int, fault remotetest.Fault) {
	s.Fault = func(i int, w http.ResponseWriter, r *http.Request) bool { return i < n && s.Misbehave(fault, w, r) }
}

const always = 1 << 30

// TestRemote reads a file as any io.ReaderAt, over a real connection too.
func TestRemote(t *testing.T) {
	data, s, r := served(t, 10_000)
	if r.Name() != "disk.vhd" || r.Size() != 10_000 {
		t.Errorf("Name, Size = %q, %d", r.Name(), r.Size())
	}
	real := httptest.NewServer(s)
	defer real.Close()
	for _, r := range []*blobio.Remote{r, blobio.NewRemote(remotetest.Web(http.DefaultClient), "disk.vhd", real.URL, "", versionOf(s))} {
		cached := blobio.NewCache(1 << 20).Reader(r)
		if err := iotest.TestReader(io.NewSectionReader(cached, 0, cached.Size()), data); err != nil {
			t.Error(err)
		}
	}
}

func TestRemoteEnds(t *testing.T) {
	data, s, r := served(t, 1000)
	for _, test := range []struct {
		off       int64
		length, n int
		err       error
		asked     string
	}{
		{0, 1000, 1000, nil, "0-999"},
		{0, 1001, 1000, io.EOF, "0-999"},
		{990, 5, 5, nil, "990-994"},
		{999, 512, 1, io.EOF, "999-999"},
		{1000, 1, 0, io.EOF, ""},
		{1 << 62, 1, 0, io.EOF, ""},
		{5, 0, 0, nil, ""},
	} {
		p := make([]byte, test.length)
		n, err := r.ReadAt(p, test.off)
		if n != test.n || err != test.err || !bytes.Equal(p[:n], data[min(test.off, 1000):][:n]) {
			t.Errorf("ReadAt(%d bytes, %d) = %d, %v; want %d, %v", test.length, test.off, n, err, test.n, test.err)
		}
		if asked, _ := s.Counts(); strings.Join(asked, " ") != test.asked {
			t.Errorf("ReadAt(%d bytes, %d) asked for %q, want %q", test.length, test.off, asked, test.asked)
		}
	}
	if n, err := r.ReadAt(make([]byte, 1), -1); n != 0 || err == nil {
		t.Errorf("before the file: %d, %v", n, err)
	}
}

// TestRemoteFarAway: offsets of more than 32 bits arrive as they are.
func TestRemoteFarAway(t *testing.T) {
	s := &remotetest.Server{Data: counting{}, Size: 3 << 40, ETag: `"one"`}
	r := blobio.NewRemote(remotetest.Serve(t, s), "huge.vhd", url, "", versionOf(s))
	for _, off := range []int64{1<<31 - 100, 1<<32 - 100, 1<<40 - 100, 3<<40 - 512} {
		p, want := make([]byte, 512), make([]byte, 512)
		n, err := r.ReadAt(p, off)
		_, _ = counting{}.ReadAt(want, off)
		if n != 512 || err != nil || !bytes.Equal(p, want) {
			t.Errorf("at %d: %d, %v, or wrong bytes", off, n, err)
		}
	}
}

// counting is bytes that tell their offset.
type counting struct{}

func (counting) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		at := off + int64(i)
		p[i] = byte(at) ^ byte(at>>16) ^ byte(at>>32)
	}
	return len(p), nil
}

// twice is a body that is followed by itself.
func twice(right []byte) []byte { return append(right, right...) }

func short(right []byte) []byte { return right[:len(right)-1] }

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
		return strings.TrimSuffix(rangeOf(first, last, 0), "0") + "*"
	}), blobio.CodeNoRanges, 4, "Content-Range"},
	{"a size beyond all", remotetest.Header("Content-Range", func(first, last, _ int64) string {
		return rangeOf(first, last, 1<<62)
	}), blobio.CodeNoRanges, 4, "Content-Range"},
	{"another end", remotetest.Header("Content-Range", func(first, last, size int64) string {
		return rangeOf(first, last+1, size)
	}), blobio.CodeNoRanges, 4, "Content-Range for the bytes"},
	{"another place", remotetest.Moved(512), blobio.CodeNoRanges, 4, "Content-Range for the bytes"},
	{"another size", remotetest.Header("Content-Range", func(first, last, size int64) string {
		return rangeOf(first, last, size+1)
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

func multipart(w http.ResponseWriter, s *remotetest.Server, first, last int64, right []byte) {
	w.Header().Set("Content-Type", "multipart/byteranges; boundary=x")
	part := "--x\r\nContent-Range: " + rangeOf(first, last, s.Size) + "\r\n\r\n" + string(right) + "\r\n--x--\r\n"
	remotetest.Header("Content-Range", remotetest.Is(""))(w, s, first, last, []byte(part))
}

// coded reports whether an error is a WebError of a code; "" is for none. That
// of a file that changed is ErrChanged, and no other is.
func coded(err error, code string) bool {
	web, ok := errors.AsType[*blobio.WebError](err)
	if code == "" {
		return err == nil
	}
	return ok && web.Code == code && errors.Is(err, blobio.ErrChanged) == (code == blobio.CodeChanged)
}

func rangeOf(first, last, size int64) string {
	return "bytes " + dec(first) + "-" + dec(last) + "/" + dec(size)
}

func dec(n int64) string {
	var b []byte
	for ; n > 0 || b == nil; n /= 10 {
		b = append(b, byte('0'+n%10))
	}
	slices.Reverse(b)
	return string(b)
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
				r := blobio.NewRemote(remotetest.Serve(t, s), "disk.vhd", url, "", versionOf(s))
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

// TestPin: what a server tells of a file is what it is then held to.
func TestPin(t *testing.T) {
	for _, test := range []struct {
		name, etag string
		modified   time.Time
		want       blobio.Version
	}{
		{"strong", `"one"`, day, blobio.Version{Size: 5000, ETag: `"one"`, Modified: day.UnixMilli()}},
		{"weak", `W/"one"`, day, blobio.Version{Size: 5000, Modified: day.UnixMilli()}},
		{"no date", `"one"`, time.Time{}, blobio.Version{Size: 5000, ETag: `"one"`}},
		{"neither", "", time.Time{}, blobio.Version{Size: 5000}},
	} {
		t.Run(test.name, func(t *testing.T) {
			data, s, _ := served(t, 5000)
			s.ETag, s.Modified = test.etag, test.modified
			client := remotetest.Serve(t, s)
			v, err := blobio.NewRemote(client, "disk.vhd", url, "", blobio.Version{}).Pin()
			if v != test.want || err != nil {
				t.Errorf("Pin = %+v, %v; want %+v", v, err, test.want)
			}
			if asked, moved := s.Counts(); len(asked) != 1 || moved != 1 {
				t.Errorf("it took %q and %d bytes", asked, moved)
			}
			r := blobio.NewRemote(client, "disk.vhd", url, "", v)
			p := make([]byte, 5000)
			if n, err := r.ReadAt(p, 0); n != 5000 || err != nil || !bytes.Equal(p, data) {
				t.Errorf("ReadAt = %d, %v", n, err)
			}
			for _, change := range []struct {
				what string
				do   func()
				seen bool
			}{
				{"ETag", func() { s.ETag = `"two"` }, v.ETag != ""},
				{"date", func() { s.ETag, s.Modified = test.etag, later }, v.ETag == "" && v.Modified != 0},
				{"size", func() { s.Modified, s.Size = test.modified, 4999 }, true},
			} {
				change.do()
				_, err := r.ReadAt(p[:10], 0)
				if coded(err, blobio.CodeChanged) != change.seen || (err != nil) != change.seen {
					t.Errorf("another %s: %v", change.what, err)
				}
			}
		})
	}
}

// TestPinFaults: what a server without ranges, or none at all, is to who wants
// to know of a file.
func TestPinFaults(t *testing.T) {
	for _, test := range faults {
		synctest.Test(t, func(t *testing.T) {
			_, s, _ := served(t, 5000)
			failing(s, always, test.fault)
			_, err := blobio.NewRemote(remotetest.Serve(t, s), "disk.vhd", url, "", blobio.Version{}).Pin()
			want := test.kind
			if strings.Contains(test.name, "ETag") || test.name == "another size" {
				want = "" // there is none yet that it could differ from
			}
			if !coded(err, want) {
				t.Errorf("%s: %v, want %v", test.name, err, want)
			}
		})
	}
}

// TestPinEmpty: an empty file is one, whether its server refuses to give a range
// of it or gives all that there is; and nothing is read of it.
func TestPinEmpty(t *testing.T) {
	for name, fault := range map[string]remotetest.Fault{
		"416":                       remotetest.Status(416, "Content-Range", "bytes */0"),
		"416, its size not exposed": remotetest.Status(416),
		"200":                       remotetest.Whole,
	} {
		_, s, _ := served(t, 0)
		failing(s, 1, fault)
		client := remotetest.Serve(t, s)
		v, err := blobio.NewRemote(client, "disk.vhd", url, "", blobio.Version{Size: 5000}).Pin()
		if v != (blobio.Version{}) || err != nil {
			t.Errorf("%s: Pin = %+v, %v", name, v, err)
		}
		s.Counts()
		n, err := blobio.NewRemote(client, "disk.vhd", url, "", v).ReadAt(make([]byte, 1), 0)
		if asked, _ := s.Counts(); n != 0 || err != io.EOF || len(asked) > 0 {
			t.Errorf("%s: ReadAt = %d, %v, after %q", name, n, err, asked)
		}
	}
}

// TestAuthorization is sent where there is one.
func TestAuthorization(t *testing.T) {
	_, s, _ := served(t, 5000)
	s.Fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		return r.Header.Get("Authorization") != "Bearer secret" && s.Misbehave(remotetest.Status(401), w, r)
	}
	client := remotetest.Serve(t, s)
	for authorization, want := range map[string]string{"": blobio.CodeUnauthorized, "Bearer secret": "", "Bearer other": blobio.CodeUnauthorized} {
		if _, err := blobio.NewRemote(client, "disk.vhd", url, authorization, blobio.Version{}).Pin(); !coded(err, want) {
			t.Errorf("%q: %v", authorization, err)
		}
	}
}

// TestRedirect: the bytes come from where the server sends one.
func TestRedirect(t *testing.T) {
	data, s, _ := served(t, 5000)
	client := remotetest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/disk.vhd" {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return
		}
		s.ServeHTTP(w, r)
	}))
	r := blobio.NewRemote(client, "disk.vhd", url, "", versionOf(s))
	p := make([]byte, 100)
	if n, err := r.ReadAt(p, 50); n != 100 || err != nil || !bytes.Equal(p, data[50:150]) {
		t.Errorf("ReadAt = %d, %v", n, err)
	}
}

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

// TestOnFailure: who watches is told of reads that failed, as long as he does.
func TestOnFailure(t *testing.T) {
	_, s, r := served(t, 5000)
	var told []error
	stop := r.OnFailure(func(err error) { told = append(told, err) })
	stopOther := r.OnFailure(func(error) {})
	read := func() { _, _ = r.ReadAt(make([]byte, 1), 0) }
	read()
	failing(s, always, remotetest.Status(404))
	read()
	stopOther()
	read()
	stop()
	read()
	if len(told) != 2 || !coded(told[1], blobio.CodeNotFound) {
		t.Errorf("told %v", told)
	}
}

// TestCacheAsksOnce: a page that a server does not give is not asked for once
// more as the bytes of it that are wanted; where these came, they are read.
func TestCacheAsksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, test := range []struct {
			first, then remotetest.Fault
			requests    int
			code        string
		}{
			{remotetest.Status(401), remotetest.Status(401), 1, blobio.CodeUnauthorized},
			{remotetest.Status(503), remotetest.Status(503), 4, blobio.CodeNetwork},
			{remotetest.Cut(0.5), remotetest.Status(404), 2, ""},
		} {
			data, s, remote := served(t, 1<<20)
			s.Fault = func(n int, w http.ResponseWriter, r *http.Request) bool {
				if n == 0 {
					return s.Misbehave(test.first, w, r)
				}
				return s.Misbehave(test.then, w, r)
			}
			p := make([]byte, 512)
			n, err := blobio.NewCache(0).Reader(remote).ReadAt(p, 1000)
			if asked, _ := s.Counts(); len(asked) != test.requests {
				t.Errorf("it took %q, want %d", asked, test.requests)
			}
			if !coded(err, test.code) || err == nil && !bytes.Equal(p[:n], data[1000:1512]) {
				t.Errorf("ReadAt = %d, %v; want %q", n, err, test.code)
			}
		}
	})
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

// TestReadCostOfARemote: one more request is dearer than one more read of a
// file.
func TestReadCostOfARemote(t *testing.T) {
	_, _, r := served(t, 1)
	cost := blobio.NewCache(0).Reader(r).ReadCost()
	if of := blobio.NewCache(0).Reader(bare{r}).ReadCost(); cost != r.ReadCost() || cost <= of {
		t.Errorf("ReadCost() = %d, of a Source that does not tell %d", cost, of)
	}
}

// bare is no more than a Source.
type bare struct{ blobio.Source }
