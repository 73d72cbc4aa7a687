package volume

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

// listing is what sfdisk --json says of a disk.
type listing struct {
	PartitionTable struct {
		Label, ID  string
		SectorSize int64
		Partitions []struct {
			Node             string
			Start, Size      int64
			Type, UUID, Name string
			Bootable         bool
			Attrs            string
		}
	}
}

// compareWithSfdisk checks that Scan finds the partitions that sfdisk lists.
func compareWithSfdisk(t *testing.T, name string, layout *Layout) {
	t.Helper()
	var want listing
	if err := json.Unmarshal(tool(t, "", "sfdisk", "--json", name), &want); err != nil {
		t.Fatal(err)
	}
	table := want.PartitionTable
	scheme := map[string]string{"dos": "mbr", "gpt": "gpt"}[table.Label]
	if layout.Scheme != scheme || layout.SectorSize != table.SectorSize || layout.UUID != table.ID {
		t.Errorf("the table is %s of %d-byte sectors, %s; sfdisk says %s, %d, %s",
			layout.Scheme, layout.SectorSize, layout.UUID, scheme, table.SectorSize, table.ID)
	}
	got := map[int]Part{}
	for _, p := range layout.Parts {
		if !p.Gap {
			got[p.Index] = p
		}
	}
	if len(got) != len(table.Partitions) {
		t.Errorf("%d partitions, sfdisk lists %d", len(got), len(table.Partitions))
	}
	for _, p := range table.Partitions {
		index, _ := strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(p.Node, name), "p"))
		g := got[index]
		typeID := p.Type
		if scheme == "mbr" {
			typeID = "0x" + strings.Repeat("0", 2-len(p.Type)) + p.Type
			if active := len(g.Attributes) == 1 && g.Attributes[0] == "active"; active != p.Bootable {
				t.Errorf("partition %d: attributes %q, sfdisk says bootable: %v", index, g.Attributes, p.Bootable)
			}
		} else if g.Label != p.Name || g.UUID != p.UUID {
			t.Errorf("partition %d is %q %s, sfdisk says %q %s", index, g.Label, g.UUID, p.Name, p.UUID)
		}
		if g.Start != p.Start*table.SectorSize || g.Size != p.Size*table.SectorSize || g.TypeID != typeID {
			t.Errorf("partition %d is type %s, %d bytes from %d; sfdisk says %s, %d sectors from %d",
				index, g.TypeID, g.Size, g.Start, typeID, p.Size, p.Start)
		}
		if g.Problem != "" {
			t.Errorf("partition %d: %s", index, g.Problem)
		}
	}
}

func wantFindings(t *testing.T, layout *Layout, want ...string) {
	t.Helper()
	for _, w := range want {
		found := false
		for _, f := range layout.Findings {
			found = found || strings.Contains(f.Severity+": "+f.Message, w)
		}
		if !found {
			t.Errorf("no finding says %q", w)
		}
	}
	if len(layout.Findings) != len(want) {
		t.Errorf("%d findings, want %d:", len(layout.Findings), len(want))
		for _, f := range layout.Findings {
			t.Errorf("  %s: %s (%d)", f.Severity, f.Message, f.Offset)
		}
	}
}

func TestMBRWithManyLogicalPartitions(t *testing.T) {
	name := blank(t, 64<<20)
	script := "label: dos\nlabel-id: 0x1234abcd\nstart=2048,size=2048,type=83,bootable\nstart=8192,size=2048,type=7\nstart=12288,size=2048,type=c\nstart=16384,type=5\n"
	for i := range 24 {
		script += "start=" + strconv.Itoa(18432+i*3072) + ",size=" + strconv.Itoa(1000+i) + ",type=" + []string{"83", "82", "e"}[i%3] + "\n"
	}
	tool(t, script, "sfdisk", "-q", name)
	layout := scanFile(t, name)
	compareWithSfdisk(t, name, layout)
	wantFindings(t, layout)
	logical := 0
	for _, p := range layout.Parts {
		if p.Logical && !p.Gap {
			logical++
			if want := "1234abcd-" + strconv.FormatInt(int64(p.Index)+0x100, 16)[1:]; p.UUID != want {
				t.Errorf("UUID %s, want %s", p.UUID, want)
			}
		}
	}
	if logical != 24 {
		t.Errorf("%d logical partitions, want 24", logical)
	}
}

func TestGPTWithUnicodeNamesAndAttributes(t *testing.T) {
	if testing.Short() {
		t.Skip("sgdisk takes its time")
	}
	name := blank(t, 64<<20)
	tool(t, "", "sgdisk",
		"-n", "1:2048:+2M", "-t", "1:ef00", "-c", "1:Ünïcödé 😀 磁盘",
		"-n", "3:10000:+3M", "-t", "3:0700", "-A", "3:set:60", "-A", "3:set:63", "-A", "3:set:0",
		"-n", "128:40000:0", "-c", "128:"+strings.Repeat("x", 36), "-A", "128:set:2", name)
	layout := scanFile(t, name)
	compareWithSfdisk(t, name, layout)
	wantFindings(t, layout)
	want := []string{"", "EFI system", "Microsoft basic data", "Linux file system"}
	attributes := []string{"", "", "required, read-only, no drive letter", "BIOS bootable"}
	n := 0
	for _, p := range layout.Parts {
		if p.Gap {
			continue
		}
		n++
		if p.Type != want[n] || strings.Join(p.Attributes, ", ") != attributes[n] {
			t.Errorf("partition %d is %q, %q; want %q, %q", p.Index, p.Type, p.Attributes, want[n], attributes[n])
		}
	}
	first, last := layout.Parts[0], layout.Parts[len(layout.Parts)-1]
	if first.Type != gapTable || first.Size != 34*512 || last.Type != gapBackup || last.Size != 33*512 {
		t.Errorf("the tables are %+v and %+v", first, last)
	}
}

// TestGPTOfLargeSectors has a disk with 4096-byte sectors, which tools learn
// of by the device.
func TestGPTOfLargeSectors(t *testing.T) {
	name := blank(t, 64<<20)
	if testing.Short() {
		t.Skip("devices are slow")
	}
	device := loop(t, name, "4096")
	tool(t, "", "sgdisk", "-n", "1:512:+4M", "-c", "1:one", "-n", "2:4096:0", "-c", "2:two", device)
	compareWithSfdisk(t, device, scanFile(t, name))
	layout := scanFile(t, name)
	wantFindings(t, layout)
	if layout.Scheme != "gpt" || layout.SectorSize != 4096 {
		t.Fatalf("the table is %s of %d-byte sectors", layout.Scheme, layout.SectorSize)
	}
	var got []Part
	for _, p := range layout.Parts {
		if !p.Gap {
			got = append(got, p)
		}
	}
	if len(got) != 2 || got[0].Start != 512*4096 || got[0].Size != 4<<20 || got[1].Label != "two" || got[1].Start != 4096*4096 {
		t.Errorf("partitions are %+v", got)
	}
}

func TestHybrid(t *testing.T) {
	if testing.Short() {
		t.Skip("sgdisk takes its time")
	}
	name := blank(t, 64<<20)
	tool(t, "", "sgdisk", "-n", "1:2048:+2M", "-n", "2:10000:+3M", "-h", "1:2", name)
	layout := scanFile(t, name)
	compareWithSfdisk(t, name, layout)
	wantFindings(t, layout, "note: This is a hybrid")
}
