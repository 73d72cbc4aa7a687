package fieldnotes

import (
	"encoding/binary"
	"time"
)

// partitionStart is the volume's first sector: where the first block ends,
// and where Windows puts the first partition of a small disk.
const partitionStart = 128

// disk is the virtual disk while the story is told.
type disk struct {
	bytes  []byte
	volume *fat16
}

// newDisk is a blank disk with one partition.
func newDisk() *disk {
	b := make([]byte, diskSize)
	le := binary.LittleEndian
	const sectors = diskSize/512 - partitionStart
	le.PutUint32(b[0x1B8:], 0x4E464C44) // the disk's signature
	entry := b[0x1BE:]
	copy(entry[1:4], chs(partitionStart))
	entry[4] = 0x04 // FAT16, less than 32 MiB
	copy(entry[5:8], chs(diskSize/512-1))
	le.PutUint32(entry[8:], partitionStart)
	le.PutUint32(entry[12:], sectors)
	b[0x1FE], b[0x1FF] = 0x55, 0xAA
	return &disk{bytes: b}
}

// begin opens the volume with the clock at now; the first time it formats it.
func (d *disk) begin(now time.Time) (*fat16, error) {
	if d.volume == nil {
		v, err := formatFAT16(d.bytes[partitionStart*512:], "FIELD NOTES", 0x2026_0302, partitionStart, now)
		if err != nil {
			return nil, err
		}
		d.volume = v
	}
	d.volume.now = now
	return d.volume, nil
}

// Heads and sectors of a track, in the partition table and the volume's
// parameters alike.
const (
	heads    = 16
	perTrack = 63
)

// chs is a sector's address as a partition entry writes it.
func chs(sector int) []byte {
	cylinder := sector / (heads * perTrack)
	return []byte{
		byte(sector / perTrack % heads),
		byte(sector%perTrack+1) | byte(cylinder>>8<<6),
		byte(cylinder),
	}
}
