package fat_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/volume/fsys"
)

// mountExFAT mounts an image for a while. It takes a loop device and FUSE: the
// test is skipped where those are not allowed.
func mountExFAT(t testing.TB, image string, do func(dir string)) {
	t.Helper()
	need(t, "mount.exfat-fuse", "fusermount", "losetup")
	out, err := exec.Command("losetup", "-f", "--show", image).CombinedOutput()
	if err != nil {
		t.Skipf("there is no loop device here: %v: %s", err, out)
	}
	device, dir := strings.TrimSpace(string(out)), t.TempDir()
	mounted := false
	end := func() {
		if mounted {
			mounted = false
			run(t, "fusermount", "-u", dir)
		}
		if device != "" {
			run(t, "losetup", "-d", device)
			device = ""
		}
	}
	t.Cleanup(end)
	if out, err := exec.Command("mount.exfat-fuse", device, dir).CombinedOutput(); err != nil {
		t.Skipf("exFAT cannot be mounted here: %v: %s", err, out)
	}
	mounted = true
	do(dir)
	end()
}

// copyPlain copies a folder, its times too, as cp does.
func copyPlain(t testing.TB, from, to string) {
	t.Helper()
	run(t, "cp", "-r", "--preserve=timestamps", from+"/.", to)
}

// exLayouts are volumes by mkfs.exfat.
var exLayouts = []struct {
	name      string
	size      int64
	cluster   int
	arguments []string
}{
	{"4 KiB", 64 << 20, 4096, []string{"-c", "4K"}},
	{"512 bytes", 32 << 20, 512, []string{"-c", "512"}},
	{"32 KiB", 100 << 20, 32 << 10, []string{"-c", "32K"}},
	{"above 4 GiB", 5 << 30, 4096, []string{"-c", "4K"}},
}

func TestFilesByExFATFuse(t *testing.T) {
	t.Parallel()
	for _, l := range exLayouts {
		t.Run(l.name, func(t *testing.T) {
			if testing.Short() && l.cluster != 512 {
				t.Skip("one layout is enough")
			}
			root := tree(t, l.cluster)
			image := format(t, l.size, "mkfs.exfat", append(l.arguments, "-L", "Größe 🦉")...)
			if l.size > 4<<30 {
				placesOf(t, image).occupy(t, image, 9<<29)
			}
			mountExFAT(t, image, func(dir string) { copyPlain(t, root, dir) })
			v, f := open(t, image)
			about := v.About()
			if about.Type != "exFAT" || about.Cluster != int64(l.cluster) || about.Label != "Größe 🦉" || len(about.UUID) != 9 {
				t.Errorf("the volume says %+v", about)
			}
			if len(about.Notes) > 0 {
				t.Errorf("a sound volume has notes: %q", about.Notes)
			}
			if l.size > 4<<30 {
				mustLieAbove(t, v, "large.bin", 4<<30)
			}
			want := sourceFiles(t, root)
			compare(t, volumeFiles(t, v, f), want, 2*time.Second)
			testFS(t, v, want)
		})
	}
}

// TestFragmentsByExFATFuse leaves holes between small files for a large one,
// which then has a chain.
func TestFragmentsByExFATFuse(t *testing.T) {
	t.Parallel()
	image := format(t, 8<<20, "mkfs.exfat", "-c", "4K")
	small := map[string][]byte{}
	for i := range 200 {
		small[fmt.Sprintf("%03d", i)] = numbered(fmt.Sprint(i), 5000)
	}
	large := numbered("large", 5<<20+1)
	mountExFAT(t, image, func(dir string) {
		writeFiles(t, dir, small)
		for i := 1; i < 200; i += 2 {
			name := fmt.Sprintf("%03d", i)
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			delete(small, name)
		}
	})
	mountExFAT(t, image, func(dir string) { writeFiles(t, dir, map[string][]byte{"large.bin": large}) })
	v, f := open(t, image)
	small["large.bin"] = large
	files := volumeFiles(t, v, f)
	for name, data := range small {
		if files[name].sum != sum(t, bytes.NewReader(data)) {
			t.Errorf("%s is wrong", name)
		}
	}
	if len(files) != len(small) {
		t.Errorf("%d files, want %d", len(files), len(small))
	}
	file, err := v.Open("large.bin")
	if err != nil {
		t.Fatal(err)
	}
	if extents, err := file.(fsys.File).Extents(); err != nil || len(extents) < 20 {
		t.Errorf("large.bin lies in %d pieces (%v): the test shows nothing", len(extents), err)
	}
}
