package vhd

import "slices"

// orderOf gives the order of n things by their keys: the indices 0 to n-1,
// those of equal keys as they were. A key is below 2^44, n at most 2^20.
//
// Sorting numbers only, every caller shares one sort, which in a browser is
// worth its weight.
func orderOf(n int, key func(i int) int64) []uint64 {
	const indexBits = 20
	order := make([]uint64, n)
	for i := range order {
		order[i] = uint64(key(i))<<indexBits | uint64(i)
	}
	if !slices.IsSorted(order) {
		slices.Sort(order)
	}
	for i := range order {
		order[i] &= 1<<indexBits - 1
	}
	return order
}
