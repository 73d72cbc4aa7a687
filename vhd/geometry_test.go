package vhd

import "testing"

// The geometries that real writers gave disks of these sizes.
func TestGeometryIsAsRealWritersComputeIt(t *testing.T) {
	for size, want := range map[int64]Geometry{
		4 << 20: {120, 4, 17}, 40 << 20: {963, 5, 17}, 1 << 30: {2080, 16, 63}, 2040 << 30: {65535, 16, 255},
		SectorSize: {0, 4, 17}, 504 << 20: {1024, 16, 63},
	} {
		if got := GeometryFor(size); got != want {
			t.Errorf("%d bytes: %v, want %v", size, got, want)
		}
		if got := GeometryFor(size); got.Size() > size {
			t.Errorf("%d bytes: %v holds more", size, got)
		}
	}
}
