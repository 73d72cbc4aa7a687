package volume

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMountOpensWhatIdentifyFinds checks that each kind which Identify calls
// browsable is opened by Mount, as the same kind with the same label.
func TestMountOpensWhatIdentifyFinds(t *testing.T) {
	tree := t.TempDir()
	if err := os.WriteFile(filepath.Join(tree, "hello.txt"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		size int64
		args []string
	}{
		{"FAT12", 2 << 20, []string{"mkfs.vfat", "-F", "12", "-n", "TWELVE", "FILE"}},
		{"FAT16", 20 << 20, []string{"mkfs.vfat", "-F", "16", "-n", "SIXTEEN", "FILE"}},
		{"FAT32", 64 << 20, []string{"mkfs.vfat", "-F", "32", "-n", "A LABEL", "FILE"}},
		{"exFAT", 20 << 20, []string{"mkfs.exfat", "-L", "Ünï 磁盘", "FILE"}},
		{"NTFS", 20 << 20, []string{"mkfs.ntfs", "-F", "-Q", "-q", "-L", "Ünï 磁盘 😀", "FILE"}},
		{"ext2", 8 << 20, []string{"mkfs.ext2", "-q", "-L", "zwei ö", "-d", "TREE", "FILE"}},
		{"ext3", 16 << 20, []string{"mkfs.ext3", "-q", "-L", "three", "FILE"}},
		{"ext4", 16 << 20, []string{"mkfs.ext4", "-q", "-L", "sixteen chars ok", "FILE"}},
		{"XFS", 300 << 20, []string{"mkfs.xfs", "-q", "-L", "twelve chars", "FILE"}},
		{"squashfs", 0, []string{"mksquashfs", "TREE", "FILE", "-noappend", "-quiet", "-no-progress", "-comp", "zstd"}},
		{"ISO 9660", 0, []string{"genisoimage", "-quiet", "-J", "-V", "Ünï disc", "-input-charset", "utf-8", "-o", "FILE", "TREE"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := blank(t, c.size)
			args := append([]string(nil), c.args...)
			for i, a := range args {
				args[i] = strings.NewReplacer("FILE", name, "TREE", tree).Replace(a)
			}
			tool(t, "", args[0], args[1:]...)
			content := identifyFile(t, name)
			f, size := open(t, name)
			v, err := Mount(f, size, Options{})
			if err != nil {
				t.Fatal(err)
			}
			about := v.About()
			if about.Type != content.Type || about.Label != content.Label || about.UUID != content.UUID {
				t.Errorf("it is %+v, Identify says %+v", about, content)
			}
			if _, err := v.ReadDir("."); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestMountWithoutBootSector checks that a volume whose boot sector was wiped
// is known by its copy, and opened.
func TestMountWithoutBootSector(t *testing.T) {
	for _, c := range []struct {
		want string
		size int64
		args []string
	}{
		{"FAT32", 64 << 20, []string{"mkfs.vfat", "-F", "32", "-n", "LABEL"}},
		{"exFAT", 20 << 20, []string{"mkfs.exfat", "-L", "LABEL"}},
		{"NTFS", 20 << 20, []string{"mkfs.ntfs", "-F", "-Q", "-q", "-L", "LABEL"}},
	} {
		t.Run(c.want, func(t *testing.T) {
			name := blank(t, c.size)
			tool(t, "", c.args[0], append(c.args[1:], name)...)
			f, size := open(t, name)
			if _, err := f.WriteAt(make([]byte, 512), 0); err != nil {
				t.Fatal(err)
			}
			if got := identifyFile(t, name); got.Type != c.want || got.Label != "LABEL" || !got.Browsable {
				t.Errorf("it is %+v", got)
			}
			if layout := scanFile(t, name); layout.Scheme != "none" {
				t.Errorf("the disk is %s, %+v", layout.Scheme, layout.Parts)
			}
			if _, err := Mount(f, size, Options{}); err != nil {
				t.Error(err)
			}
		})
	}
}
