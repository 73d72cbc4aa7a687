package session

import (
	"context"

	"vhdscope/wasm/worker"
)

// Pin asks which version of a file on a web server there is now.
func (s *Session) Pin(_ context.Context, req *PinRequest) (*Pinned, error) {
	source, err := s.host.Open(req.Name, req.File)
	if err != nil {
		return nil, err
	}
	defer source.Close()
	r, ok := source.(worker.Remote)
	if !ok {
		return nil, worker.BadRequest(req.Name + " is on no web server")
	}
	v, err := r.Pin()
	if err != nil {
		return nil, err
	}
	return &Pinned{v.Size, v.ETag, v.Modified}, nil
}
