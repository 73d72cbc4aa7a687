package ntfs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/ntfs"
)

// image is a volume in memory, to be changed by hand.
type image []byte

// load reads a volume into memory.
func load(t testing.TB, name string) image {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (im image) open(t testing.TB) fsys.FS {
	t.Helper()
	v, err := ntfs.Open(bytes.NewReader(im), int64(len(im)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// record is where a file record lies; the $MFT of these volumes is whole.
func (im image) record(number int64) int64 {
	return int64(binary.LittleEndian.Uint64(im[48:]))*int64(im[13])*int64(binary.LittleEndian.Uint16(im[11:])) + number*1024
}

// attribute is where an attribute of a file record lies.
func (im image) attribute(t testing.TB, number int64, kind uint32) int64 {
	t.Helper()
	record := im.record(number)
	for at := record + int64(binary.LittleEndian.Uint16(im[record+20:])); at < record+1024; {
		if binary.LittleEndian.Uint32(im[at:]) == kind {
			return at
		}
		at += int64(binary.LittleEndian.Uint32(im[at+4:]))
	}
	t.Fatalf("record %d has no attribute %#x", number, kind)
	return 0
}

// number is the file record of a path.
func number(t testing.TB, v fsys.FS, path string) int64 {
	t.Helper()
	info, err := v.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return int64(fsys.MetaOf(info).ID & (1<<48 - 1))
}

// TestStateOfTheVolumeIsTold looks at what a person should know of a volume.
func TestStateOfTheVolumeIsTold(t *testing.T) {
	name := makeVolume(t, 16<<20, []string{"-L", "Label"}, nil, func(dir string) {
		write(t, dir, "file", []byte("content"))
		write(t, dir, "large", random(100000, 1))
		write(t, dir, "hiberfil.sys", append([]byte("HIBR"), make([]byte, 8000)...))
	})
	whole := load(t, name)
	const hibernated = "hibernated"
	for _, c := range []struct {
		note string
		edit func(im image) image
	}{
		{"", func(im image) image { return im }},
		{"dirty", func(im image) image {
			im[im.attribute(t, 3, 0x70)+24+10] |= 1
			return im
		}},
		{"journal was not replayed", func(im image) image {
			for _, s := range structures(t, im.open(t)) {
				if s.Name == "$LogFile" {
					page := im[s.Start:]
					clear(page[:4096])
					copy(page, "RSTR")
					page[0x18] = 0x30                                  // the restart area
					binary.LittleEndian.PutUint64(page[0x30:], 0x1234) // its newest entry
					page[0x30+12], page[0x30+13] = 0, 0                // a client is open
				}
			}
			return im
		}},
		{"copy in the $MFTMirr was used", func(im image) image {
			clear(im[im.record(0):im.record(1)])
			return im
		}},
		{"copy at the end of the volume was used", func(im image) image {
			clear(im[:512])
			return im
		}},
		{"what lay behind is missing", func(im image) image { return im[:15<<20] }},
	} {
		t.Run(c.note, func(t *testing.T) {
			v := c.edit(bytes.Clone(whole)).open(t)
			about := v.About()
			notes := strings.Join(about.Notes, "\n")
			if about.Label != "Label" || !strings.Contains(notes, hibernated) || !strings.Contains(notes, c.note) {
				t.Errorf("%+v", about)
			}
			if n := len(about.Notes); n != 2 && c.note != "" || n != 1 && c.note == "" {
				t.Errorf("%d notes: %s", n, notes)
			}
			if b, err := fs.ReadFile(v, "file"); err != nil || string(b) != "content" {
				t.Errorf("%q, %v", b, err)
			}
		})
	}
	serial := binary.LittleEndian.Uint64(whole[72:])
	if id := whole.open(t).About().UUID; id != fmt.Sprintf("%016X", serial) {
		t.Errorf("the UUID is %s", id)
	}
	if _, err := exec.LookPath("blkid"); err == nil {
		if id := strings.TrimSpace(run(t, "blkid", "-p", "-s", "UUID", "-o", "value", name)); id != whole.open(t).About().UUID {
			t.Errorf("blkid has the UUID %s", id)
		}
	}
	for _, im := range []image{nil, whole[:100], make(image, 1<<20), append(make(image, 512), whole[512:15<<20]...)} {
		if _, err := ntfs.Open(bytes.NewReader(im), int64(len(im))); !errors.Is(err, fsys.ErrDamaged) {
			t.Errorf("a volume of %d bytes: %v", len(im), err)
		}
	}
}

// TestRecordsStandBeforeIndexes changes what file records say by hand: sizes
// that the index does not know, the initialized size, encryption.
func TestRecordsStandBeforeIndexes(t *testing.T) {
	content := random(100000, 1)
	name := makeVolume(t, 16<<20, nil, nil, func(dir string) {
		write(t, dir, "file", content)
	})
	whole := load(t, name)
	file := number(t, whole.open(t), "file")
	put := func(im image, at int64, n uint64) {
		binary.LittleEndian.PutUint64(im[im.attribute(t, file, 0x80)+at:], n)
	}

	shorter := bytes.Clone(whole)
	put(shorter, 48, 99990)
	put(shorter, 56, 99990)
	v := image(shorter).open(t)
	list, err := v.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	listed, _ := list[0].Info()
	info, err := v.Stat("file")
	if err != nil || info.Size() != 99990 || listed.Size() != 99990 {
		t.Errorf("%v, %v; listed %v", info, err, listed)
	}

	part := bytes.Clone(whole)
	put(part, 56, 50001)
	v = image(part).open(t)
	want := append(bytes.Clone(content[:50001]), make([]byte, 100000-50001)...)
	if b, err := fs.ReadFile(v, "file"); err != nil || !bytes.Equal(b, want) {
		t.Errorf("the content that was never written: %d bytes, %v", len(b), err)
	}
	if e := provesExtents(t, v, bytes.NewReader(part), "file"); len(e) != 2 || e[1].Start != -1 || e[1].Offset != 50001 {
		t.Errorf("it lies at %+v", e)
	}

	secret := image(bytes.Clone(whole))
	secret[secret.attribute(t, file, 0x10)+24+33] |= 0x40
	secret[secret.attribute(t, file, 0x80)+13] |= 0x40
	v = secret.open(t)
	if _, err := v.Open("file"); !errors.Is(err, fsys.ErrEncrypted) {
		t.Errorf("an encrypted file: %v", err)
	}
	if info, err := v.Stat("file"); err != nil || !errors.Is(fsys.MetaOf(info).Problem, fsys.ErrEncrypted) {
		t.Errorf("%v, %v", info, err)
	}
}

// TestTimesAreExact writes times of all ages, in units of 100 ns.
func TestTimesAreExact(t *testing.T) {
	times := [4]time.Time{
		time.Date(1601, 1, 2, 3, 4, 5, 600, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999999900, time.UTC),
		time.Date(2500, 2, 28, 1, 2, 3, 100, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
	im := tiny(t)
	at := im.attribute(t, number(t, im.open(t), "hello.txt"), 0x10) + 24
	since1601 := func(t time.Time) uint64 {
		seconds := t.Unix() - time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
		return uint64(seconds)*1e7 + uint64(t.Nanosecond()/100)
	}
	for i, tm := range times {
		binary.LittleEndian.PutUint64(im[at+int64(i)*8:], since1601(tm))
	}
	info, err := im.open(t).Stat("hello.txt")
	if err != nil {
		t.Fatal(err)
	}
	m := fsys.MetaOf(info)
	for i, got := range []time.Time{m.Created, info.ModTime(), m.Changed, m.Accessed} {
		if !got.Equal(times[i]) || got.Location() != time.UTC {
			t.Errorf("time %d is %v, want %v", i, got, times[i])
		}
	}
	binary.LittleEndian.PutUint64(im[at:], 0)
	binary.LittleEndian.PutUint64(im[at+16:], 1<<64-1)
	if info, err = im.open(t).Stat("hello.txt"); err != nil {
		t.Fatal(err)
	}
	if m := fsys.MetaOf(info); !m.Created.IsZero() || !m.Changed.IsZero() {
		t.Errorf("times that are none: %v, %v", m.Created, m.Changed)
	}
}

// TestLostRecordsLoseTheirFileOnly damages a record that holds further names
// of a file, and then the one that holds its content.
func TestLostRecordsLoseTheirFileOnly(t *testing.T) {
	name := makeVolume(t, 16<<20, nil, nil, func(dir string) {
		write(t, dir, "file", []byte("content"))
		write(t, dir, "other", []byte("other"))
		for i := range 40 {
			if err := os.Link(dir+"/file", fmt.Sprintf("%s/another name of it %d", dir, i)); err != nil {
				t.Fatal(err)
			}
		}
	})
	whole := load(t, name)
	file := number(t, whole.open(t), "file")
	lost, kept := 0, 0
	for n := int64(64); n < 90; n++ {
		im := image(bytes.Clone(whole))
		at := im.record(n)
		if string(im[at:at+4]) != "FILE" || int64(binary.LittleEndian.Uint32(im[at+32:])) != file {
			continue
		}
		copy(im[at:], "BAAD")
		v := im.open(t)
		b, err := fs.ReadFile(v, "file")
		info, statErr := v.Stat("file")
		switch {
		case statErr != nil:
			t.Errorf("record %d: %v", n, statErr)
		case err == nil && string(b) == "content" && fsys.MetaOf(info).Problem == nil:
			kept++
		case errors.Is(err, fsys.ErrDamaged) && errors.Is(fsys.MetaOf(info).Problem, fsys.ErrDamaged):
			lost++
		default:
			t.Errorf("record %d: %q, %v, %v", n, b, err, fsys.MetaOf(info).Problem)
		}
		if b, err := fs.ReadFile(v, "other"); err != nil || string(b) != "other" {
			t.Errorf("the other file: %q, %v", b, err)
		}
	}
	if kept == 0 {
		t.Errorf("in %d records lay the content, and in %d something else", lost, kept)
	}
}

// TestNamesThatGoCannotTake writes names by hand that no Windows program
// would.
func TestNamesThatGoCannotTake(t *testing.T) {
	strange := map[string][]uint16{
		"name0": {0xD800, 'x', 'x', 'x', '0'}, "name1": {0xDBFF, 'x', 'x', 'x', '0'}, "name2": {'a', '/', 'b', 0, '2'},
		"name3": {'a', 'b', 'c', 'd', 0xDC00}, "..four": {'.', '.', 'f', 'o', 'u', 'r'},
	}
	name := makeVolume(t, 16<<20, nil, nil, func(dir string) {
		for n := range strange {
			write(t, dir, n, []byte(n))
		}
	})
	im := load(t, name)
	utf16le := func(units []uint16) (b []byte) {
		for _, u := range units {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return b
	}
	for n, units := range strange {
		im = bytes.ReplaceAll(im, utf16le(utf16.Encode([]rune(n))), utf16le(units))
	}
	v := im.open(t)
	list, err := v.ReadDir(".")
	if err != nil || len(list) != len(strange) {
		t.Fatalf("%v, %v", list, err)
	}
	if _, err := v.Stat(`abcd\xed\xb0\x80`); err != nil {
		t.Errorf("the name with half a sign: %v", err)
	}
	seen := map[string]bool{}
	for _, e := range list {
		if strings.Contains(e.Name(), "same name") {
			t.Errorf("%q should have its own name", e.Name())
		}
		b, err := fs.ReadFile(v, e.Name())
		if err != nil || !fs.ValidPath(e.Name()) || seen[string(b)] {
			t.Errorf("%q: %q, %v", e.Name(), b, err)
		}
		seen[string(b)] = true
	}
	if len(seen) != len(strange) {
		t.Errorf("files: %v", seen)
	}
}

// TestFoldersAreInOneFolder lets a folder's entry lead to another folder, and
// one into the folder that it is in.
func TestFoldersAreInOneFolder(t *testing.T) {
	im := tiny(t)
	v := im.open(t)
	id := func(path string) []byte {
		info, err := v.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return binary.LittleEndian.AppendUint64(nil, fsys.MetaOf(info).ID)
	}
	folder, many := id("folder"), id("many")
	changed := 0
	for at := 0; ; at++ {
		i := bytes.Index(im[at:], folder)
		if i < 0 {
			break
		}
		at += i
		if name := im[at+16+66:]; name[0] == 'f' && name[2] == 'o' { // its entry in the index of the root
			copy(im[at:], many)
			changed++
		}
	}
	if changed == 0 {
		t.Fatal("the entry was not found")
	}
	v = im.open(t)
	if list, err := v.ReadDir("many"); err != nil || len(list) != 25 {
		t.Errorf("%d entries, %v", len(list), err)
	}
	if _, err := v.ReadDir("folder"); !errors.Is(err, fsys.ErrDamaged) {
		t.Errorf("a folder that is not in this one: %v", err)
	}
	if _, err := v.Stat("folder/a file with a name that takes place 1"); !errors.Is(err, fsys.ErrDamaged) {
		t.Errorf("what is in it: %v", err)
	}
}

// TestFilesBeyond4GiB reads a volume and files that do not fit into 32 bits.
func TestFilesBeyond4GiB(t *testing.T) {
	t.Parallel()
	part := random(1<<20, 7)
	name := makeVolume(t, 20<<30, nil, nil, func(dir string) {
		f, err := os.Create(filepath.Join(dir, "sparse"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, at := range []int64{0, 3 << 30, 1<<32 - 1000, 5<<30 + 123} {
			if _, err := f.WriteAt(part, at); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Truncate(6 << 30); err != nil {
			t.Fatal(err)
		}
	})
	v := open(t, name)
	volume, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer volume.Close()
	far := false
	for _, e := range provesExtents(t, v, volume, "sparse") {
		far = far || e.Start > 1<<32
	}
	if !far {
		t.Error("no part of the file lies behind 4 GiB: this tests nothing")
	}
	f, err := v.Open("sparse")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := make([]byte, len(part))
	for _, at := range []int64{0, 3 << 30, 1<<32 - 1000, 5<<30 + 123} {
		if _, err := f.(io.ReaderAt).ReadAt(p, at); err != nil || !bytes.Equal(p, part) {
			t.Errorf("at %d: %v", at, err)
		}
	}
	info, _ := f.Stat()
	if m := fsys.MetaOf(info); info.Size() != 6<<30 || m.Allocated > 5<<20 || !strings.Contains(m.Attributes, "P") {
		t.Errorf("%d bytes, %+v", info.Size(), m)
	}
	if _, err := f.(io.ReaderAt).ReadAt(p, 6<<30); err != io.EOF {
		t.Errorf("at its end: %v", err)
	}
}

// sick is a volume that cannot be read while it is sick.
type sick struct {
	io.ReaderAt
	err error
}

func (s *sick) ReadAt(p []byte, off int64) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	return s.ReaderAt.ReadAt(p, off)
}

// TestFailedReadsAreTriedAgain makes the volume unreadable for a while: what
// failed meanwhile is an error, and well afterwards.
func TestFailedReadsAreTriedAgain(t *testing.T) {
	name := makeVolume(t, 32<<20, nil, nil, func(dir string) { fillMany(t, dir) })
	im := load(t, name)
	s := &sick{ReaderAt: bytes.NewReader(im)}
	v, err := ntfs.Open(s, int64(len(im)))
	if err != nil {
		t.Fatal(err)
	}
	down := errors.New("the disk is away")
	for range 2 {
		s.err = down
		_, listErr := v.ReadDir("many")
		_, scanErr := v.(fsys.Remembering).Deleted(".")
		structErr := v.(fsys.Mapping).Structures(func(fsys.Structure) bool { return true })
		for _, err := range []error{listErr, scanErr, structErr} {
			if !errors.Is(err, down) {
				t.Errorf("while the disk is away: %v", err)
			}
		}
		s.err = nil
	}
	if list, err := v.ReadDir("many"); err != nil || len(list) != 300 {
		t.Errorf("%d entries, %v", len(list), err)
	}
	if _, err := v.(fsys.Remembering).Deleted("."); err != nil {
		t.Error(err)
	}
	f, err := v.Open("sizes/65536")
	if err != nil {
		t.Fatal(err)
	}
	s.err = down
	if _, err := io.ReadAll(f); !errors.Is(err, down) {
		t.Errorf("reading: %v", err)
	}
}

// TestManyMayAskAtOnce walks and reads in many goroutines.
func TestManyMayAskAtOnce(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long")
	}
	name := makeVolume(t, 64<<20, nil, []string{"compression"}, func(dir string) {
		fillMany(t, dir)
		fillCompressed(t, dir)
	})
	v := open(t, name)
	want := volumeTree(t, open(t, name))
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { same(t, volumeTree(t, v), want) })
		wg.Go(func() { deleted(t, v, ".") })
	}
	wg.Wait()
}
