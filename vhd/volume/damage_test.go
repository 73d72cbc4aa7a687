package volume

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"strings"
	"testing"
)

// gptMade is what gptDisk made.
var gptMade memory

// gptDisk is a disk of 16 MiB with three partitions, by sfdisk.
func gptDisk(t testing.TB) memory {
	t.Helper()
	if gptMade == nil {
		name := blank(t, 16<<20)
		tool(t, "label: gpt\nfirst-lba: 34\nd1: start=2048, size=4096, name=one\nd2: start=8192, size=4096, name=two\nd4: start=16384, size=4096, name=four\n", "sfdisk", "-q", name)
		gptMade = readDisk(t, name)
	}
	return bytes.Clone(gptMade)
}

func readDisk(t testing.TB, name string) memory {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// scanMemory scans a disk and checks what holds of every layout.
func scanMemory(t *testing.T, m memory) *Layout {
	t.Helper()
	layout, err := Scan(m, int64(len(m)))
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, layout, int64(len(m)))
	return layout
}

// partitions are those of a layout, without gaps.
func partitions(layout *Layout) []Part {
	var list []Part
	for _, p := range layout.Parts {
		if !p.Gap {
			list = append(list, p)
		}
	}
	return list
}

// part is the partition of a number.
func part(t *testing.T, layout *Layout, index int) Part {
	t.Helper()
	for _, p := range partitions(layout) {
		if p.Index == index && p.Depth == 0 {
			return p
		}
	}
	t.Fatalf("there is no partition %d in %+v", index, layout.Parts)
	return Part{}
}

// entry is a partition's entry in the primary table of a GPT.
func entryOf(m memory, index int) []byte { return m[1024+(index-1)*128:][:128] }

// seal puts the checksums of both tables right again, and copies the entries
// of the primary one to the backup.
func seal(m memory) {
	last := len(m) - 512
	copy(m[last-32*512:last], m[1024:1024+32*512])
	for _, header := range [][]byte{m[512:1024], m[last:]} {
		binary.LittleEndian.PutUint32(header[88:], crc32.ChecksumIEEE(m[1024:1024+128*128]))
		sealHeader(header)
	}
}

func sealHeader(header []byte) {
	clear(header[16:20])
	binary.LittleEndian.PutUint32(header[16:], crc32.ChecksumIEEE(header[:92]))
}

// TestDamagedGPT checks that damage to a copy of the table is said, and that
// the partitions are found as long as one copy is sound.
func TestDamagedGPT(t *testing.T) {
	sound := gptDisk(t)
	last := len(sound) - 512
	for _, c := range []struct {
		name   string
		damage func(m memory) memory
		says   []string
	}{
		{"none", func(m memory) memory { return m }, nil},
		{"primary header", func(m memory) memory { m[512+60] ^= 1; return m },
			[]string{"warning: The header of the primary partition table is damaged", "warning: The partitions are those of the backup"}},
		{"primary entries", func(m memory) memory { m[1024+200*8] ^= 1; return m },
			[]string{"warning: The entries of the primary partition table are damaged", "warning: The partitions are those of the backup"}},
		{"primary wiped", func(m memory) memory { clear(m[512 : 34*512]); return m },
			[]string{"warning: There is no primary", "warning: The partitions are those of the backup"}},
		{"start wiped", func(m memory) memory { clear(m[:1<<20]); return m },
			[]string{"warning: There is no primary", "warning: The partitions are those of the backup", "warning: There is no protective"}},
		{"backup header", func(m memory) memory { m[last+60] ^= 1; return m },
			[]string{"warning: The header of the backup partition table is damaged"}},
		{"backup entries", func(m memory) memory { m[last-32*512] ^= 1; return m },
			[]string{"warning: The entries of the backup partition table are damaged"}},
		{"backup wiped", func(m memory) memory { clear(m[last-32*512:]); return m },
			[]string{"warning: There is no backup"}},
		{"both headers", func(m memory) memory { m[512+8] ^= 1; m[last+8] ^= 1; return m },
			[]string{"error: The header of the primary", "error: The header of the backup", "error: No copy of the partition table is sound"}},
		{"entries of both", func(m memory) memory { m[1024+20] ^= 1; m[last-32*512+20] ^= 1; return m },
			[]string{"error: The entries of the primary", "error: The entries of the backup", "error: No copy of the partition table is sound"}},
		{"primary header, and no backup", func(m memory) memory { m[512+8] ^= 1; clear(m[last-32*512:]); return m },
			[]string{"error: The header of the primary", "error: There is no backup", "error: No copy of the partition table is sound"}},
		{"disk grown", func(m memory) memory { return append(m, make(memory, 4<<20)...) },
			[]string{"warning: The backup partition table is at sector 32767 and not at the end of the disk, sector 40959", "note: The protective master boot record covers 32767 sectors of 40959"}},
		{"disk grown and primary wiped", func(m memory) memory {
			m = append(m, make(memory, 4<<20)...)
			clear(m[512 : 34*512])
			return m
		}, []string{"warning: There is no primary", "warning: The partitions are those of the backup", "note: The protective master boot record covers"}},
		{"disk cut", func(m memory) memory { return m[:12<<20] },
			[]string{"warning: There is no backup", "error: The disk ends at sector 24575 and the partition table is of one that ended at sector 32767", "note: The protective master boot record covers"}},
		{"no master boot record", func(m memory) memory { clear(m[:512]); return m },
			[]string{"warning: There is no protective master boot record"}},
		{"protective of the largest size", func(m memory) memory {
			binary.LittleEndian.PutUint32(m[446+12:], 0xffffffff)
			return m
		}, nil},
		{"protective beginning elsewhere", func(m memory) memory { m[446+8] = 2; return m },
			[]string{"warning: The protective master boot record begins at sector 2"}},
		{"copies that differ", func(m memory) memory {
			binary.LittleEndian.PutUint64(m[last-32*512+128+40:], 9000)
			header := m[last:]
			binary.LittleEndian.PutUint32(header[88:], crc32.ChecksumIEEE(m[last-32*512:][:128*128]))
			sealHeader(header)
			return m
		}, []string{"warning: The backup partition table lists other partitions"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			layout := scanMemory(t, c.damage(bytes.Clone(sound)))
			wantFindings(t, layout, c.says...)
			if layout.Scheme != "gpt" || layout.UUID == "" {
				t.Errorf("the table is %q %q", layout.Scheme, layout.UUID)
			}
			list := partitions(layout)
			if len(list) != 3 {
				t.Fatalf("partitions are %+v", list)
			}
			for i, want := range []Part{{Index: 1, Label: "one", Start: 1 << 20}, {Index: 2, Label: "two", Start: 4 << 20}, {Index: 4, Label: "four", Start: 8 << 20}} {
				if p := list[i]; p.Index != want.Index || p.Label != want.Label || p.Start != want.Start || p.Size != 2<<20 || p.Problem != "" {
					t.Errorf("partition is %+v, want %+v", p, want)
				}
			}
		})
	}
}

// TestPartitionsThatCannotBe checks tables whose checksums are right and whose
// partitions are not.
func TestPartitionsThatCannotBe(t *testing.T) {
	sound := gptDisk(t)
	set := func(index int, first, last uint64) func(m memory) {
		return func(m memory) {
			binary.LittleEndian.PutUint64(entryOf(m, index)[32:], first)
			binary.LittleEndian.PutUint64(entryOf(m, index)[40:], last)
		}
	}
	const top = 1<<64 - 1
	for _, c := range []struct {
		name        string
		damage      func(m memory)
		index       int
		start, size int64
		says        string
		also        []string // of other partitions
	}{
		{"beyond the end", set(2, 8192, 50000), 2, 4 << 20, 12 << 20, "reaches 17233 sectors beyond the end of the disk", []string{"error: Partition 4 overlaps partition 2"}},
		{"behind the end", set(2, 50000, 60000), 2, 16 << 20, 0, "begins at sector 50000, behind the end of the disk, which has 32768", nil},
		{"far behind the end", set(2, top-1, top), 2, 16 << 20, 0, "begins at sector 18446744073709551614", nil},
		{"of no sectors", set(2, 8192, 8191), 2, 4 << 20, 0, "has no sectors", nil},
		{"backwards", set(2, 8192, 4000), 2, 4 << 20, 0, "ends at sector 4000, before it begins at sector 8192", nil},
		{"of all numbers", set(2, 0, top), 2, 0, 0, "has no sectors", nil},
		{"to the last number", set(2, 8192, top), 2, 4 << 20, 12 << 20, "beyond the end of the disk", []string{"error: Partition 4 overlaps partition 2"}},
		{"over another", set(2, 4096, 17000), 4, 8 << 20, 2 << 20, "overlaps partition 2", []string{"error: Partition 2 overlaps partition 1"}},
		{"over the table", set(2, 2, 100), 2, 1024, 99 * 512, "lies outside the sectors for partitions, 34 to 32734", nil},
		{"with another's GUID", func(m memory) { copy(entryOf(m, 4)[16:32], entryOf(m, 2)[16:32]) }, 4, 8 << 20, 2 << 20, "has the GUID of partition 2", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := bytes.Clone(sound)
			c.damage(m)
			seal(m)
			layout := scanMemory(t, m)
			wantFindings(t, layout, append(c.also, c.says)...)
			p := part(t, layout, c.index)
			if p.Start != c.start || p.Size != c.size || !strings.Contains(p.Problem, c.says) {
				t.Errorf("partition is %+v, want %d bytes from %d: %s", p, c.size, c.start, c.says)
			}
			if p := part(t, layout, 1); p.Label != "one" || p.Problem != "" {
				t.Errorf("another partition is %+v", p)
			}
		})
	}
}

// TestHostileGPTHeaders checks headers that ask for much and have the right
// checksum.
func TestHostileGPTHeaders(t *testing.T) {
	sound := gptDisk(t)
	last := len(sound) - 512
	for _, c := range []struct {
		name   string
		at     int
		values []uint64 // count, size, place
	}{
		{"count", 80, []uint64{0, 4097, 1<<32 - 1}},
		{"size of an entry", 84, []uint64{0, 1, 127, 8192, 1<<32 - 1}},
		{"place of the entries", 72, []uint64{0, 32768, 1 << 54, 1<<64 - 1}},
	} {
		for _, value := range c.values {
			t.Run(c.name, func(t *testing.T) {
				m := bytes.Clone(sound)
				for _, header := range [][]byte{m[512:1024], m[last:]} {
					if c.at == 72 {
						binary.LittleEndian.PutUint64(header[c.at:], value)
					} else {
						binary.LittleEndian.PutUint32(header[c.at:], uint32(value))
					}
					sealHeader(header)
				}
				layout := scanMemory(t, m)
				wantFindings(t, layout, "error: The disk should have a GUID partition table")
				if layout.Scheme != "gpt" || len(partitions(layout)) != 0 {
					t.Errorf("with %d it finds %s, %+v", value, layout.Scheme, layout.Parts)
				}
				sealHeader(m[512:1024])
				copy(m[last:], sound[last:])
				if layout := scanMemory(t, m); len(partitions(layout)) != 3 {
					t.Errorf("with %d in the primary header it finds %+v", value, layout.Parts)
				}
			})
		}
	}
}

// TestGPTOfLongEntries has entries of 256 bytes, as the format allows.
func TestGPTOfLongEntries(t *testing.T) {
	m := gptDisk(t)
	entries := make([]byte, 64*256)
	for i := range 4 {
		copy(entries[i*256:], entryOf(m, i+1))
	}
	copy(m[1024:], entries)
	header := m[512:1024]
	binary.LittleEndian.PutUint32(header[80:], 64)
	binary.LittleEndian.PutUint32(header[84:], 256)
	binary.LittleEndian.PutUint32(header[88:], crc32.ChecksumIEEE(entries))
	sealHeader(header)
	layout := scanMemory(t, m)
	wantFindings(t, layout)
	if list := partitions(layout); len(list) != 3 || list[2].Index != 4 || list[2].Label != "four" {
		t.Errorf("partitions are %+v", list)
	}
}

// TestTablesThatCannotBeRead tells what cannot be read from what is not there.
func TestTablesThatCannotBeRead(t *testing.T) {
	m := gptDisk(t)
	size := int64(len(m))
	layout, err := Scan(broken{m, size - 512, size}, size)
	if err != nil {
		t.Fatal(err)
	}
	wantFindings(t, layout, "warning: The backup partition table cannot be read: the medium is bad")
	if list := partitions(layout); len(list) != 3 {
		t.Errorf("partitions are %+v", list)
	}
	clear(m[512:1024])
	layout, err = Scan(broken{m, size - 512, size}, size)
	if err != nil {
		t.Fatal(err)
	}
	wantFindings(t, layout, "error: The disk should have a GUID partition table")
}
