package output

import (
	"cmp"
	"context"
	"io"
	"sync"

	"vhdscope/vhd"
	"vhdscope/wasm/worker"
)

const (
	// window is what is read and written as one, and windows how many are
	// under way: one is read while the other is written.
	window  = 8 << 20
	windows = 2

	// coarse is the number of segments up to which a plan becomes one Blob.
	// Each costs the browser up to a millisecond.
	coarse = 4096

	// coarsePart is the mean length of segments from which a window goes to
	// a file as a Blob of parts of the open files, without being read here.
	coarsePart = 128 << 10

	// buffered is the largest Blob for a browser that buffers it whole.
	buffered = 256 << 20
)

// Write makes the file that a plan describes: as a Blob of parts of the open
// files where that is well, or else byte by byte. What cannot be read ends it,
// or, with salvage, becomes zeros and is listed. The plan's images were opened
// on sources of the host.
func Write(ctx context.Context, host Host, p *vhd.Plan, to Target, salvage bool, progress worker.Progress) (*Saved, error) {
	whole, err := composed(ctx, p, to, salvage)
	if err != nil {
		return nil, err
	}
	if whole != nil && (p.Size() <= buffered || !host.Buffers()) {
		return compose(host, whole, to)
	}
	f, way, err := create(host, to, p.Size())
	if whole != nil && (err != nil || way == WayMemory) {
		return compose(host, whole, to)
	}
	if err != nil {
		return nil, Failed(err, way)
	}
	c := &copying{host: host, plan: p, layers: sources(p), file: f, salvage: salvage, progress: progress}
	blob, err := finish(ctx, f, func() error { return c.all(ctx) })
	if err != nil {
		return nil, Failed(err, way)
	}
	return &Saved{Blob: blob, Name: to.Name, Size: p.Size(), Way: way, Lost: c.lost.listed()}, nil
}

// finish closes a file when it is written, and aborts it when that fails.
func finish(ctx context.Context, f File, write func() error) (blob any, err error) {
	written := false
	defer func() {
		if !written {
			f.Abort()
		}
	}()
	if err := write(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	written = true
	return f.Close()
}

// composition is a plan as parts of one Blob.
type composition struct {
	size  int64
	parts []Part
	lost  []vhd.Loss
}

// composed is the plan of a file as parts of a Blob; nil where they are too
// many, or the file goes elsewhere.
func composed(ctx context.Context, p *vhd.Plan, to Target, salvage bool) (*composition, error) {
	if to.Handle != nil {
		return nil, nil
	}
	layers := sources(p)
	c := &composition{size: p.Size()}
	for s, err := range p.Segments(0, p.Size()) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if len(c.parts) == coarse {
			return nil, nil
		}
		part := Part{Length: s.Length}
		switch {
		case err != nil && !salvage:
			return nil, err
		case err != nil:
			c.lost = append(c.lost, vhd.Loss{Offset: s.Offset, Length: s.Length, Err: err})
		default:
			var ok bool
			if part, ok = partOf(s, layers); !ok {
				return nil, nil
			}
		}
		c.parts = append(c.parts, part)
	}
	return c, nil
}

// partOf is a segment as a part of a Blob; what can be written to, as edits,
// and what comes over a network is no file that a Blob could refer to.
func partOf(s vhd.Segment, layers []worker.Source) (p Part, ok bool) {
	p = Part{Length: s.Length, Data: s.Data}
	if s.Layer >= 0 {
		_, changes := layers[s.Layer].(io.WriterAt)
		if _, remote := layers[s.Layer].(worker.Remote); changes || remote {
			return p, false
		}
		p.Source, p.Off = layers[s.Layer], s.Source
	}
	return p, true
}

// sources are the files that a plan takes bytes from.
func sources(p *vhd.Plan) (list []worker.Source) {
	for _, im := range p.Layers() {
		list = append(list, im.Reader().(worker.Source))
	}
	return list
}

func compose(host Host, c *composition, to Target) (*Saved, error) {
	blob, err := host.Compose(c.parts)
	if err != nil {
		return nil, err
	}
	return &Saved{Blob: blob, Name: to.Name, Size: c.size, Way: WayComposite, Lost: LostOf(c.lost)}, nil
}

// copying is the copy of a plan's bytes to a file.
type copying struct {
	host     Host
	plan     *vhd.Plan
	layers   []worker.Source
	file     File
	salvage  bool
	progress worker.Progress

	lost losses

	mu   sync.Mutex
	done int64
}

func (c *copying) all(ctx context.Context) error {
	if err := c.file.Resize(c.plan.Size()); err != nil {
		return err
	}
	return worker.InParts(0, c.plan.Size(), window, windows, func(off, n int64) error { return c.window(ctx, off, n) })
}

// window copies a part of the file, unless it is all zeros, as the file is.
func (c *copying) window(ctx context.Context, off, n int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !c.zeros(off, n) {
		if err := c.move(off, n); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += n
	if c.progress != nil {
		c.progress(c.done, c.plan.Size())
	}
	return nil
}

func (c *copying) zeros(off, n int64) bool {
	for s, err := range c.plan.Segments(off, n) {
		if err != nil || s.Layer >= 0 || s.Data != nil {
			return false
		}
	}
	return true
}

// move copies what a part of the file is to hold: as a Blob where the file
// takes those and it is coarse, else, and to learn what could not be read of
// such a Blob, byte by byte.
func (c *copying) move(off, n int64) error {
	buf := c.host.NewBuffer(n)
	if f, ok := c.file.(BlobFile); ok && !c.salvage {
		if parts := c.parts(off, n); parts != nil {
			blob, err := c.host.Compose(parts)
			if err == nil {
				err = f.PutBlob(blob, off)
			}
			if err == nil {
				return nil
			}
			defer buf.Free()
			return cmp.Or(c.read(buf, off, n), err)
		}
	}
	defer buf.Free()
	if err := c.read(buf, off, n); err != nil {
		return err
	}
	return c.file.Put(buf, off)
}

// parts are the segments of a range as parts of a Blob; nil where they are too
// short for that, or not all can be read.
func (c *copying) parts(off, n int64) (list []Part) {
	for s, err := range c.plan.Segments(off, n) {
		if err != nil || int64(len(list)) > n/coarsePart {
			return nil
		}
		p, ok := partOf(s, c.layers)
		if !ok {
			return nil
		}
		list = append(list, p)
	}
	return list
}

// read reads a range into a buffer.
func (c *copying) read(buf worker.Buffer, off, n int64) error {
	sink, err := buf.Sink(c.layers, 0)
	if err != nil {
		return err
	}
	if c.salvage {
		return c.plan.Salvage(erasing{sink}, off, n, c.lost.add)
	}
	_, err = c.plan.ReadTo(sink, off, n)
	return err
}

// erasing makes zeros of what may have been written before. A buffer begins as
// zeros, so its own sink need not; but where a read fails half-way and is
// salvaged, bytes that are given up may have come already.
type erasing struct{ vhd.Sink }

func (e erasing) Zero(to, n int64) {
	zeros := make([]byte, min(n, 1<<20))
	for done := int64(0); done < n; done += int64(len(zeros)) {
		e.Put(zeros[:min(int64(len(zeros)), n-done)], to+done)
	}
}
