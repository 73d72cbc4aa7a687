package xfs

const (
	logSector   = 512
	logMagic    = 0xfeedbabe
	logPart     = 32 << 10 // bytes of a record that a block of its header is for
	maxRecord   = 256 << 10
	unmountFlag = 0x20 // of an operation
)

// log is the journal, a ring of sectors. The first number in each, or the
// second in one that begins a record, is the cycle in which it was written.
type log struct {
	source         *source
	start, sectors int64 // in bytes, and how many
}

// dirty tells whether the log has changes that were not made in their places:
// the last record is not the one that unmounting writes. Where it cannot be
// read nothing is told. It takes some 12 reads.
func (f *source) dirty() bool {
	s := f.super
	first, ok := s.block(s.log)
	if s.log == 0 || !ok || s.logBlocks < 1 || s.logBlocks > s.blocks-first {
		return false
	}
	l := &log{f, first * s.blockSize, s.logBlocks * s.blockSize / logSector}
	head, err := l.head()
	if err != nil {
		return false
	}
	clean, err := l.unmounted(head)
	return err == nil && !clean
}

// sector reads one of the ring.
func (l *log) sector(i int64) ([]byte, error) {
	b := make([]byte, logSector)
	return b, l.source.device.Fill(b, l.start+(i+l.sectors)%l.sectors*logSector)
}

func (l *log) cycle(i int64) (uint32, error) {
	b, err := l.sector(i)
	if cycle := be.Uint32(b); cycle != logMagic {
		return cycle, err
	}
	return be.Uint32(b[4:]), err
}

// head is the sector behind the last that was written: the first of the cycle
// in which the ring's end was.
func (l *log) head() (int64, error) {
	before, err := l.cycle(l.sectors - 1)
	if err != nil {
		return 0, err
	}
	from, to := int64(0), l.sectors
	for from < to {
		middle := (from + to) / 2
		cycle, err := l.cycle(middle)
		switch {
		case err != nil:
			return 0, err
		case cycle == before:
			to = middle
		default:
			from = middle + 1
		}
	}
	return from, nil
}

// unmounted tells whether the record that ends at a sector says that the
// volume was unmounted.
func (l *log) unmounted(head int64) (bool, error) {
	for back := int64(1); back <= maxRecord/logSector+maxRecord/logPart && back < l.sectors; back++ {
		b, err := l.sector(head - back)
		if err != nil {
			return false, err
		}
		if be.Uint32(b) != logMagic {
			continue
		}
		header := max(1, (int64(be.Uint32(b[320:]))+logPart-1)/logPart)
		length, operations := int64(be.Uint32(b[12:])), be.Uint32(b[40:])
		if operations != 1 || header+(length+logSector-1)/logSector != back {
			return false, nil
		}
		operation, err := l.sector(head - back + header)
		return operation[9]&unmountFlag != 0, err
	}
	return false, nil
}
