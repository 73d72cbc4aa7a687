package vhd

import (
	"encoding/hex"
	"time"
)

// SectorSize is the unit of the format: 512 bytes.
const SectorSize = 512

const (
	footerSize      = 512  // section "Hard Disk Footer Format"
	shortFooterSize = 511  // before Virtual PC 2004
	headerSize      = 1024 // section "Dynamic Disk Header Format"
	tableEntrySize  = 4
	locatorCount    = 8
	locatorSize     = 24

	footerCookie   = "conectix"
	poisonedCookie = "v_poison" // XenServer: a journal operation is under way
	headerCookie   = "cxsparse"
	batmapCookie   = "tdbatmap" // XenServer

	noOffset     = 1<<64 - 1 // "no such structure" in an offset field
	unallocated  = 1<<32 - 1 // "no such block" in the BAT
	formatV1     = 0x00010000
	featReserved = 2 // always set
	featTemp     = 1

	minBlockSize = 512
	maxBlockSize = 256 << 20

	// maxOffset bounds every size and offset so that each is exact as a
	// JavaScript number and sums of a few never overflow an int64.
	maxOffset = 1<<53 - 1
)

// DiskType is the footer's disk type field.
type DiskType uint32

// The disk types that hold data. The specification reserves 1, 5 and 6.
const (
	Fixed        DiskType = 2
	Dynamic      DiskType = 3
	Differencing DiskType = 4

	// Raw is the type of [OpenRaw] images; no VHD has it.
	Raw DiskType = 0xFFFFFFFE
)

func (t DiskType) String() string {
	switch t {
	case Fixed:
		return "fixed"
	case Dynamic:
		return "dynamic"
	case Differencing:
		return "differencing"
	case Raw:
		return "raw"
	case 0:
		return "none"
	}
	return "reserved (" + dec(int64(t)) + ")"
}

// UUID identifies an image: its 16 bytes as they stand in the file. Writers
// differ in their order (Windows and VirtualBox mixed-endian, qemu and
// XenServer big-endian), so only the bytes are compared.
type UUID [16]byte

// IsZero reports whether no UUID was written.
func (u UUID) IsZero() bool { return u == UUID{} }

// String gives the bytes in file order (RFC 9562).
func (u UUID) String() string {
	h := hex.EncodeToString(u[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// GUID gives the mixed-endian reading that Windows tools show.
func (u UUID) GUID() string { return u.swapped().String() }

// swapped reverses the first three groups: the same UUID in the other order.
func (u UUID) swapped() UUID {
	u[0], u[1], u[2], u[3] = u[3], u[2], u[1], u[0]
	u[4], u[5] = u[5], u[4]
	u[6], u[7] = u[7], u[6]
	return u
}

// epoch is the zero of the format's timestamps.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Timestamp is seconds since 2000-01-01 00:00 UTC. It ends in February 2136.
// Virtual PC 6 and older wrote local time.
type Timestamp uint32

// Time gives the moment in UTC.
func (t Timestamp) Time() time.Time { return epoch.Add(time.Duration(t) * time.Second) }

func (t Timestamp) String() string { return t.Time().Format("2006-01-02 15:04:05 UTC") }

// Geometry is the footer's cylinders, heads and sectors per track. It is
// often smaller than the disk and never decides its size.
type Geometry struct {
	Cylinders       uint16
	Heads, PerTrack uint8
}

// Size is the capacity in bytes that the geometry describes.
func (g Geometry) Size() int64 {
	return int64(g.Cylinders) * int64(g.Heads) * int64(g.PerTrack) * SectorSize
}

func (g Geometry) String() string {
	return dec(int64(g.Cylinders)) + "/" + dec(int64(g.Heads)) + "/" + dec(int64(g.PerTrack))
}

// ceilDiv is a/b rounded up, for a ≥ 0 and b > 0.
func ceilDiv(a, b int64) int64 { return a/b + min(a%b, 1) }

// roundUp is a rounded up to a multiple of n.
func roundUp(a, n int64) int64 { return ceilDiv(a, n) * n }
