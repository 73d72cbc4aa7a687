package fat

import (
	"fmt"
	"math/bits"

	"vhdscope/vhd/volume/fsys"
)

// exFATName is the FileSystemName field of exFAT.
const exFATName = "EXFAT   "

// bootSectors is how many sectors have the checksum that the last of them
// holds, and where the backup boot region begins.
const bootSectors = 12

// maxExFAT is the most clusters that entries of the FAT can name (section
// 3.1.9).
const maxExFAT = 1<<32 - 11

// parseExFAT reads an exFAT boot sector (section 3.1).
func parseExFAT(b []byte, size int64) (geometry, error) {
	g := geometry{exFAT: true, bits: 32}
	if le.Uint16(b[510:]) != 0xAA55 {
		return g, fsys.Damaged(510, "the boot sector lacks its signature 55 AA")
	}
	if version := le.Uint16(b[104:]); version>>8 != 1 {
		return g, fsys.Unsupported(fmt.Sprintf("exFAT of revision %d.%02d is not known", version>>8, version&0xFF))
	}
	sectorShift, clusterShift := b[108], b[109]
	if sectorShift < 9 || sectorShift > 12 {
		return g, fsys.Damaged(108, fmt.Sprintf("the boot sector says that a sector has 2^%d bytes", sectorShift))
	}
	if clusterShift > 25-sectorShift {
		return g, fsys.Damaged(109, fmt.Sprintf("the boot sector says that a cluster has 2^%d sectors", clusterShift))
	}
	g.sector, g.cluster = 1<<sectorShift, 1<<(sectorShift+clusterShift)
	if err := g.placeExFAT(b, size); err != nil {
		return g, err
	}
	g.rootStart = le.Uint32(b[96:])
	if !g.has(g.rootStart) {
		return g, fsys.Damaged(96, fmt.Sprintf("the boot sector says that the root directory begins at cluster %d, but the volume's are 2 to %d", g.rootStart, g.clusters+1))
	}
	serial, flags := le.Uint32(b[100:]), le.Uint16(b[106:])
	g.dirty, g.failed = flags&2 != 0, flags&4 != 0
	if g.active = int(flags & 1); g.active >= len(g.tables) {
		return g, fsys.Damaged(106, "the boot sector says that the second FAT counts, but there is one")
	}
	g.about.Type = "exFAT"
	g.about.UUID = fmt.Sprintf("%04X-%04X", serial>>16, serial&0xFFFF)
	g.about.Cluster = g.cluster
	return g, nil
}

// placeExFAT finds the FATs and the clusters.
func (g *geometry) placeExFAT(b []byte, size int64) error {
	length := le.Uint64(b[72:])
	table, tableLength := int64(le.Uint32(b[80:]))*g.sector, int64(le.Uint32(b[84:]))*g.sector
	heap, count := int64(le.Uint32(b[88:]))*g.sector, int64(le.Uint32(b[92:]))
	tables := int64(b[110])
	if tables != 1 && tables != 2 {
		return fsys.Damaged(110, fmt.Sprintf("the boot sector says that there are %d FATs: 1 or 2 are possible", tables))
	}
	if table < 2*bootSectors*g.sector {
		return fsys.Damaged(80, "the boot sector says that the FAT begins in the boot regions")
	}
	if tableLength/4 < count+2 {
		return fsys.Damaged(84, fmt.Sprintf("the boot sector says that a FAT has %d bytes: %d clusters need more", tableLength, count))
	}
	if table+tables*tableLength > heap {
		return fsys.Damaged(88, "the boot sector says that the clusters begin in the FAT")
	}
	if heap > size {
		return fsys.Damaged(88, fmt.Sprintf("the boot sector says that the clusters begin at byte %d of a volume of %d", heap, size))
	}
	if count > maxExFAT {
		return fsys.Damaged(92, fmt.Sprintf("the boot sector says that there are %d clusters: at most %d are possible", count, maxExFAT))
	}
	if bits.Len64(length)+bits.Len64(uint64(g.sector)) > 63 || count == 0 || (int64(length)*g.sector-heap)/g.cluster < count {
		return fsys.Damaged(92, fmt.Sprintf("the boot sector says that there are %d clusters in %d sectors", count, length))
	}
	if end := heap + count*g.cluster; end > size {
		g.note(fmt.Sprintf("The volume is cut off: its clusters end at byte %d, but it has %d bytes.", end, size))
	}
	for i := range tables {
		g.tables = append(g.tables, table+i*tableLength)
	}
	g.tableSize, g.heap, g.clusters = tableLength, heap, uint32(count)
	return nil
}

// bootChecksum is that of the boot region's first 11 sectors (section 3.4).
func bootChecksum(b []byte) uint32 {
	var sum uint32
	for i, c := range b {
		if i != 106 && i != 107 && i != 112 { // VolumeFlags and PercentInUse
			sum = bits.RotateLeft32(sum, -1) + uint32(c)
		}
	}
	return sum
}
