package fat_test

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"vhdscope/vhd/volume/fat"
	"vhdscope/vhd/volume/fsys"
)

// namesIn is what the root directory of these directory entries has.
func namesIn(t testing.TB, kind string, o fat.Options, slots []byte) (names []string) {
	t.Helper()
	v := newBuilt(kind)
	v.next = 5
	v.endRoot(&folder{v: v, slots: slots})
	f, err := fat.Open(bytes.NewReader(v.b), int64(len(v.b)), o)
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.ReadDir(".")
	var e *fsys.Error
	if errors.As(err, &e) {
		names = append(names, "error: "+e.Msg)
	}
	for _, e := range list {
		names = append(names, e.Name())
		if info, err := f.Stat(e.Name()); err != nil || info.Name() != e.Name() {
			t.Errorf("%q cannot be found by its name: %v", e.Name(), err)
		}
	}
	return names
}

// TestNamesOfFAT reads names, and pieces of them that belong to none.
func TestNamesOfFAT(t *testing.T) {
	file := slot{attributes: 0x20}
	long := func(name string, n int) []byte { f := file; f.name = name; return fatSlots(f, n) }
	dos := func(short string, letters byte) []byte {
		b := dosSlot(short, file)
		b[12] = letters
		return b
	}
	const name = "a name of three parts, each full." // 33 of 39 units
	damaged := func(edit func(b []byte)) []byte { b := long(name, 1); edit(b); return b }
	for _, c := range []struct {
		what  string
		slots []byte
		want  []string
	}{
		{"8.3", dos("README  TXT", 0), []string{"README.TXT"}},
		{"8.3 without an extension", dos("README     ", 0), []string{"README"}},
		{"8.3 with blanks inside", dos("A B C   D E", 0), []string{"A B C.D E"}},
		{"lower base", dos("README  TXT", 0x08), []string{"readme.TXT"}},
		{"lower extension", dos("README  TXT", 0x10), []string{"README.txt"}},
		{"all lower", dos("README  TXT", 0x18), []string{"readme.txt"}},
		{"lower beyond ASCII", dos("\x8e\x99      TXT", 0x08), []string{"äö.TXT"}},
		{"the first byte is E5", dos("\x05BC     TXT", 0), []string{"σBC.TXT"}},
		{"a slash", dos("A/B     TXT", 0), []string{`A\x2fB.TXT`}},
		{"a dot alone", dos(".       TXT", 0), []string{"..TXT"}},
		{"nothing but blanks", dos("           ", 0), []string{`\x`}},
		{"the same twice", append(dos("SAME       ", 0), dos("SAME       ", 0)...), []string{"SAME", "SAME (again)"}},
		{"a label", append(dosSlot("LABEL      ", slot{attributes: 0x08}), dos("FILE       ", 0)...), []string{"FILE"}},
		{"what lies behind the end", append(append(dos("FILE       ", 0), make([]byte, 32)...), dos("BEHIND     ", 0)...), []string{"FILE"}},

		{"long", long(name, 1), []string{name}},
		{"long, of whole parts", long("thirteen.char", 1), []string{"thirteen.char"}},
		{"long, 255 units", long(strings.Repeat("x", 255), 1), []string{strings.Repeat("x", 255)}},
		{"long, surrogates over the edge of a part", long("twelve chars🦉", 1), []string{"twelve chars🦉"}},
		{"long, half a surrogate pair", long("a\xffb", 1), []string{"a\uFFFDb"}},
		{"long, named as the folder itself", long(".", 1), []string{`\x2e`}},
		{"long, with a slash", long("a/b", 1), []string{`a\x2fb`}},
		{"wrong checksum in all parts", damaged(func(b []byte) { b[13]++; b[45]++; b[77]++ }), []string{"SHORT001.TXT"}},
		{"wrong checksum in the last part", damaged(func(b []byte) { b[13]++ }), []string{"SHORT001.TXT"}},
		{"wrong checksum in the first part", damaged(func(b []byte) { b[77]++ }), []string{"SHORT001.TXT"}},
		{"the 8.3 name is another", damaged(func(b []byte) { b[96] = 'X' }), []string{"XHORT001.TXT"}},
		{"parts in the wrong order", damaged(func(b []byte) { b[32], b[64] = b[64], b[32] }), []string{"SHORT001.TXT"}},
		{"a part is missing", long(name, 1)[32:], []string{"SHORT001.TXT"}},
		{"a part in the middle is missing", slices.Concat(long(name, 1)[:32], long(name, 1)[64:]), []string{"SHORT001.TXT"}},
		{"the first part is missing", slices.Concat(long(name, 1)[:64], long(name, 1)[96:]), []string{"SHORT001.TXT"}},
		{"part 0", damaged(func(b []byte) { b[64] = 0x40 }), []string{"SHORT001.TXT"}},
		{"part 21", damaged(func(b []byte) { b[0] = 0x55 }), []string{"SHORT001.TXT"}},
		{"orphans before another name", slices.Concat(long("an orphan", 1)[:32], long(name, 2)), []string{name}},
		{"orphans before an 8.3 name", slices.Concat(long("an orphan", 1)[:32], dos("FILE       ", 0)), []string{"FILE"}},
		{"orphans alone", slices.Concat(long("an orphan", 1)[:32], dos("\xe5ILE       ", 0), dos("FILE       ", 0)), []string{"FILE"}},
	} {
		for _, kind := range kinds[:3] {
			if names := namesIn(t, kind, fat.Options{}, c.slots); !slices.Equal(names, c.want) {
				t.Errorf("%s: %s: %q, want %q", kind, c.what, names, c.want)
			}
		}
	}
	half := long("a_b", 1)
	le.PutUint16(half[3:], 0xD83E)
	if names := namesIn(t, "FAT12", fat.Options{}, half); !slices.Equal(names, []string{`a\xed\xa0\xbeb`}) {
		t.Errorf("half a surrogate pair: %q", names)
	}
}

// TestCodePages reads one 8.3 name in each code page.
func TestCodePages(t *testing.T) {
	slots := dosSlot("\x80\xA0\xC0\xE0\xF0   TXT", slot{attributes: 0x20})
	for page, want := range map[string]string{
		"": "Çá└α≡.TXT", "437": "Çá└α≡.TXT", "850": "Çá└Ó\u00AD.TXT", "852": "Çá└Ó\u00AD.TXT", "866": "Аа└рЁ.TXT",
		"1251": "Ђ\u00A0Аар.TXT", "1252": "€\u00A0Ààð.TXT",
	} {
		if names := namesIn(t, "FAT16", fat.Options{CodePage: page}, slots); !slices.Equal(names, []string{want}) {
			t.Errorf("code page %q: %q, want %q", page, names, want)
		}
	}
	for _, page := range fat.CodePages() {
		namesIn(t, "FAT16", fat.Options{CodePage: page}, slots)
	}
	v := newBuilt("FAT12")
	if _, err := fat.Open(bytes.NewReader(v.b), int64(len(v.b)), fat.Options{CodePage: "932"}); !errors.Is(err, fsys.ErrUnsupported) {
		t.Errorf("a code page that is not known: %v", err)
	}
}

// TestEntrySets reads exFAT's directory entries.
func TestEntrySets(t *testing.T) {
	file := func(name string) []byte { return exSlots(slot{name: name, attributes: 0x20}) }
	damaged := func(edit func(b []byte)) []byte { b := file("a name of two entries"); edit(b); return b }
	resummed := func(edit func(b []byte)) []byte { return damaged(func(b []byte) { edit(b); sumSet(b) }) }
	const incomplete = "error: a part of the folder is damaged: the entries of a file are not complete"
	for _, c := range []struct {
		what    string
		slots   []byte
		want    []string
		problem string // of the file
	}{
		{"a file", file("a file"), []string{"a file"}, ""},
		{"255 units", file(strings.Repeat("🦉", 127) + "x"), []string{strings.Repeat("🦉", 127) + "x"}, ""},
		{"a name of whole entries", file("fifteen letters"), []string{"fifteen letters"}, ""},
		{"wrong checksum", damaged(func(b []byte) { b[2]++ }), []string{"a name of two entries"}, "checksum"},
		{"a bit of the size", damaged(func(b []byte) { b[56] ^= 4 }), []string{"a name of two entries"}, "checksum"},
		{"valid beyond the size", resummed(func(b []byte) { b[40] = 9 }), []string{"a name of two entries"}, "valid length of 9 bytes"},
		{"begins nowhere", resummed(func(b []byte) { b[40], b[56] = 9, 9 }), []string{"a name of two entries"}, "begins at cluster 0"},
		{"begins behind the end", resummed(func(b []byte) { b[56] = 9; le.PutUint32(b[52:], 302) }), []string{"a name of two entries"}, "begins at cluster 302"},
		{"larger than the volume", resummed(func(b []byte) { b[52] = 5; b[59] = 1 }), []string{"a name of two entries"}, "more than the volume has"},
		{"larger than all volumes", resummed(func(b []byte) { b[52] = 5; b[63] = 0xFF }), []string{"a name of two entries"}, "more than the volume has"},
		{"in one piece over the end", resummed(func(b []byte) { b[33] = 3; le.PutUint32(b[52:], 300); b[57] = 6 }), []string{"a name of two entries"}, "more than the volume has"},
		{"one name is missing", slices.Concat(file("a name of two entries")[:96], file("another")), []string{incomplete, "another"}, ""},
		{"no stream", slices.Concat(file("x")[:32], file("another")), []string{incomplete, "another"}, ""},
		{"a name where the stream should be", resummed(func(b []byte) { b[32] = 0xC1 }), []string{incomplete}, ""},
		{"a stream where the name should be", resummed(func(b []byte) { b[64] = 0xC0 }), []string{incomplete}, ""},
		{"a name of no letters", resummed(func(b []byte) { b[35] = 0 }), []string{incomplete}, ""},
		{"a longer name than there are entries", resummed(func(b []byte) { b[35] = 31 }), []string{incomplete}, ""},
		{"more entries than there can be", resummed(func(b []byte) { b[1] = 255 }), []string{"a name of two entries"}, "checksum"},
		{"names without a file", slices.Concat(file("x")[64:], file("another")), []string{"another"}, ""},
		{"a vendor's entry in the set", resummed(func(b []byte) { b[35] = 15; b[96] = 0xE0 }), []string{"a name of two e"}, ""},
		{"entries that may be passed over", slices.Concat(append([]byte{0xA0}, make([]byte, 31)...), file("x")), []string{"x"}, ""},
		{"a slash and a dot", slices.Concat(file("a/b"), file("..")), []string{`\x2e\x2e`, `a\x2fb`}, ""},
	} {
		if names := namesIn(t, "exFAT", fat.Options{}, c.slots); !slices.Equal(names, c.want) {
			t.Errorf("%s: %q, want %q", c.what, names, c.want)
		}
		v := newBuilt("exFAT")
		v.next = 5
		v.endRoot(&folder{v: v, slots: c.slots})
		f, err := openBytes(v.b)
		if err != nil {
			t.Fatal(err)
		}
		if c.problem == "" {
			continue
		}
		info, err := f.Stat(c.want[0])
		if err != nil {
			t.Fatal(err)
		}
		if problem := fsys.MetaOf(info).Problem; problem == nil || !strings.Contains(problem.Error(), c.problem) {
			t.Errorf("%s: problem %v, want %q", c.what, problem, c.problem)
		}
		if _, err := f.Open(c.want[0]); err == nil || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: opened: %v, want %q", c.what, err, c.problem)
		}
	}
	if n := len(utf16.Encode([]rune(strings.Repeat("🦉", 127) + "x"))); n != 255 {
		t.Errorf("the longest name has %d units", n)
	}
}

// TestTimes reads times of both formats, and numbers that are no time.
func TestTimes(t *testing.T) {
	v := sampleOf("FAT16")
	f, err := openBytes(v.b)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat("one cluster.txt")
	if err != nil {
		t.Fatal(err)
	}
	meta := fsys.MetaOf(info)
	at := time.Date(2024, 3, 5, 8, 25, 2, 0, time.UTC)
	if !info.ModTime().Equal(at) || !meta.Created.Equal(at.Add(1500*time.Millisecond)) || !meta.Accessed.Equal(at.Truncate(24*time.Hour)) || !meta.Local {
		t.Errorf("FAT: modified %v, created %v, accessed %v, local %v", info.ModTime(), meta.Created, meta.Accessed, meta.Local)
	}
	for _, c := range []struct {
		zone  byte
		want  time.Time
		local bool
	}{
		{0x84, at.Add(-time.Hour), false},
		{0xD0, at.Add(12 * time.Hour), false}, // the least: UTC-12
		{0xFF, at.Add(15 * time.Minute), false},
		{0x80, at, false},
		{0x00, at, true},
		{0x04, at, true},
	} {
		b := exSlots(slot{name: "x", attributes: 0x20})
		b[22], b[23], b[24] = c.zone, c.zone, c.zone
		sumSet(b)
		v := newBuilt("exFAT")
		v.next = 5
		v.endRoot(&folder{v: v, slots: b})
		f, err := openBytes(v.b)
		if err != nil {
			t.Fatal(err)
		}
		info, err := f.Stat("x")
		if err != nil {
			t.Fatal(err)
		}
		meta := fsys.MetaOf(info)
		if !info.ModTime().Equal(c.want.Add(70*time.Millisecond)) || !meta.Created.Equal(c.want.Add(1500*time.Millisecond)) || !meta.Accessed.Equal(c.want) || meta.Local != c.local {
			t.Errorf("zone %#x: modified %v, created %v, accessed %v, local %v", c.zone, info.ModTime(), meta.Created, meta.Accessed, meta.Local)
		}
	}
	for what, clock := range map[string]uint32{
		"none": 0, "month 13": 0x59A00000, "month 0": 0x58050000, "day 0": 0x58600000, "30 February": 0x585E0000,
		"hour 24": 0x5865C000, "minute 60": 0x58650780, "second 60": 0x5865001E,
	} {
		b := dosSlot("X          ", slot{attributes: 0x20})
		le.PutUint32(b[22:], clock)
		v := newBuilt("FAT12")
		v.endRoot(&folder{v: v, slots: b})
		f, err := openBytes(v.b)
		if err != nil {
			t.Fatal(err)
		}
		info, err := fs.Stat(f, "X")
		if err != nil || !info.ModTime().IsZero() {
			t.Errorf("%s: %v (%v)", what, info, err)
		}
	}
}
