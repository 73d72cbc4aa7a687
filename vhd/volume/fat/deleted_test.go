package fat_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/volume/fsys"
)

// deletedNames is what a file system remembers of a folder.
func deletedNames(t testing.TB, v fsys.FS, folder string) (names []string) {
	t.Helper()
	list, err := v.(fsys.Remembering).Deleted(folder)
	if err != nil {
		t.Error(err)
	}
	for _, e := range list {
		names = append(names, e.Name())
		info, err := e.Info()
		if err != nil || !fsys.MetaOf(info).Deleted {
			t.Errorf("%s is not marked as deleted (%v)", e.Name(), err)
		}
	}
	return names
}

func mustBeDeleted(t testing.TB, v fsys.FS, folder, name string) {
	t.Helper()
	if names := deletedNames(t, v, folder); !slices.Contains(names, name) {
		t.Errorf("deleted from %s: %q, want also %q", folder, names, name)
	}
	list, err := v.ReadDir(folder)
	if err != nil {
		t.Error(err)
	}
	for _, e := range list {
		if e.Name() == name {
			t.Errorf("%s lives in %s", name, folder)
		}
	}
}

// numbered is content that tells its place.
func numbered(name string, size int) []byte {
	return bytes.Repeat([]byte(name+"\n"), size/(len(name)+1)+1)[:size]
}

// writeFiles makes files in a folder.
func writeFiles(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	for name, data := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// lives are files of which every other one is deleted below.
func lives() map[string][]byte {
	return map[string][]byte{
		"SHORT.TXT":                       numbered("short", 5000),
		"A long name, with a blank.txt":   numbered("long", 9000),
		"Ünïcode 世界.txt":                  numbered("unicode", 2000),
		"empty and long.txt":              nil,
		"folder/Below a folder.txt":       numbered("below", 700),
		"stays.txt":                       numbered("stays", 30000),
		"gone folder/inside it.txt":       numbered("inside", 6000),
		"gone folder/also inside.txt":     numbered("also", 100),
		"exactly thirteen long parts.txt": numbered("parts", 100),
	}
}

var gone = []string{"A long name, with a blank.txt", "Ünïcode 世界.txt", "empty and long.txt", "folder/Below a folder.txt", "gone folder/inside it.txt", "exactly thirteen long parts.txt"}

// checkGone compares what was deleted with what it was.
func checkGone(t *testing.T, v fsys.FS, names map[string]string) {
	t.Helper()
	was := lives()
	for name, shown := range names {
		mustBeDeleted(t, v, path.Dir(shown), path.Base(shown))
		data, err := fs.ReadFile(v, shown)
		if err != nil || !bytes.Equal(data, was[name]) {
			t.Errorf("%s: %d bytes %.20q, want %d (%v)", shown, len(data), data, len(was[name]), err)
		}
	}
}

// smallFAT32 makes 65,534 clusters of 512 bytes: enough for FAT32, and so few
// that the number of each has 16 bits.
const smallFAT32 = (65534 + 2*513 + 32) * 512

// TestDeletedWithHalfANumber deletes a file as Windows does from FAT32.
func TestDeletedWithHalfANumber(t *testing.T) {
	image := format(t, 40<<20, "mkfs.vfat", "-F", "32", "-s", "1")
	root := t.TempDir()
	writeFiles(t, root, map[string][]byte{"gone.txt": numbered("gone", 5000), "empty.txt": nil})
	copyTree(t, image, root)
	run(t, "mdel", "-i", image, "::/gone.txt", "::/empty.txt")
	v, _ := open(t, image)
	mustBeDeleted(t, v, ".", "_one.txt")
	mustBeLost(t, v, "_one.txt")
	if data, err := fs.ReadFile(v, "_mpty.txt"); len(data) > 0 || err != nil {
		t.Errorf("_mpty.txt: %d bytes, %v", len(data), err)
	}
}

// TestDeletedByMtools deletes files, and then writes others over them.
func TestDeletedByMtools(t *testing.T) {
	need(t, "mcopy", "mdel", "mdeltree")
	for _, l := range []struct {
		name      string
		size      int64
		arguments []string
	}{
		{"FAT12", 2 << 20, []string{"-F", "12", "-s", "2"}},
		{"FAT16", 40 << 20, []string{"-F", "16", "-s", "4"}},
		{"FAT32", smallFAT32, []string{"-F", "32", "-s", "1"}},
	} {
		t.Run(l.name, func(t *testing.T) {
			root := t.TempDir()
			writeFiles(t, root, lives())
			image := format(t, l.size, "mkfs.vfat", l.arguments...)
			copyTree(t, image, root)
			for _, name := range append(gone, "SHORT.TXT") {
				run(t, "mdel", "-i", image, "::/"+name)
			}
			run(t, "mdeltree", "-i", image, "::/gone folder")

			before := filepath.Join(t.TempDir(), "before.img")
			run(t, "cp", "--sparse=always", image, before)

			v, f := open(t, image)
			shown := map[string]string{"SHORT.TXT": "_HORT.TXT"} // nothing tells its first letter
			for _, name := range gone {
				shown[name] = name
			}
			shown["gone folder/also inside.txt"] = "gone folder/also inside.txt"
			checkGone(t, v, shown)
			files := volumeFiles(t, v, f)
			if len(files) != 2 {
				t.Errorf("%d files live, want stays.txt and folder: %v", len(files), files)
			}

			// What is written now may take any cluster.
			again := filepath.Join(t.TempDir(), "again.bin")
			if err := os.WriteFile(again, numbered("again", 20000), 0o644); err != nil {
				t.Fatal(err)
			}
			run(t, "mcopy", "-i", image, again, "::/")
			v, _ = open(t, image)
			checkHonest(t, v)

			// One cluster in use again makes the whole content unknown.
			v, _ = open(t, before)
			e, err := v.Open("_HORT.TXT")
			if err != nil {
				t.Fatal(err)
			}
			extents, err := e.(fsys.File).Extents()
			if err != nil || len(extents) != 1 {
				t.Fatal(extents, err)
			}
			p := placesOf(t, before)
			last := (extents[0].Start+extents[0].Length-1-p.heap)/p.cluster + 2
			p.setLinks(t, before, last, 0x0FFFFFFF)
			v, _ = open(t, before)
			mustBeLost(t, v, "_HORT.TXT")
		})
	}
}

// checkHonest wants of every deleted file that it is what it was, or is not
// given.
func checkHonest(t testing.TB, v fsys.FS) {
	t.Helper()
	given, lost := 0, 0
	// The end of a long name may be overwritten.
	was := func(shown string) []byte {
		for name, data := range lives() {
			if base := path.Base(name); strings.HasPrefix(base, shown) || shown == "_HORT.TXT" && base == "SHORT.TXT" {
				return data
			}
		}
		t.Errorf("%s never was", shown)
		return nil
	}
	for w := fsys.NewWalker(v, ".", true); w.Next(); {
		if w.Entry() == nil || w.Entry().IsDir() || path.Base(w.Path()) == "again.bin" {
			continue
		}
		data, err := fs.ReadFile(v, w.Path())
		switch want := was(path.Base(w.Path())); {
		case err != nil:
			lost++
		case !bytes.Equal(data, want):
			t.Errorf("%s: %.20q, but it was %.20q", w.Path(), data, want)
		default:
			given++
		}
	}
	if given == 0 || lost == 0 && v.About().Type != "FAT32" {
		// mtools leave what is free alone for long on FAT32.
		t.Errorf("%d files are given and %d not: the test shows nothing", given, lost)
	}
}

// TestDeletedNames restores what is left of names.
func TestDeletedNames(t *testing.T) {
	long := func(name string) []byte { return fatSlots(slot{name: name, attributes: 0x20, deleted: true}, 1) }
	other := func(b []byte, checksum byte) []byte {
		for i := 0; i+32 < len(b); i += 32 {
			b[i+13] = checksum
		}
		return b
	}
	gone := dosSlot("\xe5ILE    TXT", slot{attributes: 0x20})
	parts := long("a name of three parts, each full.")
	for _, c := range []struct {
		what  string
		slots []byte
		want  []string
	}{
		{"8.3", gone, []string{"_ILE.TXT"}},
		{"long", parts, []string{"a name of three parts, each full."}},
		{"its end is overwritten", parts[32:], []string{"a name of three parts, eac"}},
		{"its beginning is overwritten", slices.Concat(parts[:64], dosSlot("LIVES      ", slot{attributes: 0x20}), parts[96:]), []string{"_HORT001.TXT"}},
		// By this checksum the 8.3 name would begin with a lower-case letter.
		{"of another entry", slices.Concat(other(long("not its name"), 0x6f)[:32], gone), []string{"_ILE.TXT"}},
		{"of two, one behind the other", slices.Concat(other(long("an orphan"), 1)[:32], parts), []string{"a name of three parts, each full."}},
		{"of one that lives", slices.Concat(fatSlots(slot{name: "lives", attributes: 0x20}, 1)[:32], gone), []string{"_ILE.TXT"}},
		{"the same twice", slices.Concat(parts, parts), []string{"a name of three parts, each full.", "a name of three parts, each full. (deleted)"}},
		{"a label", dosSlot("\xe5ABEL     ", slot{attributes: 0x08}), nil},
	} {
		v := newBuilt("FAT16")
		v.endRoot(&folder{v: v, slots: c.slots})
		f, err := openBytes(v.b)
		if err != nil {
			t.Fatal(err)
		}
		if names := deletedNames(t, f, "."); !slices.Equal(names, c.want) {
			t.Errorf("%s: %q, want %q", c.what, names, c.want)
		}
	}
}

// TestDeletedFolderOfOthers has a deleted folder in whose place something else
// was written, and deleted.
func TestDeletedFolderOfOthers(t *testing.T) {
	v := newBuilt("FAT16")
	copy(v.b[v.at(9):], slices.Concat(dosSlot("OTHER   TXT", slot{attributes: 0x20}), dosSlot("DATA    TXT", slot{attributes: 0x20})))
	copy(v.b[v.at(8):], slices.Concat(dosSlot(".          ", slot{attributes: 0x10, first: 8}), make([]byte, 32), dosSlot("RIGHT   TXT", slot{})))
	copy(v.b[v.at(8)+32:], dosSlot("..         ", slot{attributes: 0x10}))
	v.endRoot(&folder{v: v, slots: slices.Concat(
		dosSlot("\xe5RONG      ", slot{attributes: 0x10, first: 9}),
		dosSlot("\xe5IGHT      ", slot{attributes: 0x10, first: 8}))})
	f, err := openBytes(v.b)
	if err != nil {
		t.Fatal(err)
	}
	if list, err := f.(fsys.Remembering).Deleted("_RONG"); len(list) > 0 || !errors.Is(err, fsys.ErrDamaged) {
		t.Errorf("in a folder that is none: %v, %v", list, err)
	}
	if list, err := f.ReadDir("_RONG"); len(list) > 0 || !errors.Is(err, fsys.ErrDamaged) {
		t.Errorf("in a folder that is none: %v, %v", list, err)
	}
	if names := deletedNames(t, f, "_IGHT"); !slices.Equal(names, []string{"RIGHT.TXT"}) {
		t.Errorf("in a folder that is one: %q", names)
	}
}

// mustBeLost wants a file that is told of but not read.
func mustBeLost(t testing.TB, v fsys.FS, name string) {
	t.Helper()
	info, err := v.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if fsys.MetaOf(info).Problem == nil {
		t.Errorf("%s has no problem", name)
	}
	if _, err := v.Open(name); !errors.Is(err, fsys.ErrDamaged) {
		t.Errorf("%s is opened: %v", name, err)
	}
}

// TestDeletedByExFATFuse does the same by another driver.
func TestDeletedByExFATFuse(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, lives())
	image := format(t, 4<<20, "mkfs.exfat", "-c", "4K")
	mountExFAT(t, image, func(dir string) { copyPlain(t, root, dir) })
	mountExFAT(t, image, func(dir string) {
		for _, name := range append(gone, "SHORT.TXT") {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.RemoveAll(filepath.Join(dir, "gone folder")); err != nil {
			t.Fatal(err)
		}
	})
	v, _ := open(t, image)
	shown := map[string]string{}
	for _, name := range append(gone, "SHORT.TXT", "gone folder/also inside.txt") {
		shown[name] = name
	}
	checkGone(t, v, shown)

	mountExFAT(t, image, func(dir string) {
		writeFiles(t, dir, map[string][]byte{"again.bin": numbered("again", 1<<20)})
	})
	v, _ = open(t, image)
	checkHonest(t, v)
}
