package fat_test

import (
	"errors"
	"testing"

	"vhdscope/vhd/volume/fsys"
)

// checkAny wants of any bytes that they open with an error that is one, or
// that what they tell lies in them.
func checkAny(t *testing.T, b []byte) {
	v, err := openBytes(b)
	if err != nil {
		var e *fsys.Error
		if !errors.As(err, &e) {
			t.Fatalf("not an error of a file system: %v", err)
		}
		return
	}
	everything(v)
	v.(fsys.Mapping).Structures(func(s fsys.Structure) bool {
		if s.Start < 0 || s.Length <= 0 || s.Start+s.Length > int64(len(b)) {
			t.Errorf("structure %+v in a volume of %d bytes", s, len(b))
		}
		return true
	})
	for w := fsys.NewWalker(v, ".", true); w.Next(); {
		if w.Err() != nil || w.Entry().IsDir() {
			continue
		}
		f, err := v.Open(w.Path())
		if err != nil {
			continue
		}
		extents, err := f.(fsys.File).Extents()
		if err != nil {
			t.Error(err)
		}
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		at := int64(0)
		for _, e := range extents {
			if e.Offset != at || e.Length <= 0 || e.Start < -1 {
				t.Errorf("%s: extents %+v", w.Path(), extents)
			}
			at += e.Length
		}
		if at != info.Size() {
			t.Errorf("%s: extents end at %d, the file at %d", w.Path(), at, info.Size())
		}
	}
}

func FuzzFAT(f *testing.F) {
	f.Add(sampleOf("FAT12").b)
	f.Add(sampleOf("FAT32").b)
	f.Fuzz(checkAny)
}

func FuzzExFAT(f *testing.F) {
	f.Add(sampleOf("exFAT").b)
	f.Fuzz(checkAny)
}
