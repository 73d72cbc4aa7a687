package worker

import (
	"context"
	"errors"
)

// Progress tells how far long work is, in whatever it counts.
type Progress func(done, total int64)

// Answer decodes a request and calls the method that answers it. Decode fills
// the request's message from whatever form it came in.
func Answer[Req, Res any](ctx context.Context, decode func(any) error, method func(context.Context, *Req) (*Res, error)) (any, error) {
	req := new(Req)
	if err := decode(req); err != nil {
		return nil, BadRequest(err.Error())
	}
	return method(ctx, req)
}

// Answered is the reply that a command's method makes: its message, or a
// problem, with the kind of reply that it makes.
func Answered(value any, err error) (kind string, _ any, problem *Problem) {
	switch {
	case errors.Is(err, context.Canceled):
		return ReplyCancelled, nil, nil
	case err != nil:
		return ReplyError, nil, ProblemOf(err, nil)
	}
	return ReplyResult, value, nil
}
