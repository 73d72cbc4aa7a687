// Package mkfs makes volumes of a tree of files with the tools of their file
// systems, and fixed VHDs of them. Where a tool is not installed, errors are
// [exec.ErrNotFound].
package mkfs

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"vhdscope/vhd/vhdtest"
)

// Make makes a volume of size bytes in the file image, with the files and
// folders that are in the folder tree.
type Make func(image string, size int64, tree string) error

// Ext4 makes an ext4.
func Ext4(image string, size int64, tree string) error {
	if err := blank(image, size); err != nil {
		return err
	}
	return run("mkfs.ext4", "-q", "-F", "-L", "tools", "-d", tree, image)
}

// FAT32 makes a FAT32.
func FAT32(image string, size int64, tree string) error {
	if err := blank(image, size); err != nil {
		return err
	}
	if err := run("mkfs.fat", "-F", "32", "-n", "TOOLS", image); err != nil {
		return err
	}
	tops, err := filepath.Glob(filepath.Join(tree, "*"))
	if err != nil {
		return err
	}
	return run("mcopy", append(append([]string{"-s", "-i", image}, tops...), "::")...)
}

// NTFS makes an NTFS. The tool that puts files into one makes no folders: all
// of them lie in the root, by the last part of their names.
func NTFS(image string, size int64, tree string) error {
	if err := blank(image, size); err != nil {
		return err
	}
	if err := run("mkfs.ntfs", "-q", "-F", "-Q", "-L", "tools", image); err != nil {
		return err
	}
	return filepath.WalkDir(tree, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return run("ntfscp", "-q", image, path, d.Name())
	})
}

// XFS makes an XFS, also with very many files in a folder. Names must have no
// spaces; files are regular ones.
func XFS(image string, size int64, tree string) error {
	if err := blank(image, size); err != nil {
		return err
	}
	// The tree as mkfs.xfs -p reads it: a line an entry, "$" at the end of a folder.
	var proto strings.Builder
	proto.WriteString("none\n0 0\nd--755 0 0\n")
	var list func(dir string) error
	list = func(dir string) error {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			path := filepath.Join(dir, e.Name())
			if !e.IsDir() {
				fmt.Fprintf(&proto, "%s ---644 0 0 %s\n", e.Name(), path)
				continue
			}
			fmt.Fprintf(&proto, "%s d--755 0 0\n", e.Name())
			if err := list(path); err != nil {
				return err
			}
		}
		proto.WriteString("$\n")
		return nil
	}
	if err := list(tree); err != nil {
		return err
	}
	file := image + ".proto"
	if err := os.WriteFile(file, []byte(proto.String()), 0o666); err != nil {
		return err
	}
	defer os.Remove(file)
	return run("mkfs.xfs", "-q", "-f", "-p", file, image)
}

// Seal makes a fixed VHD of a volume, in place.
func Seal(image string) error {
	info, err := os.Stat(image)
	if err != nil {
		return err
	}
	size := info.Size()
	disk := vhdtest.Spec{Type: vhdtest.Fixed, Size: size, UUID: vhdtest.ID(filepath.Base(image))}.Build()
	f, err := os.OpenFile(image, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.WriteAt(disk.Get(size, vhdtest.FooterSize), size); err != nil {
		return err
	}
	return f.Close()
}

// blank makes a file of zeros, all of it a hole.
func blank(image string, size int64) error {
	if err := os.WriteFile(image, nil, 0o666); err != nil {
		return err
	}
	return os.Truncate(image, size)
}

// run runs a tool: also one that only an administrator has in the path.
func run(name string, args ...string) error {
	program, err := exec.LookPath(name)
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/" + name); err != nil {
			return err
		}
	}
	command := exec.Command(program, args...)
	command.Env = append(os.Environ(), "LC_ALL=C.UTF-8") // mtools reads names by the locale
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, said)
	}
	return nil
}
