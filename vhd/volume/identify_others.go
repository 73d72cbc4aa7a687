package volume

import (
	"crypto/md5"
	"fmt"
	"strings"
)

// apfs reads the superblock of a container; the volumes in it have names of
// their own.
func apfs(w *window) Content {
	if !w.has(32, "NXSB") || len(w.head) < 4096 {
		return Content{}
	}
	return Content{Type: "APFS", UUID: uuid(w.head[72:88])}
}

// hfsPlus reads the volume header, and the label from the catalog: it is the
// name of the root folder, which the first record of its first leaf tells.
func hfsPlus(w *window) Content {
	h := w.from(1024, 512)
	if h == nil {
		return Content{}
	}
	c := Content{Type: "HFS+"}
	switch string(h[:4]) {
	case "H+\x00\x04":
	case "HX\x00\x05":
		c.Type = "HFSX"
	default:
		return Content{}
	}
	c.UUID = hfsUUID(h[104:112])
	block, start := int64(be.Uint32(h[40:])), int64(be.Uint32(h[272+16:]))
	if block < 512 || block > 1<<20 || start > w.size/block {
		return c
	}
	head, err := w.at(start*block, 512)
	if err != nil {
		return c
	}
	leaf, node := int64(be.Uint32(head[24:])), int64(be.Uint16(head[32:]))
	count := int64(be.Uint32(h[272+20:])) * block
	if node < 512 || leaf > count/node {
		return c
	}
	b, err := w.at(start*block+leaf*node, 512)
	if err != nil || be.Uint32(b[16:]) != 1 {
		return c
	}
	c.Label = utf16Text(b[22:22+2*min(be.Uint16(b[20:]), 245)], be.Uint16)
	return c
}

// hfsUUID is what systems show: a hash, in Apple's name space, of the eight
// bytes that the volume has.
func hfsUUID(id []byte) string {
	const space = "\xb3\xe2\x0f\x39\xf2\x92\x11\xd6\x97\xa4\x00\x30\x65\x43\xec\xac"
	if string(id) == strings.Repeat("\x00", 8) {
		return ""
	}
	sum := md5.Sum(append([]byte(space), id...))
	sum[6] = sum[6]&0x0f | 0x30
	sum[8] = sum[8]&0x3f | 0x80
	return uuid(sum[:])
}

// zfs reads the list of names and values in the first label of a pool's disk.
func zfs(w *window) Content {
	const start = 16 << 10
	list := w.from(start, 32<<10)
	// XDR, then version 0, unique names, and the first pair's two sizes
	if list == nil || list[0] != 1 || be.Uint32(list[4:]) != 0 || be.Uint32(list[20:]) != 7 || string(list[24:31]) != "version" {
		return Content{}
	}
	c := Content{Type: "ZFS"}
	for at := uint32(12); at <= uint32(len(list))-64; {
		size := be.Uint32(list[at:])
		if size < 24 || size > uint32(len(list))-at {
			break
		}
		pair := list[at : at+size]
		n := be.Uint32(pair[8:])
		if n > size-24 {
			break
		}
		value := pair[min(12+(n+3)&^3+8, size):] // after the name, its type and how many there are
		switch name := string(pair[12 : 12+n]); {
		case name == "name" && len(value) >= 4 && be.Uint32(value) <= uint32(len(value)-4):
			c.Label = cString(value[4 : 4+be.Uint32(value)])
		case name == "pool_guid" && len(value) >= 8:
			c.UUID = fmt.Sprint(be.Uint64(value))
		}
		at += size
	}
	return c
}

// simple are those that a few bytes tell.
func simple(w *window) Content {
	for _, s := range []struct {
		magic         string
		at            int64
		name          string
		label, length int64 // 0 where there is none or it is not text
		uuid          int64
	}{
		{"\x10\x20\xf5\xf2", 1024, "F2FS", 0, 0, 1024 + 108},
		{"\xe2\xe1\xf5\xe0", 1024, "EROFS", 1024 + 64, 16, 1024 + 48},
		{"\x34\x34", 1024 + 6, "NILFS2", 1024 + 168, 80, 1024 + 152},
		{"JFS1", 32 << 10, "JFS", 32<<10 + 152, 16, 32<<10 + 136},
		{"ReIsErFs", 64<<10 + 52, "ReiserFS", 64<<10 + 100, 16, 64<<10 + 84},
		{"ReIsEr2Fs", 64<<10 + 52, "ReiserFS", 64<<10 + 100, 16, 64<<10 + 84},
		{"ReIsEr3Fs", 64<<10 + 52, "ReiserFS", 64<<10 + 100, 16, 64<<10 + 84},
		{"\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81", 4096 + 24, "bcache or bcachefs", 0, 0, 0},
		{"\x19\x01\x54\x19", 64<<10 + 1372, "UFS2", 0, 0, 0},
		{"\x54\x19\x01\x00", 8<<10 + 1372, "UFS", 0, 0, 0},
		{"BD", 1024, "HFS", 0, 0, 0},
	} {
		if !w.has(s.at, s.magic) {
			continue
		}
		c := Content{Type: s.name}
		if b := w.from(s.label, s.length); s.length > 0 && b != nil {
			c.Label = cString(b)
		}
		if b := w.from(s.uuid, 16); s.uuid > 0 && b != nil {
			c.UUID = uuid(b)
		}
		if b := w.from(1024+124, 1024); s.name == "F2FS" && b != nil {
			c.Label = utf16Text(b, le.Uint16)
		}
		return c
	}
	return Content{}
}

// image recognises disk images that were copied to a disk as they are.
func image(w *window) Content {
	for magic, name := range map[string]string{
		"conectix":         "VHD",
		"vhdxfile":         "VHDX",
		"KDMV":             "VMDK",
		"QFI\xfb":          "QCOW2",
		"<<< Oracle VM Vi": "VDI",
	} {
		if w.has(0, magic) {
			return imageOf(name)
		}
	}
	return Content{}
}

// imageEnd recognises a fixed VHD, which has only a footer.
func imageEnd(w *window) Content {
	if b, err := w.at(w.size-512, 8); err == nil && string(b) == "conectix" {
		return imageOf("VHD")
	}
	return Content{}
}

func imageOf(format string) Content {
	return Content{Type: format + " image", Problem: "The volume holds a disk image in the " + format + " format: save it as a file to look inside."}
}
