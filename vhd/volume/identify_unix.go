package volume

import (
	"fmt"
	"strings"
)

// extVolume reads the superblock of ext2, ext3 and ext4, which differ in what
// features they use.
func extVolume(w *window) Content {
	sb := w.from(1024, 1024)
	if sb == nil || le.Uint16(sb[56:]) != 0xef53 {
		return Content{}
	}
	compatible, incompatible, readOnly := le.Uint32(sb[92:]), le.Uint32(sb[96:]), le.Uint32(sb[100:])
	const (
		hasJournal  = 0x4 // of compatible
		compression = 0x1 // of incompatible
		journalOnly = 0x8
		lustre      = 0x1000
		inlineData  = 0x8000
		ofExt3      = 0x2 | 0x4 | 0x10 // file types, recovery, meta block groups
		ofExt3Read  = 0x7              // sparse superblocks, large files, btree folders
	)
	c := Content{Type: "ext4", Browsable: true, Label: cString(sb[120:136]), UUID: uuid(sb[104:120])}
	switch {
	case incompatible&journalOnly != 0:
		c.Type, c.Browsable = "ext journal", false
		c.Problem = "This is a journal of an ext volume elsewhere: it holds no files."
	case incompatible&inlineData != 0:
		c.Browsable = false
		c.Problem = "This ext4 volume keeps small files inside its inodes (feature inline_data), which cannot be read here."
	case incompatible&(compression|lustre) != 0:
		c.Browsable = false
		c.Problem = "This ext4 volume has compressed files or the folders of Lustre, which cannot be read here."
	case incompatible&^ofExt3 != 0 || readOnly&^ofExt3Read != 0:
	case compatible&hasJournal != 0:
		c.Type = "ext3"
	default:
		c.Type = "ext2"
	}
	return c
}

func xfsVolume(w *window) Content {
	if !w.has(0, "XFSB") || len(w.head) < 512 {
		return Content{}
	}
	b := w.head
	c := Content{Type: "XFS", Browsable: true, Label: cString(b[108:120]), UUID: uuid(b[32:48])}
	if version := be.Uint16(b[100:]) & 15; version != 5 {
		c.Browsable = false
		c.Problem = fmt.Sprintf("The volume is XFS version %d; only version 5, which mkfs.xfs makes since 2015, can be read here.", version)
	}
	return c
}

// squashVolume tells which compression it has: not all can be read.
func squashVolume(w *window) Content {
	if !w.has(0, "hsqs") || len(w.head) < 96 {
		return Content{}
	}
	c := Content{Type: "squashfs", Browsable: true}
	method := le.Uint16(w.head[20:])
	switch version := le.Uint16(w.head[28:]); {
	case version != 4:
		c.Problem = fmt.Sprintf("The volume is squashfs version %d; only version 4 can be read here.", version)
	case method == 3:
		c.Problem = "The volume is squashfs compressed with LZO, which cannot be read here."
	case method == 5:
		c.Problem = "The volume is squashfs compressed with LZ4, which cannot be read here."
	}
	c.Browsable = c.Problem == ""
	return c
}

func btrfs(w *window) Content {
	sb := w.from(64<<10, 4096)
	if sb == nil || string(sb[64:72]) != "_BHRfS_M" {
		return Content{}
	}
	return Content{Type: "Btrfs", Label: cString(sb[299 : 299+256]), UUID: uuid(sb[32:48])}
}

func luks(w *window) Content {
	if !w.has(0, "LUKS\xba\xbe") || len(w.head) < 512 {
		return Content{}
	}
	version := be.Uint16(w.head[6:])
	c := Content{Type: fmt.Sprintf("LUKS%d", version), encrypted: true, UUID: cString(w.head[168:208]),
		Problem: "The volume is encrypted with LUKS: its files cannot be listed here."}
	if version == 2 {
		c.Label = cString(w.head[24:72])
	}
	return c
}

// lvm looks for the label of a physical volume, which is in one of the first
// four sectors.
func lvm(w *window) Content {
	for sector := int64(0); sector < 4; sector++ {
		b := w.from(sector*512, 512)
		if b == nil || string(b[:8]) != "LABELONE" || string(b[24:32]) != "LVM2 001" {
			continue
		}
		c := Content{Type: "LVM2 physical volume",
			Problem: "This is a physical volume of LVM: the logical volumes that it holds cannot be put together here."}
		if at := le.Uint32(b[20:]); at <= 512-32 {
			id := cString(b[at : at+32])
			if len(id) == 32 {
				c.UUID = strings.Join([]string{id[:6], id[6:10], id[10:14], id[14:18], id[18:22], id[22:26], id[26:]}, "-")
			}
		}
		return c
	}
	return Content{}
}

// swap has its signature at the end of its first page, which is as large as
// those of the machine that made it.
func swap(w *window) Content {
	for page := int64(4096); page <= 64<<10; page *= 2 {
		if !w.has(page-10, "SWAPSPACE2") && !w.has(page-10, "SWAP-SPACE") {
			continue
		}
		c := Content{Type: "Linux swap", Problem: "Swap space holds no files."}
		if w.has(page-10, "SWAPSPACE2") {
			c.UUID, c.Label = uuid(w.head[1036:1052]), cString(w.head[1052:1068])
		}
		return c
	}
	return Content{}
}

const (
	raidMagic   = 0xa92b4efc
	raidProblem = "This is one disk of a Linux RAID, which cannot be put together here."
)

// raid looks for the superblock of a RAID's member where versions 1.1 and 1.2
// have it.
func raid(w *window) Content {
	for _, off := range []int64{0, 4096} {
		if sb := w.from(off, 256); sb != nil && le.Uint32(sb) == raidMagic && le.Uint32(sb[4:]) == 1 {
			return raidMember(sb)
		}
	}
	return Content{}
}

// raidEnd looks where versions 1.0 and 0.90 have it: near the end, on a
// boundary of 4 and of 64 KiB.
func raidEnd(w *window) Content {
	if off := (w.size/512 - 16) &^ 7 * 512; off >= 0 {
		if sb, err := w.at(off, 256); err == nil && le.Uint32(sb) == raidMagic && le.Uint32(sb[4:]) == 1 {
			return raidMember(sb)
		}
	}
	if off := w.size&^0xffff - 0x10000; off >= 0 {
		if sb, err := w.at(off, 256); err == nil && le.Uint32(sb) == raidMagic && le.Uint32(sb[4:]) == 0 {
			id := append(append([]byte(nil), sb[20:24]...), sb[52:64]...)
			for i := range 4 {
				be.PutUint32(id[i*4:], le.Uint32(id[i*4:]))
			}
			return Content{Type: "Linux RAID", UUID: uuid(id), Problem: raidProblem}
		}
	}
	return Content{}
}

func raidMember(sb []byte) Content {
	return Content{Type: "Linux RAID", UUID: uuid(sb[16:32]), Label: cString(sb[32:64]), Problem: raidProblem}
}
