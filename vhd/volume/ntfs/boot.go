package ntfs

import (
	"encoding/binary"
	"io"

	"vhdscope/vhd/volume/fsys"
)

// geometry is what a boot sector says of its volume, checked against the
// volume's size. The library's own reading of it knows neither clusters above
// 64 KiB nor the size of the volume.
type geometry struct {
	sector, cluster, record int64 // bytes
	clusters                int64 // whole ones, within the volume
	stated                  int64 // the volume's size that it names, bytes
	mft, mirror             int64 // where the two begin, bytes
	serial                  uint64
	backup                  bool // it was read from the volume's last sector
}

// readGeometry reads the boot sector, or its copy in the last sector where it
// is damaged.
func readGeometry(r io.ReaderAt, size int64) (*geometry, error) {
	sector := make([]byte, 512)
	if _, err := r.ReadAt(sector, 0); err != nil && err != io.EOF {
		return nil, err
	}
	g, err := parseGeometry(sector, size)
	if err == nil {
		return g, nil
	}
	for _, length := range []int64{512, 4096} {
		if size < 2*length {
			break
		}
		if _, e := r.ReadAt(sector, size-length); e != nil {
			continue
		}
		if g, e := parseGeometry(sector, size); e == nil && g.sector == length {
			g.backup = true
			return g, nil
		}
	}
	return nil, err
}

func parseGeometry(b []byte, size int64) (*geometry, error) {
	if string(b[3:11]) != "NTFS    " || b[510] != 0x55 || b[511] != 0xAA {
		return nil, fsys.Damaged(0, "the volume does not begin with a boot sector of NTFS")
	}
	g := &geometry{
		sector: int64(binary.LittleEndian.Uint16(b[11:])),
		serial: binary.LittleEndian.Uint64(b[72:]),
	}
	if !powerOfTwo(g.sector) || g.sector < 256 || g.sector > 4096 {
		return nil, fsys.Damaged(11, "the boot sector names a sector size that NTFS does not have")
	}
	// From 129 on it is a negative exponent: so clusters can be up to 2 MiB.
	perCluster := int64(b[13])
	if perCluster > 128 {
		if perCluster < 256-31 {
			return nil, fsys.Damaged(13, "the boot sector names a cluster size that NTFS does not have")
		}
		perCluster = 1 << (256 - perCluster)
	}
	g.cluster = perCluster * g.sector
	if !powerOfTwo(g.cluster) || g.cluster > 2<<20 {
		return nil, fsys.Damaged(13, "the boot sector names a cluster size that NTFS does not have")
	}
	if n := int64(int8(b[64])); n > 0 {
		g.record = n * g.cluster
	} else if n < 0 && n >= -31 {
		g.record = 1 << -n
	}
	if !powerOfTwo(g.record) || g.record < 512 || g.record > maxRecord {
		return nil, fsys.Damaged(64, "the boot sector names a size of file records that NTFS does not have")
	}
	sectors := binary.LittleEndian.Uint64(b[40:])
	if sectors == 0 || sectors > 1<<62/uint64(g.sector) {
		return nil, fsys.Damaged(40, "the boot sector names a volume size that cannot be")
	}
	g.stated = int64(sectors) * g.sector
	g.clusters = min(g.stated, size) / g.cluster
	mft, mirror := binary.LittleEndian.Uint64(b[48:]), binary.LittleEndian.Uint64(b[56:])
	if mft >= uint64(g.clusters) {
		return nil, fsys.Damaged(48, "the boot sector places the $MFT behind the end of the volume")
	}
	g.mft = int64(mft) * g.cluster
	if mirror < uint64(g.clusters) {
		g.mirror = int64(mirror) * g.cluster
	}
	return g, nil
}

func powerOfTwo(n int64) bool { return n > 0 && n&(n-1) == 0 }
