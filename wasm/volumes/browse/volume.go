package browse

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"

	"vhdscope/blobio"
	"vhdscope/vhd"
	"vhdscope/vhd/volume"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/output"
	"vhdscope/wasm/worker"
)

// Volume is a chain's disk, and, once it is mounted, one volume of it. Its
// methods may be called concurrently.
type Volume struct {
	host  output.Host
	pulse pulse

	mu     sync.Mutex
	chain  *chain   // nil before it was opened
	volume *mounted // nil before it was mounted
	finder finder
}

// New returns one with nothing open.
func New(host output.Host) *Volume { return &Volume{host: host} }

// chain is the files of a disk, leaf first.
type chain struct {
	files  []string // by name
	images []*vhd.Image
	disk   *vhd.Disk
}

// mounted is a volume of the disk, with its file system.
type mounted struct {
	*chain
	fs       fsys.FS
	start    int64 // on the disk
	size     int64
	options  volume.Options
	doubtful atomic.Bool
	recents
	owners
}

// Do answers one request. Decode fills the request's message from whatever
// form it came in. The reply is the message of the command, or a problem with
// the kind of reply that it makes.
func (v *Volume) Do(ctx context.Context, command string, decode func(message any) error, progress worker.Progress) (kind string, value any, problem *worker.Problem) {
	progress, done := v.pulse.begin(progress)
	defer done()
	return worker.Answered(v.do(ctx, command, decode, progress))
}

// do finds the method of a command.
func (v *Volume) do(ctx context.Context, command string, decode func(any) error, progress worker.Progress) (any, error) {
	switch command {
	case CommandChain:
		return answer(ctx, v, decode, v.Chain, progress)
	case CommandScan:
		return answer(ctx, v, decode, v.Scan, progress)
	case CommandMount:
		return answer(ctx, v, decode, v.Mount, progress)
	case CommandList:
		return answer(ctx, v, decode, v.List, progress)
	case CommandStat:
		return answer(ctx, v, decode, v.Stat, progress)
	case CommandLayers:
		return answer(ctx, v, decode, v.Layers, progress)
	case CommandMap:
		return answer(ctx, v, decode, v.Map, progress)
	case CommandLook:
		return answer(ctx, v, decode, v.Look, progress)
	case CommandSave:
		return answer(ctx, v, decode, v.Save, progress)
	case CommandHash:
		return answer(ctx, v, decode, v.Hash, progress)
	case CommandSearch:
		return answer(ctx, v, decode, v.Search, progress)
	case CommandOwner:
		return answer(ctx, v, decode, v.Owner, progress)
	case CommandChanges:
		return answer(ctx, v, decode, v.Changes, progress)
	case CommandTouched:
		return answer(ctx, v, decode, v.Touched, progress)
	}
	return nil, worker.BadRequest(strconv.Quote(command) + " is no command")
}

// answer decodes a request and calls the method that answers it. File systems
// take what they cannot read for damage, so a network that fails ends it.
func answer[Req, Res any](ctx context.Context, v *Volume, decode func(any) error, method func(context.Context, *Req, worker.Progress) (*Res, error), progress worker.Progress) (any, error) {
	return worker.Answer(ctx, decode, func(ctx context.Context, req *Req) (*Res, error) {
		res, err := worker.Reliably(ctx, v.sources(), func(ctx context.Context) (*Res, error) { return method(ctx, req, progress) })
		if _, web := errors.AsType[*blobio.WebError](err); web {
			v.doubt()
		}
		return res, err
	})
}

// opened is the chain.
func (v *Volume) opened() (*chain, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.chain == nil {
		return nil, worker.BadRequest("no chain is open")
	}
	return v.chain, nil
}

// sources are the files of the chain, if one is open.
func (v *Volume) sources() (list []worker.Source) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.chain == nil {
		return nil
	}
	for _, im := range v.chain.images {
		if s, ok := im.Reader().(worker.Source); ok {
			list = append(list, s)
		}
	}
	return list
}

// mounted is the volume; one in doubt is mounted anew.
func (v *Volume) mounted() (*mounted, error) {
	v.mu.Lock()
	m := v.volume
	v.mu.Unlock()
	if m == nil {
		return nil, worker.BadRequest("no volume is mounted")
	}
	if !m.doubtful.Load() {
		return m, nil
	}
	m, err := v.mount(m.chain, m.start, m.size, m.options)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.volume = m
	return m, nil
}

// doubt has the volume mounted anew: its file system may remember what it could
// not read when the network failed.
func (v *Volume) doubt() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.volume != nil {
		v.volume.doubtful.Store(true)
	}
}

// dec writes a number in decimal.
func dec(n int64) string { return strconv.FormatInt(n, 10) }
