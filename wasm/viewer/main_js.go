//go:build js && wasm

// Command viewer is the engine's worker: it answers the page's requests from
// a session. It runs in a dedicated worker, which must hand it the files.
package main

import (
	"vhdscope/blobio"
	"vhdscope/wasm/viewer/session"
)

// cacheBudget is the bytes of files' pages that are kept.
const cacheBudget = 16 << 20

func main() {
	l := &loop{
		session: session.New(host{blobio.NewCache(cacheBudget)}),
		cancels: map[int]func(){},
	}
	l.listen()
	select {}
}
