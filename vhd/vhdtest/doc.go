// Package vhdtest lays out VHD images byte by byte for tests, samples and
// benchmarks: good ones, odd ones and hostile ones. It shares nothing with
// the reader it is there to test.
//
// A [Spec] describes an image; [Spec.Build] turns it into a [File], which is
// an io.ReaderAt that costs memory only for what was put into it:
//
//	f := vhdtest.Spec{
//		Type: vhdtest.Dynamic,
//		Size: 8 << 20,
//		Blocks: []vhdtest.Block{
//			{Index: 1, Sectors: map[int][]byte{7: []byte("seven")}},
//		},
//	}.Build()
//	im, err := vhd.Open(f, f.Size())
//
// A hostile image is a good one that was patched. [File.Layout] says where
// things are, and nothing is recomputed unless asked for:
//
//	f.SetEntry(1, 0)                                             // table
//	f.EditHeader(func(b []byte) { be.PutUint32(b[vhdtest.HeaderBlockSize:], 3<<20) })
//	f.EditFooters(func(b []byte) { b[vhdtest.FooterSavedState] = 2 }) // both copies
//	f.PutUint32(f.Layout.LocatorEntry(0)+vhdtest.LocatorLength, 0xFFFFFFFF)
//	f.FixChecksums()                                             // or leave them wrong
//	f.Truncate(f.Size() - 100)
//
// [File.Clone] is cheap: build once, patch many.
//
// A child is made from its parent's identity and names:
//
//	vhdtest.Spec{Type: vhdtest.Differencing, ParentUUID: id, ParentName: "base.vhd",
//		Locators: []vhdtest.Locator{vhdtest.Relative(`.\base.vhd`)}, …}
//
// [NewChain] builds whole chains with random ragged bitmaps together with
// their resolved contents, which come from a model and not from a VHD
// reader. Their sectors are made by [PutPattern], so that [Describe] can tell
// in a failing test which layer and sector a wrong one really is.
package vhdtest
