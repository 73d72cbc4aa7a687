package fsys

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"
)

// newMapped maps a file of random extents over a volume of random bytes, and
// tells what it holds.
func newMapped(r *rand.Rand, volume []byte) (*Mapped, []byte) {
	var content []byte
	var extents []Extent
	for range r.IntN(8) {
		e := Extent{Offset: int64(len(content)), Length: r.Int64N(3000), Start: -1}
		if r.IntN(3) > 0 {
			e.Start = r.Int64N(int64(len(volume)) - e.Length)
			content = append(content, volume[e.Start:][:e.Length]...)
		} else {
			content = append(content, make([]byte, e.Length)...)
		}
		extents = append(extents, e)
	}
	return NewMapped(&Node{Base: "f", Bytes: int64(len(content))}, bytes.NewReader(volume), extents), content
}

// TestMappedReadsItsExtents: at any place, over any number of extents and
// holes, up to the end and past it.
func TestMappedReadsItsExtents(t *testing.T) {
	volume := make([]byte, 20000)
	r := rand.New(rand.NewPCG(2, 2))
	for i := range volume {
		volume[i] = byte(r.Uint32())
	}
	for range 200 {
		f, content := newMapped(r, volume)
		if err := iotest.TestReader(f, content); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			off, p := r.IntN(len(content)+10), make([]byte, r.IntN(9000))
			for i := range p {
				p[i] = 0xEE // holes have to be cleared
			}
			n, err := f.ReadAt(p, int64(off))
			want := content[min(off, len(content)):]
			if len(want) > len(p) {
				want = want[:len(p)]
			}
			if !bytes.Equal(p[:n], want) || (err == io.EOF) != (n < len(p) || off >= len(content)) || err != nil && err != io.EOF {
				t.Fatalf("%d bytes at %d of %d: %d, %v", len(p), off, len(content), n, err)
			}
		}
		if got, _ := f.Extents(); !slices.Equal(got, f.extents) {
			t.Fatalf("extents %v", got)
		}
	}
}

// TestMappedSeeks and refuses what is before the file.
func TestMappedSeeks(t *testing.T) {
	f := NewMapped(&Node{Bytes: 6}, bytes.NewReader([]byte("abcdef")), []Extent{{Length: 6}})
	for _, c := range []struct {
		off    int64
		whence int
		at     int64
		next   string
	}{{2, io.SeekStart, 2, "c"}, {1, io.SeekCurrent, 4, "e"}, {-1, io.SeekEnd, 5, "f"}, {3, io.SeekEnd, 9, ""}} {
		at, err := f.Seek(c.off, c.whence)
		p := make([]byte, 1)
		n, _ := f.Read(p)
		if at != c.at || err != nil || string(p[:n]) != c.next {
			t.Errorf("seek %d, %d: at %d, %v, reads %q", c.off, c.whence, at, err, p[:n])
		}
	}
	if _, err := f.Seek(-1, io.SeekStart); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("seek before the file: %v", err)
	}
	if _, err := f.ReadAt(make([]byte, 1), -1); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("read before the file: %v", err)
	}
}

// TestMappedTellsWhatItCannotRead: the volume's own error, or damage where the
// volume ends or no extent is left; never zeros.
func TestMappedTellsWhatItCannotRead(t *testing.T) {
	bad := errors.New("broken sector")
	volume := io.NewSectionReader(bytes.NewReader(bytes.Repeat([]byte{7}, 100)), 0, 100)
	for _, c := range []struct {
		name    string
		volume  io.ReaderAt
		extents []Extent
		n       int
		want    error
	}{
		{"behind the volume", volume, []Extent{{0, 50, 0, 0}, {50, 50, 80, 0}}, 70, ErrDamaged},
		{"no extent", volume, []Extent{{0, 50, 0, 0}}, 50, ErrDamaged},
		{"broken", failsAt{volume, 60, bad}, []Extent{{0, 50, 0, 0}, {50, 50, 50, 0}}, 60, bad},
	} {
		f := NewMapped(&Node{Bytes: 100}, c.volume, c.extents)
		n, err := f.ReadAt(make([]byte, 100), 0)
		if n != c.n || !errors.Is(err, c.want) {
			t.Errorf("%s: %d bytes, %v", c.name, n, err)
		}
		if n, err := f.ReadAt(make([]byte, 40), 5); n != 40 || err != nil {
			t.Errorf("%s: what can be read: %d, %v", c.name, n, err)
		}
	}
}

// failsAt fails from a byte on.
type failsAt struct {
	io.ReaderAt
	at  int64
	err error
}

func (f failsAt) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) <= f.at {
		return f.ReaderAt.ReadAt(p, off)
	}
	n, _ := f.ReaderAt.ReadAt(p[:max(f.at-off, 0)], off)
	return n, f.err
}

// TestExtentsSayWhereTheyAre in the volume.
func TestExtentsSayWhereTheyAre(t *testing.T) {
	for e, want := range map[Extent][2]int64{
		{5, 10, 100, 0}:  {100, 10},
		{5, 10, 0, 0}:    {0, 10},
		{5, 10, 100, 3}:  {100, 3},
		{5, 10, 100, 30}: {100, 30},
		{5, 10, -1, 0}:   {0, 0},
		{5, 10, -1, 8}:   {0, 0},
	} {
		if start, length := e.Volume(); start != want[0] || length != want[1] {
			t.Errorf("%+v: %d, %d", e, start, length)
		}
	}
}

// TestErrorsSayWhat: kind, place and what a library said.
func TestErrorsSayWhat(t *testing.T) {
	inner := errors.New("inner")
	e := &Error{Kind: ErrDamaged, Offset: 512, Msg: "outer", Err: inner}
	if e.Error() != "outer: inner (at byte 512 of the volume)" || !errors.Is(e, inner) || !errors.Is(e, ErrDamaged) || errors.Is(e, ErrEncrypted) {
		t.Errorf("%v", e)
	}
	if e := Unsupported("no"); e.Error() != "no" || !errors.Is(e, ErrUnsupported) {
		t.Errorf("%v", e)
	}
}
