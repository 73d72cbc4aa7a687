package ntfs_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/ntfs"
)

const (
	mutations = 1000
	sector    = 512
	// What one mutated volume may take.
	mostReads  = 20000
	mostMemory = 256 << 20
	mostTime   = 10 * time.Second
)

// mutation changes a volume: its sectors that are other than before, and
// where it ends.
type mutation struct {
	what    string
	sectors map[int64][]byte
	size    int64
}

// overlay is a volume with a mutation.
type overlay struct {
	image image
	*mutation
	reads int
}

func (o *overlay) ReadAt(p []byte, off int64) (int, error) {
	if o.reads++; o.reads > mostReads {
		return 0, errors.New("too many reads")
	}
	if off >= o.size {
		return 0, io.EOF
	}
	n := copy(p, o.image[off:o.size])
	for s := off / sector; s*sector < off+int64(n); s++ {
		b, ok := o.sectors[s]
		if !ok {
			continue
		}
		if at := s*sector - off; at >= 0 {
			copy(p[at:n], b)
		} else {
			copy(p[:n], b[-at:])
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// mutate makes a mutation of one of the sectors given.
func mutate(im image, targets []int64, seed uint64) *mutation {
	r := rand.New(rand.NewPCG(seed, 41))
	m := &mutation{sectors: map[int64][]byte{}, size: int64(len(im))}
	pick := func() []byte {
		s := targets[r.IntN(len(targets))]
		if r.IntN(2) == 0 {
			s = targets[r.IntN(min(48, len(targets)))] // the boot sector and the first records
		}
		if m.sectors[s] == nil {
			m.sectors[s] = bytes.Clone(im[s*sector : (s+1)*sector])
		}
		return m.sectors[s]
	}
	switch kind := r.IntN(8); kind {
	case 0:
		m.what = "64 bits flipped"
		b := pick()
		for range 64 {
			b[r.IntN(sector)] ^= 1 << r.IntN(8)
		}
	case 1:
		m.what = "one bit flipped"
		pick()[r.IntN(sector)] ^= 1 << r.IntN(8)
	case 2:
		m.what = "zeroed"
		clear(pick())
	case 3:
		m.what = "two sectors swapped"
		a, b := pick(), pick()
		c := bytes.Clone(a)
		copy(a, b)
		copy(b, c)
	case 4:
		m.what = "random bytes"
		b := pick()
		for i := range b[:1+r.IntN(64)] {
			b[r.IntN(sector-i)] = byte(r.Uint32())
		}
	case 5:
		m.what = "the end cut off"
		m.size = 1 + r.Int64N(int64(len(im)))
	default:
		values := []uint64{0, 1, 2, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 1 << 24, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1 << 40, 1<<62 - 1, 1 << 62, 1<<63 - 1, 1 << 63, 1<<64 - 1}
		n := values[r.IntN(len(values))]
		b := pick()
		at := r.IntN(sector/8) * 8
		switch r.IntN(3) {
		case 0:
			at += r.IntN(4) * 2
			binary.LittleEndian.PutUint16(b[at:], uint16(n))
		case 1:
			at += r.IntN(2) * 4
			binary.LittleEndian.PutUint32(b[at:], uint32(n))
		case 2:
			binary.LittleEndian.PutUint64(b[at:], n)
		}
		m.what = fmt.Sprintf("%#x at %d", n, at)
	}
	return m
}

// everything reads all that a volume has: what comes out right of its files,
// by path.
func everything(v fsys.FS) map[string]string {
	sums := map[string]string{}
	visited := 0
	fsys.Walk(context.Background(), v, ".", func(name string, e fs.DirEntry, err error) error {
		if visited++; visited > 5000 {
			return errors.New("there is no end")
		}
		if err != nil {
			return nil
		}
		e.Info()
		info, err := v.Stat(name)
		if err != nil || e.IsDir() {
			return nil
		}
		for _, s := range fsys.MetaOf(info).Streams {
			if f, err := v.Open(name + ":" + s.Name); err == nil {
				io.Copy(io.Discard, io.LimitReader(f, 4<<20))
				f.Close()
			}
		}
		f, err := v.Open(name)
		if err != nil {
			return nil
		}
		defer f.Close()
		f.(fsys.File).Extents()
		if b, err := io.ReadAll(io.LimitReader(f, 4<<20)); err == nil {
			sums[name] = sum(b)
		}
		return nil
	})
	if list, err := v.(fsys.Remembering).Deleted("."); err == nil {
		for _, e := range list[:min(20, len(list))] {
			fs.ReadFile(v, e.Name())
			v.(fsys.Remembering).Deleted(e.Name())
		}
	}
	n := 0
	v.(fsys.Mapping).Structures(func(fsys.Structure) bool { n++; return n < 100000 })
	return sums
}

// mutated is the volume that is mutated, and what is known of it.
type mutated struct {
	image   image
	targets []int64            // sectors of metadata
	sums    map[string]string  // of the files
	needs   map[string][]int64 // the file records that lead to each
	lists   map[string]bool    // of files with lists of attributes
	records map[int64]int64    // by sector: of records, and of folders' index blocks
	files   map[int64]string   // by sector: of contents
}

// learn finds out what of the volume belongs to whom, with ntfscluster for
// the index blocks.
func learn(t *testing.T, name string) *mutated {
	m := &mutated{image: load(t, name), needs: map[string][]int64{}, records: map[int64]int64{}, files: map[int64]string{}}
	v := m.image.open(t)
	m.sums = everything(v)
	inode := regexp.MustCompile(`Inode (\d+)`)
	m.targets = append(m.targets, 0)
	for _, s := range structures(t, v) {
		first, count := s.Start/sector, s.Length/sector
		switch s.Name {
		case "$MFT":
			for i := range count {
				record := m.image[(first+i)/2*2*sector:]
				if string(record[:4]) == "FILE" && len(m.targets) < 100000 {
					m.targets = append(m.targets, first+i)
					m.records[first+i] = int64(binary.LittleEndian.Uint32(record[44:]))
				}
			}
		case "folders":
			for i := range count {
				if i%8 == 0 {
					c := (first + i) / 8
					out := run(t, "ntfscluster", "-c", fmt.Sprintf("%d-%d", c, c), name)
					owner := inode.FindStringSubmatch(out)
					if owner == nil {
						t.Fatalf("ntfscluster does not know cluster %d: %s", c, out)
					}
					n, _ := strconv.ParseInt(owner[1], 10, 64)
					for j := range int64(8) {
						m.records[first+i+j] = n
					}
				}
				m.targets = append(m.targets, first+i)
			}
		case "$Bitmap", "$Boot", "$LogFile":
			for i := range min(count, 8) {
				m.targets = append(m.targets, first+i)
			}
		}
	}
	for name := range m.sums {
		for at := name; at != "."; at = path.Dir(at) {
			m.needs[name] = append(m.needs[name], number(t, v, at))
		}
		f, err := v.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		extents, err := f.(fsys.File).Extents()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range extents {
			start, length := e.Volume()
			for s := start / sector; s*sector < start+length; s++ {
				if _, ok := m.records[s]; !ok {
					m.files[s] = name
				}
			}
		}
	}
	return m
}

// touched are the files that a mutation may change: all, where it is in what
// leads to everything.
func (m *mutated) touched(mu *mutation) (files map[string]bool, all bool) {
	files = map[string]bool{}
	if mu.size < int64(len(m.image)) {
		return nil, true
	}
	hit := map[int64]bool{}
	for s := range mu.sectors {
		if record, ok := m.records[s]; ok {
			hit[record] = true
			if base := int64(binary.LittleEndian.Uint32(m.image[m.image.record(record)+32:])); base != 0 {
				hit[base] = true
			}
		} else if name, ok := m.files[s]; ok {
			files[name] = true
		}
	}
	if mu.sectors[0] != nil || hit[0] || hit[5] {
		return nil, true
	}
	for name, needs := range m.needs {
		if slices.ContainsFunc(needs, func(n int64) bool { return hit[n] }) {
			files[name] = true
		}
	}
	return files, false
}

// TestMutatedVolumesDoNoHarm runs the mutations in a process of its own, with
// a watch on its time and memory.
func TestMutatedVolumesDoNoHarm(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long")
	}
	if name := os.Getenv("NTFS_MUTATED"); name != "" {
		mutateAll(t, name)
		return
	}
	name := makeVolume(t, 8<<20, nil, []string{"compression", "streams_interface=windows"}, func(dir string) {
		fillSmall(t, dir)
		write(t, dir, "deleted", random(9000, 1))
		write(t, dir, "folder gone/deleted too", []byte("small"))
	})
	mounted(t, name, nil, func(dir string) {
		os.Remove(dir + "/deleted")
		os.RemoveAll(dir + "/folder gone")
	})
	cmd := exec.Command(os.Args[0], "-test.run=^TestMutatedVolumesDoNoHarm$", "-test.v")
	cmd.Env = append(os.Environ(), "NTFS_MUTATED="+name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string)
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
		close(lines)
	}()
	last, done := "", 0
	watch := time.NewTimer(mostTime + 20*time.Second) // it learns first
	defer watch.Stop()
	for {
		select {
		case <-watch.C:
			cmd.Process.Kill()
			t.Fatalf("no progress for %v in: %s", mostTime, last)
		case line, ok := <-lines:
			if !ok {
				if err := cmd.Wait(); err != nil {
					t.Errorf("%v; the last was: %s", err, last)
				}
				if done != mutations {
					t.Errorf("%d mutations of %d", done, mutations)
				}
				return
			}
			if rest, ok := strings.CutPrefix(line, "mutation "); ok {
				last = rest
				done++
				watch.Reset(mostTime)
			} else {
				t.Log(line)
			}
		}
	}
}

// fillSmall writes a few files of each kind.
func fillSmall(t testing.TB, dir string) {
	write(t, dir, "hello.txt", []byte("Hello\n"))
	write(t, dir, "hello.txt:stream", []byte("stream"))
	write(t, dir, "empty", nil)
	write(t, dir, "one/two/three/deep.bin", random(20000, 1))
	write(t, dir, "one/large.bin", random(200000, 2))
	for i := range 60 {
		write(t, dir, fmt.Sprintf("many/a file with a name that takes place %d", i), random(i*40, uint64(i)))
	}
	for i := range 30 { // enough names for a list of attributes
		if err := os.Link(dir+"/hello.txt", fmt.Sprintf("%s/one/another name of the file that says hello %d", dir, i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(dir+"/packed", 0o777); err != nil {
		t.Fatal(err)
	}
	setFlags(t, dir+"/packed", 1<<11)
	write(t, dir, "packed/text", text(300000, 1))
	if err := os.Symlink("one/two", dir+"/link"); err != nil {
		t.Fatal(err)
	}
}

// mutateAll is what the process does.
func mutateAll(t *testing.T, name string) {
	m := learn(t, name)
	if len(m.sums) < 90 || len(m.targets) < 150 {
		t.Fatalf("%d files, %d sectors: this tests too little", len(m.sums), len(m.targets))
	}
	checked, reads := 0, 0
	for seed := range uint64(mutations) {
		mu := mutate(m.image, m.targets, seed)
		fmt.Printf("mutation %d: %s\n", seed, mu.what)
		o := &overlay{image: m.image, mutation: mu}
		v, err := ntfs.Open(o, mu.size)
		var got map[string]string
		if err == nil {
			got = everything(v)
		}
		reads = max(reads, o.reads)
		if o.reads > mostReads {
			t.Errorf("seed %d, %s: more than %d reads", seed, mu.what, mostReads)
		}
		files, all := m.touched(mu)
		if all {
			continue
		}
		for name, want := range m.sums {
			if !files[name] {
				checked++
				if got[name] != want {
					t.Errorf("seed %d, %s in sectors %v: %s has the sum %q, and was not touched; %v", seed, mu.what, slices.Sorted(maps.Keys(mu.sectors)), name, got[name], err)
				}
			}
		}
	}
	if checked < mutations*20 {
		t.Errorf("only %d files were compared", checked)
	}
	peak := peakMemory(t)
	t.Logf("%d files were compared; %d MiB were used at most, and %d reads", checked, peak>>20, reads)
	if peak > mostMemory {
		t.Errorf("%d MiB were used", peak>>20)
	}
}

// peakMemory is the most memory that the process ever had, bytes.
func peakMemory(t testing.TB) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("the system does not tell how much memory was used")
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}
