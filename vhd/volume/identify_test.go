package volume

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// identifyFile identifies the volume in a file.
func identifyFile(t *testing.T, name string) Content {
	t.Helper()
	f, size := open(t, name)
	c, err := Identify(f, size)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// blkid is what blkid says of a volume: TYPE, LABEL, UUID.
func blkid(t *testing.T, name string) map[string]string {
	t.Helper()
	tool(t, "", "blkid", "-V")
	return blkidOf(name)
}

// blkidOf is empty where blkid knows nothing, or is not installed.
func blkidOf(name string) map[string]string {
	values := map[string]string{}
	out, _ := command("blkid", "-p", "-o", "udev", name).Output()
	for _, line := range strings.Split(string(out), "\n") {
		key, value, _ := strings.Cut(line, "=")
		switch key {
		case "ID_FS_TYPE":
			values["TYPE"] = value
		case "ID_FS_LABEL_ENC":
			values["LABEL"], _ = strconv.Unquote(`"` + strings.ReplaceAll(value, `"`, `\"`) + `"`)
		case "ID_FS_UUID":
			values["UUID"] = value
		}
	}
	return values
}

// TestIdentifyAsBlkid has volumes of all the kinds that tools here make, and
// compares what is said of them with what blkid says.
func TestIdentifyAsBlkid(t *testing.T) {
	tree := t.TempDir()
	if err := os.WriteFile(filepath.Join(tree, "hello.txt"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		size    int64
		args    []string // FILE is the volume, TREE a folder
		want    string
		blkid   string
		problem string // "" where it is browsable
	}{
		{"FAT12", 2 << 20, []string{"mkfs.vfat", "-F", "12", "-n", "TWELVE", "FILE"}, "FAT12", "vfat", ""},
		{"FAT16", 20 << 20, []string{"mkfs.vfat", "-F", "16", "-i", "0123abcd", "-n", "SIXTEEN", "FILE"}, "FAT16", "vfat", ""},
		{"FAT32", 64 << 20, []string{"mkfs.vfat", "-F", "32", "-n", "A LABEL", "FILE"}, "FAT32", "vfat", ""},
		{"FAT without a label", 20 << 20, []string{"mkfs.vfat", "FILE"}, "FAT16", "vfat", ""},
		{"FAT with large sectors", 64 << 20, []string{"mkfs.vfat", "-S", "4096", "-n", "LARGE", "FILE"}, "FAT16", "vfat", ""},
		{"FAT with a partition table", 20 << 20, []string{"mkfs.vfat", "--mbr=yes", "-n", "BOTH", "FILE"}, "FAT16", "vfat", ""},
		{"exFAT", 20 << 20, []string{"mkfs.exfat", "-L", "Ünï 磁盘", "FILE"}, "exFAT", "exfat", ""},
		{"exFAT without a label", 20 << 20, []string{"mkfs.exfat", "FILE"}, "exFAT", "exfat", ""},
		{"NTFS", 20 << 20, []string{"mkfs.ntfs", "-F", "-Q", "-q", "-L", "Ünï 磁盘 😀", "FILE"}, "NTFS", "ntfs", ""},
		{"NTFS with large clusters", 20 << 20, []string{"mkfs.ntfs", "-F", "-Q", "-q", "-c", "65536", "-L", "large", "FILE"}, "NTFS", "ntfs", ""},
		{"ext2", 8 << 20, []string{"mkfs.ext2", "-q", "-L", "zwei ö", "FILE"}, "ext2", "ext2", ""},
		{"ext3", 16 << 20, []string{"mkfs.ext3", "-q", "-L", "three", "FILE"}, "ext3", "ext3", ""},
		{"ext4", 16 << 20, []string{"mkfs.ext4", "-q", "-L", "sixteen chars ok", "FILE"}, "ext4", "ext4", ""},
		{"ext4 without a journal", 16 << 20, []string{"mkfs.ext4", "-q", "-O", "^has_journal", "FILE"}, "ext4", "ext4", ""},
		{"ext4 with inline data", 16 << 20, []string{"mkfs.ext4", "-q", "-O", "inline_data", "-L", "inline", "FILE"}, "ext4", "ext4", "inline_data"},
		{"ext journal", 16 << 20, []string{"mkfs.ext4", "-q", "-O", "journal_dev", "-L", "log", "FILE"}, "ext journal", "jbd", "journal"},
		{"XFS", 300 << 20, []string{"mkfs.xfs", "-q", "-L", "twelve chars", "FILE"}, "XFS", "xfs", ""},
		{"XFS 4", 300 << 20, []string{"mkfs.xfs", "-q", "-m", "crc=0", "-L", "four", "FILE"}, "XFS", "xfs", "version 4"},
		{"Btrfs", 128 << 20, []string{"mkfs.btrfs", "-q", "-L", "butter ö", "FILE"}, "Btrfs", "btrfs", "Btrfs"},
		{"squashfs", 0, []string{"mksquashfs", "TREE", "FILE", "-noappend", "-quiet", "-comp", "xz"}, "squashfs", "squashfs", ""},
		{"squashfs of LZ4", 0, []string{"mksquashfs", "TREE", "FILE", "-noappend", "-quiet", "-comp", "lz4"}, "squashfs", "squashfs", "LZ4"},
		{"squashfs of LZO", 0, []string{"mksquashfs", "TREE", "FILE", "-noappend", "-quiet", "-comp", "lzo"}, "squashfs", "squashfs", "LZO"},
		{"ISO 9660", 0, []string{"genisoimage", "-quiet", "-V", "PLAIN", "-o", "FILE", "TREE"}, "ISO 9660", "iso9660", ""},
		{"ISO 9660 with a long label", 0, []string{"genisoimage", "-quiet", "-J", "-R", "-V", "A LABEL THAT JOLIET CUTS", "-o", "FILE", "TREE"}, "ISO 9660", "iso9660", ""},
		{"ISO 9660 with Joliet", 0, []string{"genisoimage", "-quiet", "-J", "-V", "Ünï disc", "-input-charset", "utf-8", "-o", "FILE", "TREE"}, "ISO 9660", "iso9660", ""},
		{"ISO 9660 by xorriso", 0, []string{"xorriso", "-as", "mkisofs", "-quiet", "-J", "-R", "-V", "Xorriso", "-o", "FILE", "TREE"}, "ISO 9660", "iso9660", ""},
		{"UDF", 20 << 20, []string{"mkudffs", "-l", "Ünï 磁盘", "FILE"}, "UDF", "udf", "UDF"},
		{"UDF of a DVD", 20 << 20, []string{"mkudffs", "-b", "2048", "--media-type=dvd", "-l", "A DVD", "FILE"}, "UDF", "udf", "UDF"},
		{"UDF with an identifier that is no number", 20 << 20, []string{"mkudffs", "--vsid=12345678 and so on", "FILE"}, "UDF", "udf", "UDF"},
		{"swap", 1 << 20, []string{"mkswap", "-q", "-L", "swap ö", "FILE"}, "Linux swap", "swap", "no files"},
		{"swap of large pages", 4 << 20, []string{"mkswap", "-q", "-p", "65536", "-L", "large", "FILE"}, "Linux swap", "swap", "no files"},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := blank(t, c.size)
			args := append([]string(nil), c.args...)
			for i, a := range args {
				args[i] = strings.NewReplacer("FILE", name, "TREE", tree).Replace(a)
			}
			tool(t, "", args[0], args[1:]...)
			got := identifyFile(t, name)
			if got.Type != c.want || got.Browsable != (c.problem == "") || !strings.Contains(got.Problem, c.problem) {
				t.Errorf("it is %+v, want %s", got, c.want)
			}
			want := blkid(t, name)
			if want["TYPE"] != c.blkid || got.Label != want["LABEL"] || got.UUID != want["UUID"] {
				t.Errorf("it is %+v, blkid says %q", got, want)
			}
		})
	}
}

// TestIdentifyHFSPlus has the volume that xorriso makes for Macs inside an
// ISO 9660 one. Its place stands in the third entry of the Apple partition map.
func TestIdentifyHFSPlus(t *testing.T) {
	tree := t.TempDir()
	if err := os.WriteFile(filepath.Join(tree, "hello.txt"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	name := blank(t, 0)
	tool(t, "", "xorriso", "-as", "mkisofs", "-quiet", "-hfsplus", "-V", "Ein Name", "-o", name, tree)
	disk, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	entry := disk[3*512:]
	start, count := be.Uint32(entry[8:]), be.Uint32(entry[12:])
	if err := os.WriteFile(name, disk[start*512:(start+count)*512], 0o600); err != nil {
		t.Fatal(err)
	}
	got, want := identifyFile(t, name), blkid(t, name)
	if got.Type != "HFS+" || got.Browsable || got.Problem == "" || want["TYPE"] != "hfsplus" || got.Label != want["LABEL"] || got.UUID != want["UUID"] {
		t.Errorf("it is %+v, blkid says %q", got, want)
	}
}
