package vhd

// Sink is where [Disk.ReadTo] puts a range of a disk. A browser's files and
// results lie outside Go's memory; a sink lets their bytes stay there.
// Positions in the result are bytes from the start of the range.
type Sink interface {
	// Zero makes n bytes of the result zeros.
	Zero(to, n int64)
	// Put makes bytes that are in Go's memory a part of the result.
	Put(p []byte, to int64)
	// Read reads n bytes at off of a layer's file to the result. With an
	// error, done is how many came before it.
	Read(layer int, off, n, to int64) (done int64, err error)
	// Fetch reads n bytes at off of a layer's file and keeps them until
	// they are released.
	Fetch(layer int, off, n int64) (Fetched, error)
}

// Fetched is a range of a file that a [Sink] holds. Offsets in it are bytes
// from its start.
type Fetched interface {
	Peek(p []byte, off int64) // copies bytes to Go's memory
	Copy(pieces []Piece)      // copies bytes to the result
	Release()
}

// Piece is a run of bytes of a [Fetched] and its place in the result.
type Piece struct{ From, To, Length int64 }

// memory is the Sink of [Disk.ReadAt].
type memory struct {
	layers []*Image
	p      []byte
}

func (m *memory) Zero(to, n int64) { clear(m.p[to : to+n]) }

func (m *memory) Put(p []byte, to int64) { copy(m.p[to:], p) }

func (m *memory) Read(layer int, off, n, to int64) (int64, error) {
	done, err := readFull(m.layers[layer].r, m.p[to:to+n], off)
	return int64(done), err
}

func (m *memory) Fetch(layer int, off, n int64) (Fetched, error) {
	f := &fetchedMemory{to: m.p, buf: takeScratch(n)}
	if _, err := readFull(m.layers[layer].r, f.buf, off); err != nil {
		f.Release()
		return nil, err
	}
	return f, nil
}

type fetchedMemory struct{ to, buf []byte }

func (f *fetchedMemory) Peek(p []byte, off int64) { copy(p, f.buf[off:]) }

func (f *fetchedMemory) Copy(pieces []Piece) {
	for _, c := range pieces {
		copy(f.to[c.To:c.To+c.Length], f.buf[c.From:])
	}
}

func (f *fetchedMemory) Release() { giveScratch(f.buf) }
