package fat_test

import (
	"encoding/binary"
	"os"
	"testing"
)

var le = binary.LittleEndian

// edit changes bytes of an image.
func edit(t testing.TB, image string, at int64, b []byte) {
	t.Helper()
	f, err := os.OpenFile(image, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(b, at); err != nil {
		t.Fatal(err)
	}
}

// bytesAt reads bytes of an image.
func bytesAt(t testing.TB, image string, at int64, n int) []byte {
	t.Helper()
	f, err := os.Open(image)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, n)
	if _, err := f.ReadAt(b, at); err != nil {
		t.Fatal(err)
	}
	return b
}

// places is where things lie in an image, as its boot sector says.
type places struct {
	exFAT                            bool
	bits                             int
	sector, cluster, fat, root, heap int64
	fatSize                          int64
	clusters, rootCluster, fats      int64
}

// placesOf reads a boot sector that is known to be sound.
func placesOf(t testing.TB, image string) places {
	b := bytesAt(t, image, 0, 512)
	if string(b[3:8]) == "EXFAT" {
		p := places{exFAT: true, bits: 32, sector: 1 << b[108], fats: int64(b[110])}
		p.cluster = p.sector << b[109]
		p.fat, p.fatSize = int64(le.Uint32(b[80:]))*p.sector, int64(le.Uint32(b[84:]))*p.sector
		p.heap, p.clusters = int64(le.Uint32(b[88:]))*p.sector, int64(le.Uint32(b[92:]))
		p.rootCluster = int64(le.Uint32(b[96:]))
		p.root = p.at(p.rootCluster)
		return p
	}
	p := places{sector: int64(le.Uint16(b[11:])), fats: int64(b[16])}
	p.cluster = p.sector * int64(b[13])
	p.fat = p.sector * int64(le.Uint16(b[14:]))
	total := max(int64(le.Uint16(b[19:])), int64(le.Uint32(b[32:])))
	p.fatSize = p.sector * int64(le.Uint16(b[22:]))
	if p.fatSize == 0 {
		p.fatSize = p.sector * int64(le.Uint32(b[36:]))
	}
	p.root = p.fat + p.fats*p.fatSize
	p.heap = p.root + int64(le.Uint16(b[17:]))*32
	p.clusters = (total*p.sector - p.heap) / p.cluster
	switch {
	case p.heap == p.root:
		p.bits, p.rootCluster = 32, int64(le.Uint32(b[44:]))
		p.root = p.at(p.rootCluster)
	case p.clusters < 4085:
		p.bits = 12
	default:
		p.bits = 16
	}
	return p
}

func (p places) at(cluster int64) int64 { return p.heap + (cluster-2)*p.cluster }

// setLinks writes entries of the FATs for clusters from first on.
func (p places) setLinks(t testing.TB, image string, first int64, links ...uint32) {
	t.Helper()
	for i := range p.fats {
		if p.bits == 12 {
			for j, link := range links {
				at := p.fat + i*p.fatSize + (first+int64(j))*3/2
				b := bytesAt(t, image, at, 2)
				shift := uint(first+int64(j)) & 1 * 4
				le.PutUint16(b, le.Uint16(b)&^(0xFFF<<shift)|uint16(link&0xFFF<<shift))
				edit(t, image, at, b)
			}
			continue
		}
		var b []byte
		for _, link := range links {
			if p.bits == 16 {
				b = le.AppendUint16(b, uint16(link))
			} else {
				b = le.AppendUint32(b, link)
			}
		}
		edit(t, image, p.fat+i*p.fatSize+first*int64(p.bits/8), b)
	}
}

// occupy makes a blank volume's clusters below an offset look used, so that
// what is written next lies behind them.
func (p places) occupy(t testing.TB, image string, end int64) {
	t.Helper()
	n := (end - p.heap) / p.cluster
	if !p.exFAT {
		links := make([]uint32, n)
		for i := range links {
			links[i] = 0x0FFFFFF8
		}
		p.setLinks(t, image, 3, links...)
		return
	}
	root := bytesAt(t, image, p.root, 512)
	for ; root[0] != 0x81; root = root[32:] {
	}
	bitmap := make([]byte, n/8)
	for i := range bitmap {
		bitmap[i] = 0xFF
	}
	edit(t, image, p.at(int64(le.Uint32(root[20:]))), bitmap)
}

// setUsed sets the bits of clusters in the allocation bitmap.
func (p places) setUsed(t testing.TB, image string, clusters ...int64) {
	t.Helper()
	root := bytesAt(t, image, p.root, 512)
	for ; root[0] != 0x81; root = root[32:] {
	}
	at := p.at(int64(le.Uint32(root[20:])))
	for _, c := range clusters {
		b := bytesAt(t, image, at+(c-2)/8, 1)
		b[0] |= 1 << ((c - 2) % 8)
		edit(t, image, at+(c-2)/8, b)
	}
}
