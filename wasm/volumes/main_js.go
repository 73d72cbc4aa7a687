//go:build js && wasm

// Command volumes is the worker of a volume: it reads partition tables and file
// systems. Code that reads damaged ones may hang or take too much memory, so
// each volume has a worker of its own, which the page ends then. It runs in a
// dedicated worker, which must hand it the files.
package main

import (
	"vhdscope/wasm/output"
	"vhdscope/wasm/shell"
	"vhdscope/wasm/volumes/browse"
)

func main() { shell.Serve(browse.New(output.Browser{Host: shell.NewHost()}).Do) }
