// Command bench measures the native engine beside plain copying and beside
// other tools, in turns within one run, and prints the medians as ratios.
//
//	go run ./vhd/vhdtest/bench [-size MIB] [-runs N]
//	go run ./vhd/vhdtest/bench -write DIR [-size MIB]
//
// It writes chains of -size MiB to a temporary folder. qemu-img and 7zz are
// compared where they are installed. With -write it measures nothing and
// leaves what the browser's measurements read in a folder: see write.go.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
)

func main() {
	log.SetFlags(0)
	size := flag.Int64("size", 1024, "size of the disk in MiB")
	runs := flag.Int("runs", 5, "how often each is timed")
	folder := flag.String("write", "", "folder to write the browser's images to")
	flag.Parse()
	if *folder != "" {
		if err := writeImages(*folder, *size<<20); err != nil {
			log.Fatal(err)
		}
		return
	}
	dir, err := os.MkdirTemp("", "vhdbench")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	b := &bench{dir: dir, size: *size << 20, runs: *runs}
	if err := b.run(); err != nil {
		os.RemoveAll(dir)
		log.Fatal(err)
	}
}

type bench struct {
	dir  string
	size int64
	runs int
}

// contender is one way to make the same file.
type contender struct {
	name string
	make func(out string) error
}

func (b *bench) run() error {
	for _, c := range []struct {
		name  string
		spec  vhdtest.ChainSpec
		ours  func(d *vhd.Disk, out string) error
		rival func(leaf string) (contender, bool)
	}{
		{"dynamic disk, zeros as holes", vhdtest.ChainSpec{Seed: 1, Layers: 1, Size: b.size}, flattenSparse, qemuImg},
		{"dynamic disk, zeros written", vhdtest.ChainSpec{Seed: 1, Layers: 1, Size: b.size}, flatten, qemuImgFull},
		{"ragged three-layer chain", vhdtest.ChainSpec{Seed: 2, Layers: 3, Size: b.size}, flatten, sevenZip},
	} {
		if err := b.chain(c.name, c.spec, c.ours, c.rival); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return b.conversions()
}

// chain measures flattening one chain to a raw file.
func (b *bench) chain(name string, spec vhdtest.ChainSpec, ours func(*vhd.Disk, string) error, rival func(string) (contender, bool)) error {
	leaf, disk, err := openChain(b.dir, vhdtest.NewChain(spec))
	if err != nil {
		return err
	}
	flat := filepath.Join(b.dir, "flat.raw")
	contenders := []contender{
		{"vhdscope", func(out string) error { return ours(disk, out) }},
		{"copying the same bytes", func(out string) error { return copyFile(flat, out) }},
	}
	if err := flatten(disk, flat); err != nil {
		return err
	}
	if r, ok := rival(leaf); ok {
		contenders = append(contenders, r)
	}
	times, err := b.race(contenders)
	if err != nil {
		return err
	}
	took := median(times[0])
	fmt.Printf("flatten a %d MiB %s: %.2f s, %.0f MB/s\n", b.size>>20, name, took.Seconds(), float64(b.size)/1e6/took.Seconds())
	for i, c := range contenders[1:] {
		fmt.Printf("  speed relative to %s: %.2f\n", c.name, medianRatio(times[i+1], times[0]))
	}
	return nil
}

// race times the contenders in turns, after one turn that is not counted.
func (b *bench) race(contenders []contender) ([][]time.Duration, error) {
	out := filepath.Join(b.dir, "out.raw")
	times := make([][]time.Duration, len(contenders))
	for run := range b.runs + 1 {
		for i, c := range contenders {
			os.RemoveAll(out)
			start := time.Now()
			if err := c.make(out); err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if run > 0 {
				times[i] = append(times[i], time.Since(start))
			}
		}
	}
	return times, nil
}

// openChain writes a chain's files into a folder and opens them from there.
func openChain(dir string, chain *vhdtest.Chain) (leaf string, disk *vhd.Disk, err error) {
	var images []*vhd.Image
	for _, l := range chain.Layers {
		path := filepath.Join(dir, l.Name)
		if err := l.File.WriteFile(path); err != nil {
			return "", nil, err
		}
		f, err := os.Open(path)
		if err != nil {
			return "", nil, err
		}
		im, err := vhd.Open(f, l.File.Size())
		if err != nil {
			return "", nil, err
		}
		if leaf == "" {
			leaf = path
		}
		images = append(images, im)
	}
	disk, err = vhd.NewDisk(images...)
	return leaf, disk, err
}

const chunk = 4 << 20

// flatten writes every byte of a disk.
func flatten(d *vhd.Disk, out string) error {
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	buf := make([]byte, chunk)
	for off := int64(0); off < d.Size(); off += chunk {
		p := buf[:min(chunk, d.Size()-off)]
		if _, err := d.ReadAt(p, off); err != nil {
			return err
		}
		if _, err := f.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// flattenSparse writes what a layer supplies and leaves holes for the rest.
func flattenSparse(d *vhd.Disk, out string) error {
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Truncate(d.Size()); err != nil {
		return err
	}
	buf := make([]byte, chunk)
	for off := int64(0); off < d.Size(); off += chunk {
		n := min(chunk, d.Size()-off)
		from, to := int64(0), int64(0) // of the data in this chunk
		for e, err := range d.Extents(off, n) {
			if err != nil {
				return err
			}
			if e.Layer >= 0 {
				if to == 0 {
					from = e.Offset - off
				}
				to = e.Offset + e.Length - off
			}
		}
		if to == 0 {
			continue
		}
		if _, err := d.ReadAt(buf[from:to], off+from); err != nil {
			return err
		}
		if _, err := f.WriteAt(buf[from:to], off+from); err != nil {
			return err
		}
	}
	return nil
}

// copyFile copies through memory, as flatten does: not by a system call that
// moves no bytes.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	buf := make([]byte, chunk)
	for {
		n, err := in.Read(buf)
		if n == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := out.Write(buf[:n]); err != nil {
			return err
		}
	}
}

func qemuImg(leaf string) (contender, bool) { return qemuImgWith(leaf) }

// qemuImgFull has qemu-img write zeros instead of looking for them.
func qemuImgFull(leaf string) (contender, bool) { return qemuImgWith(leaf, "-S", "0") }

func qemuImgWith(leaf string, options ...string) (contender, bool) {
	_, err := exec.LookPath("qemu-img")
	args := append([]string{"convert", "-f", "vpc", "-O", "raw"}, options...)
	return contender{strings.Join(append([]string{"qemu-img convert"}, options...), " "), func(out string) error {
		return exec.Command("qemu-img", append(args, leaf, out)...).Run()
	}}, err == nil
}

func sevenZip(leaf string) (contender, bool) {
	_, err := exec.LookPath("7zz")
	return contender{"7zz x", func(out string) error {
		return exec.Command("7zz", "x", "-tvhd", "-y", "-o"+out, leaf).Run()
	}}, err == nil
}

func median(d []time.Duration) time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d[len(d)/2]
}

// medianRatio is the median over the turns of a's time over b's.
func medianRatio(a, b []time.Duration) float64 {
	var r []float64
	for i := range a {
		r = append(r, float64(a[i])/float64(b[i]))
	}
	slices.Sort(r)
	return r[len(r)/2]
}
