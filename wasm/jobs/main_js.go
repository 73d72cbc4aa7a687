//go:build js && wasm

// Command jobs is the worker of a job: all that takes long or makes files. It
// answers what the viewer does, too, so that what a job needs can be opened.
// It runs in a dedicated worker, which must hand it the files.
package main

import (
	"vhdscope/wasm/jobs/job"
	"vhdscope/wasm/output"
	"vhdscope/wasm/shell"
)

func main() { shell.Serve(job.New(host{output.Browser{Host: shell.NewHost()}}).Do) }
