package ntfs_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fsys"
)

// deleted are the names that were deleted from a folder, and what they are.
func deleted(t testing.TB, v fsys.FS, folder string) map[string]fs.FileInfo {
	t.Helper()
	list, err := v.(fsys.Remembering).Deleted(folder)
	if err != nil {
		t.Errorf("%s: %v", folder, err)
	}
	all := map[string]fs.FileInfo{}
	for _, e := range list {
		info, err := e.Info()
		if err != nil || all[e.Name()] != nil || !fsys.MetaOf(info).Deleted {
			t.Errorf("%s: %v %+v", e.Name(), err, info)
		}
		all[e.Name()] = info
	}
	return all
}

// TestDeletedFilesAreRemembered deletes files and folders, and reuses the
// places of some.
func TestDeletedFilesAreRemembered(t *testing.T) {
	big, deep := random(300000, 1), random(50000, 2)
	name := makeVolume(t, 32<<20, nil, nil, func(dir string) {
		write(t, dir, "big", big)
		write(t, dir, "small", []byte("small"))
		write(t, dir, "twice", []byte("deleted"))
		write(t, dir, "folder/below/deep", deep)
		write(t, dir, "folder/stays", nil)
		write(t, dir, "gone/child", []byte("child"))
		write(t, dir, "gone/in gone/grandchild", []byte("grandchild"))
	})
	mounted(t, name, nil, func(dir string) {
		for _, name := range []string{"big", "small", "twice", "folder/below", "gone"} {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	})
	check := func(reused bool) {
		t.Helper()
		v := open(t, name)
		for path, want := range map[string][]byte{
			"big": big, "small": []byte("small"), "folder/below/deep": deep, "gone/child": []byte("child"), "gone/in gone/grandchild": []byte("grandchild"),
		} {
			folder, base := "."+"/"+path, path
			if i := strings.LastIndex(path, "/"); i >= 0 {
				folder, base = path[:i], path[i+1:]
			} else {
				folder = "."
			}
			info := deleted(t, v, folder)[base]
			if info == nil {
				t.Errorf("%s is not remembered", path)
				continue
			}
			if info.Size() != int64(len(want)) {
				t.Errorf("%s has %d bytes", path, info.Size())
			}
			// A volume that was just opened knows the path as well.
			v := open(t, name)
			b, err := fs.ReadFile(v, path)
			resident := len(want) < 500
			switch {
			case reused && !resident:
				if !errors.Is(err, fsys.ErrDamaged) || !strings.Contains(err.Error(), "in use by another") {
					t.Errorf("%s: %d bytes, %v", path, len(b), err)
				}
				if fsys.MetaOf(info).Problem == nil {
					t.Errorf("%s has no problem", path)
				}
			case err != nil || !bytes.Equal(b, want):
				t.Errorf("%s: %d bytes, %v", path, len(b), err)
			case fsys.MetaOf(info).Problem != nil:
				t.Errorf("%s: %v", path, fsys.MetaOf(info).Problem)
			}
		}
		// What lives does not show what is deleted.
		list, err := v.ReadDir(".")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.Name() == "big" || e.Name() == "gone" {
				t.Errorf("%s is listed among the living", e.Name())
			}
		}
	}
	check(false)
	// The clusters of all free space are taken; the records stay.
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, s := range structures(t, open(t, name)) {
		if s.Name != "$Bitmap" {
			continue
		}
		ones := bytes.Repeat([]byte{0xFF}, int(s.Length))
		if _, err := f.WriteAt(ones, s.Start); err != nil {
			t.Fatal(err)
		}
		break
	}
	check(true)
}

// TestDeletedNamesAreUnique deletes a file whose name lives on, and one whose
// folder is gone for good.
func TestDeletedNamesAreUnique(t *testing.T) {
	name := makeVolume(t, 32<<20, nil, nil, func(dir string) {
		write(t, dir, "name", []byte("deleted"))
		write(t, dir, "keeps the record", nil)
		write(t, dir, "folder/lost", []byte("lost"))
	})
	mounted(t, name, nil, func(dir string) {
		for _, name := range []string{"name", "folder"} {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	})
	v := open(t, name)
	// As if the record of the folder were in use again: another sequence.
	folder := deleted(t, v, ".")["folder"]
	if folder == nil {
		t.Fatal("the folder is not remembered")
	}
	record := int64(fsys.MetaOf(folder).ID & (1<<48 - 1))
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, s := range structures(t, v) {
		if s.Name == "$MFT" && record*1024 < s.Length {
			if _, err := f.WriteAt([]byte{9}, s.Start+record*1024+16); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	mounted(t, name, nil, func(dir string) {
		// The record of what was deleted first is taken by what comes next, so
		// the living name is an older one's.
		if err := os.Rename(filepath.Join(dir, "keeps the record"), filepath.Join(dir, "name")); err != nil {
			t.Fatal(err)
		}
	})
	v = open(t, name)
	if b, err := fs.ReadFile(v, "name"); err != nil || len(b) != 0 {
		t.Errorf("the living one: %q, %v", b, err)
	}
	if b, err := fs.ReadFile(v, "name (deleted)"); err != nil || string(b) != "deleted" {
		t.Errorf("the deleted one: %q, %v; %v", b, err, deleted(t, v, "."))
	}
	if b, err := fs.ReadFile(v, "(deleted, folder unknown)/lost"); err != nil || string(b) != "lost" {
		t.Errorf("the lost one: %q, %v; %v", b, err, deleted(t, v, "."))
	}
	if list := deleted(t, v, "(deleted, folder unknown)"); list["lost"] == nil {
		t.Errorf("lost: %v", list)
	}
	if info, err := v.Stat("(deleted, folder unknown)"); err != nil || !info.IsDir() {
		t.Errorf("%v, %v", info, err)
	}
}

func structures(t testing.TB, v fsys.FS) []fsys.Structure {
	t.Helper()
	var all []fsys.Structure
	if err := v.(fsys.Mapping).Structures(func(s fsys.Structure) bool {
		all = append(all, s)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestEveryClusterHasAnOwner adds the extents of all files to what the volume
// says of the rest, and compares each cluster with what ntfscluster says.
func TestEveryClusterHasAnOwner(t *testing.T) {
	name := makeVolume(t, 48<<20, nil, []string{"compression", "streams_interface=windows"}, func(dir string) {
		fillMany(t, dir)
		fillCompressed(t, dir)
		write(t, dir, "hello.txt:stream", random(100000, 1))
	})
	v := open(t, name)
	const cluster = 4096
	owners := make([]string, 48<<20/cluster)
	claim := func(owner string, start, length int64) {
		for c := start / cluster; c < (start+length+cluster-1)/cluster && c < int64(len(owners)); c++ {
			if owners[c] != "" && owners[c] != owner {
				t.Errorf("cluster %d is of %s and of %s", c, owners[c], owner)
			}
			owners[c] = owner
		}
	}
	names := map[string]int64{}
	for _, s := range structures(t, v) {
		if s.Name == "backup boot sector" {
			continue // it lies behind the last cluster
		}
		claim(s.Name, s.Start, s.Length)
		names[s.Name] += s.Length / cluster
	}
	for _, name := range []string{"$MFT", "$MFTMirr", "$LogFile", "$Bitmap", "$Boot", "$UpCase", "folders", "alternate streams", fsys.Free} {
		if names[name] == 0 {
			t.Errorf("%s is not told of: %v", name, names)
		}
	}
	if names["folders"] < 10 || names["in use by no known file"] > 0 {
		t.Errorf("clusters: %v", names)
	}
	inside := func(start int64) bool { return owners[start/cluster] == "$MFT" }
	for path, n := range volumeTree(t, v) {
		if !n.kind.IsRegular() {
			continue
		}
		f, err := v.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		extents, err := f.(fsys.File).Extents()
		if err != nil {
			t.Fatal(err)
		}
		info, _ := f.Stat()
		for _, e := range extents {
			if start, length := e.Volume(); length > 0 && !(info.Size() < 1024 && inside(start)) {
				claim(fmt.Sprintf("file %x", fsys.MetaOf(info).ID), start, length)
			}
		}
	}
	unknown := 0
	for c, owner := range owners[:len(owners)-1] {
		if owner == "" {
			unknown++
			if unknown < 5 {
				t.Errorf("cluster %d has no owner", c)
			}
		}
	}
	if unknown > 0 {
		t.Errorf("%d clusters have no owner", unknown)
	}
	for _, c := range []int{0, 4, 2000, 5000, 8000, 11000} {
		out := run(t, "ntfscluster", "-c", fmt.Sprintf("%d-%d", c, c), name)
		free := strings.Contains(out, "no inode") || !strings.Contains(out, "Inode ")
		if free != (owners[c] == fsys.Free) {
			t.Errorf("cluster %d is %q, and ntfscluster says %s", c, owners[c], out)
		}
	}
}
