package device

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"vhdscope/vhd/volume/fsys"
)

// volume counts its reads, and fails those that touch a place.
type volume struct {
	*bytes.Reader
	reads int
	bad   int64 // -1 for none
}

var errBad = errors.New("the sector is bad")

func (v *volume) ReadAt(b []byte, off int64) (int, error) {
	v.reads++
	if v.bad >= off && v.bad < off+int64(len(b)) {
		n, _ := v.Reader.ReadAt(b[:v.bad-off], off)
		return n, errBad
	}
	return v.Reader.ReadAt(b, off)
}

func content(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i/251)
	}
	return b
}

func newVolume(n int) (*volume, *Device, []byte) {
	b := content(n)
	v := &volume{bytes.NewReader(b), 0, -1}
	return v, New(v, int64(n)), b
}

func TestReadsAreGatheredIntoPages(t *testing.T) {
	v, d, want := newVolume(3*pageSize + 100)
	for at := 0; at < len(want); at += 512 {
		b := make([]byte, 512)
		n, err := d.ReadAt(b, int64(at))
		if !bytes.Equal(b[:n], want[at:at+n]) || n < 512 && (err != io.EOF || at+n != len(want)) {
			t.Fatalf("at %d: %d bytes, %v", at, n, err)
		}
	}
	if v.reads != 4 {
		t.Errorf("%d reads for 4 pages", v.reads)
	}
	b := make([]byte, pageSize+1)
	if n, err := d.ReadAt(b, 7); n != len(b) || err != nil || !bytes.Equal(b, want[7:7+n]) || v.reads != 5 {
		t.Errorf("a read larger than a page: %d bytes, %v, %d reads", n, err, v.reads)
	}
}

func TestIsAReaderAsGoHasThem(t *testing.T) {
	_, d, want := newVolume(2*pageSize + 17)
	if err := iotest.TestReader(io.NewSectionReader(d, 0, d.Size()), want); err != nil {
		t.Error(err)
	}
}

func TestPagesAreBounded(t *testing.T) {
	v, d, _ := newVolume((maxPages + 40) * pageSize)
	b := make([]byte, 1)
	read := func(page int) {
		t.Helper()
		if _, err := d.ReadAt(b, int64(page)*pageSize); err != nil {
			t.Fatal(err)
		}
	}
	for i := range maxPages + 40 {
		read(i)
		read(0) // used all the time, so kept
	}
	if len(d.pages) > maxPages || v.reads != maxPages+40 {
		t.Errorf("%d pages, %d reads", len(d.pages), v.reads)
	}
}

func TestTheVolumesErrorStandsBeforeTheLibrarys(t *testing.T) {
	v, d, _ := newVolume(2 * pageSize)
	v.bad = pageSize + 10
	library := errors.New("the library failed")
	read := func() error {
		if _, err := d.ReadAt(make([]byte, 100), pageSize); err == nil {
			t.Error("a bad sector was read")
		}
		return library
	}
	if err := d.Do(read); err != errBad {
		t.Errorf("Do: %v", err)
	}
	if err := d.Do(func() error { read(); return nil }); err != errBad {
		t.Errorf("Do, of a library that hides the error: %v", err)
	}
	if err := d.Hold(read); err != library {
		t.Errorf("Hold: %v", err)
	}
	if err := d.Do(func() error { return library }); err != library {
		t.Errorf("the error was kept for the next call: %v", err)
	}
	if n, err := d.ReadAt(make([]byte, 100), pageSize); n != 10 || err != errBad {
		t.Errorf("%d bytes before the bad sector, %v", n, err)
	}
	v.bad = -1
	if _, err := d.ReadAt(make([]byte, 100), pageSize); err != nil {
		t.Errorf("the sector became good, but: %v", err)
	}
}

func TestPlacesOutsideAreNotRead(t *testing.T) {
	v, d, _ := newVolume(1000)
	if err := d.Do(func() error { d.ReadAt(make([]byte, 1), -1); return nil }); !errors.Is(err, fsys.ErrDamaged) {
		t.Errorf("before the volume: %v", err)
	}
	if n, err := d.ReadAt(make([]byte, 1), 1000); n != 0 || err != io.EOF || v.reads != 0 {
		t.Errorf("behind the volume: %d, %v", n, err)
	}
	short := New(v, 2000) // the volume is said to be larger than it is
	if n, err := short.ReadAt(make([]byte, 2000), 0); n != 1000 || err != io.ErrUnexpectedEOF {
		t.Errorf("a volume that ends early: %d, %v", n, err)
	}
}

func TestPanicsBecomeErrors(t *testing.T) {
	_, d, _ := newVolume(1000)
	for name, run := range map[string]func(func() error) error{
		"Do": d.Do, "Hold": d.Hold,
	} {
		var nothing []int
		if err := run(func() error { _ = nothing[d.Size()]; return nil }); !errors.Is(err, fsys.ErrDamaged) {
			t.Errorf("%s: an index out of range: %v", name, err)
		}
		if err := run(func() error { panic("a word") }); !errors.Is(err, fsys.ErrDamaged) {
			t.Errorf("%s: a word: %v", name, err)
		}
		if err := run(func() error { return nil }); err != nil {
			t.Errorf("%s: afterwards: %v", name, err)
		}
	}
}

func TestFillReadsAllOrSaysWhyNot(t *testing.T) {
	v, d, want := newVolume(2*pageSize + 50)
	b := make([]byte, 100)
	if err := d.Fill(b, pageSize-50); err != nil || !bytes.Equal(b, want[pageSize-50:][:100]) {
		t.Errorf("over two pages: %v", err)
	}
	for _, at := range []int64{2*pageSize - 49, 2*pageSize + 50, 1 << 60, -1} {
		if err := d.Fill(b, at); !errors.Is(err, fsys.ErrDamaged) {
			t.Errorf("at %d: %v", at, err)
		}
	}
	v.bad = 2 * pageSize
	if err := New(v, d.Size()).Fill(b, 2*pageSize-50); err != errBad {
		t.Errorf("a bad sector: %v", err)
	}
}
