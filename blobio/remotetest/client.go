// Package remotetest has a web for tests: servers that give a file by range,
// or misbehave, and a client of net/http.
package remotetest

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"

	"vhdscope/blobio"
)

// Web is a [blobio.Web] of a client of net/http.
func Web(c *http.Client) blobio.Web {
	return func(url, ranged, authorization string) blobio.Exchange {
		ctx, cancel := context.WithCancel(context.Background())
		return blobio.Exchange{Cancel: cancel, Answer: func() (*blobio.Answer, error) {
			r, err := http.NewRequestWithContext(ctx, "GET", url, nil)
			if err != nil {
				return nil, err
			}
			r.Header.Set("Range", ranged)
			r.Header.Set("Accept-Encoding", "identity") // as a browser does with a Range
			if authorization != "" {
				r.Header.Set("Authorization", authorization)
			}
			response, err := c.Do(r)
			if err != nil {
				return nil, err
			}
			context.AfterFunc(ctx, func() { response.Body.Close() })
			a := &blobio.Answer{Status: response.StatusCode, Header: response.Header.Get, Body: response.Body.Read}
			if t, err := http.ParseTime(response.Header.Get("Last-Modified")); err == nil {
				a.Modified = t.UnixMilli()
			}
			return a, nil
		}}
	}
}

// Serve serves, until the test ends, at http://server for what it returns. No
// network takes part, so it works in a bubble of testing/synctest.
func Serve(t testing.TB, handler http.Handler) blobio.Web {
	l := &listener{conns: make(chan net.Conn), done: make(chan struct{})}
	s := &http.Server{Handler: handler}
	var served sync.WaitGroup
	served.Go(func() { _ = s.Serve(l) })
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		here, there := net.Pipe()
		select {
		case l.conns <- there:
			return here, nil
		case <-l.done:
			return nil, net.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		s.Close()
		served.Wait()
	})
	return Web(&http.Client{Transport: transport})
}

// listener takes the other ends of pipes.
type listener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *listener) Addr() net.Addr { return &net.UnixAddr{Name: "server", Net: "pipe"} }
