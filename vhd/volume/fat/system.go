package fat

import (
	"io"
	"math/bits"
)

// maxUpCase is the most bytes of an up-case table: one for each UTF-16 unit.
const maxUpCase = 2 << 16

// openSystem opens what the root directory of exFAT tells of besides files.
func (v *volume) openSystem(root *folder) {
	if root.upCase == nil {
		v.note("There is no up-case table: systems may not find files by name.")
	} else if !v.upCaseSound(root) {
		v.note("The up-case table is damaged: systems may not find files by name.")
	}
	v.upCase = root.upCase
	if root.bitmap == nil {
		v.note("There is no allocation bitmap: nothing tells what is free.")
		return
	}
	f, err := v.open(root.bitmap)
	if err != nil || root.bitmap.size < (int64(v.clusters)+7)/8 {
		v.note("The allocation bitmap is damaged: nothing tells what is free.")
		return
	}
	v.bitmap = newPages((int64(v.clusters)+7)/8, f)
	v.bitmapEntry = root.bitmap
}

// upCaseSound compares the up-case table with its checksum (section 7.2.2).
// Nothing here needs the table itself: names are looked up as they are.
func (v *volume) upCaseSound(root *folder) bool {
	if root.upCase.size > maxUpCase {
		return false
	}
	f, err := v.open(root.upCase)
	if err != nil {
		return false
	}
	b := make([]byte, root.upCase.size)
	_, err = io.ReadFull(f, b)
	var sum uint32
	for _, c := range b {
		sum = bits.RotateLeft32(sum, -1) + uint32(c)
	}
	return err == nil && sum == root.upCaseSum
}
