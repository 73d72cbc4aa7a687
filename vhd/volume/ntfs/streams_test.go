package ntfs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"vhdscope/vhd/volume/fsys"
)

// text is bytes that pack well, the more so the larger the step.
func text(n int, seed uint64) []byte {
	r := random(n, seed)
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "line %d of the text, with %d in it\n", i, r[i%len(r)])
	}
	return b.Bytes()[:n]
}

// setAttribute sets an extended attribute of ntfs-3g's own.
func setAttribute(t testing.TB, name, attribute string, value []byte) {
	t.Helper()
	need(t, "setfattr")
	run(t, "setfattr", "-n", attribute, "-v", fmt.Sprintf("0x%x", value), name)
}

// setFlags sets the attributes of a file.
func setFlags(t testing.TB, name string, flags uint32) {
	setAttribute(t, name, "system.ntfs_attrib_be", binary.BigEndian.AppendUint32(nil, flags))
}

// fillCompressed writes files into a folder whose files are compressed.
func fillCompressed(t testing.TB, dir string) {
	dir = filepath.Join(dir, "packed")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	setFlags(t, dir, 1<<11)
	for _, n := range []int{100, 4095, 4096, 5000, 65535, 65536, 65537, 300000, 1 << 20, 3<<20 + 17} {
		write(t, dir, fmt.Sprintf("text %d", n), text(n, uint64(n)))
	}
	write(t, dir, "random", random(400000, 1))
	write(t, dir, "zeros", make([]byte, 500000))
	// Units of each kind, and chunks of each kind in a unit.
	var mixed []byte
	for i := range 40 {
		switch i % 4 {
		case 0:
			mixed = append(mixed, text(65536, uint64(i))...)
		case 1:
			mixed = append(mixed, random(65536, uint64(i))...)
		case 2:
			mixed = append(mixed, make([]byte, 65536)...)
		case 3:
			for j := range 16 {
				mixed = append(mixed, text(2000, uint64(j))...)
				mixed = append(mixed, random(1000, uint64(j))...)
				mixed = append(mixed, make([]byte, 1096)...)
			}
		}
	}
	write(t, dir, "mixed", mixed[:len(mixed)-777])
	f, err := os.Create(filepath.Join(dir, "with holes"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, at := range []int64{70000, 500000, 1 << 20} {
		if _, err := f.WriteAt(text(100000, uint64(at)), at); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCompressedFiles reads compressed files, also fragmented ones, as other
// drivers do.
func TestCompressedFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, cluster string
		size          int64
		small         int // how long the files are that make pieces; 0 for none
	}{{"whole", "4096", 64 << 20, 0}, {"in pieces", "4096", 48 << 20, 12000}, {"small clusters in pieces", "512", 20 << 20, 3000}} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && c.small > 0 {
				t.Skip("long")
			}
			var want tree
			name := makeVolume(t, c.size, []string{"-c", c.cluster}, []string{"compression"}, func(dir string) {
				if c.small > 0 {
					fragment(t, dir, c.small)
				}
				fillCompressed(t, dir)
				want = hostTree(t, filepath.Join(dir, "packed"))
			})
			v := open(t, name)
			got := tree{}
			for path, n := range volumeTree(t, v) {
				if rest, ok := strings.CutPrefix(path, "packed/"); ok {
					got[rest] = n
				}
			}
			same(t, got, want)

			volume, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer volume.Close()
			packed, pieces := 0, 0
			for path := range want {
				path = "packed/" + path
				extents := provesExtents(t, v, volume, path)
				for i, e := range extents {
					if e.Stored == 0 {
						continue
					}
					packed++
					if i > 0 && extents[i-1].Stored != 0 && extents[i-1].Length == extents[i-1].Stored {
						pieces++
					}
				}
				readsAnywhere(t, v, path)
				info, err := v.Stat(path)
				if err != nil {
					t.Fatal(err)
				}
				if m := fsys.MetaOf(info); !strings.Contains(m.Attributes, "C") {
					t.Errorf("%s has the attributes %q", path, m.Attributes)
				} else if path == "packed/text 1048576" && m.Allocated >= info.Size()/2 {
					t.Errorf("%s takes %d bytes", path, m.Allocated)
				}
			}
			if packed < 50 || c.small > 0 && pieces < 5 {
				t.Errorf("%d extents are packed, %d of them in pieces: this tests too little", packed, pieces)
			}
		})
	}
}

// TestShortChunksAreFilledUp packs a unit by hand: a chunk of fewer bytes than
// it stands for, and one with a reference to bytes before.
func TestShortChunksAreFilledUp(t *testing.T) {
	im := tiny(t)
	f, err := im.open(t).Open("packed/text")
	if err != nil {
		t.Fatal(err)
	}
	extents, err := f.(fsys.File).Extents()
	if err != nil || extents[0].Stored == 0 {
		t.Fatalf("%v, %v", extents, err)
	}
	unit := im[extents[0].Start:]
	packed := []byte{
		0x08, 0xB0, 0x00, '1', '2', '3', '4', '5', '6', '7', '8', // eight signs
		0x05, 0xB0, 0x08, 'a', 'b', 'c', 0x04, 0x20, // three, and seven from three before
		0, 0,
	}
	copy(unit, packed)
	want := make([]byte, 8192)
	copy(want, "12345678")
	copy(want[4096:], "abcabcabca")
	b, err := fs.ReadFile(im.open(t), "packed/text")
	if err != nil || !bytes.Equal(b[:8192], want) || !bytes.Equal(b[8192:], text(20000, 1)[8192:]) {
		t.Errorf("%q, %v", b[:min(len(b), 4200)], err)
	}
	for name, damage := range map[string][]byte{
		"a reference before the chunk": {0x05, 0xB0, 0x02, 'a', 0x04, 0xF0, 'x', 'y', 0, 0},
		"a chunk without its sign":     {0x08, 0xF0, 0x00, '1', '2', '3', '4', '5', '6', '7', '8', 0, 0},
	} {
		copy(unit, damage)
		if _, err := fs.ReadFile(im.open(t), "packed/text"); !errors.Is(err, fsys.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// readsAnywhere compares reads at odd places with the file read in order.
func readsAnywhere(t *testing.T, v fsys.FS, name string) {
	t.Helper()
	f, err := v.Open(name)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	all, err := io.ReadAll(f)
	if err != nil {
		t.Error(err)
		return
	}
	r := f.(io.ReaderAt)
	for i := range 30 {
		at := int64(i) * 7919 * 37 % int64(len(all)+1)
		p := make([]byte, i*i*i*7)
		n, err := r.ReadAt(p, at)
		want := all[at:min(int64(len(all)), at+int64(len(p)))]
		if !bytes.Equal(p[:n], want) || (err == io.EOF) != (n < len(p) || at == int64(len(all))) && len(p) > 0 {
			t.Errorf("%s: %d bytes at %d: %d, %v", name, len(p), at, n, err)
		}
	}
}

// TestFilesWithManyFacesAreTold looks at what a file can have besides its
// content.
func TestFilesWithManyFacesAreTold(t *testing.T) {
	big := random(100000, 9)
	name := makeVolume(t, 64<<20, nil, []string{"streams_interface=windows"}, func(dir string) {
		write(t, dir, "file", []byte("content"))
		write(t, dir, "file:stream", []byte("of the stream"))
		write(t, dir, "file:большой", big)
		write(t, dir, "folder/inside", nil)
		write(t, dir, "folder:on a folder", []byte("too"))
		write(t, dir, "a rather long name.txt", []byte("8.3"))
		setAttribute(t, filepath.Join(dir, "a rather long name.txt"), "system.ntfs_dos_name", []byte("ARATHE~1.TXT"))
		for i, letter := range "RHSA" {
			write(t, dir, "flag "+string(letter), nil)
			setFlags(t, filepath.Join(dir, "flag "+string(letter)), []uint32{1, 2, 4, 32}[i])
		}
	})
	v := open(t, name)
	for path, want := range map[string]string{
		"file": "content", "file:stream": "of the stream", "file:большой": string(big), "folder:on a folder": "too",
		"a rather long name.txt": "8.3",
	} {
		b, err := fs.ReadFile(v, path)
		if err != nil || string(b) != want {
			t.Errorf("%s: %d bytes, %v", path, len(b), err)
		}
	}
	for _, path := range []string{"file:none", "none:stream", "ARATHE~1.TXT", "file/inside", "FILE"} {
		if _, err := v.Open(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", path, err)
		}
	}
	info, err := v.Stat("file")
	if err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprint(fsys.MetaOf(info).Streams); s != "[{stream 13} {большой 100000}]" {
		t.Errorf("streams: %s", s)
	}
	list, err := v.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		m := fsys.MetaOf(info)
		if e.Name() == "a rather long name.txt" && m.Short != "ARATHE~1.TXT" {
			t.Errorf("its short name is %q", m.Short)
		}
		if letter, ok := strings.CutPrefix(e.Name(), "flag "); ok && m.Attributes != letter {
			t.Errorf("%s has the attributes %q", e.Name(), m.Attributes)
		}
		if m.Created.IsZero() || m.Changed.IsZero() || m.Accessed.IsZero() || m.Local {
			t.Errorf("%s has the times %v", e.Name(), m)
		}
	}
	if s := strings.Join(names, "|"); s != "a rather long name.txt|file|flag A|flag H|flag R|flag S|folder" {
		t.Errorf("the root has %s", s)
	}
}

// reparsePoint is a reparse point with a tag and data.
func reparsePoint(tag uint32, data []byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, tag)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(data)))
	return append(append(b, 0, 0), data...)
}

// windowsLink is the data of a junction (header 8) or symbolic link (12).
func windowsLink(header int, substitute, print string) []byte {
	name := func(s string) (b []byte) {
		for _, u := range utf16.Encode([]rune(s)) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return b
	}
	s, p := name(substitute), name(print)
	b := make([]byte, header)
	binary.LittleEndian.PutUint16(b[2:], uint16(len(s)))
	binary.LittleEndian.PutUint16(b[4:], uint16(len(s)))
	binary.LittleEndian.PutUint16(b[6:], uint16(len(p)))
	return append(append(b, s...), p...)
}

// TestReparsePointsAreTold looks at links of all kinds, and at files whose
// content is not what their stream holds.
func TestReparsePointsAreTold(t *testing.T) {
	points := map[string][]byte{
		"junction":   reparsePoint(0xA0000003, windowsLink(8, `\??\C:\Users\Ünï`, `C:\Users`)),
		"volume":     reparsePoint(0xA0000003, windowsLink(8, `\??\Volume{01234567-89ab-cdef-0123-456789abcdef}\`, ``)),
		"symlink":    reparsePoint(0xA000000C, windowsLink(12, `..\other\file.txt`, `..\other\file.txt`)),
		"dirlink":    reparsePoint(0xA000000C, windowsLink(12, `\??\D:\x`, `D:\x`)),
		"linux link": reparsePoint(0xA000001D, append([]byte{2, 0, 0, 0}, "../ünï"...)),
		"compact":    reparsePoint(0x80000017, []byte{1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}),
		"dedup":      reparsePoint(0x80000013, make([]byte, 100)),
		"strange":    reparsePoint(0x80001234, []byte("whatever it is")),
	}
	folders := map[string]bool{"junction": true, "volume": true, "dirlink": true}
	name := makeVolume(t, 64<<20, nil, nil, func(dir string) {
		for point, data := range points {
			path := filepath.Join(dir, point)
			if folders[point] {
				if err := os.Mkdir(path, 0o777); err != nil {
					t.Fatal(err)
				}
			} else {
				write(t, dir, point, nil)
			}
			setAttribute(t, path, "system.ntfs_reparse_data", data)
		}
	})
	v := open(t, name)
	for point, target := range map[string]string{
		"junction": `C:\Users\Ünï`, "volume": `Volume{01234567-89ab-cdef-0123-456789abcdef}\`,
		"symlink": `..\other\file.txt`, "dirlink": `D:\x`, "linux link": "../ünï",
	} {
		info, err := v.Stat(point)
		if err != nil {
			t.Error(err)
			continue
		}
		if m := fsys.MetaOf(info); info.Mode().Type() != fs.ModeSymlink || m.Target != target || !strings.Contains(m.Attributes, "L") {
			t.Errorf("%s is %v, and leads to %q", point, info.Mode(), m.Target)
		}
	}
	for point, words := range map[string]string{"compact": "CompactOS", "dedup": "deduplicated", "strange": "0x80001234"} {
		_, err := v.Open(point)
		if !errors.Is(err, fsys.ErrUnsupported) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", point, err)
		}
		list, _ := v.ReadDir(".")
		for _, e := range list {
			info, _ := e.Info()
			if e.Name() == point && fsys.MetaOf(info).Problem == nil {
				t.Errorf("%s has no problem", point)
			}
		}
	}
}
