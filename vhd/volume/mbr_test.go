package volume

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"testing"
)

// record is a boot record with up to four entries: type, start, sectors.
func record(entries ...[3]uint32) []byte {
	b := make([]byte, 512)
	for i, e := range entries {
		b[446+i*16+4] = byte(e[0])
		binary.LittleEndian.PutUint32(b[446+i*16+8:], e[1])
		binary.LittleEndian.PutUint32(b[446+i*16+12:], e[2])
	}
	b[510], b[511] = 0x55, 0xaa
	return b
}

// disk has records at sectors.
func disk(sectors int64, records map[int64][]byte) memory {
	m := make(memory, sectors*512)
	for at, b := range records {
		copy(m[at*512:], b)
	}
	return m
}

func TestDamagedMBR(t *testing.T) {
	for _, c := range []struct {
		name    string
		records map[int64][]byte
		want    string // "index:start+size", in sectors
		says    []string
	}{
		{"an extended partition in itself", map[int64][]byte{
			0:    record([3]uint32{0x83, 100, 100}, [3]uint32{5, 1000, 5000}),
			1000: record([3]uint32{0x83, 10, 100}, [3]uint32{5, 500, 500}),
			1500: record([3]uint32{0x83, 10, 100}, [3]uint32{5, 0, 500}),
		}, "1:100+100 2:1000+5000 5:1010+100 6:1510+100", []string{"error: The chain of logical partitions leads back to sector 1000"}},
		{"a chain behind the end", map[int64][]byte{
			0:    record([3]uint32{0xf, 1000, 5000}),
			1000: record([3]uint32{0x83, 10, 100}, [3]uint32{5, 1 << 31, 500}),
		}, "1:1000+5000 5:1010+100", []string{"error: The chain of logical partitions leads to sector 2147484648, behind the end of the disk"}},
		{"a chain to no record", map[int64][]byte{
			0:    record([3]uint32{0x85, 1000, 5000}),
			1000: record([3]uint32{0x83, 10, 100}, [3]uint32{5, 700, 500}),
		}, "1:1000+5000 5:1010+100", []string{"error: Sector 1700 should be an extended boot record"}},
		{"an extended partition behind the end", map[int64][]byte{
			0: record([3]uint32{0x83, 100, 100}, [3]uint32{5, 100000, 5000}),
		}, "1:100+100 2:8192+0", []string{"error: Partition 2 begins at sector 100000", "error: The chain of logical partitions leads to sector 100000"}},
		{"a logical partition outside", map[int64][]byte{
			0:    record([3]uint32{5, 1000, 1000}),
			1000: record([3]uint32{0x83, 500, 600}),
		}, "1:1000+1000 5:1500+600", []string{"error: Partition 5 reaches out of its extended partition"}},
		{"partitions over each other", map[int64][]byte{
			0: record([3]uint32{0x83, 100, 1000}, [3]uint32{7, 500, 100}, [3]uint32{0xc, 700, 5000}),
		}, "1:100+1000 2:500+100 3:700+5000", []string{"error: Partition 2 overlaps partition 1", "error: Partition 3 overlaps partition 1"}},
		{"a partition beyond the end", map[int64][]byte{
			0: record([3]uint32{0x83, 100, 10000}),
		}, "1:100+8092", []string{"error: Partition 1 reaches 1908 sectors beyond the end"}},
		{"a partition of no sectors", map[int64][]byte{
			0: record([3]uint32{0x83, 100, 100}, [3]uint32{0x83, 3000, 0}),
		}, "1:100+100 2:3000+0", []string{"error: Partition 2 has no sectors"}},
		{"two links", map[int64][]byte{
			0:    record([3]uint32{5, 1000, 5000}),
			1000: record([3]uint32{0x83, 10, 100}, [3]uint32{5, 500, 500}, [3]uint32{5, 600, 500}),
			1500: record([3]uint32{0x83, 10, 100}),
		}, "1:1000+5000 5:1010+100 6:1510+100", []string{"warning: The extended boot record in sector 1000 has a second link"}},
		{"remains of a GPT", map[int64][]byte{
			0: record([3]uint32{0x83, 100, 100}),
			1: []byte(gptSignature),
		}, "1:100+100", []string{"note: There are remains of a GUID partition table"}},
		{"no partitions", map[int64][]byte{0: record()}, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			layout := scanMemory(t, disk(8192, c.records))
			wantFindings(t, layout, c.says...)
			var got []string
			for _, p := range partitions(layout) {
				got = append(got, strconv.Itoa(p.Index)+":"+strconv.FormatInt(p.Start/512, 10)+"+"+strconv.FormatInt(p.Size/512, 10))
			}
			if layout.Scheme != "mbr" || strings.Join(got, " ") != c.want {
				t.Errorf("%s with partitions %s, want %s", layout.Scheme, strings.Join(got, " "), c.want)
			}
		})
	}
}

// TestChainWithoutEnd has more logical partitions than are followed.
func TestChainWithoutEnd(t *testing.T) {
	records := map[int64][]byte{0: record([3]uint32{5, 100, 8000})}
	for i := range uint32(200) {
		records[int64(100+i*10)] = record([3]uint32{0x83, 1, 5}, [3]uint32{5, (i + 1) * 10, 10})
	}
	layout := scanMemory(t, disk(8192, records))
	if n := len(partitions(layout)); n != 1+maxLogical {
		t.Errorf("%d partitions, want %d", n, 1+maxLogical)
	}
	wantFindings(t, layout, "error: There are more than 128 logical partitions")
}

// TestRecordThatCannotBeRead checks that an error of reading inside a chain is
// said, and the rest shown.
func TestRecordThatCannotBeRead(t *testing.T) {
	m := disk(8192, map[int64][]byte{
		0:    record([3]uint32{0x83, 100, 100}, [3]uint32{5, 1000, 5000}),
		1000: record([3]uint32{0x83, 10, 100}, [3]uint32{5, 500, 500}),
	})
	layout, err := Scan(broken{m, 1500 * 512, 1501 * 512}, int64(len(m)))
	if err != nil {
		t.Fatal(err)
	}
	wantFindings(t, layout, "error: The extended boot record in sector 1500 cannot be read (the medium is bad)")
	if n := len(partitions(layout)); n != 3 {
		t.Errorf("%d partitions, want 3", n)
	}
	if _, err := Scan(broken{m, 0, 512}, int64(len(m))); err == nil || !strings.Contains(err.Error(), errBroken.Error()) {
		t.Errorf("error is %v", err)
	}
}

// TestGapsAreRows checks what is said of the space between partitions.
func TestGapsAreRows(t *testing.T) {
	layout := scanMemory(t, disk(10000, map[int64][]byte{
		0:    record([3]uint32{0x83, 100, 100}, [3]uint32{5, 1000, 5000}, [3]uint32{7, 200, 300}),
		1000: record([3]uint32{0x83, 10, 100}, [3]uint32{5, 500, 500}),
		1500: record([3]uint32{0x82, 1, 4499}),
	}))
	var got bytes.Buffer
	for _, p := range layout.Parts {
		got.WriteString(p.Type)
		if p.Logical {
			got.WriteString(", logical")
		}
		got.WriteString(" " + strconv.FormatInt(p.Start/512, 10) + "+" + strconv.FormatInt(p.Size/512, 10) + "\n")
	}
	const want = `Partition table 0+1
Unallocated 1+99
Linux 100+100
NTFS or exFAT 200+300
Unallocated 500+500
Extended 1000+5000
Extended boot record 1000+1
Unallocated, logical 1001+9
Linux, logical 1010+100
Unallocated, logical 1110+390
Extended boot record 1500+1
Linux swap or Solaris, logical 1501+4499
Unallocated 6000+4000
`
	if got.String() != want {
		t.Errorf("rows are\n%swant\n%s", got.String(), want)
	}
}
