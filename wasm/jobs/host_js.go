//go:build js && wasm

package main

import (
	"vhdscope/blobio"
	"vhdscope/wasm/jobs/job"
	"vhdscope/wasm/output"
)

// host gives jobs the browser's places for new files, and for those that stay.
type host struct{ output.Browser }

// Keep implements job.Host.
func (host) Keep(path, name string) (job.Kept, error) {
	k, err := blobio.OpenKept(path, name)
	if err != nil {
		return nil, err
	}
	return k, nil
}
