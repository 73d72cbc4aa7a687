package volume

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

var le, be = binary.LittleEndian, binary.BigEndian

// signed tells whether the volume's first sector ends as a boot sector does.
func (w *window) signed() bool { return w.has(510, "\x55\xaa") }

// ntfsVolume reads the boot sector, and the label from the file $Volume, which is
// record 3 of the MFT.
func ntfsVolume(w *window) Content { return ntfsOf(w, w.from(0, 512)) }

func ntfsOf(w *window, b []byte) Content {
	if b == nil || string(b[3:11]) != "NTFS    " {
		return Content{}
	}
	c := Content{Type: "NTFS", Browsable: true, boots: true, UUID: fmt.Sprintf("%016X", le.Uint64(b[72:]))}
	sector, perCluster := int64(le.Uint16(b[11:])), int64(b[13])
	if perCluster > 0x80 {
		perCluster = 1 << min(256-perCluster, 20)
	}
	cluster := sector * perCluster
	record := int64(int8(b[64])) * cluster
	if n := int8(b[64]); n < 0 {
		record = 1 << min(-int(n), 20)
	}
	mft := le.Uint64(b[48:])
	if !isPowerOfTwo(le.Uint16(b[11:])) || cluster == 0 || record < 512 || record > 64<<10 || mft >= uint64(w.size/cluster) {
		return c
	}
	if r, err := w.at(int64(mft)*cluster+3*record, record); err == nil {
		c.Label = ntfsLabel(append([]byte(nil), r...))
	}
	return c
}

// ntfsLabel is the value of $VOLUME_NAME in a file record, which is changed.
func ntfsLabel(r []byte) string {
	const volumeName, end = 0x60, 0xffffffff
	if string(r[:4]) != "FILE" {
		return ""
	}
	// The last two bytes of each 512 stand in an array in the record's head.
	array, count := int(le.Uint16(r[4:])), int(le.Uint16(r[6:]))
	for i := 1; i < count && i*512 <= len(r) && array+i*2+2 <= len(r); i++ {
		copy(r[i*512-2:i*512], r[array+i*2:])
	}
	for at := int(le.Uint16(r[20:])); at+24 <= len(r) && le.Uint32(r[at:]) != end; {
		length := int64(le.Uint32(r[at+4:]))
		if length < 24 || length > int64(len(r)-at) {
			return ""
		}
		if a := r[at : at+int(length)]; le.Uint32(a) == volumeName && a[8] == 0 {
			size, off := int64(le.Uint32(a[16:])), int64(le.Uint16(a[20:]))
			if off > length || size > length-off {
				return ""
			}
			return utf16Text(a[off:off+size], le.Uint16)
		}
		at += int(length)
	}
	return ""
}

// exFATVolume reads the boot sector, and the label from the root folder.
func exFATVolume(w *window) Content { return exFATOf(w, w.from(0, 512)) }

func exFATOf(w *window, b []byte) Content {
	if b == nil || string(b[3:11]) != "EXFAT   " {
		return Content{}
	}
	c := Content{Type: "exFAT", Browsable: true, boots: true, UUID: dosSerial(le.Uint32(b[100:]))}
	sectorShift, clusterShift := b[108], b[109]
	root := int64(le.Uint32(b[96:])) - 2
	if sectorShift < 9 || sectorShift > 12 || clusterShift > 25-sectorShift || root < 0 {
		return c
	}
	heap, cluster := int64(le.Uint32(b[88:]))<<sectorShift, int64(1)<<(sectorShift+clusterShift)
	for e := range w.entries(heap+root*cluster, cluster) {
		switch {
		case e[0] == 0:
			return c
		case e[0] == 0x83:
			c.Label = utf16Text(e[2:2+2*min(e[1], 11)], le.Uint16)
			return c
		}
	}
	return c
}

// fatVolume reads the boot sector, and the label from the root folder: the one in
// the boot sector is what the volume was called when it was made.
func fatVolume(w *window) Content { return fatOf(w, w.from(0, 512)) }

func fatOf(w *window, b []byte) Content {
	if b == nil || b[0] != 0xeb && b[0] != 0xe9 {
		return Content{}
	}
	sector, perCluster := int64(le.Uint16(b[11:])), int64(b[13])
	reserved, copies, rootEntries := int64(le.Uint16(b[14:])), int64(b[16]), int64(le.Uint16(b[17:]))
	if !isPowerOfTwo(le.Uint16(b[11:])) || sector < 512 || sector > 4096 || !isPowerOfTwo(b[13]) ||
		reserved == 0 || copies == 0 || copies > 4 || b[21] != 0xf0 && b[21] < 0xf8 {
		return Content{}
	}
	sectors, fatSectors := int64(le.Uint16(b[19:])), int64(le.Uint16(b[22:]))
	if sectors == 0 {
		sectors = int64(le.Uint32(b[32:]))
	}
	wide := fatSectors == 0
	if wide {
		fatSectors = int64(le.Uint32(b[36:]))
	}
	if string(b[510:512]) != "\x55\xaa" && string(b[54:58]) != "FAT1" && string(b[82:87]) != "FAT32" {
		return Content{}
	}
	rootStart := reserved + copies*fatSectors
	data := rootStart + (rootEntries*32+sector-1)/sector
	if fatSectors == 0 || data >= sectors {
		return Content{}
	}
	c := Content{Browsable: true, boots: true}
	extended := int64(38) // the signature 0x29 that a serial number follows
	root, length := rootStart*sector, rootEntries*32
	clusters := (sectors - data) / perCluster
	switch {
	case wide:
		c.Type, extended = "FAT32", 66
		length = perCluster * sector
		root = data*sector + (int64(le.Uint32(b[44:]))-2)*length
	case clusters < 4085:
		c.Type = "FAT12"
	default:
		c.Type = "FAT16"
	}
	if b[extended] == 0x29 || b[extended] == 0x28 {
		c.UUID = dosSerial(le.Uint32(b[extended+1:]))
	}
	const attributes, longName, label, volume = 11, 0x0f, 0x08, 0x18
	for e := range w.entries(root, length) {
		if e[0] == 0 {
			break
		}
		if e[0] != 0xe5 && e[attributes]&longName != longName && e[attributes]&volume == label {
			c.Label = oemText(e[:11])
			break
		}
	}
	return c
}

// entries yields the 32-byte entries of a folder's first cluster, as far as
// labels are looked for.
func (w *window) entries(off, length int64) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		if off < 0 || off >= w.size {
			return
		}
		b, err := w.at(off, min(length, 64<<10, w.size-off)/32*32)
		if err != nil {
			return
		}
		for ; len(b) > 0 && yield(b[:32]); b = b[32:] {
		}
	}
}

// oemText is the text of a short name, in the code page of DOS.
func oemText(b []byte) string {
	text, err := charmap.CodePage437.NewDecoder().String(string(b))
	if err != nil {
		return ""
	}
	return strings.TrimRight(text, " ")
}

func dosSerial(n uint32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%04X-%04X", n>>16, n&0xffff)
}

func reFS(w *window) Content {
	if !w.has(3, "ReFS\x00\x00\x00\x00") || len(w.head) < 512 {
		return Content{}
	}
	return Content{Type: "ReFS", boots: true, UUID: fmt.Sprintf("%016X", le.Uint64(w.head[56:]))}
}

// bitLocker recognises volumes of Windows 7 and later, and those of removable
// disks, which pretend to be FAT.
func bitLocker(w *window) Content {
	const toGo = "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01" // a GUID
	switch {
	case w.has(3, "-FVE-FS-"):
		return Content{Type: "BitLocker", boots: true, encrypted: true,
			Problem: "The volume is encrypted with BitLocker: its files cannot be listed here."}
	case w.has(424, toGo):
		return Content{Type: "BitLocker To Go", boots: true, encrypted: true,
			Problem: "The volume is encrypted with BitLocker To Go: its files cannot be listed here."}
	}
	return Content{}
}

// copied looks for the copy of a boot sector that is damaged: FAT32 has it in
// sector 6, exFAT in sector 12, NTFS in the volume's last one.
func copied(w *window) Content {
	for sector := int64(512); sector <= 4096; sector *= 2 {
		if c := exFATOf(w, w.from(12*sector, 512)); c.Type != "" {
			return c
		}
		if c := fatOf(w, w.from(6*sector, 512)); c.Type == "FAT32" {
			return c
		}
		count := w.size/sector - 1 // of the sectors before the last, which is not counted there
		if last, err := w.at(count*sector, 512); err == nil {
			if c := ntfsOf(w, last); c.Type != "" && le.Uint64(last[40:]) == uint64(count) {
				return c
			}
		}
	}
	return Content{}
}
