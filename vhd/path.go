package vhd

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// ParentName is one name by which a differencing image knows its parent.
type ParentName struct {
	Origin string // where it stands: "W2ru locator, slot 1" or "parent unicode name"
	Text   string // as it stands there, decoded
	path   path
}

// path is a name taken apart for comparison, never for opening anything.
type path struct {
	parts    []string // components, "." dropped, ".." resolved where it can be
	absolute bool
}

// splitPath takes a Windows or POSIX path apart. Either slash separates: a
// child made on Windows is read on systems that keep its parent's name with
// the other one. Prefixes of volumes and devices are dropped.
func splitPath(s string) path {
	s = strings.ReplaceAll(s, `\`, "/")
	var p path
	for _, prefix := range []string{"//?/", "//./"} {
		if strings.HasPrefix(s, prefix) {
			s, p.absolute = s[len(prefix):], true
		}
	}
	if len(s) >= 2 && s[1] == ':' && 'a' <= s[0]|0x20 && s[0]|0x20 <= 'z' {
		s = s[2:] // a drive; "C:x" is relative to a folder that nobody knows
	}
	p.absolute = p.absolute || strings.HasPrefix(s, "/")
	p.add(strings.Split(s, "/")...)
	return p
}

func (p *path) add(parts ...string) {
	for _, part := range parts {
		last := len(p.parts) - 1
		switch {
		case part == "" || part == ".":
		case part == ".." && last >= 0 && p.parts[last] != "..":
			p.parts = p.parts[:last]
		case part == ".." && p.absolute:
		default:
			p.parts = append(p.parts, part)
		}
	}
}

// from resolves p against the folder of the file that holds it.
func (p path) from(child path) path {
	if p.absolute {
		return p
	}
	r := path{absolute: child.absolute}
	if len(child.parts) > 0 {
		r.parts = append(r.parts, child.parts[:len(child.parts)-1]...)
	}
	r.add(p.parts...)
	return r
}

// common counts the components that two paths share at their ends, the way
// file systems that fold case and normalise would compare them.
func (p path) common(q path) int {
	n := 0
	for n < len(p.parts) && n < len(q.parts) && sameName(p.parts[len(p.parts)-1-n], q.parts[len(q.parts)-1-n]) {
		n++
	}
	return n
}

// equal reports whether two paths are the same one.
func (p path) equal(q path) bool {
	return len(p.parts) > 0 && len(p.parts) == len(q.parts) && p.common(q) == len(p.parts)
}

func (p path) base() string {
	if len(p.parts) == 0 {
		return ""
	}
	return p.parts[len(p.parts)-1]
}

// sameName reports whether two names are those of one file on Windows or
// macOS: case is folded letter by letter, as NTFS does, Unicode normalised,
// and dots and blanks at the end do not count.
func sameName(a, b string) bool {
	return a == b || strings.EqualFold(plainName(a), plainName(b))
}

func plainName(s string) string { return strings.TrimRight(norm.NFC.String(s), ". ") }

// NamesParent reports whether a differencing image knows its parent by the
// file name that ends the given path. It serves for files that cannot be
// opened as images; others are matched by [Resolve].
func (im *Image) NamesParent(name string) bool {
	to := splitPath(name)
	for _, n := range im.names {
		if n.path.common(to) > 0 {
			return true
		}
	}
	return false
}

// locatorOrder is the order in which names are shown: what a move of the
// whole folder leaves true comes first.
var locatorOrder = []LocatorCode{LocatorW2ru, LocatorMacX, LocatorW2ku, LocatorWi2r, LocatorWi2k}

// parentNames collects the names of a differencing image's parent, best first.
func (im *Image) parentNames() []ParentName {
	var names []ParentName
	for _, code := range locatorOrder {
		for _, l := range im.locators {
			if l.Code != code || l.Name == "" {
				continue
			}
			n := ParentName{Origin: l.Code.String() + " locator, slot " + string(rune('0'+l.Slot)), Text: l.Name}
			if l.Code == LocatorMacX {
				p, _ := fileURLPath(l.Name)
				n.path = splitPath(p)
			} else {
				n.path = splitPath(l.Name)
			}
			names = append(names, n)
		}
	}
	if im.parentName != "" {
		names = append(names, ParentName{Origin: "parent unicode name", Text: im.parentName, path: splitPath(im.parentName)})
	}
	return names
}

// ParentFileName is the best name for a differencing image's parent without
// its folders; empty where there is none.
func (im *Image) ParentFileName() string {
	for _, n := range im.names {
		if b := n.path.base(); b != "" && b != ".." {
			return b
		}
	}
	return ""
}

// parentText is the parent by all that its child knows of it, for a sentence.
func (im *Image) parentText() string {
	s := "the parent"
	if name := im.ParentFileName(); name != "" {
		s += " " + quoted(name)
	}
	if id := im.ParentUUID(); !id.IsZero() {
		s += " with the UUID " + id.String()
	}
	return s
}
