package fat_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"
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
