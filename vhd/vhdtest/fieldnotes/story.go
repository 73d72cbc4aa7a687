package fieldnotes

import (
	"fmt"
	"strings"
	"time"

	"vhdscope/vhd/vhdtest"
)

// part is what happened to the disk between one snapshot and the next.
type part struct {
	name    string // of the image that holds it
	when    time.Time
	image   func(now, before []byte) vhdtest.Spec
	dirs    []string
	removed []string
	written []file
}

type file struct {
	name string
	data []byte
}

// tell makes the changes.
func (p *part) tell(v *fat16) error {
	for _, dir := range p.dirs {
		if err := v.mkdir(dir); err != nil {
			return err
		}
	}
	for _, name := range p.removed {
		if err := v.remove(name); err != nil {
			return err
		}
	}
	for _, f := range p.written {
		if err := v.write(f.name, f.data); err != nil {
			return err
		}
	}
	return nil
}

var (
	baseTime     = time.Date(2026, 3, 2, 17, 40, 0, 0, time.UTC)
	floodTime    = time.Date(2026, 3, 15, 9, 12, 0, 0, time.UTC)
	restoredTime = time.Date(2026, 4, 20, 18, 5, 0, 0, time.UTC)
)

// story is a river survey: three gauges, a flood that takes one of them, and
// the repair.
func story() []part {
	return []part{
		{
			name:  baseName,
			when:  baseTime,
			image: baseImage,
			dirs:  []string{"Stations"},
			written: []file{
				{"README.txt", readme(
					"As of 2 March 2026: a quiet winter",
					"This sector is in the file",
					"    "+baseName,
					"which is the base of the chain: it has no parent.",
					"All three stations report every hour.")},
				{"Stations/Station 1.txt", station(1, "Upper bridge", "Standing. Gauge read and cleaned.")},
				{"Stations/Station 2.txt", station(2, "Old mill", "Standing. Gauge read and cleaned.")},
				{"Stations/Station 3.txt", station(3, "Lower ford", "Standing, but the post leans a little.")},
				{"Map.bmp", riverMap(false, true)},
				{"Readings.csv", readings(baseTime, false)},
			},
		},
		{
			name:    floodName,
			when:    floodTime,
			image:   floodImage,
			removed: []string{"Stations/Station 3.txt"},
			written: []file{
				{"README.txt", readme(
					"As of 15 March 2026: after the flood",
					"This sector is in the file",
					"    "+floodName,
					"which holds only the sectors that changed since its parent.",
					"Station 3 is gone. The map shows how far the water came.")},
				{"Stations/Station 2.txt", station(2, "Old mill", "Standing. Water reached the second step.")},
				{"Map.bmp", riverMap(true, false)},
				{"Readings.csv", readings(floodTime, false)},
				{"Flood report.txt", []byte(floodReport)},
				{"Zoë's list.txt", []byte(toDo)},
			},
		},
		{
			name:    restoredName,
			when:    restoredTime,
			image:   restoredImage,
			removed: []string{"Zoë's list.txt"},
			written: []file{
				{"README.txt", readme(
					"As of 20 April 2026: restored",
					"This sector is in the file",
					"    "+restoredName,
					"which is the leaf: what it lacks, its two parents supply.",
					"Station 3 is back. Readings since January were corrected.")},
				{"Stations/Station 3.txt", station(3, "Lower ford", "New post, set in concrete on 18 April.")},
				{"Map.bmp", riverMap(true, true)},
				{"Readings, corrected.csv", readings(restoredTime, true)},
			},
		},
	}
}

// readme is three sectors: the first is this layer's own, the others never
// change after the base was written.
func readme(lines ...string) []byte {
	lines = append([]string{"FIELD NOTES, the river Alder and its three gauges", ""}, lines...)
	return []byte(block(lines, 8) + block([]string{
		"", "This disk is a sample. It comes in three files, each a snapshot",
		"on top of the one before. You read them as one disk, as a",
		"virtual machine would: each sector comes from the newest file",
		"that has it.", "",
		"From here on nothing has changed since the first day, so these",
		"lines still come from the base, whatever was written above.",
		"", "Things to look at:", "",
		"Map.bmp        the river before and after; only the rows of the",
		"               picture that changed are in the snapshots",
		"Readings.csv   grew at its end; its beginning is in the base",
		"Stations       station 3 was deleted and came back",
	}, 16))
}

// block sets lines in count rows of 64 bytes, four to the row of a hex view.
func block(lines []string, count int) string {
	var b strings.Builder
	for i := range count {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		pad := 63 - len(line)
		if pad < 0 {
			panic(fmt.Sprintf("line of %d bytes: %s", len(line), line))
		}
		b.WriteString(line + strings.Repeat(" ", pad) + "\n")
	}
	return b.String()
}

func station(n int, place, state string) []byte {
	return fmt.Appendf(nil, "Station %d\nPlace:  %s\nState:  %s\n", n, place, state)
}

const floodReport = `Flood of 12 March 2026

Rain on frozen ground since the 10th. The Alder rose by 2.6 metres in
nineteen hours. The peak passed the upper bridge on the 12th at 03:00
and the old mill two hours later.

The lower ford was under water from midnight. Its gauge sent a last
reading at 02:00; in the morning the post was gone.

Nobody was hurt. The sandbags at the mill held.
`

const toDo = `To do, Zoë

- look for the post of station 3 downstream
- return the sandbags
- dry out the log books
- new batteries for station 1
`
