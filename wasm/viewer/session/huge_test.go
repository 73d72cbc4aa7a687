package session

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"testing"

	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// The largest disk of the format's writers, and the sector of a file just
// below the last that a table can name.
const (
	hugeSize   = 2040 << 30
	hugeBlocks = hugeSize / (2 << 20)
	lastPlace  = 1<<41 - 4<<20
)

// hugeFile is a disk of 2040 GiB with some blocks, each at a place of the
// file. Every sector that is there holds its pattern.
func hugeFile(layer int, id, parent string, at map[int]int64) *vhdtest.File {
	spec := vhdtest.Spec{Type: vhdtest.Dynamic, Size: hugeSize, UUID: vhdtest.ID(id)}
	if parent != "" {
		spec.Type, spec.ParentUUID, spec.ParentName = vhdtest.Differencing, vhdtest.ID(parent), parent+".vhd"
	}
	f := spec.Build()
	footer := f.Get(f.Layout.Footer, 512)
	end := f.Layout.Footer
	f.Put(end, make([]byte, 512))
	for block, place := range at {
		f.SetEntry(block, uint32(place/512))
		f.Put(place, bytes.Repeat([]byte{0xF0}, 512)) // four sectors of eight
		data := make([]byte, 2<<20)
		for i := range int64(4096) {
			vhdtest.PutPattern(data[i*512:(i+1)*512], layer, int64(block)*4096+i)
		}
		f.Put(place+512, data)
		end = max(end, place+512+2<<20)
	}
	f.Truncate(end)
	f.Append(footer)
	return f
}

// TestHuge reads a chain of two disks of 2040 GiB, whose files reach past
// 2^32 and near 2^41 bytes, at the places where 32 bits would not do.
func TestHuge(t *testing.T) {
	baseAt := map[int]int64{0: 8 << 20, 1023: 1<<32 - 512, 2048: 1<<32 + 4<<20, 2049: 1<<40 - 1024, hugeBlocks - 1: lastPlace, hugeBlocks - 2: 1 << 33}
	leafAt := map[int]int64{0: 1<<31 - 512, 2047: 1 << 34, hugeBlocks - 2: lastPlace}
	s, _ := newSession()
	f := open(t, s, given("leaf.vhd", hugeFile(1, "leaf", "base", leafAt)), given("base.vhd", hugeFile(0, "base", "", baseAt)))
	d := f.Disks[0]
	if len(f.Disks) != 1 || !d.Complete || d.Size != hugeSize || d.Layers[1].State != "resolved" || f.Files[1].Allocated != 6 || f.Files[1].Blocks != hugeBlocks {
		t.Fatalf("forest %+v", f)
	}
	// want is the sector as the two maps say, and where it stands.
	want := func(lba int64) (sector []byte, layer int, place int64) {
		block, in := int(lba/4096), lba%4096
		sector = make([]byte, 512)
		for i, at := range []map[int]int64{leafAt, baseAt} {
			place, ok := at[block]
			if !ok || i == 0 && in%8 >= 4 {
				continue
			}
			if in%8 >= 4 {
				break
			}
			vhdtest.PutPattern(sector, 1-i, lba)
			return sector, i, place + 512 + in*512
		}
		return sector, -1, -1
	}
	for _, block := range []int64{0, 1, 1022, 1023, 1024, 2047, 2048, 2049, 2050, hugeBlocks - 3, hugeBlocks - 2, hugeBlocks - 1} {
		for _, in := range []int64{0, 3, 4, 7, 4092, 4091, 4095} {
			lba := block*4096 + in
			sector, layer, place := want(lba)
			off := lba * 512
			if got := read(t, s, 1, off, 512); !bytes.Equal(got, sector) {
				t.Errorf("sector %d: %s", lba, vhdtest.Diff(got, sector))
			}
			v := ask[worker.View](t, s, CommandView, ViewRequest{Disk: 1, Offset: off, Length: 512})
			if e := v.Extents[0]; len(v.Extents) != 1 || e.Offset != off || e.Length != 512 || e.Layer != layer || e.Source != place || !bytes.Equal(v.Bytes, sector) {
				t.Errorf("sector %d: view %+v, want layer %d at %d", lba, v.Extents, layer, place)
			}
			x := ask[Explanation](t, s, CommandExplain, ExplainRequest{1, off})
			if last := x.Steps[len(x.Steps)-1]; x.Sector != lba || last.Source != place || layer >= 0 && last.Layer != layer {
				t.Errorf("sector %d: explanation %+v", lba, x)
			}
			if place >= 0 {
				own := ask[worker.View](t, s, CommandView, ViewRequest{File: layer + 1, Offset: place, Length: 512})
				if !bytes.Equal(own.Bytes, sector) {
					t.Errorf("sector %d: the file holds %s at %d", lba, vhdtest.Describe(own.Bytes), place)
				}
			}
		}
	}
	// The last 16 MiB and the bytes around 2^32, in one read each.
	for _, r := range [][2]int64{{hugeSize - 16<<20, 16 << 20}, {1<<32 - 3<<20, 6 << 20}, {1<<31 - 1000, 2000}} {
		got := read(t, s, 1, r[0], r[1])
		for lba := (r[0] + 511) / 512; (lba+1)*512 <= r[0]+r[1]; lba++ {
			sector, _, _ := want(lba)
			if part := got[lba*512-r[0]:][:512]; !bytes.Equal(part, sector) {
				t.Fatalf("sector %d: %s", lba, vhdtest.Diff(part, sector))
			}
		}
	}
	if l := ask[Location](t, s, CommandLocate, LocateRequest{Disk: 1, Unit: "sector", Index: hugeSize/512 - 1}); l.Offset != hugeSize-512 {
		t.Errorf("the last sector is at %d", l.Offset)
	}
	if l := ask[Location](t, s, CommandLocate, LocateRequest{File: 2, Unit: "block", Index: hugeBlocks - 1}); l.Offset != lastPlace {
		t.Errorf("the last block is at %d of the file", l.Offset)
	}
	list := ask[ExtentList](t, s, CommandExtents, ExtentsRequest{1, 0, hugeSize})
	checkExtents(t, list.Extents, 0, hugeSize)
	wantProblem(t, s, CommandRead, ReadRequest{1, hugeSize - 1, 2}, worker.CodeBadRequest)
}

// TestNumbersAreExact: whatever a file claims, no reply holds a number that
// JavaScript could not.
func TestNumbersAreExact(t *testing.T) {
	claims := []uint64{0, 1 << 31, 1 << 32, 1<<53 - 512, 1 << 53, 1 << 62, 1 << 63, 1<<64 - 512, 1<<64 - 1}
	set := func(f *vhdtest.File, at int64, v uint64) {
		f.PutUint64(at, v)
		f.FixChecksums()
	}
	for _, claim := range claims {
		offset := claim
		for i, edit := range []func(f *vhdtest.File){
			func(f *vhdtest.File) {
				f.EditFooters(func(b []byte) { binary.BigEndian.PutUint64(b[vhdtest.FooterCurrentSize:], claim) })
				f.FixChecksums()
			},
			func(f *vhdtest.File) {
				f.EditFooters(func(b []byte) { binary.BigEndian.PutUint64(b[vhdtest.FooterOriginalSize:], claim) })
				f.FixChecksums()
			},
			func(f *vhdtest.File) {
				f.EditFooters(func(b []byte) { binary.BigEndian.PutUint64(b[vhdtest.FooterDataOffset:], claim) })
				f.FixChecksums()
			},
			func(f *vhdtest.File) { set(f, f.Layout.Header+vhdtest.HeaderTableOffset, claim) },
			func(f *vhdtest.File) { set(f, f.Layout.Header+vhdtest.HeaderDataOffset, claim) },
			func(f *vhdtest.File) { set(f, f.Layout.LocatorEntry(0)+vhdtest.LocatorOffset, offset) },
			func(f *vhdtest.File) { set(f, f.Layout.LocatorEntry(0)+vhdtest.LocatorSpace, claim) }, // and length
			func(f *vhdtest.File) { set(f, f.Layout.Header+vhdtest.HeaderMaxEntries, claim) },      // and block size
			func(f *vhdtest.File) { f.SetEntry(1, uint32(claim>>9)) },
			func(f *vhdtest.File) { set(f, f.Layout.BatmapHead+vhdtest.BatmapOffset, claim) },
			func(f *vhdtest.File) { set(f, f.Layout.BatmapHead+vhdtest.BatmapSectors, claim) },
		} {
			f := tiny("a", "b", func(s *vhdtest.Spec) { s.Batmap, s.Creator = &vhdtest.Batmap{}, "tap" })
			edit(f)
			s, _ := newSession()
			replies := []any{}
			ask := func(command string, request any) {
				_, value, problem := do(context.Background(), s, command, request, nil)
				replies = append(replies, value, problem)
			}
			ask(CommandOpen, OpenRequest{[]worker.OpenFile{{Key: 1, Name: "a.vhd", File: f}}})
			ask(CommandDetails, DetailsRequest{1})
			for _, off := range []int64{0, 4096 + 1024, 8*4096 - 1, 1 << 40, 1<<53 - 1} {
				ask(CommandView, ViewRequest{Disk: 1, Offset: off, Length: 8192})
				ask(CommandView, ViewRequest{File: 1, Offset: off, Length: 8192})
				ask(CommandExplain, ExplainRequest{1, off})
				ask(CommandRead, ReadRequest{1, off, 512})
				ask(CommandExtents, ExtentsRequest{1, off, 8192})
				ask(CommandLocate, LocateRequest{Disk: 1, Unit: "block", Index: off})
				ask(CommandLocate, LocateRequest{File: 1, Unit: "block", Index: off})
				ask(CommandLocate, LocateRequest{Disk: 1, Unit: "sector", Index: off})
			}
			ask(CommandCheckBatmap, CheckBatmapRequest{1})
			for _, r := range replies {
				if at := inexact(reflect.ValueOf(r)); at != "" {
					t.Errorf("edit %d, claim %#x: a %T holds %s", i, claim, r, at)
				}
			}
		}
	}
}

// inexact names a number in a message that is 2^53 or more; "" for none.
func inexact(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return inexact(v.Elem())
		}
	case reflect.Int, reflect.Int64:
		if n := v.Int(); n >= 1<<53 || n <= -1<<53 {
			return fmt.Sprint(n)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return ""
		}
		for i := range v.Len() {
			if at := inexact(v.Index(i)); at != "" {
				return fmt.Sprintf("[%d]%s", i, at)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if at := inexact(v.Field(i)); at != "" {
				return v.Type().Field(i).Name + " " + at
			}
		}
	}
	return ""
}
