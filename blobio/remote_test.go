package blobio_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
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
	return data, s, blobio.NewRemote(remotetest.Serve(t, s), "disk.vhd", url, "", s.Version())
}

// failing answers the first n requests with a fault, and the others well.
func failing(s *remotetest.Server, n int, fault remotetest.Fault) {
	s.Fault = func(i int, w http.ResponseWriter, r *http.Request) bool { return i < n && s.Misbehave(fault, w, r) }
}

const always = 1 << 30

// coded reports whether an error is a WebError of a code; "" is for none. That
// of a file that changed is ErrChanged, and no other is.
func coded(err error, code string) bool {
	web, ok := errors.AsType[*blobio.WebError](err)
	if code == "" {
		return err == nil
	}
	return ok && web.Code == code && errors.Is(err, blobio.ErrChanged) == (code == blobio.CodeChanged)
}

// TestRemote reads a file as any io.ReaderAt, over a real connection too.
func TestRemote(t *testing.T) {
	data, s, r := served(t, 10_000)
	if r.Name() != "disk.vhd" || r.Size() != 10_000 {
		t.Errorf("Name, Size = %q, %d", r.Name(), r.Size())
	}
	real := httptest.NewServer(s)
	defer real.Close()
	for _, r := range []*blobio.Remote{r, blobio.NewRemote(remotetest.Web(http.DefaultClient), "disk.vhd", real.URL, "", s.Version())} {
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
	r := blobio.NewRemote(remotetest.Serve(t, s), "huge.vhd", url, "", s.Version())
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
	r := blobio.NewRemote(client, "disk.vhd", url, "", s.Version())
	p := make([]byte, 100)
	if n, err := r.ReadAt(p, 50); n != 100 || err != nil || !bytes.Equal(p, data[50:150]) {
		t.Errorf("ReadAt = %d, %v", n, err)
	}
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
