package vhd

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// What is written is read back, by the live image and by a reader that opens
// the file anew.
func TestWritesAgainstAPlainByteSlice(t *testing.T) {
	forWorlds(t, 60, 25, func(wd *world, _ *rand.Rand, o writeOp) error {
		after, data := wd.next(o)
		if err := wd.do(o, data); err != nil {
			return err
		}
		wd.disk = after
		return wd.checkLive()
	})
}

// A cut after any write operation, and after any sector of one, leaves the old
// or the new bytes in each sector.
func TestEveryCutLeavesOldOrNewSectors(t *testing.T) {
	forWorlds(t, 12, 10, func(wd *world, _ *rand.Rand, o writeOp) error {
		before := wd.store.file.Clone()
		wd.store.ops = nil
		after, data := wd.next(o)
		if err := wd.do(o, data); err != nil {
			return err
		}
		oldOrNew := func(got []byte) string { return either(got, wd.disk, after) }
		for i, op := range wd.store.ops {
			parts := op.sectors()
			cut := before.Clone()
			for s := range parts {
				cut.Put(parts[s].off, parts[s].data)
				if s > 3 && s < len(parts)-3 && s%97 != 0 {
					continue
				}
				if err := wd.checkFile(cut, oldOrNew); err != nil {
					return fmt.Errorf("cut after %d of %d sectors of write %d of %d (%d bytes at %#x): %w", s+1, len(parts), i, len(wd.store.ops), len(op.data), op.off, err)
				}
			}
			if op.data != nil {
				before.Put(op.off, op.data)
			}
			if err := wd.checkFile(before, oldOrNew); err != nil {
				return fmt.Errorf("cut after write %d of %d (%d bytes at %#x): %w", i, len(wd.store.ops), len(op.data), op.off, err)
			}
		}
		wd.disk = after
		return nil
	})
}

// either describes the first sector that is neither old nor new.
func either(got []byte, allowed ...[]byte) string {
	for off := 0; off < len(got); off += 512 {
		g, ok := got[off:min(off+512, len(got))], false
		for _, a := range allowed {
			ok = ok || bytes.Equal(g, a[off:min(off+512, len(a))])
		}
		if !ok {
			return fmt.Sprintf("sector %d is none that was ever there: %s", off/512, vhdtest.Describe(g))
		}
	}
	return ""
}

// Between two syncs a file system may keep writes back in any order. Whatever
// of them a power cut leaves, sectors hold what they held once, and no others.
func TestPowerCutsBetweenSyncs(t *testing.T) {
	type history struct {
		durable *vhdtest.File
		pending []storageOp
		past    [][]byte
	}
	histories := map[*world]*history{}
	forWorlds(t, 25, 10, func(wd *world, random *rand.Rand, o writeOp) error {
		h := histories[wd]
		if h == nil {
			h = &history{durable: wd.file.Clone(), past: [][]byte{wd.disk}}
			histories[wd] = h
		}
		wd.store.ops = nil
		after, data := wd.next(o)
		if err := wd.do(o, data); err != nil {
			return err
		}
		wd.disk = after
		h.past = append(h.past, after)
		for _, op := range wd.store.ops {
			if op.data == nil {
				for _, p := range h.pending {
					h.durable.Put(p.off, p.data)
				}
				h.pending = nil
				continue
			}
			h.pending = append(h.pending, op)
			left := h.durable.Clone()
			for _, p := range h.pending {
				if random.IntN(4) == 0 { // it grew, but has not got the bytes
					left.Truncate(max(left.Size(), p.off+int64(len(p.data))))
				}
				for _, s := range p.sectors() {
					if random.IntN(2) == 0 {
						left.Put(s.off, s.data)
					}
				}
			}
			if err := wd.checkFile(left, func(got []byte) string { return either(got, h.past...) }); err != nil {
				return fmt.Errorf("power cut with %d writes under way, the last of %d bytes at %#x: %w", len(h.pending), len(op.data), op.off, err)
			}
		}
		return nil
	})
}

// A write that the file does not take leaves old or new bytes, in the file and
// in the live image alike, and the image can be written to again.
func TestFailedWritesLeaveTheImageInStep(t *testing.T) {
	forWorlds(t, 60, 20, func(wd *world, random *rand.Rand, o writeOp) error {
		after, data := wd.next(o)
		at := random.IntN(6)
		wd.store.fail = func(op storageOp) (int, bool) {
			at--
			return random.IntN(len(op.sectors())+1) * random.IntN(2), at == -1
		}
		err := wd.do(o, data)
		wd.store.fail = nil
		wd.failed = wd.failed || err != nil
		if err != nil && !errors.Is(err, errFull) {
			return err
		}
		if err == nil {
			wd.disk = after
			return wd.checkFile(wd.store.file, func(got []byte) string { return vhdtest.Diff(got, wd.disk) })
		}
		live, err := wd.contents(wd.w.Image())
		if err != nil {
			return err
		}
		if diff := either(live, wd.disk, after); diff != "" {
			return errors.New("live: " + diff)
		}
		wd.disk = live
		return wd.checkFile(wd.store.file, func(got []byte) string { return vhdtest.Diff(got, live) })
	})
}
