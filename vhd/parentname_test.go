package vhd

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
)

// childOf is a small empty child of a parent.
func childOf(p Parent) NewImage {
	return NewImage{Type: Differencing, Size: 1 << 20, BlockSize: 4096, Parent: &p}
}

func TestParentIsNamedInEveryForm(t *testing.T) {
	for _, c := range []struct {
		relative, absolute     string
		name, w2ru, w2ku, path string // path: of the MacX URL, as net/url reads it
	}{
		{"base.vhd", "", "base.vhd", `.\base.vhd`, `.\base.vhd`, "file://./base.vhd"},
		{"../disks/base.vhd", "", "base.vhd", `..\disks\base.vhd`, `..\disks\base.vhd`, "file://../disks/base.vhd"},
		{`.\a\base.vhd`, `D:\a\base.vhd`, "base.vhd", `.\a\base.vhd`, `D:\a\base.vhd`, "file:///D:/a/base.vhd"},
		{"base.vhd", "d:/a b/base.vhd", "base.vhd", `.\base.vhd`, `d:\a b\base.vhd`, "file:///d:/a b/base.vhd"},
		{"base.vhd", "/srv/vm/base.vhd", "base.vhd", `.\base.vhd`, "/srv/vm/base.vhd", "file:///srv/vm/base.vhd"},
		{"base.vhd", `\\nas\vm\base.vhd`, "base.vhd", `.\base.vhd`, `\\nas\vm\base.vhd`, "file://nas/vm/base.vhd"},
		{"base.vhd", `\\?\UNC\nas\vm\base.vhd`, "base.vhd", `.\base.vhd`, `\\?\UNC\nas\vm\base.vhd`, "file://nas/vm/base.vhd"},
		{"base.vhd", `\\?\Volume{0a}\base.vhd`, "base.vhd", `.\base.vhd`, `\\?\Volume{0a}\base.vhd`, "file:///Volume{0a}/base.vhd"},
		{"", `E:\base.vhd`, "base.vhd", "", `E:\base.vhd`, "file:///E:/base.vhd"}, // on another drive nothing is relative
		{"Zoë – база 日本 😀 100%.vhd", "", "Zoë – база 日本 😀 100%.vhd", `.\Zoë – база 日本 😀 100%.vhd`, `.\Zoë – база 日本 😀 100%.vhd`, "file://./Zoë – база 日本 😀 100%.vhd"},
		{"a#b?c.vhd", "", "a#b?c.vhd", `.\a#b?c.vhd`, `.\a#b?c.vhd`, "file://./a#b?c.vhd"},
	} {
		file, im := mustCreate(t, childOf(Parent{UUID: UUID{1}, Relative: c.relative, Absolute: c.absolute}))
		if name := im.Header().ParentName; !bytes.Equal(name[:len(vhdtest.UTF16BE(c.name))], vhdtest.UTF16BE(c.name)) || im.parentName != c.name {
			t.Errorf("%q: the unicode name is %q", c.relative, im.parentName)
		}
		want := map[LocatorCode][]byte{LocatorW2ku: vhdtest.UTF16LE(c.w2ku)}
		if c.w2ru != "" {
			want[LocatorW2ru] = vhdtest.UTF16LE(c.w2ru)
		}
		for _, l := range im.Locators() {
			if l.Space%4096 != 0 || l.Space == 0 || !bytes.Equal(file.Get(int64(l.Offset), len(l.Data)), l.Data) {
				t.Errorf("%q: locator %+v", c.relative, l.LocatorEntry)
			}
			if l.Code == LocatorMacX {
				u, err := url.Parse(string(l.Data))
				if err != nil || u.Scheme+"://"+u.Host+u.Path != c.path {
					t.Errorf("%q: URL %s, %v; want the path %s", c.absolute, l.Data, err, c.path)
				}
			} else if !bytes.Equal(l.Data, want[l.Code]) {
				t.Errorf("%q: %s is %q", c.relative, l.Code, l.Name)
			}
			delete(want, l.Code)
		}
		if len(want) > 0 {
			t.Errorf("%q: not all locators are there: %v", c.relative, im.Locators())
		}
	}
}

func TestLocatorsHaveRoomToGrow(t *testing.T) {
	long := strings.Repeat("disks/", 3000) + "base.vhd"
	_, im := mustCreate(t, childOf(Parent{UUID: UUID{1}, Relative: long}))
	for _, l := range im.Locators() {
		if int(l.Space) < len(l.Data) || l.Space%4096 != 0 || len(l.Data) < len(long) {
			t.Errorf("%s: %d bytes in a space of %d", l.Code, len(l.Data), l.Space)
		}
	}
	first := placeAligned(im.table.at+int64(len(im.table.raw)), 512)
	for _, l := range im.Locators() {
		first = max(first, int64(l.Offset)+int64(l.Space))
	}
	if l, err := childOf(Parent{UUID: UUID{1}, Relative: long}).layout(); err != nil || l.firstBlock() < first || (l.firstBlock()+l.bitmapSize)%4096 != 0 {
		t.Errorf("blocks begin at %d, the locators end at %d (%v)", l.firstBlock(), first, err)
	}
}

func TestParentNamesThatDoNotFitAreRefused(t *testing.T) {
	for _, c := range []struct {
		p    Parent
		rule Rule
	}{
		{Parent{}, RuleParentName},
		{Parent{Relative: "."}, RuleParentName},
		{Parent{Relative: "../.."}, RuleParentName},
		{Parent{Relative: "/srv/base.vhd"}, RuleParentName},
		{Parent{Relative: `C:\base.vhd`}, RuleParentName},
		{Parent{Relative: "base.vhd", Absolute: "disks/base.vhd"}, RuleParentName},
		{Parent{Relative: "a\x00b.vhd"}, RuleParentName},
		{Parent{Relative: "\xff.vhd"}, RuleParentName},
		{Parent{Relative: strings.Repeat("x", 257)}, RuleParentName},
		{Parent{Relative: strings.Repeat("😀", 129)}, RuleParentName},
		{Parent{Relative: strings.Repeat("folder/", 5000) + "base.vhd"}, RuleLocatorLength},
	} {
		if _, err := Create(childOf(c.p)); err == nil {
			t.Errorf("%.40q is taken", c.p.Relative)
		} else {
			wantError(t, err, ErrFormat, c.rule)
		}
	}
	mustCreate(t, childOf(Parent{UUID: UUID{1}, Relative: strings.Repeat("é", 256)}))
}

// A child of every kind of parent finds it again, by its own fields.
func TestCreatedChildrenFindTheirParents(t *testing.T) {
	noted := time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC)
	_, fixed := mustCreate(t, NewImage{Type: Fixed, Size: 1 << 20})
	_, dynamic := mustCreate(t, NewImage{Type: Dynamic, Size: 1 << 20})
	_, differencing := mustCreate(t, childOf(Parent{UUID: dynamic.UUID(), Relative: "x.vhd"}))
	raw := OpenRaw(bytes.NewReader(make([]byte, 1<<20)), 1<<20)
	for i, parent := range []*Image{fixed, dynamic, differencing, raw} {
		c := Candidate{Name: "vm/disks/Grün.vhd", Image: parent, Modified: noted}
		p, err := Create(childOf(c.AsParent()))
		if err != nil {
			t.Fatal(err)
		}
		im := mustOpen(t, fileOf(t, p))
		if im.ParentUUID() != parent.UUID() || !im.Header().ParentTimestamp.Time().Equal(noted) {
			t.Errorf("parent %s at %s", im.ParentUUID(), im.Header().ParentTimestamp)
		}
		if i != 3 {
			wantClean(t, im)
		}
		leaf := Candidate{Name: "vm/disks/child.vhd", Image: im}
		if res := Resolve(leaf, []Candidate{c, leaf}); len(res.Chain) < 2 || res.Chain[1].Image != parent {
			t.Errorf("the %s parent is not found: %+v", parent.Type(), res.Missing)
		}
	}
}
