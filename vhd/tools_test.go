package vhd

import (
	"bytes"
	"os/exec"
	"testing"
)

// tool runs a program that is no part of the project in a folder and gives
// its output. The test is skipped where it is not installed.
func tool(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s%s", name, args, err, out.Bytes()[:min(out.Len(), 2000)], errs.Bytes())
	}
	return out.Bytes()
}
