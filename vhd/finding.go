package vhd

// Severity ranks findings.
type Severity int

const (
	// Note is unusual and harmless.
	Note Severity = iota
	// Warning breaks the specification, but all data can be located.
	Warning
	// Error means that some of the data cannot be read or trusted.
	Error
)

func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Warning:
		return "warning"
	}
	return "error"
}

// Finding is something in an image that is wrong but survivable.
type Finding struct {
	Rule     Rule
	Severity Severity
	Offset   int64 // bytes from the start of the file; -1 where no place is meant
	Length   int64 // bytes; 0 where no place is meant
	Got      string
	Want     string
	Message  string // a sentence for a person
}

// Rule is the stable name of something that a healthy image obeys.
type Rule string

// Rules about the file as a whole and its footers.
const (
	RuleRead             Rule = "read"              // the file gives its bytes
	RuleWrite            Rule = "write"             // the file takes bytes
	RuleCookie           Rule = "cookie"            // there is a footer at all
	RuleSize             Rule = "size"              // sizes stay below 2^53
	RuleDiskType         Rule = "disk-type"         // type is 2, 3 or 4
	RuleFooterMissing    Rule = "footer-missing"    // a footer stands at the end
	RuleFooterShort      Rule = "footer-short"      // the footer has 512 bytes
	RuleFooterChecksum   Rule = "footer-checksum"   // the footer's sum is right
	RuleFooterCopy       Rule = "footer-copy"       // the copy at 0 equals the footer
	RuleFooterPoisoned   Rule = "footer-poisoned"   // no journal operation under way
	RuleFooterVersion    Rule = "footer-version"    // format version is 1.0
	RuleFooterFeatures   Rule = "footer-features"   // reserved bit set, no unknown bits
	RuleFooterReserved   Rule = "footer-reserved"   // reserved bytes are zero
	RuleTrailingBytes    Rule = "trailing-bytes"    // the file ends with its footer
	RuleSavedState       Rule = "saved-state"       // no virtual machine was saved
	RuleHidden           Rule = "hidden"            // not hidden by XenServer
	RuleCurrentSize      Rule = "current-size"      // whole sectors, more than none
	RuleFixedSize        Rule = "fixed-size"        // a fixed disk's data is all there
	RuleGeometry         Rule = "geometry"          // CHS does not exceed the disk
	RuleUUID             Rule = "uuid"              // there is one
	RuleTimestampFuture  Rule = "timestamp-future"  // not made in the future
	RuleFixedDataOffset  Rule = "fixed-data-offset" // a fixed disk has no header
	RuleHeaderOffset     Rule = "header-offset"     // the header is where the footer says
	RuleHeaderChecksum   Rule = "header-checksum"   // its sum is right
	RuleHeaderVersion    Rule = "header-version"    // header version is 1.0
	RuleHeaderNext       Rule = "header-next"       // no structure follows it
	RuleHeaderReserved   Rule = "header-reserved"   // reserved bytes are zero
	RuleBlockSize        Rule = "block-size"        // a power of two, 512 B to 256 MiB
	RuleTableOffset      Rule = "table-offset"      // the BAT is in the file, on a sector
	RuleTableEntries     Rule = "table-entries"     // the BAT covers the disk
	RuleTableTruncated   Rule = "table-truncated"   // the file holds the whole BAT
	RuleBlockOutside     Rule = "block-outside"     // blocks lie in the file
	RuleBlockTruncated   Rule = "block-truncated"   // all of a block lies in the file
	RuleBlockOverlap     Rule = "block-overlap"     // no two blocks share bytes
	RuleBlockStructure   Rule = "block-structure"   // no block lies over a structure
	RuleLocatorCode      Rule = "locator-code"      // platform codes are known
	RuleLocatorEmpty     Rule = "locator-empty"     // unused slots are zero
	RuleLocatorSpace     Rule = "locator-space"     // space is sectors or whole sectors in bytes
	RuleLocatorLength    Rule = "locator-length"    // data fits its space
	RuleLocatorOffset    Rule = "locator-offset"    // data lies in the file
	RuleLocatorText      Rule = "locator-text"      // the name decodes
	RuleLocatorOverlap   Rule = "locator-overlap"   // data lies over no other structure
	RuleLocatorDuplicate Rule = "locator-duplicate" // each code once
	RuleLocatorReserved  Rule = "locator-reserved"  // reserved field is zero
	RuleParentName       Rule = "parent-name"       // the parent's name decodes and is there
	RuleParentStale      Rule = "parent-stale"      // a disk without a parent names none
	RuleParentUUID       Rule = "parent-uuid"       // a child names its parent's UUID
	RuleSelfParent       Rule = "self-parent"       // a child's parent is another image
	RuleParentMissing    Rule = "parent-missing"    // the parent is at hand
	RuleBounds           Rule = "bounds"            // a request lies inside the disk
	RuleDepth            Rule = "depth"             // a chain has at most MaxDepth images
	RuleBatmap           Rule = "batmap"            // a batmap is well formed
	RuleBatmapMismatch   Rule = "batmap-mismatch"   // a batmap agrees with the bitmaps
)

// Rules that only a check can tell of: see [CheckFile].
const (
	RuleStructureOverlap Rule = "structure-overlap" // no two structures share bytes
	RuleTableSurplus     Rule = "table-surplus"     // entries past the disk's end are not allocated
	RuleTablePadding     Rule = "table-padding"     // the BAT is padded with ones or zeros
	RuleBlockDuplicate   Rule = "block-duplicate"   // no two blocks lie at one place
	RuleBitmapPadding    Rule = "bitmap-padding"    // bits past a block's sectors are clear
	RuleBitmapPastEnd    Rule = "bitmap-past-end"   // no sectors past the disk's end are held
	RuleBitmapData       Rule = "bitmap-data"       // sectors with a clear bit are zeros in a dynamic disk
	RuleBitmapOrder      Rule = "bitmap-order"      // a byte's highest bit is its first sector's
	RuleLostSpace        Rule = "lost-space"        // the file holds nothing that no structure refers to
)

// Rules about a chain: see [CheckChain].
const (
	RuleParentTime    Rule = "parent-time"    // the parent's time is the one that the child noted
	RuleChainSize     Rule = "chain-size"     // a child's disk is as large as its parent's
	RuleCycle         Rule = "cycle"          // no file is in a chain twice
	RuleDuplicateUUID Rule = "duplicate-uuid" // no two files of a chain have one UUID
)
