package session

import (
	"bytes"
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// TestConcurrentRequests asks everything at once while files are closed and
// opened: an answer is right or an error, and only a request about what is
// not open, or was closed meanwhile, is an error.
func TestConcurrentRequests(t *testing.T) {
	const size = 1<<20 + 512
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 30, Layers: 3, Size: size, BlockSizes: []uint32{64 << 10, 32 << 10}})
	models := map[int][]byte{} // of each disk by its leaf, whatever is below it
	for i := range c.Layers {
		models[i+1] = c.From(i).Contents()
	}
	s, h := newSession()
	openChain(t, s, c)
	open(t, s, worker.OpenFile{Key: 9, Name: "batmap.vhd", File: batmapFile(false)})
	ctx := context.Background()
	done := make(chan struct{})
	var askers, changer sync.WaitGroup
	rounds := 150
	if testing.Short() {
		rounds = 40
	}
	for n := range 6 {
		askers.Go(func() {
			random := rand.New(rand.NewPCG(uint64(n), 31))
			right := 0
			for range rounds {
				id := 1 + random.IntN(3)
				off := random.Int64N(size)
				n := random.Int64N(size - off + 1)
				want := models[id][off : off+n]
				_, value, problem := do(ctx, s, CommandRead, ReadRequest{id, off, n}, func(done, total int64) {})
				if problem == nil {
					right++
					if got := value.(*Bytes).Bytes.([]byte); !bytes.Equal(got, want) {
						t.Errorf("disk %d, %d bytes at %d: %s", id, n, off, vhdtest.Diff(got, want))
					}
				} else if problem.Message == "" {
					t.Errorf("disk %d: problem %+v", id, problem)
				}
				_, value, problem = do(ctx, s, CommandView, ViewRequest{Disk: id, Offset: off, Length: min(n, worker.MaxView)}, nil)
				if problem == nil {
					checkBytes(t, value.(*worker.View), want[:min(n, worker.MaxView)])
				}
				do(ctx, s, CommandExplain, ExplainRequest{id, off}, nil)
				do(ctx, s, CommandExtents, ExtentsRequest{id, off, n}, nil)
				do(ctx, s, CommandLocate, LocateRequest{File: id, Unit: "block", Index: 1}, nil)
				do(ctx, s, CommandDetails, DetailsRequest{id}, nil)
				do(ctx, s, CommandCheckBatmap, CheckBatmapRequest{9}, nil)
			}
			if right == 0 {
				t.Error("no read succeeded")
			}
		})
	}
	changer.Go(func() {
		random := rand.New(rand.NewPCG(32, 33))
		for {
			select {
			case <-done:
				return
			default:
			}
			i := random.IntN(3)
			do(ctx, s, CommandClose, CloseRequest{[]int{i + 1}}, nil)
			do(ctx, s, CommandChoose, ChooseRequest{1, 2}, nil)
			do(ctx, s, CommandChoose, ChooseRequest{1, 0}, nil)
			open(t, s, worker.OpenFile{Key: i + 1, Name: c.Layers[i].Name, File: c.Layers[i].File})
		}
	})
	askers.Wait()
	close(done)
	changer.Wait()
	f := ask[Forest](t, s, CommandOpen, OpenRequest{})
	if len(f.Files) != 4 || len(f.Disks) != 2 || !f.Disks[0].Complete || !f.Disks[1].Complete {
		t.Errorf("in the end: %+v", f.Disks)
	}
	ask[Forest](t, s, CommandClose, CloseRequest{})
	if h.opened.Load() != h.closed.Load() {
		t.Errorf("%d sources opened, %d closed", h.opened.Load(), h.closed.Load())
	}
}

// TestConcurrentReads: any number of readers of one disk see the same bytes.
func TestConcurrentReads(t *testing.T) {
	const size = 6 << 20
	for _, c := range []*vhdtest.Chain{coarseChain(34, size), raggedChain(35, size)} {
		want := c.Contents()
		s, _ := newSession()
		openChain(t, s, c)
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				if got := readAll(t, s, 1, size); !bytes.Equal(got, want) {
					t.Error(vhdtest.Diff(got, want))
				}
			})
		}
		readers.Wait()
	}
}
