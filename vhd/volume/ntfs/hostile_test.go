package ntfs_test

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"testing"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/ntfs"
)

// invented is a volume whose file records are made as they are read, so that
// it can have more of them than a test would write. Clusters and records have
// 4096 bytes; the $MFT begins in cluster 1, in one piece unless its record
// says otherwise.
type invented struct {
	clusters, records int64
	record            func(n int64) []byte // nil for one that was never written
	bytes             int64                // that were read
}

const inventedCluster = 4096

func (v *invented) ReadAt(p []byte, off int64) (int, error) {
	v.bytes += int64(len(p))
	for at := 0; at < len(p); {
		i, skip := (off+int64(at))/inventedCluster, (off+int64(at))%inventedCluster
		b := make([]byte, inventedCluster)
		switch {
		case i == 0:
			v.boot(b)
		case i <= v.records:
			copy(b, v.record(i-1))
		case i >= v.clusters:
			return at, io.EOF
		}
		at += copy(p[at:], b[skip:])
	}
	return len(p), nil
}

func (v *invented) boot(b []byte) {
	copy(b[3:], "NTFS    ")
	binary.LittleEndian.PutUint16(b[11:], 512)
	b[13], b[64], b[510], b[511] = 8, 1, 0x55, 0xAA
	binary.LittleEndian.PutUint64(b[40:], uint64(v.clusters*8))
	binary.LittleEndian.PutUint64(b[48:], 1)
}

func (v *invented) open(t testing.TB) fsys.FS {
	t.Helper()
	f, err := ntfs.Open(v, v.clusters*inventedCluster)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// fileRecord makes a file record of attributes.
func fileRecord(flags uint16, base uint64, attributes ...[]byte) []byte {
	b := make([]byte, 4096)
	copy(b, "FILE")
	binary.LittleEndian.PutUint16(b[4:], 48)
	binary.LittleEndian.PutUint16(b[6:], 9)
	binary.LittleEndian.PutUint16(b[16:], 1)
	binary.LittleEndian.PutUint16(b[20:], 72)
	binary.LittleEndian.PutUint16(b[22:], flags)
	at := 72 + copy(b[72:], slices.Concat(attributes...))
	binary.LittleEndian.PutUint32(b[at:], 0xFFFFFFFF)
	binary.LittleEndian.PutUint32(b[24:], uint32(at+8))
	binary.LittleEndian.PutUint32(b[28:], 4096)
	binary.LittleEndian.PutUint64(b[32:], base)
	binary.LittleEndian.PutUint16(b[48:], 7)
	for i := 1; i <= 8; i++ {
		copy(b[48+2*i:], b[512*i-2:512*i])
		binary.LittleEndian.PutUint16(b[512*i-2:], 7)
	}
	return b
}

// scattered makes an attribute, or the part of one from a cluster on, that
// lies in runs of clusters: pairs of their number and first one.
func scattered(kind uint32, first int64, runs ...[2]int64) []byte {
	var list []byte
	n, last := int64(0), int64(0)
	for _, r := range runs {
		list = binary.LittleEndian.AppendUint32(append(list, 0x44), uint32(r[0]))
		list = binary.LittleEndian.AppendUint32(list, uint32(r[1]-last))
		n, last = n+r[0], r[1]
	}
	b := make([]byte, 64+(len(list)+8)/8*8)
	binary.LittleEndian.PutUint32(b, kind)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)))
	b[8], b[32] = 1, 64
	binary.LittleEndian.PutUint64(b[16:], uint64(first))
	binary.LittleEndian.PutUint64(b[24:], uint64(first+n-1))
	for _, at := range []int{40, 48, 56} {
		binary.LittleEndian.PutUint64(b[at:], uint64(n*inventedCluster))
	}
	copy(b[64:], list)
	return b
}

// listOf makes a list of attributes in records from first on.
func listOf(kind uint32, first, count int64) []byte {
	var list []byte
	for n := first; n < first+count; n++ {
		b := make([]byte, 26)
		binary.LittleEndian.PutUint32(b, kind)
		b[4] = 26
		binary.LittleEndian.PutUint64(b[16:], uint64(n)|1<<48)
		list = append(list, b...)
	}
	return list
}

const inUse, isFolder = 1, 2

// TestRunsOfAFileAreBounded lists the root of a volume, whose attributes lie
// in 10,000 records, each of some 400 runs.
func TestRunsOfAFileAreBounded(t *testing.T) {
	var crowd [][2]int64
	for i := range int64(400) {
		crowd = append(crowd, [2]int64{1, 20000 + 2*i})
	}
	list := listOf(0x80, 200, 10000)
	list = append(list, make([]byte, 64*4096-len(list))...)
	v := &invented{clusters: 30000, records: 11000}
	v.record = func(n int64) []byte {
		switch {
		case n == 0:
			return fileRecord(inUse, 0, scattered(0x80, 0, [2]int64{v.records, 1}))
		case n == 5:
			return fileRecord(inUse|isFolder, 0, scattered(0x20, 0, [2]int64{64, 100}))
		case n >= 99 && n < 99+64: // the list lies among the records
			return list[(n-99)*4096:][:4096]
		case n >= 163:
			return fileRecord(inUse, 5|1<<48, scattered(0x80, 0, crowd...))
		}
		return nil
	}
	f := v.open(t)
	before := v.bytes
	_, err := f.ReadDir(".")
	if !errors.Is(err, fsys.ErrUnsupported) {
		t.Errorf("%v", err)
	}
	if n := v.bytes - before; n > 20<<20 {
		t.Errorf("%d bytes were read", n)
	}
}

// TestPartsOfTheMFTAreBounded opens a volume whose $MFT tells of itself a
// record at a time: its list is read again for each.
func TestPartsOfTheMFTAreBounded(t *testing.T) {
	const parts = 4000
	list := listOf(0x80, 100, parts)
	list = append(list, make([]byte, 4096-len(list)%4096)...)
	pages := int64(len(list) / 4096)
	start := scattered(0x80, 0, [2]int64{101, 1})
	for _, at := range []int{40, 48, 56} {
		binary.LittleEndian.PutUint64(start[at:], (101+parts)*inventedCluster)
	}
	v := &invented{clusters: 20000, records: 10000}
	v.record = func(n int64) []byte {
		switch {
		case n == 0:
			return fileRecord(inUse, 0, scattered(0x20, 0, [2]int64{pages, 9001}), start)
		case n >= 100 && n < 100+parts:
			return fileRecord(inUse, 1<<48, scattered(0x80, n+1, [2]int64{1, n + 2}))
		case n >= 9000 && n < 9000+pages:
			return list[(n-9000)*4096:][:4096]
		}
		return nil
	}
	f := v.open(t)
	if notes := f.About().Notes; len(notes) == 0 || notes[0][:22] != "The $MFT is known only" {
		t.Errorf("%q", notes)
	}
	if v.bytes > 512<<20 {
		t.Errorf("%d bytes were read", v.bytes)
	}
}

// TestClustersOfAllFilesAreBounded maps a volume of 2,000 files that all
// claim all of it.
func TestClustersOfAllFilesAreBounded(t *testing.T) {
	v := &invented{clusters: 1 << 24, records: 2100}
	bitmap := v.clusters / 8 / inventedCluster
	v.record = func(n int64) []byte {
		switch {
		case n == 0:
			return fileRecord(inUse, 0, scattered(0x80, 0, [2]int64{v.records, 1}))
		case n == 6:
			return fileRecord(inUse, 0, scattered(0x80, 0, [2]int64{bitmap, 5000}))
		case n >= 100:
			return fileRecord(inUse, 0, scattered(0x80, 0, [2]int64{v.clusters, 0}))
		}
		return nil
	}
	free := int64(0)
	err := v.open(t).(fsys.Mapping).Structures(func(s fsys.Structure) bool {
		if s.Name == fsys.Free {
			free += s.Length
		}
		if s.Name == "in use by no known file" {
			t.Errorf("%+v", s)
		}
		return true
	})
	if err != nil || free != v.clusters*inventedCluster {
		t.Errorf("%d bytes are free, %v", free, err)
	}
}
