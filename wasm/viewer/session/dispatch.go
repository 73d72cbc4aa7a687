package session

import (
	"context"
	"errors"
	"strconv"
)

// Progress tells how far long work is, in whatever it counts.
type Progress func(done, total int64)

// Do answers one request. Decode fills the request's message from whatever
// form it came in. The reply is the message of the command, or a problem with
// the kind of reply that it makes.
func (s *Session) Do(ctx context.Context, command string, decode func(message any) error, progress Progress) (kind string, value any, problem *Problem) {
	return Answered(s.do(ctx, command, decode, progress))
}

// Answered is the reply that a command's method makes.
func Answered(value any, err error) (kind string, _ any, problem *Problem) {
	switch {
	case errors.Is(err, context.Canceled):
		return ReplyCancelled, nil, nil
	case err != nil:
		return ReplyError, nil, problemOf(err, nil)
	}
	return ReplyResult, value, nil
}

// do finds the method of a command.
func (s *Session) do(ctx context.Context, command string, decode func(any) error, progress Progress) (any, error) {
	switch command {
	case CommandOpen:
		return Answer(ctx, decode, func(ctx context.Context, req *OpenRequest) (*Forest, error) {
			return s.Open(ctx, req, progress)
		})
	case CommandClose:
		return Answer(ctx, decode, s.Close)
	case CommandChoose:
		return Answer(ctx, decode, s.Choose)
	case CommandDetails:
		return Answer(ctx, decode, s.Details)
	case CommandView:
		return Answer(ctx, decode, s.View)
	case CommandExplain:
		return Answer(ctx, decode, s.Explain)
	case CommandLocate:
		return Answer(ctx, decode, s.Locate)
	case CommandExtents:
		return Answer(ctx, decode, func(ctx context.Context, req *ExtentsRequest) (*ExtentList, error) {
			return s.Extents(ctx, req, progress)
		})
	case CommandRead:
		return Answer(ctx, decode, func(ctx context.Context, req *ReadRequest) (*Bytes, error) {
			return s.Read(ctx, req, progress)
		})
	case CommandCheckBatmap:
		return Answer(ctx, decode, func(ctx context.Context, req *CheckBatmapRequest) (*BatmapCheck, error) {
			return s.CheckBatmap(ctx, req, progress)
		})
	}
	return nil, badRequest(strconv.Quote(command) + " is no command")
}

// Answer decodes a request and calls the method that answers it.
func Answer[Req, Res any](ctx context.Context, decode func(any) error, method func(context.Context, *Req) (*Res, error)) (any, error) {
	req := new(Req)
	if err := decode(req); err != nil {
		return nil, badRequest(err.Error())
	}
	return method(ctx, req)
}
