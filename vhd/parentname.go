package vhd

import (
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Parent is what a differencing image says of its parent.
type Parent struct {
	UUID     UUID      // all zero: the parent is a raw disk
	Modified time.Time // of the parent's file; zero: not told, as Windows 10 does
	Relative string    // path from the child's folder, by '/' or '\': "base.vhd", "../disks/base.vhd"
	Absolute string    // path as the child's machine names it; empty where not known
}

// AsParent is what a child says of an opened image: its identity, the time
// of its file, and its base name, as if the two lay in one folder.
func (c Candidate) AsParent() Parent {
	return Parent{UUID: c.Image.UUID(), Modified: c.Modified, Relative: splitPath(c.Name).base()}
}

// parentFields are a Parent's fields as a header holds them.
type parentFields struct {
	uuid     UUID
	modified Timestamp
	name     [512]byte     // UTF-16BE
	locators []locatorText // W2ru, W2ku, MacX
}

// locatorText is the data of a locator and how it is encoded.
type locatorText struct {
	code LocatorCode
	data []byte
}

// locatorUnit is the unit of a locator's space in new images, in bytes: room
// for 2048 characters, and for another name of the parent later.
const locatorUnit = 4096

// space is what a new locator reserves for its data.
func (t locatorText) space() int64 { return roundUp(max(int64(len(t.data)), 1), locatorUnit) }

// entry is the slot of a locator that lies at an offset of the file. Space is
// in bytes, as Windows writes it.
func (t locatorText) entry(at int64) LocatorEntry {
	return LocatorEntry{Code: t.code, Space: uint32(t.space()), Length: uint32(len(t.data)), Offset: uint64(at)}
}

// encode puts the parent's names in every form that readers look for: the
// locators of Windows and of blktap, and the unicode name. A form whose path
// is not known takes the other, as blktap does.
func (p Parent) encode() (*parentFields, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	f := &parentFields{uuid: p.UUID, modified: timestampOf(p.Modified)}
	base := splitPath(p.Relative).base()
	if base == "" {
		base = splitPath(p.Absolute).base()
	}
	name := utf16.Encode([]rune(base))
	if len(name) == 0 || base == ".." {
		return nil, broken(RuleParentName, -1, "the parent needs a file name")
	}
	if len(name) > len(f.name)/2 {
		return nil, broken(RuleParentName, -1, "the parent's file name has %d UTF-16 units; an image has room for %d", int64(len(name)), int64(len(f.name)/2))
	}
	for i, u := range name {
		binary.BigEndian.PutUint16(f.name[2*i:], u)
	}
	if p.Relative != "" {
		f.add(LocatorW2ru, utf16LE(p.windowsRelative()))
	}
	f.add(LocatorW2ku, utf16LE(p.windowsAbsolute()))
	f.add(LocatorMacX, []byte(p.fileURL()))
	for _, t := range f.locators {
		if len(t.data) > maxLocatorData {
			return nil, broken(RuleLocatorLength, -1, "the parent's path takes %d bytes as a "+t.code.String()+" locator; at most %d are read", int64(len(t.data)), maxLocatorData)
		}
	}
	return f, nil
}

func (f *parentFields) add(code LocatorCode, data []byte) {
	f.locators = append(f.locators, locatorText{code, data})
}

// check refuses paths that no reader would understand.
func (p Parent) check() error {
	for _, s := range []string{p.Relative, p.Absolute} {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			return broken(RuleParentName, -1, "the parent's path "+quoted(s)+" is no Unicode text")
		}
	}
	if isAbsolute(p.Relative) {
		return broken(RuleParentName, -1, "the parent's path "+quoted(p.Relative)+" is absolute; the relative one leads from the child's folder")
	}
	if p.Absolute != "" && !isAbsolute(p.Absolute) {
		return broken(RuleParentName, -1, "the parent's path "+quoted(p.Absolute)+" is not absolute: it begins with neither a drive nor a slash")
	}
	return nil
}

// isAbsolute reports whether a path says where it begins: at a root, a share,
// a device or a drive.
func isAbsolute(s string) bool { return s != "" && strings.ContainsAny(s[:1], `/\`) || hasDrive(s) }

func hasDrive(s string) bool {
	return len(s) >= 2 && s[1] == ':' && 'a' <= s[0]|0x20 && s[0]|0x20 <= 'z'
}

// windowsRelative is the relative path with backslashes, beginning with a dot
// as Windows and blktap want it.
func (p Parent) windowsRelative() string {
	s := strings.ReplaceAll(p.Relative, "/", `\`)
	if strings.HasPrefix(s, `.\`) || strings.HasPrefix(s, `..\`) {
		return s
	}
	return `.\` + s
}

// windowsAbsolute is the absolute path, a Windows one with backslashes.
func (p Parent) windowsAbsolute() string {
	switch {
	case p.Absolute == "":
		return p.windowsRelative()
	case hasDrive(p.Absolute) || isNetworkPath(p.Absolute):
		return strings.ReplaceAll(p.Absolute, "/", `\`)
	}
	return p.Absolute
}

// isNetworkPath reports whether a path names a share or a Windows device.
func isNetworkPath(s string) bool {
	return strings.HasPrefix(s, `\`) || strings.HasPrefix(s, "//")
}

// fileURL is the absolute path as a file URL, else the relative one under
// blktap's host ".".
func (p Parent) fileURL() string {
	if p.Absolute == "" {
		return "file://" + percentEncode(strings.ReplaceAll(p.windowsRelative(), `\`, "/"))
	}
	s := p.Absolute
	if hasDrive(s) || isNetworkPath(s) {
		s = strings.ReplaceAll(s, `\`, "/")
	}
	for _, device := range []string{"//?/UNC/", "//?/", "//./"} {
		if rest, ok := strings.CutPrefix(s, device); ok {
			s = rest
			if device == "//?/UNC/" {
				s = "//" + rest
			}
			break
		}
	}
	if host, ok := strings.CutPrefix(s, "//"); ok {
		return "file://" + percentEncode(host)
	}
	return "file:///" + percentEncode(strings.TrimPrefix(s, "/"))
}

// percentEncode escapes all but the unreserved characters of RFC 3986, slashes
// and the colon of a drive.
func percentEncode(s string) string {
	const digits = "0123456789ABCDEF"
	var out []byte
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9', strings.IndexByte("-._~/:", c) >= 0:
			out = append(out, c)
		default:
			out = append(out, '%', digits[c>>4], digits[c&0xF])
		}
	}
	return string(out)
}

func utf16LE(s string) []byte {
	units := utf16.Encode([]rune(s))
	b := make([]byte, 2*len(units))
	for i, u := range units {
		binary.LittleEndian.PutUint16(b[2*i:], u)
	}
	return b
}
