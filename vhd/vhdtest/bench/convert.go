package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
)

// conversions measures conversions of one dynamic image beside those of
// qemu-img, which looks for zeros as they do. It reads no chains.
func (b *bench) conversions() error {
	if _, err := exec.LookPath("qemu-img"); err != nil {
		return nil
	}
	for _, kind := range []struct {
		name string
		spec vhdtest.ChainSpec
	}{
		{"with ragged blocks", vhdtest.ChainSpec{Seed: 6, Layers: 1, Size: b.size}},
		{"with whole blocks", vhdtest.ChainSpec{Seed: 7, Layers: 1, Size: b.size, Leave: 0.5, Whole: 0.5}},
	} {
		leaf, disk, err := openChain(b.dir, vhdtest.NewChain(kind.spec))
		if err != nil {
			return err
		}
		for _, c := range []struct {
			format string
			ours   func(f *os.File) error
		}{
			{"vpc", func(f *os.File) error { return convert(disk, f) }},
			{"raw", func(f *os.File) error { return copyPlan(disk.Flatten(), f) }},
		} {
			times, err := b.race([]contender{
				{"vhdscope", func(out string) error { return create(out, c.ours) }},
				{"qemu-img", func(out string) error {
					return exec.Command("qemu-img", "convert", "-f", "vpc", "-O", c.format, leaf, out).Run()
				}},
			})
			if err != nil {
				return err
			}
			fmt.Printf("convert a %d MiB dynamic disk %s to %s: %.2f s\n", b.size>>20, kind.name, c.format, best(times[0]).Seconds())
			fmt.Printf("  speed relative to qemu-img convert: %.2f (best of each %.2f)\n", medianRatio(times[1], times[0]),
				best(times[1]).Seconds()/best(times[0]).Seconds())
		}
	}
	return nil
}

func create(out string, fill func(f *os.File) error) error {
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	return fill(f)
}

func convert(d *vhd.Disk, f *os.File) error {
	_, err := d.Convert(context.Background(), f, vhd.Conversion{NewImage: vhd.NewImage{Type: vhd.Dynamic}}, nil)
	return err
}

// copyPlan copies a new file and leaves holes for its zeros.
func copyPlan(p *vhd.Plan, f *os.File) error {
	if err := f.Truncate(p.Size()); err != nil {
		return err
	}
	return p.Copy(context.Background(), &holes{f: f}, nil, nil)
}

// holes writes what is not zeros, in pieces of 4 KiB.
type holes struct {
	f  io.WriterAt
	at int64
}

func (h *holes) Write(p []byte) (int, error) {
	const piece = 4096
	for from := 0; from < len(p); {
		to := from
		for to < len(p) && !zero(p[to:min(to+piece, len(p))]) {
			to = min(to+piece, len(p))
		}
		if to > from {
			if _, err := h.f.WriteAt(p[from:to], h.at+int64(from)); err != nil {
				return from, err
			}
		}
		from = min(to+piece, len(p))
	}
	h.at += int64(len(p))
	return len(p), nil
}

var zeros [4096]byte

func zero(p []byte) bool { return string(p) == string(zeros[:len(p)]) }

func best(d []time.Duration) time.Duration {
	least := d[0]
	for _, t := range d {
		least = min(least, t)
	}
	return least
}
