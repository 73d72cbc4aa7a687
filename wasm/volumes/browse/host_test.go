package browse

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"vhdscope/vhd/vhdtest/fieldnotes"
	"vhdscope/wasm/output"
	"vhdscope/wasm/output/outputtest"
	"vhdscope/wasm/worker"
)

// do runs a request, whose message is decoded from the same message.
func do(ctx context.Context, v *Volume, command string, req any, progress worker.Progress) (kind string, value any, problem *worker.Problem) {
	return v.Do(ctx, command, func(m any) error {
		reflect.ValueOf(m).Elem().Set(reflect.ValueOf(req))
		return nil
	}, progress)
}

// ask is the result of a request that must succeed.
func ask[Res any](t testing.TB, v *Volume, command string, req any) *Res {
	t.Helper()
	kind, value, problem := do(t.Context(), v, command, req, nil)
	if kind != worker.ReplyResult || problem != nil {
		t.Fatalf("%s %+v: %s %+v", command, req, kind, problem)
	}
	return value.(*Res)
}

// refused is the problem of a request that must fail.
func refused(t testing.TB, v *Volume, command string, req any, code string) *worker.Problem {
	t.Helper()
	kind, value, problem := do(t.Context(), v, command, req, nil)
	if kind != worker.ReplyError || value != nil || problem == nil {
		t.Fatalf("%s %+v: %s %+v, %+v; want an error", command, req, kind, value, problem)
	}
	if problem.Code != code || problem.Message == "" {
		t.Errorf("%s %+v: %+v; want the code %q", command, req, problem, code)
	}
	return problem
}

// named is a file to open.
type named struct {
	name string
	file outputtest.Sized
}

// opened has the files of a chain open, leaf first.
func opened(t testing.TB, h *outputtest.Host, files ...named) *Volume {
	t.Helper()
	v := New(h)
	var list []worker.OpenFile
	for i, f := range files {
		list = append(list, worker.OpenFile{Key: i + 1, Name: f.name, File: f.file})
	}
	ask[Chain](t, v, CommandChain, ChainRequest{Files: list})
	return v
}

// sample is the sample's chain, base first, with what is in it.
func sample(t testing.TB) []fieldnotes.Layer {
	t.Helper()
	layers, err := fieldnotes.Build()
	if err != nil {
		t.Fatal(err)
	}
	return layers
}

// chainOf is the chain of which the last of some layers is the leaf.
func chainOf(layers []fieldnotes.Layer) (list []named) {
	for _, l := range slices.Backward(layers) {
		list = append(list, named{l.Name, l.File})
	}
	return list
}

// mountedSample has the sample's volume mounted, with the last of some layers
// as the leaf.
func mountedSample(t testing.TB, h *outputtest.Host, layers []fieldnotes.Layer) *Volume {
	t.Helper()
	v := opened(t, h, chainOf(layers)...)
	l := ask[Layout](t, v, CommandScan, ScanRequest{})
	i := slices.IndexFunc(l.Parts, func(p Part) bool { return p.Browsable })
	if i < 0 {
		t.Fatalf("no volume can be browsed: %+v", l)
	}
	if p := l.Parts[i]; p.Start != fieldnotes.VolumeStart || p.Content != "FAT16" || l.Scheme != "mbr" {
		t.Fatalf("the volume is %+v", p)
	}
	ask[Mounted](t, v, CommandMount, MountRequest{Start: l.Parts[i].Start, Size: l.Parts[i].Size})
	return v
}

// entry is an entry of a listing.
type entry struct {
	name, kind string
	size       float64
	modified   float64
	attributes string
}

// tree lists a folder and all below it, by path.
func tree(t testing.TB, v *Volume, path string) map[string]entry {
	t.Helper()
	all := map[string]entry{}
	for _, e := range entries(t, ask[Listing](t, v, CommandList, ListRequest{Path: path})) {
		p := filepath.Join(path, e.name)
		all[p] = e
		if e.kind == "d" {
			for below, e := range tree(t, v, p) {
				all[below] = e
			}
		}
	}
	return all
}

// entries are those of a listing, taken from its columns.
func entries(t testing.TB, l *Listing) (list []entry) {
	t.Helper()
	names := bytes.Split(l.Names, []byte{0})
	if len(names) != l.Count+1 || len(names[l.Count]) != 0 || len(l.Kinds) != l.Count || len(l.Sizes) != 8*l.Count ||
		len(l.Modified) != 8*l.Count || len(l.Created) != 8*l.Count || len(l.Attribute) != 4*l.Count {
		t.Fatalf("columns of %d entries: %d names, %d, %d, %d, %d and %d bytes", l.Count, len(names)-1, len(l.Kinds), len(l.Sizes), len(l.Modified), len(l.Created), len(l.Attribute))
	}
	for i := range l.Count {
		a := int(l.Attribute[4*i]) | int(l.Attribute[4*i+1])<<8
		list = append(list, entry{string(names[i]), string(l.Kinds[i]), float(l.Sizes, i), float(l.Modified, i), l.Attributes[a]})
	}
	return list
}

// saved saves files and returns the new one's bytes.
func saved(t testing.TB, h *outputtest.Host, v *Volume, req SaveRequest) (*SavedFiles, []byte) {
	t.Helper()
	s := ask[SavedFiles](t, v, CommandSave, req)
	return s, h.Bytes(t, &s.Saved)
}

var memory = output.Target{Name: "new"}

func sum(p []byte) string {
	s := sha256.Sum256(p)
	return hex.EncodeToString(s[:])
}
