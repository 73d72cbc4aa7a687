package fat

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"vhdscope/vhd/volume/fsys"
)

var le = binary.LittleEndian

// bootSize is how much of a boot sector holds fields, whatever the size of a
// sector.
const bootSize = 512

// geometry is where things lie in a volume, in bytes. It is what the boot
// sector says, checked: all of it but the clusters lies in the volume.
type geometry struct {
	about     fsys.About
	exFAT     bool
	bits      int     // of an entry of the FAT: 12, 16, 32
	sector    int64   // 512 … 4096
	cluster   int64   // 512 … 32 MiB
	tables    []int64 // where each FAT begins
	active    int     // the FAT that counts, where not all are alike
	alike     bool    // all FATs are kept alike
	tableSize int64   // of one FAT
	fixedRoot span    // the root directory of FAT12 and FAT16
	rootStart uint32  // the root directory's first cluster elsewhere
	info      int64   // the FSInfo sector of FAT32; 0 where there is none
	backup    int64   // the copy of FAT32's boot sector; 0 where there is none
	heap      int64   // where cluster 2 begins
	clusters  uint32  // their number; they are numbered from 2
	label     []byte  // in the boot sector
	dirty     bool    // it was in use when it was last written
	failed    bool    // the disk had errors
}

// span is a run of the volume.
type span struct{ start, length int64 }

// has tells whether there is a cluster of that number.
func (g *geometry) has(cluster uint32) bool { return cluster >= 2 && cluster-2 < g.clusters }

// offset is where a cluster begins.
func (g *geometry) offset(cluster uint32) int64 { return g.heap + int64(cluster-2)*g.cluster }

// end is where the last cluster ends. It is behind the volume's end where the
// volume was cut off.
func (g *geometry) end() int64 { return g.heap + int64(g.clusters)*g.cluster }

// Most clusters of a kind ("FAT Type Determination"; FAT32 has 28 bits).
const (
	maxFAT12 = 4084
	maxFAT16 = 65524
	maxFAT32 = 0x0FFFFFF5
)

// parseBoot reads a boot sector ("Boot Sector and BPB Structure").
func parseBoot(b []byte, size int64) (geometry, error) {
	var g geometry
	if le.Uint16(b[510:]) != 0xAA55 {
		return g, fsys.Damaged(510, "the boot sector lacks its signature 55 AA")
	}
	g.sector = int64(le.Uint16(b[11:]))
	if g.sector < 512 || g.sector > 4096 || bits.OnesCount64(uint64(g.sector)) != 1 {
		return g, fsys.Damaged(11, fmt.Sprintf("the boot sector says that a sector has %d bytes", g.sector))
	}
	perCluster := int64(b[13])
	if bits.OnesCount64(uint64(perCluster)) != 1 {
		return g, fsys.Damaged(13, fmt.Sprintf("the boot sector says that a cluster has %d sectors", perCluster))
	}
	g.cluster = perCluster * g.sector
	if err := g.placeTables(b, size); err != nil {
		return g, err
	}
	if err := g.countClusters(b, size); err != nil {
		return g, err
	}
	tail := b[36:] // BS_DrvNum and what follows it
	if g.bits == 32 {
		if err := g.parseFAT32(b); err != nil {
			return g, err
		}
		tail = b[64:]
	}
	g.about.Type = fmt.Sprintf("FAT%d", g.bits)
	g.about.Cluster = g.cluster
	g.dirty = tail[1]&1 != 0 // by Windows NT and Linux; reserved in the specification
	if tail[2] == 0x29 {     // the next three fields are there
		serial := le.Uint32(tail[3:])
		g.about.UUID = fmt.Sprintf("%04X-%04X", serial>>16, serial&0xFFFF)
		g.label = tail[7:18]
	}
	return g, nil
}

// placeTables finds the FATs and the root directory behind them.
func (g *geometry) placeTables(b []byte, size int64) error {
	reserved, count := int64(le.Uint16(b[14:]))*g.sector, int64(b[16])
	if reserved == 0 {
		return fsys.Damaged(14, "the boot sector says that no sectors are reserved, not even its own")
	}
	if count == 0 {
		return fsys.Damaged(16, "the boot sector says that there is no FAT")
	}
	sectors := int64(le.Uint16(b[22:]))
	if sectors == 0 {
		g.bits = 32 // by this field, in Windows and Linux; the specification goes by the number of clusters
		sectors = int64(le.Uint32(b[36:]))
	}
	if sectors == 0 {
		return fsys.Damaged(22, "the boot sector says that a FAT has no sectors")
	}
	g.tableSize = sectors * g.sector
	g.heap = reserved + count*g.tableSize
	if entries := int64(le.Uint16(b[17:])); g.bits != 32 {
		g.fixedRoot = span{g.heap, entries * entrySize}
		g.heap += (g.fixedRoot.length + g.sector - 1) / g.sector * g.sector
		if entries == 0 {
			return fsys.Damaged(17, "the boot sector says that the root directory has no entries")
		}
	}
	if g.heap > size {
		return fsys.Damaged(22, fmt.Sprintf("the boot sector says that the FATs reach to byte %d of a volume of %d", g.heap, size))
	}
	for i := range count {
		g.tables = append(g.tables, reserved+i*g.tableSize)
	}
	g.alike = true
	return nil
}

// countClusters tells the number of clusters, and by it FAT12 from FAT16.
func (g *geometry) countClusters(b []byte, size int64) error {
	total := int64(le.Uint16(b[19:]))
	if total == 0 {
		total = int64(le.Uint32(b[32:]))
	}
	total *= g.sector
	count := (total - g.heap) / g.cluster
	most := int64(maxFAT32)
	if g.bits != 32 {
		g.bits, most = 12, maxFAT16
		if count > maxFAT12 {
			g.bits = 16
		}
	}
	switch {
	case count <= 0:
		return fsys.Damaged(32, fmt.Sprintf("the boot sector says that the volume has %d bytes: that leaves no clusters", total))
	case count > most:
		return fsys.Damaged(32, fmt.Sprintf("the boot sector makes %d clusters, but FAT%d has at most %d", count, g.bits, most))
	}
	if known := g.tableSize*8/int64(g.bits) - 2; known < count {
		if known <= 0 {
			return fsys.Damaged(22, fmt.Sprintf("a FAT of %d bytes has no room for any cluster", g.tableSize))
		}
		g.note(fmt.Sprintf("The FAT has room for %d of %d clusters: the rest of the volume is not used.", known, count))
		count = known
	}
	g.clusters = uint32(count)
	if total > size {
		g.note(fmt.Sprintf("The volume is cut off: by its boot sector it has %d bytes, but there are %d.", total, size))
	}
	return nil
}

// parseFAT32 reads the fields that only FAT32 has.
func (g *geometry) parseFAT32(b []byte) error {
	flags := le.Uint16(b[40:])
	if flags&0x80 != 0 { // one FAT counts, the others are left alone
		g.alike, g.active = false, int(flags&0xF)
		if g.active >= len(g.tables) {
			return fsys.Damaged(40, fmt.Sprintf("the boot sector says that FAT %d counts, of %d", g.active+1, len(g.tables)))
		}
	}
	if version := le.Uint16(b[42:]); version != 0 {
		return fsys.Unsupported(fmt.Sprintf("FAT32 of version %d.%d is not known", version>>8, version&0xFF))
	}
	g.rootStart = le.Uint32(b[44:])
	if !g.has(g.rootStart) {
		return fsys.Damaged(44, fmt.Sprintf("the boot sector says that the root directory begins at cluster %d, of %d", g.rootStart, g.clusters))
	}
	inside := func(sector uint16) int64 {
		if at := int64(sector) * g.sector; sector != 0xFFFF && at < g.tables[0] {
			return at
		}
		return 0
	}
	g.info, g.backup = inside(le.Uint16(b[48:])), inside(le.Uint16(b[50:]))
	return nil
}

func (g *geometry) note(s string) { g.about.Notes = append(g.about.Notes, s) }
