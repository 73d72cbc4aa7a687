//go:build js && wasm

package shell

import (
	"bytes"
	"errors"
	"strings"
	"syscall/js"
	"testing"

	"vhdscope/blobio"
	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// joined is a chain as the browser has it: a disk and the layers' files.
func joined(t testing.TB, c *vhdtest.Chain, file func(*vhdtest.File, string) js.Value) (*vhd.Disk, []worker.Source) {
	t.Helper()
	h := Host{blobio.NewCache(1 << 20)}
	var layers []worker.Source
	var images []*vhd.Image
	for _, l := range c.Layers {
		s, err := h.Open(l.Name, file(l.File, l.Name))
		if err != nil {
			t.Fatal(err)
		}
		im, err := vhd.Open(s, s.Size())
		if err != nil {
			t.Fatal(err)
		}
		layers, images = append(layers, s), append(images, im)
	}
	d, err := vhd.NewDisk(images...)
	if err != nil {
		t.Fatal(err)
	}
	return d, layers
}

func extentsOf(t testing.TB, d *vhd.Disk, off, n int64) (list []vhd.Extent) {
	t.Helper()
	for e, err := range d.Extents(off, n) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

func value(t testing.TB, b worker.Buffer) []byte {
	t.Helper()
	v, err := b.Value()
	if err != nil {
		t.Fatal(err)
	}
	return bytesOf(t, v.(js.Value))
}

var chains = []vhdtest.ChainSpec{
	{Seed: 1, Layers: 3, Size: 2<<20 + 512, BlockSizes: []uint32{512 << 10, 128 << 10}, Leave: 0.5, Whole: 0.5},
	{Seed: 2, Layers: 3, Size: 1<<20 + 512, BlockSizes: []uint32{64 << 10, 2 << 20, 256 << 10}},
	{Seed: 3, Layers: 2, Size: 256 << 10, BaseType: vhdtest.Fixed, Share: 0.5, Run: 1},
}

// TestBufferWays: composed or gathered, in one part or in several that come
// in any order, a result is what the model says.
func TestBufferWays(t *testing.T) {
	compose := func(b worker.Buffer, d *vhd.Disk, layers []worker.Source, off, n, at int64) error {
		return b.Compose(layers, extentsOf(t, d, off, n), at)
	}
	gather := func(b worker.Buffer, d *vhd.Disk, layers []worker.Source, off, n, at int64) error {
		s, err := b.Sink(layers, at)
		if err != nil {
			return err
		}
		done, err := d.ReadTo(s, off, n)
		if err == nil && done != n {
			err = errors.New("it ended early")
		}
		return err
	}
	type way func(worker.Buffer, *vhd.Disk, []worker.Source, int64, int64, int64) error
	for _, spec := range chains {
		c := vhdtest.NewChain(spec)
		want := c.Contents()
		d, layers := joined(t, c, fileOf)
		for name, ways := range map[string][]way{"composed": {compose}, "gathered": {gather}, "mixed": {gather, compose}} {
			for _, scattered := range []bool{false, true} {
				t.Run(name, func(t *testing.T) {
					calls := func() int { return 0 }
					if scattered {
						calls = useScatter(t)
					}
					for _, parts := range []int64{1, 3} {
						const from, less = 700, 1000
						n := spec.Size - less
						b := Host{}.NewBuffer(n)
						for i := range parts { // the last first
							off := (parts - 1 - i) * (n / parts)
							end := off + n/parts
							if i == 0 {
								end = n
							}
							if err := ways[i%int64(len(ways))](b, d, layers, from+off, end-off, off); err != nil {
								t.Fatal(err)
							}
						}
						if got := value(t, b); !bytes.Equal(got, want[from:from+n]) {
							t.Errorf("seed %d in %d parts: %s", spec.Seed, parts, vhdtest.Diff(got, want[from:from+n]))
						}
					}
					if ragged := spec.Seed != 1; scattered && ragged && name != "composed" && calls() == 0 {
						t.Errorf("seed %d: scatter was not called", spec.Seed)
					}
				})
			}
		}
	}
}

// kept is a source that is no file of the browser.
type kept struct{ *vhdtest.File }

func (kept) Close() error { return nil }

// TestBufferOfKeptFiles: what is no file of the browser is gathered, and never
// composed.
func TestBufferOfKeptFiles(t *testing.T) {
	for _, spec := range chains {
		c := vhdtest.NewChain(spec)
		d, layers := joined(t, c, fileOf)
		layers[0] = kept{c.Layers[0].File}
		b := Host{}.NewBuffer(spec.Size)
		if err := b.Compose(layers, extentsOf(t, d, 0, spec.Size), 0); err == nil {
			t.Error("it is composed")
		}
		s, err := b.Sink(layers, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.ReadTo(s, 0, spec.Size); err != nil {
			t.Fatal(err)
		}
		if got, want := value(t, b), c.Contents(); !bytes.Equal(got, want) {
			t.Errorf("seed %d: %s", spec.Seed, vhdtest.Diff(got, want))
		}
	}
	b := Host{}.NewBuffer(10)
	short := kept{vhdtest.NewFile()}
	s, err := b.Sink([]worker.Source{short}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(0, 0, 10, 0); err == nil {
		t.Error("a file that ends early gives bytes")
	}
}

// TestBufferEmpty: a result that nothing was put in is all zeros.
func TestBufferEmpty(t *testing.T) {
	for _, n := range []int64{0, 1, 5000} {
		if got := value(t, Host{}.NewBuffer(n)); !bytes.Equal(got, make([]byte, n)) {
			t.Errorf("%d bytes, want %d zeros", len(got), n)
		}
	}
}

// TestBufferZeros: zeros of any length are composed.
func TestBufferZeros(t *testing.T) {
	for _, n := range []int64{512, 1 << 20, 1<<20 + 512, 3<<20 - 512} {
		b := Host{}.NewBuffer(n)
		if err := b.Compose(nil, []vhd.Extent{{Length: n, Layer: -1, Source: -1}}, 0); err != nil {
			t.Fatal(err)
		}
		if got := value(t, b); !bytes.Equal(got, make([]byte, n)) {
			t.Errorf("%d bytes, want %d zeros", len(got), n)
		}
	}
}

// TestBufferTooLarge: a result that the browser has no room for is an error
// and no panic.
func TestBufferTooLarge(t *testing.T) {
	for _, n := range []int64{1 << 41, 1<<53 - 1} {
		b := Host{}.NewBuffer(n)
		if _, err := b.Value(); err == nil || !strings.Contains(err.Error(), "bytes") {
			t.Errorf("%d bytes: %v", n, err)
		}
		if _, err := b.Sink(nil, 0); err == nil {
			t.Errorf("%d bytes: a sink", n)
		}
	}
}

// TestComposeFails: a file that gives fewer bytes than it should, or none,
// is an error, and gathering tells which file it is.
func TestComposeFails(t *testing.T) {
	c := vhdtest.NewChain(chains[0])
	d, layers := joined(t, c, fakeFile)
	list := extentsOf(t, d, 0, c.Size())
	b := Host{}.NewBuffer(c.Size())
	if err := b.Compose(layers, list, 0); err == nil {
		t.Error("what is no Blob is composed")
	}
	s, err := b.Sink(layers, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.ReadTo(s, 0, c.Size()); err != nil {
		t.Fatal(err)
	}
	if got := value(t, b); vhdtest.Diff(got, c.Contents()) != "" {
		t.Error(vhdtest.Diff(got, c.Contents()))
	}

	gone := fileOf(c.Layers[0].File, "gone.vhd")
	source, err := Host{blobio.NewCache(1 << 20)}.Open("d/gone.vhd", gone)
	if err != nil {
		t.Fatal(err)
	}
	end := source.Size()
	b = Host{}.NewBuffer(1024)
	if err := b.Compose([]worker.Source{source}, []vhd.Extent{{Length: 1024, Source: end - 512}}, 0); err == nil {
		t.Error("bytes past the end are composed")
	}
	s, err = b.Sink([]worker.Source{source}, 0)
	if err != nil {
		t.Fatal(err)
	}
	n, err := s.Read(0, end-512, 1024, 0)
	if read, ok := errors.AsType[*blobio.ReadError](err); !ok || n != 0 || read.Name != "d/gone.vhd" || !errors.Is(err, blobio.ErrChanged) {
		t.Errorf("read past the end: %d, %v", n, err)
	}
	if f, err := s.Fetch(0, end-512, 1024); err == nil || f != nil {
		t.Errorf("fetched past the end: %v, %v", f, err)
	}
}

// TestFetched: what a sink holds may be looked at and copied in pieces, few
// or many, with scatter or without.
func TestFetched(t *testing.T) {
	data := make([]byte, 100_000)
	for i := range data {
		data[i] = byte(i) ^ byte(i>>8)
	}
	file := script("return new File([a], 'x')", uint8Array(data))
	src, err := Host{blobio.NewCache(1 << 20)}.Open("x", file)
	if err != nil {
		t.Fatal(err)
	}
	for _, scattered := range []bool{false, true} {
		calls := func() int { return 0 }
		if scattered {
			calls = useScatter(t)
		}
		for _, count := range []int{1, fewPieces, fewPieces + 1, 500} {
			b := Host{}.NewBuffer(60_000)
			s, err := b.Sink([]worker.Source{src}, 1000)
			if err != nil {
				t.Fatal(err)
			}
			before := calls()
			f, err := s.Fetch(0, 512, 90_000)
			if err != nil {
				t.Fatal(err)
			}
			peek := make([]byte, 300)
			f.Peek(peek, 77)
			if !bytes.Equal(peek, data[512+77:512+377]) {
				t.Error("other bytes are seen")
			}
			want := make([]byte, 60_000)
			var pieces []vhd.Piece
			for i := range int64(count) {
				p := vhd.Piece{From: 89_000 - i*171, To: i * 113, Length: 100}
				pieces = append(pieces, p)
				copy(want[1000+p.To:][:p.Length], data[512+p.From:])
			}
			f.Copy(pieces)
			f.Release()
			if got := value(t, b); !bytes.Equal(got, want) {
				t.Errorf("%d pieces: %s", count, vhdtest.Diff(got, want))
			}
			if used := calls() > before; used != (scattered && count > fewPieces) {
				t.Errorf("%d pieces, scatter %v: used %v", count, scattered, used)
			}
		}
	}
}

// TestHostOpen: only what is a file is opened.
func TestHostOpen(t *testing.T) {
	h := Host{blobio.NewCache(1 << 20)}
	for _, source := range []string{"undefined", "null", "7", "'x'", "true", "{}", "[]", "{size: '7'}", "{size: null}", "() => 1", "Symbol('x')", "7n", "{size: 7n}"} {
		if s, err := h.Open("x", script("return "+source)); err == nil || s != nil {
			t.Errorf("%s is opened: %v", source, err)
		}
	}
	for _, f := range []any{nil, 7, "x"} {
		if _, err := h.Open("x", f); err == nil {
			t.Errorf("%v is opened", f)
		}
	}
	s, err := h.Open("folder/x", script("return new File(['bytes'], 'x')"))
	if err != nil || s.Size() != 5 {
		t.Fatalf("%v, %v", s, err)
	}
	p := make([]byte, 5)
	if n, err := s.ReadAt(p, 0); n != 5 || err != nil || string(p) != "bytes" {
		t.Errorf("%d, %v, %q", n, err, p)
	}
	s.Close()
	if _, err := s.ReadAt(p, 0); err == nil {
		t.Error("a closed file is read")
	}
}
