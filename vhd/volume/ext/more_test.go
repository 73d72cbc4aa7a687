package ext_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vhdscope/vhd"
	"vhdscope/vhd/volume/ext"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/trees"
)

// counting counts reads.
type counting struct {
	io.ReaderAt
	reads, longest int
}

func (c *counting) ReadAt(b []byte, off int64) (int, error) {
	c.reads++
	c.longest = max(c.longest, len(b))
	return c.ReaderAt.ReadAt(b, off)
}

func TestListingTheRootTakesFewReads(t *testing.T) {
	f, size := trees.Image(t, made(t, trees.Make(t, 2), "1G", "-t", "ext4"))
	c := &counting{ReaderAt: f}
	volume, err := ext.Open(c, size)
	if err != nil {
		t.Fatal(err)
	}
	list, err := volume.ReadDir(".")
	if err != nil || len(list) < 10 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	if c.reads > 12 || c.longest > 64<<10 {
		t.Errorf("%d reads of up to %d bytes, want at most 12 of 64 KiB", c.reads, c.longest)
	}
}

func TestAFolderOfVeryManyFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("a long test")
	}
	const count = 100_000
	image := made(t, t.TempDir(), "100M", "-t", "ext4", "-O", "^has_journal", "-I", "128", "-N", strconv.Itoa(count+5000))
	trees.Mounted(t, image, func(folder string) {
		for i := range count {
			name := filepath.Join(folder, fmt.Sprintf("a file of very many, %06d", i))
			fd, err := syscall.Open(name, syscall.O_CREAT|syscall.O_WRONLY, 0o644) // os.Create takes three times as long
			if err != nil {
				t.Fatal(err)
			}
			syscall.Close(fd)
		}
	})
	_, volume := open(t, image)
	list, err := volume.ReadDir(".")
	if err != nil || len(list) != count+1 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	inodes := map[uint64]bool{}
	for i, e := range list[:count] {
		info, err := e.Info()
		if err != nil || e.Name() != fmt.Sprintf("a file of very many, %06d", i) || !info.Mode().IsRegular() || fsys.MetaOf(info).Problem != nil {
			t.Fatalf("entry %d is %v, %v", i, e, err)
		}
		inodes[fsys.MetaOf(info).ID] = true
	}
	if len(inodes) != count {
		t.Errorf("%d inodes for %d files", len(inodes), count)
	}
}

func TestAFileOfThreeGigabytes(t *testing.T) {
	const size = 3<<30 + 12345
	for _, kind := range []string{"ext2", "ext4"} {
		root := t.TempDir()
		places := []int64{0, 1<<30 - 100, 1 << 31, size - 5000}
		trees.Sparse(t, filepath.Join(root, "huge"), size, trees.Random(4), places)
		volume, mounted := open(t, made(t, root, "32M", "-t", kind, "-b", "4096"))
		opened, err := mounted.Open("huge")
		if err != nil {
			t.Fatal(err)
		}
		f := opened.(fsys.File)
		source, _ := trees.Image(t, filepath.Join(root, "huge"))
		extents, err := f.Extents()
		if err != nil || len(extents) < 2*len(places)-1 {
			t.Fatalf("%s: extents %v, %v", kind, extents, err)
		}
		end := int64(0)
		for _, e := range extents {
			if e.Offset != end {
				t.Errorf("%s: %+v does not follow on %d", kind, e, end)
			}
			end = e.Offset + e.Length
			if e.Length > 1<<20 && e.Start >= 0 {
				t.Errorf("%s: a hole lies at %+v", kind, e)
			}
			want := make([]byte, min(e.Length, 1<<16))
			source.ReadAt(want, e.Offset)
			got := make([]byte, len(want))
			if e.Start >= 0 {
				volume.ReadAt(got, e.Start)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s: other bytes at %+v", kind, e)
			}
			clear(got)
			if _, err := f.ReadAt(got, e.Offset); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: other bytes are read at %+v, %v", kind, e, err)
			}
		}
		if end != size {
			t.Errorf("%s: extents end at %d", kind, end)
		}
	}
}

// TestTimesAndOwnersAreThoseThatDebugfsTells, which reads inodes on its own.
func TestTimesAndOwnersAreThoseThatDebugfsTells(t *testing.T) {
	for _, size := range []string{"128", "256"} {
		image := made(t, trees.Few(t, 1), "8M", "-t", "ext4", "-I", size)
		for _, set := range []string{"mtime_extra 0x66666666", "uid 70000", "gid 123456", "atime @0x7fffffff", "ctime @0x90000000"} {
			trees.Tool(t, "debugfs", "-w", "-R", "set_inode_field /b/c "+set, image)
		}
		_, volume := open(t, image)
		info, err := volume.Stat("b/c")
		if err != nil {
			t.Fatal(err)
		}
		meta := fsys.MetaOf(info)
		if meta.Owner != "70000:123456" {
			t.Errorf("owner %q", meta.Owner)
		}
		said := trees.Tool(t, "debugfs", "-R", "stat /b/c", image)
		for name, got := range map[string]time.Time{"mtime": info.ModTime(), "atime": meta.Accessed, "ctime": meta.Changed, "crtime": meta.Created} {
			m := regexp.MustCompile(`\b` + name + `: 0x([0-9a-f]{8})(?::([0-9a-f]{8}))?`).FindStringSubmatch(said)
			if m == nil {
				if !got.IsZero() {
					t.Errorf("%s %v, which is not kept", name, got)
				}
				continue
			}
			sec, _ := strconv.ParseUint(m[1], 16, 32)
			extra, _ := strconv.ParseUint("0"+m[2], 16, 33)
			want := time.Unix(int64(int32(sec))+int64(extra&3)<<32, int64(extra>>2)).UTC()
			if !got.Equal(want) {
				t.Errorf("inodes of %s: %s %v, want %v", size, name, got, want)
			}
		}
	}
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	root := trees.Few(t, 1)
	image := made(t, root, "8M", "-t", "ext4", "-O", "inline_data")
	f, size := trees.Image(t, image)
	if _, err := ext.Open(f, size); !errors.Is(err, fsys.ErrUnsupported) || !strings.Contains(err.Error(), "inline_data") {
		t.Errorf("inline data: %v", err)
	}

	image = made(t, root, "8M", "-t", "ext4")
	for _, set := range []string{"set_inode_field /a flags 0x80800", "set_inode_field /large flags 0x80004", "feature needs_recovery"} {
		trees.Tool(t, "debugfs", "-w", "-R", set, image)
	}
	f, volume := open(t, image)
	for name, want := range map[string]error{"a": fsys.ErrEncrypted, "large": fsys.ErrUnsupported} {
		_, err := volume.Open(name)
		info, stat := volume.Stat(name)
		if !errors.Is(err, want) || stat != nil || !errors.Is(fsys.MetaOf(info).Problem, want) {
			t.Errorf("%q: %v, %v", name, err, stat)
		}
	}
	if _, err := volume.Open("no such file"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if notes := volume.About().Notes; len(notes) != 1 || !strings.Contains(notes[0], "journal was not replayed") {
		t.Errorf("notes %q", notes)
	}

	cut, err := ext.Open(f, 5<<20)
	if err != nil {
		t.Fatal(err)
	}
	if notes := cut.About().Notes; !strings.Contains(strings.Join(notes, "\n"), "ends before") {
		t.Errorf("notes %q", notes)
	}
}

// TestRealImage reads the volume in an image that QEMU wrote.
func TestRealImage(t *testing.T) {
	f, err := os.Open("../../../../shared/images/writers/qemu-ext2.vhd")
	if err != nil {
		t.Skip("the folder of real images is not here")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	image, err := vhd.Open(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	disk, err := vhd.NewDisk(image)
	if err != nil {
		t.Fatal(err)
	}
	volume, err := ext.Open(disk, disk.Size())
	if err != nil {
		t.Fatal(err)
	}
	if about := volume.About(); about.Type != "ext2" || about.Label != "ext2_test" {
		t.Errorf("about is %+v", about)
	}
	got, err := fs.ReadFile(volume, "passwords.txt")
	if err != nil || !bytes.HasPrefix(got, []byte("place,user,password")) {
		t.Errorf("passwords.txt is %q, %v", got, err)
	}
	link, err := volume.Stat("a_link")
	if err != nil || fsys.MetaOf(link).Target != "a_directory/another_file" {
		t.Errorf("a_link is %v, %v", link, err)
	}
}
