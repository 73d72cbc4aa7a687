// Package spew stands in for github.com/davecgh/go-spew/spew, by which go-ntfs
// prints while it is debugged, and which brings regular expressions and the
// tables of Unicode into a visitor's download. It has what that library uses,
// and does nothing.
package spew

// Dump does nothing.
func Dump(...any) {}
