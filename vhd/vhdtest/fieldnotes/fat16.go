package fieldnotes

import (
	"encoding/binary"
	"fmt"
	"time"
)

// A small FAT16 writer. The libraries at hand take dates from the clock, do
// not free the clusters of a removed file, and leave no trace of it; here a
// removed file stays as a system leaves it: its entry marked, its data there.

const (
	sectorSize   = 512
	reserved     = 8 // sectors in front of the tables
	tables       = 2
	rootEntries  = 512
	clusterBytes = 4 * sectorSize

	endOfChain = 0xFFFF
	freeSlot   = 0x00 // first byte of a directory entry that never was one
	deleted    = 0xE5

	attrLabel     = 0x08
	attrDirectory = 0x10
	attrArchive   = 0x20
	attrLongName  = 0x0F
)

// fat16 is a volume in memory.
type fat16 struct {
	b        []byte
	now      time.Time
	table    int // bytes of one allocation table
	clusters int
	next     int // cluster from which the search for a free one starts
}

var le = binary.LittleEndian

// formatFAT16 makes a volume of all of b. hidden is the number of sectors in
// front of it on the disk.
func formatFAT16(b []byte, label string, serial, hidden uint32, now time.Time) (*fat16, error) {
	total := len(b) / sectorSize
	v := &fat16{b: b, now: now, next: 2}
	perCluster := clusterBytes / sectorSize
	rootSectors := rootEntries * 32 / sectorSize
	most := (total - reserved - rootSectors) / perCluster
	tableSectors := (2*(most+2) + sectorSize - 1) / sectorSize
	v.table = tableSectors * sectorSize
	v.clusters = (total - reserved - rootSectors - tables*tableSectors) / perCluster
	if v.clusters < 4085 || v.clusters >= 65525 || total > 0xFFFF {
		return nil, fmt.Errorf("a volume of %d clusters is no FAT16", v.clusters)
	}

	copy(b, "\xEB\x3C\x90vhdscope")
	le.PutUint16(b[0x0B:], sectorSize)
	b[0x0D] = byte(perCluster)
	le.PutUint16(b[0x0E:], reserved)
	b[0x10] = tables
	le.PutUint16(b[0x11:], rootEntries)
	le.PutUint16(b[0x13:], uint16(total))
	b[0x15] = 0xF8 // a fixed disk
	le.PutUint16(b[0x16:], uint16(tableSectors))
	le.PutUint16(b[0x18:], perTrack)
	le.PutUint16(b[0x1A:], heads)
	le.PutUint32(b[0x1C:], hidden)
	b[0x24] = 0x80 // first fixed disk
	b[0x26] = 0x29 // the three fields that follow are there
	le.PutUint32(b[0x27:], serial)
	copy(b[0x2B:], fmt.Sprintf("%-11.11s", label))
	copy(b[0x36:], "FAT16   ")
	b[0x1FE], b[0x1FF] = 0x55, 0xAA

	v.link(0, 0xFFF8)
	v.link(1, endOfChain)
	entry := v.root()[0]
	copy(entry, fmt.Sprintf("%-11.11s", label))
	entry[11] = attrLabel
	v.stamp(entry)
	return v, nil
}

func (v *fat16) rootStart() int { return reserved*sectorSize + tables*v.table }

func (v *fat16) root() [][]byte { return slots(v.b[v.rootStart():][:rootEntries*32]) }

// slots cuts a directory's bytes into entries.
func slots(b []byte) (entries [][]byte) {
	for ; len(b) >= 32; b = b[32:] {
		entries = append(entries, b[:32:32])
	}
	return entries
}

// cluster is a cluster's bytes.
func (v *fat16) cluster(n int) []byte {
	data := v.rootStart() + rootEntries*32
	return v.b[data+(n-2)*clusterBytes:][:clusterBytes]
}

// link writes an entry of both tables.
func (v *fat16) link(cluster int, value uint16) {
	for i := range tables {
		le.PutUint16(v.b[reserved*sectorSize+i*v.table+2*cluster:], value)
	}
}

func (v *fat16) linked(cluster int) uint16 {
	return le.Uint16(v.b[reserved*sectorSize+2*cluster:])
}

// chain is the clusters from first on; none for 0.
func (v *fat16) chain(first int) (clusters []int) {
	for n := first; n >= 2 && n < 0xFFF8; n = int(v.linked(n)) {
		clusters = append(clusters, n)
	}
	return clusters
}

// resize makes a chain n clusters long and gives the new one. New clusters
// come behind the last that was handed out, as systems do, so that what was
// removed lasts, and are blank.
func (v *fat16) resize(clusters []int, n int) ([]int, error) {
	for _, c := range clusters[min(n, len(clusters)):] {
		v.link(c, 0)
	}
	clusters = clusters[:min(n, len(clusters))]
	for tried := 0; len(clusters) < n; tried++ {
		if tried > v.clusters {
			return nil, fmt.Errorf("the volume is full")
		}
		c := v.next
		if v.next++; v.next == v.clusters+2 {
			v.next = 2
		}
		if v.linked(c) == 0 {
			clear(v.cluster(c))
			v.link(c, endOfChain) // taken; linked below
			clusters = append(clusters, c)
		}
	}
	for i, c := range clusters {
		if i+1 < len(clusters) {
			v.link(c, uint16(clusters[i+1]))
		} else {
			v.link(c, endOfChain)
		}
	}
	return clusters, nil
}

// stamp sets an entry's time of last change.
func (v *fat16) stamp(entry []byte) {
	date, clock := v.dosTime()
	le.PutUint16(entry[22:], clock)
	le.PutUint16(entry[24:], date)
}

// created sets an entry's times of creation, last access and last change.
func (v *fat16) created(entry []byte) {
	date, clock := v.dosTime()
	le.PutUint16(entry[14:], clock)
	le.PutUint16(entry[16:], date)
	le.PutUint16(entry[18:], date)
	v.stamp(entry)
}

func (v *fat16) dosTime() (date, clock uint16) {
	t := v.now
	date = uint16((t.Year()-1980)<<9 | int(t.Month())<<5 | t.Day())
	clock = uint16(t.Hour()<<11 | t.Minute()<<5 | t.Second()/2)
	return date, clock
}
