package browse

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/output"
	"vhdscope/wasm/output/outputtest"
	"vhdscope/wasm/worker"
)

// layered has a file system mounted on the disk of a random chain of three
// layers, from byte 4096 on.
func layered(t testing.TB, h *outputtest.Host, f fsys.FS) (*Volume, *vhdtest.Chain) {
	t.Helper()
	seed := rand.Uint64()
	t.Log("seed", seed)
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 3, Size: 1 << 20, BlockSizes: []uint32{64 << 10}})
	var files []named
	for _, l := range c.Layers {
		files = append(files, named{l.Name, l.File})
	}
	v := opened(t, h, files...)
	v.volume = &mounted{chain: v.chain, fs: f, start: 4096, size: 1<<20 - 4096, owners: newOwners()}
	return v, c
}

// TestFilesOfAllKindsOfExtents: bytes that lie on the disk as they are, holes,
// and what is packed: looks, maps, layers and saved files are right for each.
func TestFilesOfAllKindsOfExtents(t *testing.T) {
	f := newFake(nil)
	h := &outputtest.Host{}
	v, c := layered(t, h, f)
	disk := c.Contents()
	packed := strings.Repeat("unpacked", 1250)
	data := slices.Concat(disk[4096+20480:][:10000], make([]byte, 5000), []byte(packed), disk[4096+512:][:512])
	n := f.file("file", string(data))
	n.extents = []fsys.Extent{{Offset: 0, Length: 10000, Start: 20480}, {Offset: 10000, Length: 5000, Start: -1}, {Offset: 15000, Length: 10000, Start: 102400, Stored: 2048}, {Offset: 25000, Length: 512, Start: 512}}
	plain := f.file("plain", string(data[:15000]))
	plain.extents = n.extents[:2]

	view := ask[worker.View](t, v, CommandLook, LookRequest{Path: "/file", Offset: 5000, Length: 1 << 20})
	if !bytes.Equal(view.Bytes, data[5000:]) {
		t.Error(vhdtest.Diff(view.Bytes, data[5000:]))
	}
	at := int64(5000)
	for _, e := range view.Extents {
		if e.Offset != at || e.Problem != nil {
			t.Fatalf("%+v behind %d", e, at)
		}
		at += e.Length
		owner := func(off int64) int { return c.Owner((4096 + off) / 512) }
		switch {
		case e.Offset < 10000 || e.Offset >= 25000:
			off := e.Offset + 20480
			if e.Offset >= 25000 {
				off = e.Offset - 25000 + 512
			}
			if e.Layer != owner(off) || e.Layer >= 0 && !bytes.Equal(c.Layers[e.Layer].File.Get(e.Source, int(e.Length)), data[e.Offset:at]) {
				t.Errorf("%+v is of layer %d", e, owner(off))
			}
		case e.Offset < 15000:
			if e.State != "zeros" || e.Layer != -1 || e.Length != 5000 {
				t.Errorf("a hole is %+v", e)
			}
		default:
			top := -1
			for off := int64(102400); off < 102400+2048; off += 512 {
				if o := owner(off); o >= 0 && (top < 0 || o < top) {
					top = o
				}
			}
			if e.State != "data" || e.Layer != top || e.Source != -1 || e.Length != 10000 {
				t.Errorf("what is packed is %+v, of layer %d", e, top)
			}
		}
	}
	if at != int64(len(data)) {
		t.Errorf("the extents end at %d", at)
	}

	m := ask[FileMap](t, v, CommandMap, MapRequest{Path: "/file"})
	if want := []FileExtent{{0, 10000, 4096 + 20480, 0}, {10000, 5000, -1, 0}, {15000, 10000, 4096 + 102400, 2048}, {25000, 512, 4096 + 512, 0}}; !slices.Equal(m.Extents, want) || m.Size != int64(len(data)) {
		t.Errorf("%+v, want %+v", m, want)
	}

	of := ask[LayersList](t, v, CommandLayers, LayersRequest{Paths: []string{"/plain", "/file", "/nowhere"}}).Files
	want, zeros := make([]int, 3), int64(0)
	for _, r := range [][2]int64{{20480, 10000}, {102400, 2048}, {512, 512}} {
		for b := r[0]; b < r[0]+r[1]; b++ {
			if o := c.Owner((4096 + b) / 512); o < 0 {
				zeros++
			} else {
				want[o]++
			}
		}
	}
	if !slices.Equal(of[1].Bytes, want) || of[1].Zeros != zeros || of[1].Problem != "" || of[2].Problem == "" || of[2].Path != "/nowhere" {
		t.Errorf("%+v, want %v and %d", of, want, zeros)
	}

	for name, want := range map[string][]byte{"/file": data, "/plain": data[:15000]} {
		for _, to := range []output.Target{memory, {Name: "x", Handle: "a handle"}} {
			s, got := saved(t, h, v, SaveRequest{Paths: []string{name}, To: to})
			if !bytes.Equal(got, want) || (s.Saved.Way == "composite") != (name == "/plain" && to.Handle == nil) {
				t.Errorf("%s, saved as %s: %s", name, s.Saved.Way, vhdtest.Diff(got, want))
			}
		}
	}
}

// TestExtentsThatCannotBe: a file system that tells of places outside the
// volume, of gaps or of overlaps is not believed.
func TestExtentsThatCannotBe(t *testing.T) {
	f := newFake(nil)
	v, _ := layered(t, &outputtest.Host{}, f)
	volume := int64(1<<20 - 4096)
	for i, list := range [][]fsys.Extent{
		nil,
		{{Offset: 0, Length: 999, Start: 0}},
		{{Offset: 0, Length: 1001, Start: 0}},
		{{Offset: 1, Length: 999, Start: 0}},
		{{Offset: 0, Length: 500, Start: 0}, {Offset: 501, Length: 499, Start: 0}},
		{{Offset: 0, Length: 500, Start: 0}, {Offset: 499, Length: 501, Start: 0}},
		{{Offset: 0, Length: 0, Start: 0}, {Offset: 0, Length: 1000, Start: 0}},
		{{Offset: 0, Length: 1000, Start: volume - 999}},
		{{Offset: 0, Length: 1000, Start: 1<<63 - 1}},
		{{Offset: 0, Length: 1000, Start: 5, Stored: 1<<63 - 1}},
		{{Offset: 0, Length: -1000, Start: 5}, {Offset: -1000, Length: 2000, Start: 0}},
	} {
		name := "f" + dec(int64(i))
		f.file(name, strings.Repeat("x", 1000)).extents = list
		for _, command := range []struct {
			name string
			req  any
		}{{CommandMap, MapRequest{Path: "/" + name}}, {CommandLook, LookRequest{Path: "/" + name, Length: 1}}, {CommandSave, SaveRequest{Paths: []string{"/" + name}, To: memory}}} {
			refused(t, v, command.name, command.req, CodeDamaged)
		}
		if of := ask[LayersList](t, v, CommandLayers, LayersRequest{Paths: []string{"/" + name}}).Files[0]; of.Problem == "" {
			t.Errorf("%+v is believed", list)
		}
	}
}

// TestLookAtWhatCannotBeRead marks it, says why, and shows the rest.
func TestLookAtWhatCannotBeRead(t *testing.T) {
	f := newFake(nil)
	v, c := layered(t, &outputtest.Host{}, f)
	data := c.Contents()[4096:][:40960]
	n := f.file("file", string(data))
	n.extents = []fsys.Extent{{Offset: 0, Length: 40960, Start: 0}}
	n.bad, n.from = fsys.Damaged(-1, "a unit cannot be unpacked"), 10000
	view := ask[worker.View](t, v, CommandLook, LookRequest{Path: "/file", Offset: 0, Length: 40960})
	if !bytes.Equal(view.Bytes[:10000], data[:10000]) {
		t.Error("what can be read is not shown")
	}
	bad := slices.IndexFunc(view.Extents, func(e worker.Extent) bool { return e.State == "unreadable" })
	if bad < 0 || view.Extents[bad].Offset != 10000 || view.Extents[bad].Problem.Code != CodeDamaged || !strings.Contains(view.Extents[bad].Problem.Message, "unpacked") {
		t.Errorf("%+v", view.Extents)
	}
	refused(t, v, CommandLook, LookRequest{Path: "/file", Length: worker.MaxView + 1}, worker.CodeBadRequest)
	refused(t, v, CommandLook, LookRequest{Path: "/file", Offset: -1}, worker.CodeBadRequest)
	if view := ask[worker.View](t, v, CommandLook, LookRequest{Path: "/file", Offset: 40960 + 5, Length: 10}); len(view.Bytes)+len(view.Extents) > 0 {
		t.Errorf("behind the end: %+v", view)
	}
}

// TestHashesOfWhatCannotBeRead: those of the rest come all the same.
func TestHashesOfWhatCannotBeRead(t *testing.T) {
	f := newFake(map[string]string{"a/1": "one", "a/2": "two", "a/3": strings.Repeat("three", window), "b": ""})
	f.nodes["a/2"].bad = errors.New("it is no more")
	f.nodes["a"].bad = fsys.Damaged(-1, "half of it is gone")
	f.link("a/link", "1")
	v := with(t, &outputtest.Host{}, f)
	var last, total int64
	_, value, problem := do(t.Context(), v, CommandHash, HashRequest{Paths: []string{"/b", "/a", "/a/1", "/nowhere"}}, func(d, of int64) { last, total = d, of })
	if problem != nil {
		t.Fatal(problem)
	}
	want := map[string]string{"/a/1": sum([]byte("one")), "/a/3": sum([]byte(strings.Repeat("three", window))), "/b": sum(nil), "/a/2": "it is no more", "/a": "half of it is gone", "/nowhere": "not on the volume"}
	for _, h := range value.(*Hashes).Files {
		if w := want[h.Path]; w == "" || h.SHA256 != w && !strings.Contains(h.Problem, w) || (h.SHA256 == "") != (h.Problem != "") {
			t.Errorf("%+v, want %q", h, w)
		}
		delete(want, h.Path)
	}
	if len(want) > 0 || last != total || total != 3+3+5*window {
		t.Errorf("without %v; %d of %d bytes", want, last, total)
	}
}
