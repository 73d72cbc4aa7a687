package browse

import (
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Names in an archive are such that Windows, macOS and Linux all take them, and
// that no two in a folder are the same to any:
//
//   - characters that Windows forbids, and control characters, become "_";
//   - dots and spaces at the end, which Windows drops, become "_";
//   - names of devices, as CON or lpt1.txt, get a "_" in front;
//   - names longer than 240 bytes of UTF-8 are cut, but for their extension;
//   - what is equal but for upper and lower case, or for how accents are
//     written, gets a number: "name (2).txt".
//
// So no name leads out of the folder that an archive is unpacked to.

// longest is how many bytes of UTF-8 a name has at most. Linux takes 255; that
// leaves room for what is added to names.
const longest = 240

// safeName is a name that every system takes.
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	kept := strings.TrimRight(name, ". ")
	name = kept + strings.Repeat("_", len(name)-len(kept))
	if name == "" {
		name = "_"
	}
	if isDevice(name) {
		name = "_" + name
	}
	if len(name) > longest {
		stem, ext := splitName(name)
		name = strings.TrimRight(cut(stem, longest-len(ext)), ". ") + ext
	}
	return name
}

// isDevice reports whether Windows takes a name for a device's, whatever its
// extension.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	port, isCOM := strings.CutPrefix(stem, "COM")
	if !isCOM {
		var isLPT bool
		if port, isLPT = strings.CutPrefix(stem, "LPT"); !isLPT {
			return false
		}
	}
	return utf8.RuneCountInString(port) == 1 && strings.Contains("0123456789¹²³", port)
}

// splitName divides a name before its extension, where that is a short one.
func splitName(name string) (stem, ext string) {
	ext = path.Ext(name)
	if len(ext) > 20 || len(ext) == len(name) {
		return name, ""
	}
	return name[:len(name)-len(ext)], ext
}

// cut is as much of a text as fits in n bytes.
func cut(s string, n int) string {
	for len(s) > n {
		_, last := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-last]
	}
	return s
}

// zipFolder is a folder of an archive: the names in it.
type zipFolder struct {
	path    string // with a slash behind, "" for the root
	given   map[string]string
	taken   map[string]bool // folded
	folders map[string]*zipFolder
}

func newZipFolder(path string) *zipFolder {
	return &zipFolder{path: path, given: map[string]string{}, taken: map[string]bool{}, folders: map[string]*zipFolder{}}
}

// name is the name in the archive of an entry of the folder, always the same.
func (f *zipFolder) name(name string) string {
	if given, ok := f.given[name]; ok {
		return given
	}
	given := f.unique(safeName(name))
	f.given[name] = given
	return given
}

// unique is a safe name that the folder does not have yet.
func (f *zipFolder) unique(name string) string {
	given := name
	for i := 2; f.taken[folded(given)]; i++ {
		stem, ext := splitName(name)
		given = stem + " (" + strconv.Itoa(i) + ")" + ext
	}
	f.taken[folded(given)] = true
	return given
}

// folder is a folder in this one, by its name on the volume.
func (f *zipFolder) folder(name string) *zipFolder {
	if f.folders[name] == nil {
		f.folders[name] = newZipFolder(f.path + f.name(name) + "/")
	}
	return f.folders[name]
}

// folded is a name as systems compare them: without regard to case, nor to
// whether an accent is a character of its own.
func folded(name string) string {
	return norm.NFC.String(strings.ToLower(strings.ToUpper(norm.NFD.String(name))))
}
