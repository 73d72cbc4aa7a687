package vhd

// maxCHS is the capacity in sectors that a geometry can describe at most.
const maxCHS = 65535 * 16 * 255

// GeometryFor is the geometry of a disk of size bytes, as computed by the
// specification's appendix "CHS Calculation". It describes the disk or less.
func GeometryFor(size int64) Geometry {
	total := min(size/SectorSize, maxCHS)
	if total >= 65535*16*63 {
		return Geometry{Cylinders: uint16(total / 255 / 16), Heads: 16, PerTrack: 255}
	}
	perTrack := int64(17)
	tracks := total / perTrack
	heads := max(4, ceilDiv(tracks, 1024))
	if tracks >= heads*1024 || heads > 16 {
		perTrack, heads = 31, 16
		tracks = total / perTrack
	}
	if tracks >= heads*1024 {
		perTrack, heads = 63, 16
		tracks = total / perTrack
	}
	return Geometry{Cylinders: uint16(tracks / heads), Heads: uint8(heads), PerTrack: uint8(perTrack)}
}
