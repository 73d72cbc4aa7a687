package fsystest

import "vhdscope/vhd/volume/fsys"

// perBlock is how many bytes of a fork a block holds.
func (s *System) perBlock(k *Fork) int64 {
	if k.Packed {
		return 2 * s.block
	}
	return s.block
}

// Put makes bytes all that a fork of the file holds. Packed forks hold pairs:
// see [Pairs].
func (s *System) Put(f *File, k *Fork, bytes []byte) {
	s.room(int64(len(bytes))/s.perBlock(k) + 1)
	s.drop(f, k)
	k.Bytes = bytes
	k.Inline = k.Inline && len(bytes) <= inline
	s.store(f, k, 0, int64(len(bytes)))
	s.modified(f)
}

// Write changes bytes of a fork that is not packed, and makes it longer where
// it has to be.
func (s *System) Write(f *File, k *Fork, off int64, bytes []byte) {
	old, end := int64(len(k.Bytes)), off+int64(len(bytes))
	grown := make([]byte, max(old, end)) // views have the old one
	copy(grown, k.Bytes)
	copy(grown[off:], bytes)
	if k.Inline {
		s.Put(f, k, grown)
		return
	}
	s.room(int64(len(bytes))/s.block + 2)
	if last := old / s.block; old%s.block > 0 && k.blocks[last] >= 0 {
		s.write(k.blocks[last]*s.block+old%s.block, make([]byte, s.block-old%s.block))
	}
	k.Bytes = grown
	s.store(f, k, off, end)
	s.modified(f)
}

// room ends an operation that wants more blocks than are free.
func (s *System) room(blocks int64) {
	for _, used := range s.used {
		if !used {
			blocks--
		}
	}
	if blocks > 0 {
		panic(full{})
	}
}

// Truncate makes a fork shorter.
func (s *System) Truncate(f *File, k *Fork, size int64) {
	k.Bytes = k.Bytes[:size:size]
	blocks := int((size + s.perBlock(k) - 1) / s.perBlock(k))
	for len(k.blocks) > blocks {
		last := len(k.blocks) - 1
		s.free(k.blocks[last])
		k.blocks = append([]int64{}, k.blocks[:last]...)
	}
	s.modified(f)
}

// Punch makes a block of a fork zeros that have no place.
func (s *System) Punch(f *File, k *Fork, i int) {
	if k.Packed || i >= len(k.blocks) {
		return
	}
	s.free(k.blocks[i])
	k.blocks = append([]int64{}, k.blocks...)
	k.blocks[i] = -1
	k.Bytes = append([]byte{}, k.Bytes...)
	clear(k.Bytes[int64(i)*s.block : min(int64(i+1)*s.block, int64(len(k.Bytes)))])
	s.modified(f)
}

// Move puts a block of a fork elsewhere. Nothing else changes: so do programs
// that defragment.
func (s *System) Move(k *Fork, i int) {
	if i >= len(k.blocks) || k.blocks[i] < 0 {
		return
	}
	old := k.blocks[i]
	k.blocks = append([]int64{}, k.blocks...)
	k.blocks[i] = s.allocate()
	s.write(k.blocks[i]*s.block, s.volume[old*s.block:][:s.block])
	s.free(old)
}

// Touch sets the time of the last access.
func (s *System) Touch(f *File) {
	s.stamp(f)
	f.Accessed = s.clock
}

// Describe sets the attributes of a file.
func (s *System) Describe(f *File, attributes string) {
	f.Attributes = attributes
	s.changed(f)
}

// SetStream makes a stream of a file; nil bytes take it away.
func (s *System) SetStream(f *File, name string, bytes []byte) {
	k := f.Streams[name]
	if k == nil {
		k = &Fork{Inline: true}
		f.Streams[name] = k
	}
	if bytes == nil {
		s.drop(f, k)
		delete(f.Streams, name)
		s.modified(f)
		return
	}
	k.Inline = false
	s.Put(f, k, bytes)
}

// drop gives a fork's blocks back.
func (s *System) drop(f *File, k *Fork) {
	for _, b := range k.blocks {
		s.free(b)
	}
	k.blocks, k.Bytes = nil, nil
}

// modified sets the times of a change of what a file holds.
func (s *System) modified(f *File) {
	s.changed(f)
	f.Modified = s.clock
}

// store writes bytes of a fork to the volume, in blocks that it takes as they
// are wanted: what nobody wrote has no place.
func (s *System) store(f *File, k *Fork, from, to int64) {
	if k.Inline {
		s.write(int64(f.number)*slot+slot-inline, k.Bytes)
		return
	}
	per := s.perBlock(k)
	k.blocks = append([]int64{}, k.blocks...)
	for int64(len(k.blocks))*per < int64(len(k.Bytes)) {
		k.blocks = append(k.blocks, -1)
	}
	for from < to {
		i := from / per
		if k.blocks[i] < 0 {
			k.blocks[i] = s.allocate()
		}
		end := min((i+1)*per, to)
		at := k.blocks[i]*s.block + from - i*per
		if k.Packed { // only whole blocks are stored
			bytes := k.Bytes[from:end]
			half := make([]byte, (len(bytes)+1)/2)
			for j := range half {
				half[j] = bytes[2*j]
			}
			s.write(at, half)
		} else {
			s.write(at, k.Bytes[from:end])
		}
		from = end
	}
}

// Pairs makes bytes of a kind that can be packed.
func Pairs(bytes []byte) []byte {
	for i := 1; i < len(bytes); i += 2 {
		bytes[i] = bytes[i-1] ^ 1
	}
	return bytes
}

// extents of a fork.
func (s *System) extents(f *File, k *Fork) (list []fsys.Extent) {
	size := int64(len(k.Bytes))
	if k.Inline {
		if size == 0 {
			return nil
		}
		return []fsys.Extent{{Length: size, Start: int64(f.number)*slot + slot - inline}}
	}
	per := s.perBlock(k)
	for i, b := range k.blocks {
		e := fsys.Extent{Offset: int64(i) * per, Start: -1}
		e.Length = min(per, size-e.Offset)
		if b >= 0 {
			e.Start = b * s.block
		}
		if k.Packed {
			e.Stored = (e.Length + 1) / 2
			list = append(list, e)
			continue
		}
		if n := len(list) - 1; n >= 0 && (b < 0 && list[n].Start < 0 || b >= 0 && list[n].Start >= 0 && list[n].Start+list[n].Length == e.Start) {
			list[n].Length += e.Length
			continue
		}
		list = append(list, e)
	}
	return list
}
