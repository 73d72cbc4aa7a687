package worker

import "context"

// Reliably does work that makes the best of what it cannot read. Where a
// network is why that cannot be read, the work ends with that error.
func Reliably[Res any](ctx context.Context, sources []Source, work func(context.Context) (Res, error)) (Res, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for _, s := range sources {
		if r, ok := s.(Remote); ok {
			defer r.OnFailure(cancel)()
		}
	}
	res, err := work(ctx)
	if cause := context.Cause(ctx); cause != nil {
		var none Res
		return none, cause
	}
	return res, err
}
