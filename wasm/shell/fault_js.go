//go:build js && wasm && fault

package shell

import (
	"os"
	"syscall/js"
)

// fault lets browser tests see what the page does when the engine fails: it
// answers the command "fault" by failing in the way that its kind names.
func fault(command string, value js.Value) {
	if command != "fault" {
		return
	}
	switch value.Get("kind").String() {
	case "panic":
		panic("a fault was asked for")
	case "memory":
		var hold [][]byte
		for {
			hold = append(hold, make([]byte, 64<<20))
			hold[len(hold)-1][0] = 1
		}
	case "hang":
		for { // nothing else of this worker runs any more
		}
	case "exit":
		os.Exit(3)
	}
}
