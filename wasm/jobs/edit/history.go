package edit

// historyBudget bounds what the history keeps: some 32 MiB of old bytes.
const historyBudget = 32 << 20

// stepCost is what a step takes beside its bytes.
const stepCost = 128

// step is one thing that a person did, by what was there before.
type step struct {
	span   Span // what the person meant; the pieces are whole sectors
	pieces []piece
}

// history is what was done and undone, the latest last.
type history struct {
	done, undone []step
	bytes        int64 // that both keep
	forgotten    int
}

// add appends what was just done. What had been undone is no longer to be
// done again.
func (h *history) add(s step) {
	for _, u := range h.undone {
		h.bytes -= cost(u.pieces)
	}
	h.undone = nil
	h.done = append(h.done, s)
	h.bytes += cost(s.pieces)
	h.trim()
}

// trim forgets the oldest steps where all together take too much; where that
// does not help, those to be done again last.
func (h *history) trim() {
	for h.bytes > historyBudget && len(h.done) > 0 {
		h.bytes -= cost(h.done[0].pieces)
		h.done = h.done[1:]
		h.forgotten++
	}
	for h.bytes > historyBudget && len(h.undone) > 0 {
		h.bytes -= cost(h.undone[0].pieces)
		h.undone = h.undone[1:]
	}
}

// cost is what a step's pieces take.
func cost(pieces []piece) int64 {
	n := int64(stepCost)
	for _, p := range pieces {
		n += stepCost + int64(len(p.data))
	}
	return n
}
