package volume

import (
	"encoding/binary"
	"hash/crc32"
	"testing"
)

// crowdedGPT writes a GPT of maxEntries partitions, all of them the same
// sectors.
func crowdedGPT(m memory, first, last uint64) {
	const place = 2 * 512
	m[446+4], m[446+8] = 0xee, 1
	binary.LittleEndian.PutUint32(m[446+12:], uint32(len(m)/512-1))
	m[510], m[511] = 0x55, 0xaa
	entries := m[place : place+maxEntries*gptEntrySize]
	for i := range maxEntries {
		e := entries[i*gptEntrySize:]
		copy(e, "\xaf\x3d\xc6\x0f\x83\x84\x72\x47\x8e\x79\x3d\x69\xd8\x47\x7d\xe4")
		binary.LittleEndian.PutUint32(e[16:], uint32(i+1)) // its GUID
		binary.LittleEndian.PutUint64(e[32:], first)
		binary.LittleEndian.PutUint64(e[40:], last)
	}
	header := m[512:1024]
	copy(header, gptSignature)
	copy(header[8:], []byte{0, 0, 1, 0, gptHeaderSize})
	for at, n := range map[int]uint64{24: 1, 32: uint64(len(m)/512 - 1), 40: 2, 48: last, 72: 2} {
		binary.LittleEndian.PutUint64(header[at:], n)
	}
	binary.LittleEndian.PutUint32(header[80:], maxEntries)
	binary.LittleEndian.PutUint32(header[84:], gptEntrySize)
	binary.LittleEndian.PutUint32(header[88:], crc32.ChecksumIEEE(entries))
	sealHeader(header)
}

// TestTablesInCrowdedTablesAreBounded has 4096 partitions that are the same,
// and in them a table of 4096: 16 million partitions out of 2 MiB.
func TestTablesInCrowdedTablesAreBounded(t *testing.T) {
	m := make(memory, 2<<20)
	inner := m[1<<20:]
	crowdedGPT(m, 2048, 4095)
	crowdedGPT(inner, 1100, 2000)
	layout := scanMemory(t, m)
	nested := 0
	for _, p := range partitions(layout) {
		nested += p.Depth
	}
	if nested < maxEntries || nested > maxNestedParts+maxEntries || len(partitions(layout)) != nested+maxEntries {
		t.Errorf("%d partitions, %d of them nested", len(partitions(layout)), nested)
	}

	// And tables without any partition, which cost as much to read.
	clear(inner[1024 : 1024+maxEntries*gptEntrySize])
	binary.LittleEndian.PutUint32(inner[512+88:], crc32.ChecksumIEEE(inner[1024:1024+maxEntries*gptEntrySize]))
	sealHeader(inner[512:1024])
	c := &counted{ReaderAt: m}
	if _, err := Scan(c, int64(len(m))); err != nil {
		t.Fatal(err)
	}
	if most := int64(maxEntries*headSize + 3*maxNested*maxEntries*gptEntrySize); c.bytes > most {
		t.Errorf("%d bytes were read", c.bytes)
	}
}
