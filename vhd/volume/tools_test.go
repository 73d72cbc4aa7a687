package volume

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tool runs a program that is no part of the project and gives its output.
// The test is skipped where it is not installed.
func tool(t testing.TB, stdin, name string, args ...string) []byte {
	t.Helper()
	cmd := command(name, args...)
	if cmd.Err != nil {
		t.Skipf("%s is not installed", name)
	}
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8") // the locale that names are given in
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s%s", name, args, err, out.Bytes(), errs.Bytes())
	}
	return out.Bytes()
}

// command is of a program that only an administrator may have in the path.
func command(name string, args ...string) *exec.Cmd {
	if cmd := exec.Command(name, args...); cmd.Err == nil {
		return cmd
	}
	return exec.Command("/usr/sbin/"+name, args...)
}

// blank makes an empty disk, a sparse file.
func blank(t testing.TB, size int64) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "disk.img")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, size); err != nil {
		t.Fatal(err)
	}
	return name
}

// open opens a file for reading and writing; it is closed with the test.
func open(t testing.TB, name string) (*os.File, int64) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return f, info.Size()
}

// scanFile scans a disk of a file and checks what holds of every layout.
func scanFile(t *testing.T, name string) *Layout {
	t.Helper()
	f, size := open(t, name)
	layout, err := Scan(f, size)
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, layout, size)
	return layout
}

// checkRows checks that the rows of a layout lie on the disk, in order, and
// that partitions, tables and gaps together cover it.
func checkRows(t *testing.T, layout *Layout, size int64) {
	t.Helper()
	at, last := int64(0), int64(0)
	for i, p := range layout.Parts {
		if p.Start < 0 || p.Size < 0 || p.Start > size-p.Size {
			t.Errorf("row %d lies outside the disk of %d bytes: %+v", i, size, p)
		}
		if p.Gap == (p.Index > 0) && p.Type != "Optical image" {
			t.Errorf("row %d is numbered wrongly: %+v", i, p)
		}
		if p.Depth > 0 {
			continue
		}
		if p.Start < last {
			t.Errorf("row %d begins before the one above it: %+v", i, p)
		}
		last = p.Start
		if p.Container || p.Type == "Optical image" {
			continue
		}
		if p.Start > at {
			t.Errorf("nothing is said of bytes %d to %d", at, p.Start)
		}
		at = max(at, p.Start+p.Size)
	}
	if at != size {
		t.Errorf("the rows end at byte %d of %d", at, size)
	}
}

// loop makes a block device of a file, which goes with the test. Tests are
// skipped where that is not allowed.
func loop(t testing.TB, name, sectorSize string) string {
	t.Helper()
	out, err := command("losetup", "--sector-size", sectorSize, "--find", "--show", name).Output()
	if err != nil {
		t.Skipf("losetup gives no device here: %v", err)
	}
	device := strings.TrimSpace(string(out))
	t.Cleanup(func() { command("losetup", "--detach", device).Run() })
	return device
}
