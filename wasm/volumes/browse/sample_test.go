package browse

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
	"vhdscope/vhd/vhdtest/fieldnotes"
	"vhdscope/wasm/output"
	"vhdscope/wasm/output/outputtest"
	"vhdscope/wasm/worker"
)

func float(column []byte, i int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(column[8*i:]))
}

// depths calls test for each number of layers of the sample, with its volume
// mounted, and what is in it by path.
func depths(t *testing.T, test func(t *testing.T, h *outputtest.Host, v *Volume, layers []fieldnotes.Layer)) {
	all := sample(t)
	for n := 1; n <= len(all); n++ {
		t.Run(all[n-1].Name, func(t *testing.T) {
			h := &outputtest.Host{Room: 1 << 40}
			test(t, h, mountedSample(t, h, all[:n]), all[:n])
		})
	}
}

func filesOf(layers []fieldnotes.Layer) map[string][]byte { return layers[len(layers)-1].Files }

// TestListsWhatIsThere: at each depth the folders hold the files of the story,
// with their sizes, and nothing else.
func TestListsWhatIsThere(t *testing.T) {
	depths(t, func(t *testing.T, _ *outputtest.Host, v *Volume, layers []fieldnotes.Layer) {
		want := map[string]string{}
		for name := range filesOf(layers) {
			want["/"+name] = "f"
			for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
				want["/"+dir] = "d"
			}
		}
		got := tree(t, v, "/")
		for p, e := range got {
			if want[p] != e.kind {
				t.Errorf("%s is %q, want %q", p, e.kind, want[p])
			}
			if data, ok := filesOf(layers)[p[1:]]; ok && e.size != float64(len(data)) {
				t.Errorf("%s has %v bytes, want %d", p, e.size, len(data))
			}
		}
		for p := range want {
			if _, ok := got[p]; !ok {
				t.Errorf("%s is not listed", p)
			}
		}
		if len(want) < 3 {
			t.Errorf("the sample has only %d files", len(want))
		}
	})
}

// TestStatSaysWhatListingsSay: the details of a file agree with its line.
func TestStatSaysWhatListingsSay(t *testing.T) {
	depths(t, func(t *testing.T, _ *outputtest.Host, v *Volume, layers []fieldnotes.Layer) {
		for p, e := range tree(t, v, "/") {
			d := ask[FileDetails](t, v, CommandStat, StatRequest{Path: p})
			modified, err := time.Parse("2006-01-02T15:04:05.999", d.Modified)
			if err != nil || float64(modified.UnixMilli()) != e.modified || !d.Local {
				t.Errorf("%s was modified at %q, %v in the list (%v)", p, d.Modified, e.modified, err)
			}
			if d.Path != p || d.Name != path.Base(p) || d.Kind[:1] != e.kind || float64(d.Size) != e.size || d.Attributes != e.attributes || d.Problem != "" {
				t.Errorf("%+v, %+v in the list", d, e)
			}
		}
		if d := ask[FileDetails](t, v, CommandStat, StatRequest{Path: "/"}); d.Kind != "directory" {
			t.Errorf("the root is %+v", d)
		}
	})
}

// TestSavedAndHashed: what is saved of a file in any way, and what is hashed,
// are the bytes of the story.
func TestSavedAndHashed(t *testing.T) {
	depths(t, func(t *testing.T, h *outputtest.Host, v *Volume, layers []fieldnotes.Layer) {
		hashes := map[string]string{}
		for _, f := range ask[Hashes](t, v, CommandHash, HashRequest{Paths: []string{"/"}}).Files {
			hashes[f.Path] = f.SHA256
		}
		if len(hashes) != len(filesOf(layers)) {
			t.Errorf("%d files are hashed of %d", len(hashes), len(filesOf(layers)))
		}
		for name, data := range filesOf(layers) {
			p := "/" + name
			if hashes[p] != sum(data) {
				t.Errorf("%s: hash %q", p, hashes[p])
			}
			s, got := saved(t, h, v, SaveRequest{Paths: []string{p}, To: memory})
			if !bytes.Equal(got, data) || s.Saved.Way != "composite" || s.Count != 1 {
				t.Errorf("%s, saved as a %s: %s", p, s.Saved.Way, vhdtest.Diff(got, data))
			}
			s, got = saved(t, h, v, SaveRequest{Paths: []string{p}, To: output.Target{Name: "new", Handle: "a handle"}})
			if !bytes.Equal(got, data) || s.Saved.Way != "stream" {
				t.Errorf("%s, saved as a %s: %s", p, s.Saved.Way, vhdtest.Diff(got, data))
			}
		}
	})
}

// TestLooksShowWhoSuppliesFiles: a file's bytes in pieces of any size are those
// of the story, and each extent's bytes stand in its layer's file where it says.
func TestLooksShowWhoSuppliesFiles(t *testing.T) {
	depths(t, func(t *testing.T, _ *outputtest.Host, v *Volume, layers []fieldnotes.Layer) {
		for name, data := range filesOf(layers) {
			supplied := make([]int, len(layers))
			for off := int64(0); off < int64(len(data)); off += 700 {
				view := ask[worker.View](t, v, CommandLook, LookRequest{Path: "/" + name, Offset: off, Length: 700})
				if want := data[off:min(off+700, int64(len(data)))]; !bytes.Equal(view.Bytes, want) {
					t.Fatalf("%s at %d: %s", name, off, vhdtest.Diff(view.Bytes, want))
				}
				at := off
				for _, e := range view.Extents {
					if e.Offset != at {
						t.Fatalf("%s: an extent at %d follows on %d", name, e.Offset, at)
					}
					at += e.Length
					if e.State != "data" {
						continue
					}
					file := layers[len(layers)-1-e.Layer].File
					if !bytes.Equal(file.Get(e.Source, int(e.Length)), data[e.Offset:at]) {
						t.Fatalf("%s: %+v has other bytes in its file", name, e)
					}
					supplied[e.Layer] += int(e.Length)
				}
				if at != off+int64(len(view.Bytes)) {
					t.Fatalf("%s: the extents end at %d", name, at)
				}
			}
			of := ask[LayersList](t, v, CommandLayers, LayersRequest{Paths: []string{"/" + name}}).Files[0]
			if !slices.Equal(of.Bytes, supplied) || of.Problem != "" {
				t.Errorf("%s: layers supply %v, the looks say %v", name, of.Bytes, supplied)
			}
		}
	})
}

// TestMapIsOnTheDisk: at a file's extents the disk of the story has its bytes,
// and each of those bytes is known to be the file's.
func TestMapIsOnTheDisk(t *testing.T) {
	depths(t, func(t *testing.T, _ *outputtest.Host, v *Volume, layers []fieldnotes.Layer) {
		disk := layers[len(layers)-1].Disk
		for name, data := range filesOf(layers) {
			m := ask[FileMap](t, v, CommandMap, MapRequest{Path: "/" + name})
			if m.Size != int64(len(data)) || m.More {
				t.Errorf("%s: %+v", name, m)
			}
			var got []byte
			for _, e := range m.Extents {
				got = append(got, disk[e.Start:e.Start+e.Length]...)
				for _, at := range []int64{0, e.Length / 2, e.Length - 1} {
					o := ask[Owner](t, v, CommandOwner, OwnerRequest{Offset: e.Start + at})
					if !o.Known || len(o.Files) != 1 || o.Files[0].Path != "/"+name || o.Files[0].Offset != e.Offset+at {
						t.Errorf("byte %d of %s belongs to %+v", e.Offset+at, name, o)
					}
				}
			}
			if !bytes.Equal(got, data) {
				t.Errorf("%s is something else on the disk: %s", name, vhdtest.Diff(got, data))
			}
		}
		if o := ask[Owner](t, v, CommandOwner, OwnerRequest{Offset: fieldnotes.VolumeStart}); len(o.Files) > 0 || o.Known != (o.Structure != "") {
			t.Errorf("the volume's first byte belongs to %+v", o)
		}
		refused(t, v, CommandOwner, OwnerRequest{Offset: fieldnotes.VolumeStart - 1}, worker.CodeBadRequest)
	})
}

// TestSearchFindsEverything: by parts of names and by patterns, in as many
// replies as it takes.
func TestSearchFindsEverything(t *testing.T) {
	depths(t, func(t *testing.T, _ *outputtest.Host, v *Volume, layers []fieldnotes.Layer) {
		all := tree(t, v, "/")
		for _, test := range []struct {
			req  SearchRequest
			want func(p string) bool
		}{
			{SearchRequest{Pattern: "*", Path: "/"}, func(string) bool { return true }},
			{SearchRequest{Pattern: "*.TXT", Path: "/"}, func(p string) bool { return strings.EqualFold(path.Ext(p), ".txt") }},
			{SearchRequest{Pattern: "TATION", Path: "/", Case: true}, func(p string) bool { return strings.Contains(path.Base(p), "TATION") }},
			{SearchRequest{Pattern: "station", Path: "/"}, func(p string) bool { return strings.Contains(strings.ToLower(path.Base(p)), "station") }},
		} {
			found := map[string]bool{}
			for {
				f := ask[Found](t, v, CommandSearch, test.req)
				for _, e := range f.Entries {
					found[e.Path] = true
					if of := all[e.Path]; float64(e.Size) != of.size || e.Kind[:1] != of.kind {
						t.Errorf("found %+v, listed %+v", e, of)
					}
				}
				if test.req.Cursor = f.Cursor; f.Done {
					if f.Looked != int64(len(all)) || f.Problems != 0 {
						t.Errorf("%+v of %d", f, len(all))
					}
					break
				}
			}
			for p := range all {
				if found[p] != test.want(p) {
					t.Errorf("%q finds %s: %v", test.req.Pattern, p, found[p])
				}
			}
			refused(t, v, CommandSearch, test.req, worker.CodeBadRequest) // it is over
		}
	})
}

// TestChangesAreThoseOfTheStory: each layer adds, removes and changes what the
// story says, and what changed lies in what the layer supplies.
func TestChangesAreThoseOfTheStory(t *testing.T) {
	layers := sample(t)
	v := mountedSample(t, &outputtest.Host{}, layers)
	for i := range layers {
		layer := len(layers) - 1 - i
		before := map[string][]byte{}
		if i > 0 {
			before = layers[i-1].Files
		}
		want := map[string]string{}
		for name, data := range layers[i].Files {
			if was, ok := before[name]; !ok {
				want["/"+name] = "added"
			} else if !bytes.Equal(was, data) {
				want["/"+name] = "content"
			}
		}
		for name := range before {
			if _, ok := layers[i].Files[name]; !ok {
				want["/"+name] = "removed"
			}
		}
		got := map[string]string{}
		c := ask[Changes](t, v, CommandChanges, ChangesRequest{Layer: layer})
		for _, f := range c.Files {
			if f.Kind != "file" || f.Change == "metadata" {
				continue
			}
			got[f.Path] = f.Change
			if f.Change == "content" {
				if !f.Content || f.RangesBytes <= 0 || len(f.Ranges) == 0 || f.Before == nil || f.After == nil {
					t.Errorf("%+v", f)
				}
				inRanges(t, f.Ranges, before[f.Path[1:]], layers[i].Files[f.Path[1:]])
			}
			if f.Problem != "" {
				t.Errorf("%s: %s", f.Path, f.Problem)
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("layer %d: %v, want %v", layer, got, want)
		}
		for _, e := range c.Elsewhere {
			bytes := int64(0)
			for _, r := range e.Runs {
				if r.Offset < e.Start || r.Offset+r.Length > e.Start+e.Length {
					t.Errorf("%+v does not lie in %+v", r, e)
				}
				bytes += ask[TouchedRuns](t, v, CommandTouched, TouchedRequest{Layer: layer, Start: r.Offset, Length: r.Length}).Bytes
			}
			if bytes != e.Bytes {
				t.Errorf("of %q the layer supplies %d bytes, not %d", e.Name, bytes, e.Bytes)
			}
		}
		if layer < len(layers)-1 && len(c.Elsewhere) == 0 {
			t.Error("a layer that changed files changed nothing elsewhere")
		}
	}
	refused(t, v, CommandChanges, ChangesRequest{Layer: len(layers)}, worker.CodeBadRequest)
	refused(t, v, CommandChanges, ChangesRequest{Layer: -1}, worker.CodeBadRequest)
}

// inRanges reports bytes that differ outside of the ranges that are said to.
func inRanges(t *testing.T, ranges []worker.Span, before, after []byte) {
	t.Helper()
	in := map[int64]bool{}
	for _, r := range ranges {
		for at := r.Offset; at < r.Offset+r.Length; at++ {
			in[at] = true
		}
	}
	for i := range after {
		if (i >= len(before) || before[i] != after[i]) && !in[int64(i)] {
			t.Errorf("byte %d differs and lies in no range of %v", i, ranges)
			return
		}
	}
}

// TestTouchedIsWhatALayerSupplies: the runs are those in which the disk of the
// story may differ, and all in which it does.
func TestTouchedIsWhatALayerSupplies(t *testing.T) {
	layers := sample(t)
	v := opened(t, &outputtest.Host{}, chainOf(layers)...)
	size := int64(len(layers[0].Disk))
	for i := range layers {
		r := ask[TouchedRuns](t, v, CommandTouched, TouchedRequest{Layer: len(layers) - 1 - i, Length: size})
		if r.More || r.Bytes != int64(layers[i].Sectors)*512 {
			t.Errorf("%s supplies %d bytes, want %d", layers[i].Name, r.Bytes, layers[i].Sectors*512)
		}
		if i == 0 {
			continue
		}
		at := int64(0)
		for _, run := range append(r.Runs, worker.Span{Offset: size}) {
			if run.Offset < at {
				t.Fatalf("a run at %d behind %d", run.Offset, at)
			}
			if !bytes.Equal(layers[i].Disk[at:run.Offset], layers[i-1].Disk[at:run.Offset]) {
				t.Errorf("%s changed something between %d and %d", layers[i].Name, at, run.Offset)
			}
			at = run.Offset + run.Length
		}
	}
}

// TestScanOfLowerLayers: the disk is looked at as of any layer.
func TestScanOfLowerLayers(t *testing.T) {
	layers := sample(t)
	v := opened(t, &outputtest.Host{}, chainOf(layers)...)
	for first := range layers {
		l := ask[Layout](t, v, CommandScan, ScanRequest{First: first})
		end := int64(0)
		for _, p := range l.Parts {
			end = max(end, p.Start+p.Size)
		}
		if l.Scheme != "mbr" || end != int64(len(layers[0].Disk)) || l.Parts[len(l.Parts)-1].ContentLabel == "" && !l.Parts[len(l.Parts)-1].Gap {
			t.Errorf("as of layer %d: %+v", first, l)
		}
	}
	refused(t, v, CommandScan, ScanRequest{First: len(layers)}, worker.CodeBadRequest)
}
