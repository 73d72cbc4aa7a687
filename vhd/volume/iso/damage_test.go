package iso_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
	"vhdscope/vhd/volume/iso"
)

// memory is a volume in memory.
type memory []byte

func (m memory) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= int64(len(m)) {
		return 0, io.EOF
	}
	n := copy(p, m[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (m memory) clone() memory { return append(memory(nil), m...) }

// image makes a volume of a folder and reads it into memory.
func image(t testing.TB, root string, args ...string) memory {
	t.Helper()
	name := filepath.Join(t.TempDir(), "image.iso")
	trees.Tool(t, args[0], append(args[1:], "-o", name, root)...)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// mount opens a volume that is known to open.
func mount(t testing.TB, m memory) fsys.FS {
	t.Helper()
	v, err := iso.Open(m, int64(len(m)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// recordOf is the directory record of a name in a volume.
func recordOf(t testing.TB, m memory, name string) int {
	t.Helper()
	for at := 0; ; {
		i := strings.Index(string(m[at:]), name)
		if i < 0 {
			t.Fatalf("no record of %q", name)
		}
		if at += i; at >= 33 && int(m[at-1]) == len(name) && int(m[at-33]) >= 33+len(name) {
			return at - 33
		}
		at++
	}
}

// setBoth writes a number in both byte orders.
func setBoth(b []byte, n uint32) {
	binary.LittleEndian.PutUint32(b, n)
	binary.BigEndian.PutUint32(b[4:], n)
}

// TestFilesOfSeveralExtents splits a file's record in two, as writers do for
// files above 4 GiB: the volume was made with a spare record behind it.
func TestFilesOfSeveralExtents(t *testing.T) {
	root := t.TempDir()
	content := make([]byte, 3*2048+5)
	for i := range content {
		content[i] = byte(i / 7)
	}
	for name, b := range map[string][]byte{"BIG.BIN": content, "BIH.BIN": []byte("in the way"), "C.TXT": []byte("after")} {
		if err := os.WriteFile(filepath.Join(root, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := image(t, root, "genisoimage", "-quiet")
	first, second := recordOf(t, m, "BIG.BIN;1"), recordOf(t, m, "BIH.BIN;1")
	copy(m[second:second+int(m[second])], m[first:first+int(m[first])])
	block := binary.LittleEndian.Uint32(m[first+2:])
	setBoth(m[first+10:], 2*2048)
	m[first+25] |= 0x80
	setBoth(m[second+2:], block+2)
	setBoth(m[second+10:], 2048+5)
	v := mount(t, m)
	if got := content2(t, v, "BIG.BIN"); got != string(content) {
		t.Errorf("the file has %d bytes, want %d, or other ones", len(got), len(content))
	}
	list, err := v.ReadDir(".")
	if err != nil || len(list) != 2 {
		t.Errorf("the folder lists %v, %v", list, err)
	}
}

func content2(t testing.TB, v fs.FS, name string) string {
	t.Helper()
	f, err := v.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestDamageIsSaid checks what is said of single faults, and that the files
// beside them stay.
func TestDamageIsSaid(t *testing.T) {
	root := tree(t, false, false)
	sound := image(t, root, "genisoimage", "-quiet")
	const descriptor = iso.DescriptorStart
	for _, c := range []struct {
		name   string
		damage func(m memory)
		path   string // what cannot be opened; "" the volume
		says   string
		kind   error
	}{
		{"no descriptor", func(m memory) { m[descriptor+1] = 0 }, "", "no primary volume descriptor", fsys.ErrDamaged},
		{"block size", func(m memory) { m[descriptor+128], m[descriptor+129] = 0, 0 }, "", "blocks of 0 bytes", fsys.ErrDamaged},
		{"root outside", func(m memory) { setBoth(m[descriptor+158:], 1<<31) }, "", "root folder does not lie", fsys.ErrDamaged},
		{"root without records", func(m memory) { setBoth(m[descriptor+166:], 0) }, "HELLO.TXT", "no records", fsys.ErrDamaged},
		{"root elsewhere", func(m memory) { setBoth(m[descriptor+158:], 0) }, "HELLO.TXT", "no folder where one should be", fsys.ErrDamaged},
		{"root too large", func(m memory) { setBoth(m[descriptor+166:], 1<<31) }, "HELLO.TXT", "more than can be listed", fsys.ErrDamaged},
		{"file behind the end", func(m memory) { setBoth(m[recordOf(t, m, "HELLO.TXT;1")+2:], 1<<30) }, "HELLO.TXT", "behind the end", fsys.ErrDamaged},
		{"file too long", func(m memory) { setBoth(m[recordOf(t, m, "HELLO.TXT;1")+10:], 1<<31) }, "HELLO.TXT", "behind the end", fsys.ErrDamaged},
		{"place of a file torn", func(m memory) { m[recordOf(t, m, "HELLO.TXT;1")+2] ^= 1 }, "HELLO.TXT", "written twice", fsys.ErrDamaged},
		{"place of a folder torn", func(m memory) { m[recordOf(t, m, "MANY")+2] ^= 1 }, "MANY", "written twice", fsys.ErrDamaged},
		{"folder that is none", func(m memory) { setBoth(m[recordOf(t, m, "MANY")+2:], 0) }, "MANY", "no folder where one should be", fsys.ErrDamaged},
		{"folder behind the end", func(m memory) { setBoth(m[recordOf(t, m, "MANY")+10:], 30<<20) }, "MANY", "behind the end", fsys.ErrDamaged},
		{"interleaved", func(m memory) { m[recordOf(t, m, "HELLO.TXT;1")+26] = 1 }, "HELLO.TXT", "interleaved", fsys.ErrUnsupported},
		{"name too long", func(m memory) { m[recordOf(t, m, "HELLO.TXT;1")+32] = 200 }, "HELLO.TXT", "not as long", fsys.ErrDamaged},
		{"record too short", func(m memory) { m[recordOf(t, m, "HELLO.TXT;1")] = 33 }, "HELLO.TXT", "not as long", fsys.ErrDamaged},
		{"another disc", func(m memory) {
			m[descriptor+120], m[recordOf(t, m, "HELLO.TXT;1")+28] = 3, 2
		}, "HELLO.TXT", "disc 2 of a set of 3", fsys.ErrUnsupported},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := sound.clone()
			c.damage(m)
			v, err := iso.Open(m, int64(len(m)))
			if c.path != "" {
				if err != nil {
					t.Fatal(err)
				}
				var info fs.FileInfo
				if info, err = v.Stat(c.path); err == nil && info.IsDir() {
					_, err = v.ReadDir(c.path)
				} else if err == nil {
					_, err = v.Open(c.path)
				}
			}
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error is %v, want %q", err, c.says)
			}
			if c.path != "" && !strings.HasPrefix(c.name, "root") {
				if got := content2(t, v, "A/SUB/WHERE.TXT"); got != "in A" {
					t.Errorf("another file has %q", got)
				}
			}
		})
	}
}

// TestRockRidgeThatDoesNotEnd has continuation areas that lead in a circle.
func TestRockRidgeThatDoesNotEnd(t *testing.T) {
	root := t.TempDir()
	name := strings.Repeat("n", 240)
	if err := os.WriteFile(filepath.Join(root, name), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	m := image(t, root, "genisoimage", "-quiet", "-R")
	var areas []int
	for at := 0; ; at++ {
		i := strings.Index(string(m[at:]), "CE\x1c\x01")
		if i < 0 {
			break
		}
		at += i
		areas = append(areas, at)
	}
	for _, at := range areas { // each area begins with the field that leads to it
		binary.LittleEndian.PutUint32(m[at+4:], uint32(at/2048))
		binary.LittleEndian.PutUint32(m[at+12:], uint32(at%2048))
		binary.LittleEndian.PutUint32(m[at+20:], 28)
	}
	if len(areas) == 0 {
		t.Fatal("the volume has no continuation areas")
	}
	v := mount(t, m)
	if _, err := v.ReadDir("."); !errors.Is(err, fsys.ErrDamaged) || !strings.Contains(err.Error(), "do not end") {
		t.Errorf("error is %v", err)
	}
}

// TestFolderInItself checks that a folder which names one above it as its own
// ends a walk, and is said.
func TestFolderInItself(t *testing.T) {
	top := t.TempDir()
	if err := os.MkdirAll(filepath.Join(top, "OUTER", "INNER"), 0o700); err != nil {
		t.Fatal(err)
	}
	m := image(t, top, "genisoimage", "-quiet")
	outer, inner := recordOf(t, m, "OUTER"), recordOf(t, m, "INNER")
	copy(m[inner+2:inner+18], m[outer+2:outer+18])
	said := false
	err := fsys.Walk(t.Context(), mount(t, m), ".", func(name string, _ fs.DirEntry, err error) error {
		said = said || err != nil && strings.Contains(err.Error(), "or as one that it lies in")
		return nil
	})
	if err != nil || !said {
		t.Errorf("the walk ended with %v; that the folder lies in itself was said: %v", err, said)
	}
}

// walkAll lists and reads all of a volume, within limits, and counts the
// files that could be read.
func walkAll(t testing.TB, v fsys.FS, size int64) map[string]string {
	t.Helper()
	sums := map[string]string{}
	seen := 0
	fsys.Walk(t.Context(), v, ".", func(name string, e fs.DirEntry, err error) error {
		if seen++; seen > 5000 {
			return fs.SkipAll
		}
		if err != nil || !e.Type().IsRegular() {
			return nil
		}
		f, err := v.Open(name)
		if err != nil {
			return nil
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil || info.Size() > 4*size {
			return nil
		}
		if b, err := io.ReadAll(f); err == nil {
			sums[name] = sum(b)
		}
		return nil
	})
	return sums
}

// TestMutations damages sectors that the reader looks at, a thousand times,
// and checks that nothing escapes, that memory stays small, and that every
// file comes out right of which the damage touches neither bytes nor names.
func TestMutations(t *testing.T) {
	const seed = 20
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	n := 500 // of each kind of volume
	if testing.Short() {
		n = 60
	}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"Rock Ridge", []string{"genisoimage", "-quiet", "-R"}},
		{"Joliet", []string{"genisoimage", "-quiet", "-J", "-input-charset", "utf-8"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := tree(t, c.name == "Rock Ridge", false)
			if c.name == "Rock Ridge" {
				only(t, root, false)
			}
			for i := 40; i < 150; i++ { // fewer make it quicker
				if err := os.Remove(filepath.Join(root, "MANY", fmt.Sprintf("F%05d.BIN", i))); err != nil {
					t.Fatal(err)
				}
			}
			sound := image(t, root, c.args...)
			want := walkAll(t, mount(t, sound), int64(len(sound)))
			needs := map[string]map[int]bool{} // sectors that a file depends on
			var looked []int                   // sectors that the reader looks at
			for name := range want {
				d := &traced{memory: sound, sectors: map[int]bool{}}
				v, err := iso.Open(d, int64(len(sound)))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := v.Stat(name); err != nil {
					t.Fatal(err)
				}
				for s := range d.sectors {
					looked = append(looked, s)
				}
				content2(t, v, name)
				needs[name] = d.sectors
			}
			slices.Sort(looked)
			looked = slices.Compact(looked)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			checked := 0
			for i := range n {
				m, touched := sound.clone(), map[int]bool{}
				for range 1 + random.IntN(3) {
					s := looked[random.IntN(len(looked))]
					touched[s] = true
					mutate(random, m, s, looked)
				}
				if random.IntN(20) == 0 {
					m = m[:random.IntN(len(m))]
				}
				v, err := iso.Open(m, int64(len(m)))
				if err != nil {
					continue
				}
				walkAll(t, v, int64(len(m)))
				for name, sectors := range needs {
					whole := true
					for s := range sectors {
						whole = whole && !touched[s] && (s+1)*2048 <= len(m)
					}
					if whole {
						checked++
						if got := content(t, v, name, m); got != want[name] {
							t.Fatalf("mutation %d: %q came out wrong, and the damage is elsewhere", i, name)
						}
					}
				}
			}
			runtime.ReadMemStats(&after)
			if grown := int64(after.Sys) - int64(before.Sys); grown > 256<<20 {
				t.Errorf("memory grew by %d bytes", grown)
			}
			if checked < n {
				t.Errorf("only %d files were beside the damage", checked)
			}
		})
	}
}

// traced notes which sectors are read.
type traced struct {
	memory
	sectors map[int]bool
}

func (d *traced) ReadAt(p []byte, off int64) (int, error) {
	end := min(off+int64(len(p)), int64(len(d.memory)))
	if off == iso.DescriptorStart {
		end = off + 5*2048 // what follows the descriptors is read and not looked at
	}
	for s := off / 2048; s <= (end-1)/2048; s++ {
		d.sectors[int(s)] = true
	}
	return d.memory.ReadAt(p, off)
}

// mutate changes something in a sector. Others are those that it may be
// overwritten with.
func mutate(random *rand.Rand, m memory, sector int, others []int) {
	s := m[sector*2048 : sector*2048+2048]
	interesting := []uint32{0, 1, 2, 0x7f, 0xff, 0x7fff, 0xffff, 1 << 20, 1<<31 - 1, 1 << 31, 1<<32 - 1, uint32(len(m) / 2048), uint32(sector)}
	value := interesting[random.IntN(len(interesting))]
	switch i := random.IntN(2040); random.IntN(8) {
	case 0:
		s[i] ^= 1 << random.IntN(8)
	case 1:
		s[i] = byte(random.Uint32())
	case 2:
		binary.LittleEndian.PutUint32(s[i:], value)
	case 3:
		setBoth(s[i:], value)
	case 4:
		binary.LittleEndian.PutUint16(s[i:], uint16(value))
	case 5:
		clear(s)
	case 6:
		other := others[random.IntN(len(others))] * 2048
		copy(s, m[other:other+2048])
	case 7:
		for range 64 {
			s[random.IntN(2048)] ^= 1 << random.IntN(8)
		}
	}
}
