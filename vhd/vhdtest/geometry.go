package vhdtest

// Geometry is the footer's cylinder, head and sector fields.
type Geometry struct {
	Cylinders uint16
	Heads     uint8
	Sectors   uint8 // per track
}

// CHS gives the geometry which the specification's algorithm finds for a disk
// of size bytes. Its product is usually less than the disk.
func CHS(size int64) Geometry {
	total := min(size/Sector, 65535*16*255)
	var perTrack, heads, tracks int64
	if total >= 65535*16*63 {
		perTrack, heads = 255, 16
		tracks = total / perTrack
	} else {
		perTrack = 17
		tracks = total / perTrack
		heads = max(4, (tracks+1023)/1024)
		if tracks >= heads*1024 || heads > 16 {
			perTrack, heads = 31, 16
			tracks = total / perTrack
		}
		if tracks >= heads*1024 {
			perTrack, heads = 63, 16
			tracks = total / perTrack
		}
	}
	return Geometry{uint16(tracks / heads), uint8(heads), uint8(perTrack)}
}
