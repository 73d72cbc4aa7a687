package iso

import (
	"time"

	"vhdscope/vhd/volume/fsys"
)

const (
	// maxArea bounds a continuation area: it lies inside a sector. maxAreas
	// bounds those of one record, and maxRoom the bytes of those of a folder.
	maxArea  = sectorSize
	maxAreas = 64
	maxRoom  = 256 << 20

	maxName   = 1 << 10
	maxTarget = 4 << 10
)

// rockRidge is what the system use fields of a record say. SUSP 1.12, RRIP
// 1.12.
type rockRidge struct {
	name, target        []byte
	named, linked       bool
	mode                uint16 // of POSIX; 0 where it is not told
	uid, gid            uint32
	links               uint32
	serial              uint32
	times               [4]time.Time // created, modified, accessed, attributes changed
	child               uint32       // block of the folder that this one stands for
	relocated           bool         // stands elsewhere: not listed here
	compressed, isSplit bool         // contents that cannot be read as they lie
	size                uint32       // of compressed content, unpacked

	open bool // the last component of the target goes on
}

// findRockRidge looks for the field that tells of system use fields, in the
// first record of the root folder.
func (v *volume) findRockRidge(root place) {
	b := make([]byte, 256)
	if n, _ := v.r.ReadAt(b, root.start); n < len(b) {
		return
	}
	r, _, err := parseRecord(b, root.start)
	if err != nil {
		return
	}
	for _, skip := range []int{0, 14} { // CD-ROM XA has 14 bytes of its own
		if len(r.use) >= skip+7 && string(r.use[skip:skip+6]) == "SP\x07\x01\xbe\xef" {
			v.skip = int(r.use[skip+6])
			v.areaRoom = maxRoom
			v.systemUse(&r, r.use[skip:], func(id string, _ []byte) {
				v.rockRidge = v.rockRidge || id == "PX" || id == "RR" || id == "TF" || id == "NM"
			})
			return
		}
	}
}

// rockRidgeOf reads the fields of a record. An error says that some could not
// be read.
func (v *volume) rockRidgeOf(r *record) (rockRidge, error) {
	var rr rockRidge
	if len(r.use) < v.skip {
		return rr, nil
	}
	err := v.systemUse(r, r.use[v.skip:], rr.take)
	return rr, err
}

// systemUse calls take for each field of a record: two letters and data. They
// go on in other places of the volume, which the field CE tells.
func (v *volume) systemUse(r *record, area []byte, take func(id string, data []byte)) error {
	for areas := 0; ; areas++ {
		var next []byte // where they go on
		for len(area) >= 4 {
			n := int(area[2])
			if n < 4 || n > len(area) {
				if area[0] == 0 {
					break // padding
				}
				return fsys.Damaged(r.at, "the fields of Rock Ridge in a directory record are damaged")
			}
			id, data := string(area[:2]), area[4:n]
			area = area[n:]
			switch {
			case id == "CE" && len(data) >= 24:
				next = data
			case id == "ST":
				area = nil
			default:
				take(id, data)
			}
		}
		if next == nil {
			return nil
		}
		if areas == maxAreas {
			return fsys.Damaged(r.at, "the fields of Rock Ridge in a directory record do not end")
		}
		var err error
		if area, err = v.continuation(le.Uint32(next), le.Uint32(next[8:]), le.Uint32(next[16:])); err != nil {
			return err
		}
	}
}

// continuation is an area of system use fields. Many records have theirs in
// one block, so the last one is kept.
func (v *volume) continuation(block, offset, length uint32) ([]byte, error) {
	start := int64(block) * v.block
	if offset > maxArea || length > maxArea || start+int64(offset)+int64(length) > v.size {
		return nil, fsys.Damaged(start, "fields of Rock Ridge lie outside the volume")
	}
	if v.areaRoom -= int(length); v.areaRoom < 0 {
		return nil, fsys.Damaged(start, "the folder has more fields of Rock Ridge than are read here")
	}
	if v.area == nil || v.areaStart != start {
		b := make([]byte, min(2*maxArea, v.size-start))
		if n, err := v.r.ReadAt(b, start); n < len(b) {
			return nil, unreadable(start, err)
		}
		v.area, v.areaStart = b, start
		v.areaRoom -= len(b)
	}
	return v.area[offset : offset+length], nil
}

// take takes what a field tells.
func (rr *rockRidge) take(id string, data []byte) {
	switch id {
	case "NM":
		const current, parent = 2, 4
		if len(data) > 0 && data[0]&(current|parent) == 0 && len(rr.name) < maxName {
			rr.name, rr.named = append(rr.name, data[1:]...), true
		}
	case "SL":
		if len(data) > 0 {
			rr.linked = true
			rr.link(data[1:])
		}
	case "PX":
		if len(data) >= 32 {
			rr.mode, rr.links = le.Uint16(data), le.Uint32(data[8:])
			rr.uid, rr.gid = le.Uint32(data[16:]), le.Uint32(data[24:])
		}
		if len(data) >= 40 {
			rr.serial = le.Uint32(data[32:])
		}
	case "TF":
		rr.timestamps(data)
	case "CL":
		if len(data) >= 8 {
			rr.child = le.Uint32(data)
		}
	case "RE":
		rr.relocated = true
	case "ZF":
		if len(data) >= 12 {
			rr.compressed, rr.size = true, le.Uint32(data[4:])
		}
	case "SF":
		rr.isSplit = true
	}
}

// link takes components of a link's target: flags, a length and text each.
func (rr *rockRidge) link(b []byte) {
	const goesOn, current, parent, root = 1, 2, 4, 8
	for len(b) >= 2 && 2+int(b[1]) <= len(b) && len(rr.target) < maxTarget {
		flags, text := b[0], b[2:2+int(b[1])]
		b = b[2+int(b[1]):]
		if n := len(rr.target); n > 0 && !rr.open && rr.target[n-1] != '/' {
			rr.target = append(rr.target, '/')
		}
		switch {
		case flags&root != 0:
			rr.target = append(rr.target[:0], '/')
		case flags&parent != 0:
			rr.target = append(rr.target, ".."...)
		case flags&current != 0:
			rr.target = append(rr.target, '.')
		default:
			rr.target = append(rr.target, text...)
		}
		rr.open = flags&goesOn != 0
	}
}

// timestamps takes the times that the first byte's bits tell of, in their
// order.
func (rr *rockRidge) timestamps(data []byte) {
	if len(data) == 0 {
		return
	}
	const long = 0x80
	flags, b := data[0], data[1:]
	n, parse := 7, shortTime
	if flags&long != 0 {
		n, parse = 17, longTime
	}
	for i := range rr.times {
		if flags&(1<<i) == 0 {
			continue
		}
		if len(b) < n {
			return
		}
		rr.times[i], b = parse(b), b[n:]
	}
}
