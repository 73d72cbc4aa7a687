package remotetest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"vhdscope/blobio"
)

// Server gives a file by range, as net/http does it, and counts.
type Server struct {
	Data     io.ReaderAt
	Size     int64
	ETag     string
	Modified time.Time // zero: not told

	// Fault, where set, may answer request n, counted from 0, in place of the
	// server; it reports whether it did.
	Fault func(n int, w http.ResponseWriter, r *http.Request) bool

	mu       sync.Mutex
	requests []string // their ranges
	bytes    int64
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	n := len(s.requests)
	s.requests = append(s.requests, strings.TrimPrefix(r.Header.Get("Range"), "bytes="))
	s.mu.Unlock()
	counted := &countedWriter{w, s}
	if s.Fault != nil && s.Fault(n, counted, r) {
		return
	}
	s.Serve(counted, r)
}

// Serve answers as it should.
func (s *Server) Serve(w http.ResponseWriter, r *http.Request) {
	if s.ETag != "" {
		w.Header().Set("ETag", s.ETag)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", s.Modified, io.NewSectionReader(s.Data, 0, s.Size))
}

// Version is that of the file as it is served now.
func (s *Server) Version() blobio.Version {
	v := blobio.Version{Size: s.Size, ETag: s.ETag}
	if !s.Modified.IsZero() {
		v.Modified = s.Modified.UnixMilli()
	}
	return v
}

// Counts tells the ranges that were asked for, and the bytes of all bodies,
// since it was last asked.
func (s *Server) Counts() (requests []string, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests, bytes = s.requests, s.bytes
	s.requests, s.bytes = nil, 0
	return requests, bytes
}

type countedWriter struct {
	http.ResponseWriter
	s *Server
}

func (w *countedWriter) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.s.bytes += int64(n)
	return n, err
}

func (w *countedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Fault is one way to misbehave. It is given the range that was asked for and
// the right bytes of it.
type Fault func(w http.ResponseWriter, s *Server, first, last int64, right []byte)

// Misbehave is what [Server.Fault] calls for one of the faults.
func (s *Server) Misbehave(fault Fault, w http.ResponseWriter, r *http.Request) bool {
	from, to, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Range"), "bytes="), "-")
	first, _ := strconv.ParseInt(from, 10, 64)
	last, _ := strconv.ParseInt(to, 10, 64)
	right := make([]byte, last-first+1)
	_, _ = s.Data.ReadAt(right, first)
	if s.ETag != "" {
		w.Header().Set("ETag", s.ETag)
	}
	if !s.Modified.IsZero() {
		w.Header().Set("Last-Modified", s.Modified.UTC().Format(http.TimeFormat))
	}
	w.Header().Set("Content-Range", ContentRange(first, last, s.Size))
	fault(w, s, first, last, right)
	return true
}

// ContentRange is the header of that name for the bytes from first to last, both
// included.
func ContentRange(first, last, size int64) string {
	return "bytes " + strconv.FormatInt(first, 10) + "-" + strconv.FormatInt(last, 10) + "/" + strconv.FormatInt(size, 10)
}

// Status answers with one, and an error page.
func Status(status int, headers ...string) Fault {
	return func(w http.ResponseWriter, _ *Server, _, _ int64, _ []byte) {
		w.Header().Del("Content-Range")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, strings.Repeat("an error page ", 100))
	}
}

// Whole ignores the range.
func Whole(w http.ResponseWriter, s *Server, _, _ int64, _ []byte) {
	w.Header().Del("Content-Range")
	w.Header().Set("Content-Length", strconv.FormatInt(s.Size, 10))
	_, _ = io.Copy(w, io.NewSectionReader(s.Data, 0, s.Size))
}

// Header answers rightly but for one header; "" leaves it out.
func Header(name string, value func(first, last, size int64) string) Fault {
	return func(w http.ResponseWriter, s *Server, first, last int64, right []byte) {
		w.Header().Del(name)
		if v := value(first, last, s.Size); v != "" {
			w.Header().Set(name, v)
		}
		w.WriteHeader(206)
		_, _ = w.Write(right)
	}
}

// Is is a header of one value.
func Is(value string) func(int64, int64, int64) string {
	return func(int64, int64, int64) string { return value }
}

// Body answers with another body, and with no Content-Length.
func Body(change func(right []byte) []byte) Fault {
	return func(w http.ResponseWriter, _ *Server, _, _ int64, right []byte) {
		w.WriteHeader(206)
		_ = http.NewResponseController(w).Flush()
		_, _ = w.Write(change(right))
	}
}

// Cut breaks the connection when some of the body was sent.
func Cut(share float64) Fault {
	return func(w http.ResponseWriter, _ *Server, _, _ int64, right []byte) {
		w.Header().Set("Content-Length", strconv.Itoa(len(right)))
		w.WriteHeader(206)
		_, _ = w.Write(right[:int(share*float64(len(right)))])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// Gzip sends the range compressed.
func Gzip(w http.ResponseWriter, _ *Server, _, _ int64, right []byte) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(right)
	z.Close()
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(206)
	_, _ = w.Write(b.Bytes())
}

// Moved answers with the bytes of another place, and says so.
func Moved(by int64) Fault {
	return func(w http.ResponseWriter, s *Server, first, last int64, right []byte) {
		_, _ = s.Data.ReadAt(right, first+by)
		w.Header().Set("Content-Range", ContentRange(first+by, last+by, s.Size))
		w.WriteHeader(206)
		_, _ = w.Write(right)
	}
}
