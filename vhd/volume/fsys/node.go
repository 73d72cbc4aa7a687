package fsys

import (
	"io/fs"
	"time"
)

// Node is a FileInfo and a DirEntry made of plain fields.
type Node struct {
	Base     string // its name
	Bytes    int64
	FileMode fs.FileMode
	Modified time.Time
	Meta     Meta
}

func (n *Node) Name() string               { return n.Base }
func (n *Node) Size() int64                { return n.Bytes }
func (n *Node) Mode() fs.FileMode          { return n.FileMode }
func (n *Node) Type() fs.FileMode          { return n.FileMode.Type() }
func (n *Node) ModTime() time.Time         { return n.Modified }
func (n *Node) IsDir() bool                { return n.FileMode.IsDir() }
func (n *Node) Sys() any                   { return &n.Meta }
func (n *Node) Info() (fs.FileInfo, error) { return n, nil }
func (n *Node) String() string             { return fs.FormatFileInfo(n) }
