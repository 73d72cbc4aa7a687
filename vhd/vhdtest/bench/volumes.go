package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"

	"vhdscope/vhd/vhdtest/mkfs"
)

// writeVolumes writes what the measurements of volumes read, each a folder with
// one fixed disk: ntfs and ext4, a few files; many, an XFS with a folder of
// 100,000; large, an NTFS with one file of size bytes, which lies there as
// flat.raw too. Those whose tools are not installed are left out.
func writeVolumes(dir string, size int64) error {
	for _, v := range []struct {
		name string
		make mkfs.Make
		size int64
		fill func(tree string) error
	}{
		{"ntfs", mkfs.NTFS, 256 << 20, func(tree string) error { return writeMany(tree, 40) }},
		{"ext4", mkfs.Ext4, 256 << 20, func(tree string) error { return writeMany(tree, 40) }},
		{"many", mkfs.XFS, 512 << 20, func(tree string) error { return writeMany(filepath.Join(tree, "many"), 100_000) }},
		{"large", mkfs.NTFS, size + 256<<20, func(tree string) error { return writeRandom(filepath.Join(tree, "flat.raw"), size) }},
	} {
		sub := filepath.Join(dir, v.name)
		tree := filepath.Join(sub, "tree")
		if err := os.MkdirAll(tree, 0o755); err != nil {
			return err
		}
		if err := v.fill(tree); err != nil {
			return err
		}
		image := filepath.Join(sub, v.name+".vhd")
		err := v.make(image, v.size, tree)
		if errors.Is(err, exec.ErrNotFound) {
			fmt.Printf("no %s volume: %v\n", v.name, err)
			if err := os.RemoveAll(sub); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		if err := mkfs.Seal(image); err != nil {
			return err
		}
		if v.name == "large" {
			if err := os.Rename(filepath.Join(tree, "flat.raw"), filepath.Join(sub, "flat.raw")); err != nil {
				return err
			}
		}
		if err := os.RemoveAll(tree); err != nil {
			return err
		}
	}
	return nil
}

// writeMany makes files with names as cameras and programs give them.
func writeMany(dir string, count int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i := range count {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("Document-%06d-of-the-archive.txt", i)), nil, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func writeRandom(name string, size int64) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	random := rand.NewChaCha8([32]byte{9})
	for p := make([]byte, 1<<20); size > 0; size -= int64(len(p)) {
		p = p[:min(int64(len(p)), size)]
		random.Read(p)
		if _, err := f.Write(p); err != nil {
			return err
		}
	}
	return f.Close()
}
