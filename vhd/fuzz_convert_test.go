package vhd

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// FuzzConvert converts any file that opens, salvaging: the result is without
// a flaw and reads as the file does, with zeros for what is lost.
func FuzzConvert(f *testing.F) {
	for _, seed := range fuzzSeeds() {
		f.Add(seed, byte(3))
	}
	f.Fuzz(convertAny)
}

func convertAny(t *testing.T, b []byte, shift byte) {
	im, err := Open(bytes.NewReader(b), int64(len(b)))
	if len(b) > maxFuzzInput || err != nil || im.Size() > 4<<20 {
		return
	}
	d := mustDisk(t, im)
	out := vhdtest.NewFile()
	var lost []Loss
	done, err := d.Convert(context.Background(), out, Conversion{NewImage: NewImage{Type: Dynamic, BlockSize: 512 << (shift % 13)}, Lost: gather(&lost)}, nil)
	if err != nil {
		if im.Size() > 0 {
			t.Fatal(err)
		}
		return
	}
	made, _ := converted(t, out, done)
	wantSalvaged(t, readAll(t, mustDisk(t, made)), d, lost)
	if im.Type() != Differencing {
		return
	}
	out, lost = vhdtest.NewFile(), nil
	if _, err = d.Merge(context.Background(), out, 0, 0, Merge{BlockSize: 512 << (shift % 13), Lost: gather(&lost)}, nil); err != nil {
		t.Fatal(err)
	}
	// With the same disk below, both read as the same.
	below := OpenRaw(bytes.NewReader(unlike(4<<20)), 4<<20)
	wantSalvaged(t, readAll(t, mustDisk(t, mustOpen(t, out), below)), mustDisk(t, im, below), lost)
}

// wantSalvaged compares bytes with a disk's, and the losses with what cannot
// be read of it.
func wantSalvaged(t *testing.T, got []byte, d *Disk, lost []Loss) {
	t.Helper()
	want, gone := make([]byte, len(got)), make([]bool, len(got))
	for _, l := range lost {
		for i := range l.Length {
			gone[l.Offset+i] = true
		}
	}
	for off := int64(0); off < d.Size(); {
		n, err := d.ReadAt(want[off:d.Size()], off)
		for range n {
			if gone[off] {
				t.Fatalf("byte %d is told to be lost", off)
			}
			off++
		}
		for ; err != nil && off < d.Size() && gone[off]; off++ {
			n++
		}
		if n == 0 {
			t.Fatalf("byte %d is lost and not told: %v", off, err)
		}
	}
	wantBytes(t, got, want)
}

// FuzzRelink relinks any child that opens, to any name: the disk reads as it
// did, and the name is there.
func FuzzRelink(f *testing.F) {
	for _, seed := range fuzzSeeds() {
		f.Add(seed, "new.vhd", false)
		f.Add(seed, strings.Repeat("folder/", 400)+"名.vhd", true)
	}
	f.Fuzz(relinkAny)
}

func relinkAny(t *testing.T, b []byte, name string, absolute bool) {
	im, err := Open(bytes.NewReader(b), int64(len(b)))
	if len(b) > maxFuzzInput || err != nil || im.Type() != Differencing {
		return
	}
	to := Parent{UUID: UUID{1}, Relative: name}
	if absolute {
		to.Absolute = `C:\` + name
	}
	p, patches, err := im.Relink(Relink{Parent: to, Names: true, UUID: true, Modified: true})
	if err != nil {
		var e *FormatError
		if !errors.As(err, &e) || e.Msg == "" {
			t.Fatal(err)
		}
		return
	}
	if p.Size() > int64(len(b))+4*maxLocatorData+2*maxBlockSize {
		t.Fatalf("%d bytes became %d", len(b), p.Size())
	}
	again, err := Open(p, p.Size())
	if err != nil {
		t.Fatalf("%v after %d patches", err, len(patches))
	}
	if again.ParentUUID() != (UUID{1}) || again.headerGood == false || !again.NamesParent(name) {
		t.Errorf("parent %s, %+v", again.ParentUUID(), again.ParentNames())
	}
	if again.Size() != im.Size() {
		t.Fatalf("a disk of %d bytes became one of %d", im.Size(), again.Size())
	}
	const most = 32 << 10
	for _, off := range []int64{0, im.Size()/2 - 100, im.Size() - most} {
		off = max(off, 0)
		p, q := make([]byte, most), make([]byte, most)
		n, err := mustDisk(t, im).ReadAt(p, off)
		m, err2 := mustDisk(t, again).ReadAt(q, off)
		if n != m || (err == nil) != (err2 == nil) || !bytes.Equal(p[:n], q[:n]) {
			t.Fatalf("at %d: %d bytes, %v; was %d, %v; %s", off, m, err2, n, err, vhdtest.Diff(q, p))
		}
	}
}
