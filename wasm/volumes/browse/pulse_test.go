package browse

import (
	"io"
	"io/fs"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"vhdscope/vhd/vhdtest"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/output/outputtest"
	"vhdscope/wasm/worker"
)

// slow is a file system that reads its volume for long, a little every 100 ms.
type slow struct {
	*fake
	volume io.ReaderAt
	reads  int
	length int
}

func (f slow) ReadDir(name string) ([]fs.DirEntry, error) {
	for range f.reads {
		time.Sleep(100 * time.Millisecond)
		if _, err := f.volume.ReadAt(make([]byte, f.length), 0); err != nil {
			return nil, err
		}
	}
	return f.fake.ReadDir(name)
}

func (v *Volume) slow(reads, length int) fsys.FS {
	return slow{newFake(map[string]string{"a": "b"}), v.section(v.chain, 4096, 1<<20-4096), reads, length}
}

// TestReadsAreSignsOfLife: as long as a file system reads what may be of use,
// the page is told at least every second that work goes on.
func TestReadsAreSignsOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := with(t, &outputtest.Host{}, nil)
		v.volume.fs = v.slow(300, 512)
		last, told := time.Now(), 0
		do(t.Context(), v, CommandList, ListRequest{Path: "/"}, func(_, _ int64) {
			if pause := time.Since(last); pause > time.Second {
				t.Errorf("nothing was told for %v", pause)
			}
			last = time.Now()
			told++
		})
		if told < 30 || told > 300 {
			t.Errorf("it was told %d times in 30 s", told)
		}
	})
}

// TestReadingInACircleIsNoSignOfLife: who reads the same again and again falls
// silent, so that the page can end it.
func TestReadingInACircleIsNoSignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := with(t, &outputtest.Host{}, nil)
		v.volume.fs = v.slow(300, 64<<10)
		began, last := time.Now(), time.Now()
		do(t.Context(), v, CommandList, ListRequest{Path: "/"}, func(_, _ int64) { last = time.Now() })
		if pause := last.Sub(began); pause < 2*time.Second || pause > 4*time.Second {
			t.Errorf("it fell silent after %v", pause)
		}
		if time.Since(last) < 20*time.Second {
			t.Errorf("it was silent for %v", time.Since(last))
		}
	})
}

// stuck is a volume whose reads take minutes, as over a slow network.
type stuck struct{ outputtest.Sized }

func (s stuck) ReadAt(p []byte, off int64) (int, error) {
	time.Sleep(5 * time.Minute)
	return s.Sized.ReadAt(p, off)
}

// TestWaitingForBytesIsASignOfLife: as long as a read takes, the page is told
// that work goes on; in a chain that is being opened, too.
func TestWaitingForBytesIsASignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		image := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1 << 20}.Build()
		v := New(&outputtest.Host{})
		began, last := time.Now(), time.Now()
		tell := func(_, _ int64) {
			if pause := time.Since(last); pause > time.Second {
				t.Errorf("nothing was told for %v", pause)
			}
			last = time.Now()
		}
		files := []worker.OpenFile{{Name: "a.vhd", File: stuck{image}}}
		if kind, _, problem := do(t.Context(), v, CommandChain, ChainRequest{Files: files}, tell); kind != worker.ReplyResult {
			t.Errorf("%s %+v", kind, problem)
		}
		last = time.Now()
		do(t.Context(), v, CommandScan, ScanRequest{}, tell)
		if took := time.Since(began); took < 20*time.Minute {
			t.Errorf("all took %v, so nothing waited", took)
		}
	})
}

// TestProgressIsRepeatedAsItWas: and only of requests under way.
func TestProgressIsRepeatedAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pulse
		var told [][2]int64
		progress, done := p.begin(func(done, total int64) { told = append(told, [2]int64{done, total}) })
		_, otherDone := p.begin(nil)
		wait := func() {
			time.Sleep(pause)
			synctest.Wait()
		}
		progress(3, 7)
		wait()
		p.note(1, 1000)    // too soon
		p.note(3000, 1000) // too much
		wait()
		progress(4, 7)
		wait()
		done()
		wait()
		p.note(1, 1000)
		otherDone()
		wait()
		want := [][2]int64{{3, 7}, {3, 7}, {4, 7}, {4, 7}}
		if !slices.Equal(told, want) || len(p.all) > 0 || p.ticking {
			t.Errorf("%v, want %v", told, want)
		}
	})
}
