package fieldnotes

import "strings"

// welcome writes what is seen first: a few words in the sectors before the
// partition, where a boot record has its code. Each part of the story writes
// one sector less than the one before, so that the first three sectors of
// the disk come from three files. The lines fill rows of 16 bytes.
func (d *disk) welcome(part int) {
	texts := [][]string{
		{
			"vhdscope sample:", "one disk that is", "kept in 3 files.",
			"", "This sector is", "in the newest,", "the leaf:", "",
			"  Field notes -", "  restored.vhd", "",
			"Sector 1 is from", "its parent. Then", "sector 2 is from",
			"the base. Below,", "each layer says", "yes or no to the",
			"byte you choose.", "", "A file: go to", "s:236",
		},
		{
			"This sector is", "in the snapshot", "between the two:", "",
			"  Field notes -", "  after the", "  flood (Zoë)", "  .vhd", "",
			"The leaf does", "not have it, so", "its parent was", "asked.",
		},
		{
			"This sector is", "in the base:", "", "  Field notes", "  .vhd", "",
			"Nothing has", "changed it since", "the first day.",
		},
	}
	for sector := range len(texts) - part {
		at := d.bytes[sector*512:]
		clear(at[:0x1B0])
		for i, line := range texts[len(texts)-1-part] {
			copy(at[i*16:], line+strings.Repeat(" ", max(0, 16-len(line))))
		}
	}
}
