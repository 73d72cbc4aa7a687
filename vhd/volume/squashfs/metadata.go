package squashfs

import "vhdscope/vhd/volume/fsys"

const (
	metadataBlock = 8192
	keptMetadata  = 512 // blocks, 4 MiB
)

// metadata is an unpacked block of inodes, folders or a table.
type metadata struct {
	bytes []byte
	next  int64 // where the next one lies
}

// metadata reads the block that lies at a place of the volume: a length of 15
// bits, whether it is not compressed, and as many bytes.
func (f *source) metadata(at int64) (metadata, error) {
	if m, ok := f.unpacked[at]; ok {
		return m, nil
	}
	head := make([]byte, 2)
	if err := f.device.Fill(head, at); err != nil {
		return metadata{}, err
	}
	length := int64(le.Uint16(head))
	stored := length&0x8000 != 0
	length &^= 0x8000
	if length == 0 || length > metadataBlock {
		return metadata{}, fsys.Damaged(at, "a block of metadata is damaged")
	}
	m := metadata{make([]byte, length), at + 2 + length}
	if err := f.device.Fill(m.bytes, at+2); err != nil {
		return metadata{}, err
	}
	if !stored {
		var err error
		if m.bytes, err = f.unpack(m.bytes, metadataBlock); err != nil {
			return metadata{}, &fsys.Error{Kind: fsys.ErrDamaged, Offset: at, Msg: "a block of metadata is damaged", Err: err}
		}
	}
	if len(f.unpacked) >= keptMetadata {
		clear(f.unpacked)
	}
	f.unpacked[at] = m
	return m, nil
}

// cursor reads metadata on from a place, over the ends of blocks.
type cursor struct {
	source *source
	at     int64 // of the block
	skip   int   // in it, unpacked
}

// take fills b.
func (c *cursor) take(b []byte) error {
	for len(b) > 0 {
		m, err := c.source.metadata(c.at)
		if err != nil {
			return err
		}
		if c.skip > len(m.bytes) || len(m.bytes) == 0 {
			return fsys.Damaged(c.at, "a block of metadata is damaged")
		}
		n := copy(b, m.bytes[c.skip:])
		b = b[n:]
		c.skip += n
		if c.skip == len(m.bytes) {
			c.at, c.skip = m.next, 0
		}
	}
	return nil
}

// entry reads entry i of a table: blocks of metadata whose places stand in a
// list where the table starts.
func (f *source) entry(table, i int64, b []byte) error {
	perBlock := metadataBlock / int64(len(b))
	place := make([]byte, 8)
	if err := f.device.Fill(place, table+i/perBlock*8); err != nil {
		return err
	}
	at := le.Uint64(place)
	if at >= uint64(f.super.size) {
		return fsys.Damaged(table+i/perBlock*8, "a table leads out of the volume")
	}
	c := cursor{f, int64(at), int(i%perBlock) * len(b)}
	return c.take(b)
}
