// Package ordereddict stands in for github.com/Velocidex/ordereddict, in which
// go-ntfs gives figures of its caches that nobody reads here, and which brings
// YAML and JSON into a visitor's download. It has what that library uses, and
// does nothing.
package ordereddict

// Dict stands for ordereddict's.
type Dict struct{}

// NewDict returns a dictionary of nothing.
func NewDict() *Dict { return &Dict{} }

// Set does nothing.
func (d *Dict) Set(string, any) *Dict { return d }
