//go:build js && wasm

// Command viewer is the engine's worker: it answers the page's requests from
// a session. It runs in a dedicated worker, which must hand it the files.
package main

import (
	"vhdscope/wasm/shell"
	"vhdscope/wasm/viewer/session"
)

func main() { shell.Serve(session.New(shell.NewHost()).Do) }
