package session

import (
	"context"
	"strconv"

	"vhdscope/wasm/worker"
)

// Do answers one request. Decode fills the request's message from whatever
// form it came in. The reply is the message of the command, or a problem with
// the kind of reply that it makes.
func (s *Session) Do(ctx context.Context, command string, decode func(message any) error, progress worker.Progress) (kind string, value any, problem *worker.Problem) {
	return worker.Answered(s.do(ctx, command, decode, progress))
}

// do finds the method of a command.
func (s *Session) do(ctx context.Context, command string, decode func(any) error, progress worker.Progress) (any, error) {
	switch command {
	case CommandOpen:
		return worker.Answer(ctx, decode, func(ctx context.Context, req *OpenRequest) (*Forest, error) {
			return s.Open(ctx, req, progress)
		})
	case CommandClose:
		return worker.Answer(ctx, decode, s.Close)
	case CommandPin:
		return worker.Answer(ctx, decode, s.Pin)
	case CommandChoose:
		return worker.Answer(ctx, decode, s.Choose)
	case CommandIdentify:
		return worker.Answer(ctx, decode, func(ctx context.Context, req *OpenRequest) (*Forest, error) {
			return s.Identify(ctx, req, progress)
		})
	case CommandDetails:
		return worker.Answer(ctx, decode, s.Details)
	case CommandView:
		return worker.Answer(ctx, decode, s.View)
	case CommandExplain:
		return worker.Answer(ctx, decode, s.Explain)
	case CommandLocate:
		return worker.Answer(ctx, decode, s.Locate)
	case CommandExtents:
		return worker.Answer(ctx, decode, func(ctx context.Context, req *ExtentsRequest) (*ExtentList, error) {
			return s.Extents(ctx, req, progress)
		})
	case CommandRead:
		return worker.Answer(ctx, decode, func(ctx context.Context, req *ReadRequest) (*Bytes, error) {
			return s.Read(ctx, req, progress)
		})
	case CommandCheckBatmap:
		return worker.Answer(ctx, decode, func(ctx context.Context, req *CheckBatmapRequest) (*BatmapCheck, error) {
			return s.CheckBatmap(ctx, req, progress)
		})
	}
	return nil, worker.BadRequest(strconv.Quote(command) + " is no command")
}
