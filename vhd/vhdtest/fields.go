package vhdtest

// Offsets of the footer's fields, in the order of the format.
const (
	FooterCookie         = 0x00
	FooterFeatures       = 0x08
	FooterVersion        = 0x0C
	FooterDataOffset     = 0x10
	FooterTimestamp      = 0x18
	FooterCreator        = 0x1C
	FooterCreatorVersion = 0x20
	FooterCreatorOS      = 0x24
	FooterOriginalSize   = 0x28
	FooterCurrentSize    = 0x30
	FooterCylinders      = 0x38
	FooterHeads          = 0x3A
	FooterSectors        = 0x3B
	FooterType           = 0x3C
	FooterChecksum       = 0x40
	FooterUUID           = 0x44
	FooterSavedState     = 0x54
	FooterHidden         = 0x55
	FooterReserved       = 0x56
	FooterSize           = 512
)

// Offsets of the dynamic header's fields.
const (
	HeaderCookie          = 0x000
	HeaderDataOffset      = 0x008
	HeaderTableOffset     = 0x010
	HeaderVersion         = 0x018
	HeaderMaxEntries      = 0x01C
	HeaderBlockSize       = 0x020
	HeaderChecksum        = 0x024
	HeaderParentUUID      = 0x028
	HeaderParentTimestamp = 0x038
	HeaderReserved1       = 0x03C
	HeaderParentName      = 0x040
	HeaderLocators        = 0x240
	HeaderReserved2       = 0x300
	HeaderSize            = 1024
)

// Offsets in one of the header's eight locator entries.
const (
	LocatorCode      = 0x00
	LocatorSpace     = 0x04
	LocatorLength    = 0x08
	LocatorReserved  = 0x0C
	LocatorOffset    = 0x10
	LocatorEntrySize = 24
)

// Offsets of the batmap header's fields.
const (
	BatmapCookie     = 0x00
	BatmapOffset     = 0x08
	BatmapSectors    = 0x10
	BatmapVersion    = 0x14
	BatmapChecksum   = 0x18
	BatmapMarker     = 0x1C
	BatmapHeaderSize = 512
)

// Locator codes.
const (
	Wi2r uint32 = 0x57693272 // deprecated: relative path in an ANSI code page
	Wi2k uint32 = 0x5769326B // deprecated: absolute path in an ANSI code page
	W2ru uint32 = 0x57327275 // relative path, UTF-16LE
	W2ku uint32 = 0x57326B75 // absolute path, UTF-16LE
	Mac  uint32 = 0x4D616320 // alias of classic Mac OS, opaque
	MacX uint32 = 0x4D616358 // file URL, UTF-8
)
