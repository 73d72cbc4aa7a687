package fat_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"vhdscope/vhd/volume/fat"
	"vhdscope/vhd/volume/fsys"
)

var kinds = []string{"FAT12", "FAT16", "FAT32", "exFAT"}

// counted counts reads, and fails the test when they are too many.
type counted struct {
	io.ReaderAt
	reads, bytes, most int
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	c.reads++
	c.bytes += len(p)
	if c.reads > c.most {
		panic("too many reads")
	}
	return c.ReaderAt.ReadAt(p, off)
}

// everything reads all that there is, and returns the files that could be
// read. Nothing in it may fail but by an error.
func everything(v fsys.FS) map[string][]byte {
	files := map[string][]byte{}
	for w := fsys.NewWalker(v, ".", true); w.Next(); {
		if w.Err() != nil || w.Entry().IsDir() {
			continue
		}
		if f, err := v.Open(w.Path()); err == nil {
			if data, err := io.ReadAll(f); err == nil {
				files[w.Path()] = data
			}
			f.Close()
		}
	}
	v.(fsys.Mapping).Structures(func(fsys.Structure) bool { return true })
	return files
}

func openBytes(b []byte) (fsys.FS, error) {
	return fat.Open(bytes.NewReader(b), int64(len(b)), fat.Options{})
}

// TestBuilt shows that what is built by hand is what it should be.
func TestBuilt(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			sample := sampleOf(kind)
			v, err := openBytes(sample.b)
			if err != nil {
				t.Fatal(err)
			}
			if about := v.About(); about.Type != kind || len(about.Notes) > 0 {
				t.Errorf("%+v", about)
			}
			files := everything(v)
			for name, m := range sample.files {
				if !bytes.Equal(files[name], m.data) {
					t.Errorf("%s: %.30q, want %.30q", name, files[name], m.data)
				}
			}
			if data := files["was deleted.txt"]; !bytes.Equal(data, numbered("deleted", 800)) {
				t.Errorf("the deleted file is %.30q", data)
			}
			if len(files) != len(sample.files)+1 {
				t.Errorf("%d files, want %d", len(files), len(sample.files)+1)
			}
			pieces(t, v, int64(len(sample.b)))
		})
	}
}

// TestConcurrent has several readers of one volume at once.
func TestConcurrent(t *testing.T) {
	for _, kind := range kinds {
		sample := sampleOf(kind)
		v, err := openBytes(sample.b)
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				files := everything(v)
				for name, m := range sample.files {
					if !bytes.Equal(files[name], m.data) {
						t.Errorf("%s: %s is wrong", kind, name)
					}
				}
			})
		}
		all.Wait()
	}
}

// interesting are numbers that formats trip over.
var interesting = []uint64{0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFF6, 0xFFF7, 0xFFF8, 0xFFFF, 0x10000,
	0x0FFFFFF6, 0x0FFFFFF7, 0x0FFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF6, 0xFFFFFFF7, 0xFFFFFFFF, 1 << 32, 1<<63 - 1, 1 << 63, 1<<64 - 1}

// mutate damages a volume, mostly where the reader finds its numbers, and
// tells which bytes.
func mutate(random *rand.Rand, sample *built, metadata []int) ([]byte, []extent) {
	b := bytes.Clone(sample.b)
	var touched []extent
	sector := func() int {
		if random.IntN(8) > 0 {
			return metadata[random.IntN(len(metadata))]
		}
		return random.IntN(len(sample.b) / 512)
	}
	for range 1 + random.IntN(4) {
		at := sector() * 512
		if at+512 > len(b) {
			continue
		}
		switch random.IntN(8) {
		case 0:
			n := random.IntN(len(b) + 1)
			touched = append(touched, extent{n, len(sample.b)})
			b = b[:n]
		case 1:
			clear(b[at : at+512])
			touched = append(touched, extent{at, 512})
		case 2:
			other := sector() * 512
			if other+512 > len(b) {
				continue
			}
			for i := range 512 {
				b[at+i], b[other+i] = b[other+i], b[at+i]
			}
			touched = append(touched, extent{at, 512}, extent{other, 512})
		case 3:
			for i := range 512 {
				b[at+i] = byte(random.Uint32())
			}
			touched = append(touched, extent{at, 512})
		case 4, 5:
			var number [8]byte
			le.PutUint64(number[:], interesting[random.IntN(len(interesting))])
			n := 1 << random.IntN(4)
			i := at + random.IntN(512/n)*n
			copy(b[i:], number[:n])
			touched = append(touched, extent{i, n})
		default:
			for range 1 + random.IntN(8) {
				i := at + random.IntN(512)
				b[i] ^= 1 << random.IntN(8)
				touched = append(touched, extent{i, 1})
			}
		}
	}
	return b, touched
}

// metadataOf is the sectors that hold no file's data.
func metadataOf(sample *built) (list []int) {
	data := map[int]bool{}
	for _, m := range sample.files {
		for i := 0; i*sample.cluster < len(m.data); i++ {
			data[m.needs[2*i+1].start/512] = true // its own clusters come first
		}
	}
	end := sample.at(sample.next) / 512
	for i := range end {
		if !data[i] {
			list = append(list, i)
		}
	}
	return list
}

func meet(a, b []extent) bool {
	for _, x := range a {
		for _, y := range b {
			if x.start < y.start+y.length && y.start < x.start+x.length {
				return true
			}
		}
	}
	return false
}

// TestDamage damages volumes a thousand times each. Files of which nothing
// was touched must come out right; all else may be anything but a panic, an
// endless run or a heap without bounds.
func TestDamage(t *testing.T) {
	times := 1000
	if testing.Short() {
		times = 100
	}
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			sample := sampleOf(kind)
			metadata := metadataOf(sample)
			right, opened := 0, 0
			for seed := range times {
				b, touched := mutate(rand.New(rand.NewPCG(uint64(seed), 4)), sample, metadata)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				files := map[string][]byte{}
				v, err := fat.Open(&counted{ReaderAt: bytes.NewReader(b), most: 100_000}, int64(len(b)), fat.Options{})
				if err == nil {
					opened++
					files = everything(v)
				}
				runtime.ReadMemStats(&after)
				if used := after.TotalAlloc - before.TotalAlloc; used > 256<<20 {
					t.Errorf("seed %d: %d MiB of memory", seed, used>>20)
				}
				for name, m := range sample.files {
					if meet(m.needs, touched) {
						continue
					}
					right++
					if data, ok := files[name]; !ok || !bytes.Equal(data, m.data) {
						t.Errorf("seed %d: %s: %d bytes, want %d, though none of what it takes was touched (%v)", seed, name, len(data), len(m.data), err)
					}
				}
			}
			t.Logf("%d of %d opened; %d files untouched", opened, times, right)
			if right < times || opened < times/4 {
				t.Errorf("%d opened, %d files untouched: the test shows little", opened, right)
			}
		})
	}
}
