package job

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"vhdscope/blobio"
	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/output"
	"vhdscope/wasm/output/outputtest"
	"vhdscope/wasm/worker"
)

// ragged is a chain of three layers whose extents are short.
func ragged(seed uint64) *vhdtest.Chain {
	return vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 3, Size: 9<<20 + 512, BlockSizes: []uint32{64 << 10, 2 << 20}, Run: 2})
}

// plain is a chain of two layers whose blocks are whole.
func plain(seed uint64) *vhdtest.Chain {
	return vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 2, Size: 9<<20 + 512, Leave: 0.3, Whole: 0.7})
}

// chainFiles are a chain's files, leaf first.
func chainFiles(c *vhdtest.Chain) (list []named) {
	for _, l := range c.Layers {
		list = append(list, named{l.Name, l.File})
	}
	return list
}

func saveAs(as string, layers int, to output.Target) SaveRequest {
	return SaveRequest{Disk: 1, Last: layers - 1, As: as, To: to}
}

// TestSaveWays: a disk is saved byte for byte in whatever way, and the way
// that is taken is the best that there is.
func TestSaveWays(t *testing.T) {
	handle := output.Target{Name: "new.img", Handle: "a handle"}
	stage := output.Target{Name: "new.img", Stage: "staged/page/1"}
	none := output.Target{Name: "new.img"}
	for _, test := range []struct {
		name    string
		chain   *vhdtest.Chain
		host    *testHost
		to      output.Target
		way     string
		dynamic string // where the file is not planned, but assembled
	}{
		{"coarse, to a handle", plain(1), &testHost{}, handle, output.WayStream, output.WayStream},
		{"coarse, to a handle that takes Blobs", plain(1), &testHost{Host: outputtest.Host{Blobs: true}}, handle, output.WayStream, output.WayStream},
		{"ragged, to a handle that takes Blobs", ragged(4), &testHost{Host: outputtest.Host{Blobs: true}}, handle, output.WayStream, output.WayStream},
		{"coarse", plain(2), &testHost{Host: outputtest.Host{Room: 1 << 40}}, stage, output.WayComposite, output.WayStaged},
		{"coarse and small, in a browser that buffers", plain(3), &testHost{Host: outputtest.Host{Room: 1 << 40, Buffered: true}}, stage, output.WayComposite, output.WayStaged},
		{"ragged, to a handle", ragged(4), &testHost{Host: outputtest.Host{Room: 1 << 40}}, handle, output.WayStream, output.WayStream},
		{"ragged", ragged(5), &testHost{Host: outputtest.Host{Room: 1 << 40}}, stage, output.WayStaged, output.WayStaged},
		{"ragged, without room", ragged(6), &testHost{Host: outputtest.Host{Room: -1}}, stage, output.WayMemory, output.WayMemory},
		{"ragged, without a stage", ragged(7), &testHost{Host: outputtest.Host{Room: 1 << 40}}, none, output.WayMemory, output.WayMemory},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := test.host
			j := opened(t, h, chainFiles(test.chain)...)
			want := test.chain.Contents()
			for _, as := range []string{"raw", "fixed", "dynamic"} {
				s := ask[output.Saved](t, j, CommandSave, saveAs(as, len(test.chain.Layers), test.to))
				way := test.way
				if as == "dynamic" {
					way = test.dynamic
				}
				if s.Way != way || s.Name != "new.img" || (s.Blob == nil) != (way == output.WayStream) || len(s.Lost)+len(s.Changes) > 0 {
					t.Errorf("%s: %q by way of %q, %d lost, %d changes; want the way %q", as, s.Name, s.Way, len(s.Lost), len(s.Changes), way)
				}
				got := h.Bytes(t, s)
				if as != "raw" {
					_, d := reopened(t, got)
					if as == "fixed" && (len(got) != len(want)+512 || !bytes.Equal(got[:len(want)], want)) {
						t.Errorf("a fixed image of %d bytes is not the disk and a footer", len(got))
					}
					got = contents(t, d)
				}
				if diff := vhdtest.Diff(got, want); diff != "" {
					t.Errorf("%s: %s", as, diff)
				}
			}
			if coarse := strings.HasPrefix(test.name, "coarse"); h.Blobs && coarse != (h.Taken > 0) {
				t.Errorf("%d windows were written as Blobs", h.Taken)
			}
			for _, f := range h.Files {
				if f.Where != "stream" && f.Where != "staged staged/page/1" && f.Where != "memory" || !f.Closed {
					t.Errorf("the file %q, closed: %v", f.Where, f.Closed)
				}
			}
		})
	}
}

// TestSaveLargeWays: how a file is made that is too large for a test.
func TestSaveLargeWays(t *testing.T) {
	empty := func(size int64) named {
		return named{"empty.vhd", vhdtest.Spec{Type: vhdtest.Dynamic, Size: size, BlockSize: 2 << 20}.Build()}
	}
	const size = 257 << 20
	stage := output.Target{Stage: "staged/page/1"}
	for _, test := range []struct {
		name string
		host *testHost
		size int64
		way  string
	}{
		{"streamed from a Blob", &testHost{Host: outputtest.Host{Room: 1 << 50}}, 2040 << 30, output.WayComposite},
		{"where Blobs are buffered", &testHost{Host: outputtest.Host{Room: size, Buffered: true}}, size, output.WayStaged},
		{"where Blobs are buffered, and memory would do", &testHost{Host: outputtest.Host{Room: size - 1, Buffered: true}}, size, output.WayComposite},
		{"where Blobs are buffered, and there is no room", &testHost{Host: outputtest.Host{Buffered: true}}, 2040 << 30, output.WayComposite},
	} {
		h := test.host
		j := opened(t, h, empty(test.size))
		s := ask[output.Saved](t, j, CommandSave, saveAs("raw", 1, stage))
		if s.Way != test.way || s.Size != test.size {
			t.Errorf("%s: %d bytes by way of %q, want %q", test.name, s.Size, s.Way, test.way)
		}
		for _, f := range h.Files {
			if f.Closed && len(f.Written) > 0 {
				t.Errorf("%s: %d writes of zeros", test.name, len(f.Written))
			}
		}
	}
}

// TestNoRoom: a file that finds no place is told, with what would help.
func TestNoRoom(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 12 << 30, BlockSize: 512 << 10}
	for i := range 5000 {
		f.Blocks = append(f.Blocks, vhdtest.Block{Index: 2 * i, Sectors: map[int][]byte{0: []byte("x")}})
	}
	h := &testHost{Host: outputtest.Host{Room: 1 << 30}}
	j := opened(t, h, named{"ragged.vhd", f.Build()})
	p := refused(t, j, CommandSave, saveAs("raw", 1, output.Target{Name: "new.img", Stage: "staged/page/1"}), output.CodeNoRoom)
	for _, want := range []string{"12884901888 bytes", "room for 1073741824 bytes", "Chrome"} {
		if !strings.Contains(p.Message, want) {
			t.Errorf("%q does not say %q", p.Message, want)
		}
	}
}

// TestFailedWrites: a write that fails ends the job, says why, and leaves no
// file behind.
func TestFailedWrites(t *testing.T) {
	c := ragged(8)
	for _, test := range []struct {
		err  error
		code string
	}{
		{&blobio.WriteError{Name: "new.img", Err: blobio.ErrNoRoom}, output.CodeNoRoom},
		{&blobio.WriteError{Name: "new.img", Err: errors.New("it is locked")}, output.CodeWrite},
	} {
		for _, as := range []string{"raw", "fixed", "dynamic"} {
			h := &testHost{Host: outputtest.Host{Fail: test.err}}
			j := opened(t, h, chainFiles(c)...)
			p := refused(t, j, CommandSave, saveAs(as, 3, output.Target{Handle: "a handle"}), test.code)
			if !strings.Contains(p.Message, test.err.Error()) {
				t.Errorf("%q does not say %q", p.Message, test.err)
			}
			if len(h.Files) != 1 || !h.Files[0].Aborted {
				t.Errorf("%s: the file was not aborted", as)
			}
		}
	}
}

// TestCancelledSave: a save that is cancelled at any write leaves no file.
func TestCancelledSave(t *testing.T) {
	c := ragged(9)
	for _, as := range []string{"raw", "dynamic"} {
		for at := range 2 {
			ctx, cancel := context.WithCancel(t.Context())
			h := &testHost{}
			var writes atomic.Int32
			h.Slow = func() {
				if int(writes.Add(1)) > at {
					cancel()
				}
			}
			j := opened(t, h, chainFiles(c)...)
			kind, value, problem := do(ctx, j, CommandSave, saveAs(as, 3, output.Target{Handle: "a handle"}), nil)
			if kind != worker.ReplyCancelled || value != nil || problem != nil {
				t.Errorf("%s, cancelled at write %d: %s %+v %+v", as, at, kind, value, problem)
			}
			if len(h.Files) != 1 || !h.Files[0].Aborted {
				t.Errorf("%s, cancelled at write %d: the file was not aborted", as, at)
			}
			cancel()
		}
	}
}

// TestProgressOfSave: progress grows from window to window up to the size.
func TestProgressOfSave(t *testing.T) {
	c := ragged(10)
	h := &testHost{}
	j := opened(t, h, chainFiles(c)...)
	for as, size := range map[string]int64{"raw": c.Size(), "fixed": c.Size() + 512, "dynamic": c.Size()} {
		last := int64(0)
		kind, _, _ := do(t.Context(), j, CommandSave, saveAs(as, 3, output.Target{Handle: "a handle"}), func(done, total int64) {
			if total != size || done <= last || done > size {
				t.Errorf("%s: %d of %d after %d", as, done, total, last)
			}
			last = done
		})
		if kind != worker.ReplyResult || last != size {
			t.Errorf("%s: %s, the last report is of %d of %d", as, kind, last, size)
		}
	}
}

// TestSalvage: what cannot be read ends a save with the file and the place,
// or becomes zeros that are listed, and all else is saved.
func TestSalvage(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 11, Layers: 3, Size: 9 << 20, Run: 200})
	base := c.Layers[2].File.Clone()
	base.Truncate(base.Size() / 2)
	files := chainFiles(c)
	files[2].file = base
	want := c.Contents()
	for _, as := range []string{"raw", "dynamic"} {
		for _, to := range []output.Target{{Handle: "a handle"}, {}} {
			h := &testHost{}
			j := opened(t, h, files...)
			req := saveAs(as, 3, to)
			kind, _, p := do(t.Context(), j, CommandSave, req, nil)
			if kind != worker.ReplyError || p.File != c.Layers[2].Name || p.Layer != 2 {
				t.Fatalf("%s: %s %+v", as, kind, p)
			}
			for _, f := range h.Files {
				if !f.Aborted {
					t.Errorf("%s: the file was not aborted", as)
				}
			}
			req.Salvage = true
			s := ask[output.Saved](t, j, CommandSave, req)
			got := h.Bytes(t, s)
			if as == "dynamic" {
				_, d := reopened(t, got)
				got = contents(t, d)
			}
			if len(s.Lost) == 0 || len(s.Lost) == 1000 {
				t.Fatalf("%s: %d ranges are lost of a chain with half a base", as, len(s.Lost))
			}
			expect := bytes.Clone(want)
			end := int64(0)
			for _, l := range s.Lost {
				if l.Offset < end || l.Length <= 0 || l.Message == "" {
					t.Fatalf("%s: lost %+v after byte %d", as, l, end)
				}
				end = l.Offset + l.Length
				clear(expect[l.Offset:end])
			}
			if diff := vhdtest.Diff(got, expect); diff != "" {
				t.Errorf("%s: %s", as, diff)
			}
		}
	}
}

// TestMerge: any run of layers becomes one that takes their place.
func TestMerge(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 12, Layers: 4, Size: 3 << 20, BlockSizes: []uint32{64 << 10, 512 << 10}})
	want := c.Contents()
	var images []*vhd.Image
	for _, l := range c.Layers {
		im, err := vhd.Open(l.File, l.File.Size())
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, im)
	}
	h := &testHost{}
	j := opened(t, h, chainFiles(c)...)
	for first := range 3 {
		for last := first; last < 3; last++ {
			s := ask[output.Saved](t, j, CommandSave, SaveRequest{Disk: 1, First: first, Last: last, As: "differencing", BlockSize: 128 << 10})
			im, _ := reopened(t, h.Bytes(t, s), images[last+1:]...)
			d, err := vhd.NewDisk(slices.Concat(images[:first], []*vhd.Image{im}, images[last+1:])...)
			if err != nil {
				t.Fatal(err)
			}
			if im.Type() != vhd.Differencing || im.BlockSize() != 128<<10 || im.ParentUUID() != images[last].ParentUUID() || im.UUID() != images[first].UUID() {
				t.Errorf("layers %d to %d: a %v with blocks of %d bytes", first, last, im.Type(), im.BlockSize())
			}
			if diff := vhdtest.Diff(contents(t, d), want); diff != "" {
				t.Errorf("layers %d to %d: %s", first, last, diff)
			}
		}
	}
}

// TestSaveAgainst: a differencing image against a disk holds what differs from
// it, and names it.
func TestSaveAgainst(t *testing.T) {
	c := ragged(13)
	base := c.Layers[2]
	h := &testHost{}
	j := opened(t, h, append(chainFiles(c), named{"d/other base.vhd", vhdtest.Spec{Type: vhdtest.Dynamic, Size: c.Size(), BlockSize: 64 << 10, UUID: vhdtest.ID("other")}.Build()})...)
	s := ask[output.Saved](t, j, CommandSave, SaveRequest{Disk: 1, Last: 2, As: "differencing", Parent: 4})
	other, err := j.Image(4)
	if err != nil {
		t.Fatal(err)
	}
	im, d := reopened(t, h.Bytes(t, s), other.Candidate().Image)
	if diff := vhdtest.Diff(contents(t, d), c.Contents()); diff != "" {
		t.Error(diff)
	}
	if im.ParentUUID() != other.Candidate().Image.UUID() || im.ParentFileName() != "other base.vhd" || im.ParentUUID() == vhd.UUID(base.Spec.UUID) {
		t.Errorf("the parent is %v, %q", im.ParentUUID(), im.ParentFileName())
	}
}

// TestSaveRefused: requests that make no sense are refused before a file is
// made.
func TestSaveRefused(t *testing.T) {
	c := ragged(14)
	h := &testHost{}
	j := opened(t, h, chainFiles(c)...)
	for _, req := range []SaveRequest{
		{Disk: 9, As: "raw"},
		{Disk: 1, Last: 3, As: "raw"},
		{Disk: 1, First: -1, Last: 2, As: "raw"},
		{Disk: 1, First: 2, Last: 1, As: "raw"},
		{Disk: 1, Last: 1, As: "raw"},
		{Disk: 1, Last: 1, As: "fixed"},
		{Disk: 1, Last: 0, As: "dynamic"},
		{Disk: 1, Last: 2, As: "vhdx"},
		{Disk: 1, Last: 2, As: ""},
		{Disk: 1, Last: 2, As: "differencing"},
		{Disk: 1, Last: 2, As: "differencing", Parent: 7},
	} {
		refused(t, j, CommandSave, req, worker.CodeBadRequest)
	}
	refused(t, j, CommandSave, SaveRequest{Disk: 1, Last: 2, As: "dynamic", BlockSize: 1000}, string(vhd.RuleBlockSize))
	for _, f := range h.Files {
		if !f.Aborted {
			t.Errorf("the file %q stays", f.Where)
		}
	}
}

// TestBlobThatCannotBeRead: the file's own error is told, and the file is
// dropped.
func TestBlobThatCannotBeRead(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Fixed, Size: 1 << 20, Data: []byte("data")}.Build()
	h := &testHost{Host: outputtest.Host{Blobs: true}}
	j := opened(t, h, named{"bad.vhd", badSector{f, 4096}})
	if p := refused(t, j, CommandSave, saveAs("raw", 1, output.Target{Handle: "a handle"}), string(vhd.RuleRead)); !strings.Contains(p.Message, "a bad sector") {
		t.Errorf("problem %+v", p)
	}
	if !h.Files[0].Aborted {
		t.Error("the file was not aborted")
	}
}
