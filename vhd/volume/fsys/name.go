package fsys

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Name is a name of a file system's as io/fs takes one: bytes that are no
// UTF-8, a slash, and the names "", "." and ".." are written as \xNN, and so is
// a backslash before an x, so that no two names become one.
func Name(raw string) string {
	switch raw {
	case "":
		return `\x`
	case ".", "..":
		return strings.ReplaceAll(raw, ".", `\x2e`)
	}
	if utf8.ValidString(raw) && !strings.ContainsAny(raw, "/\x00") && !strings.Contains(raw, `\x`) {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRuneInString(raw[i:])
		if r == utf8.RuneError && n == 1 || r == '/' || r == 0 || strings.HasPrefix(raw[i:], `\x`) {
			const digits = "0123456789abcdef"
			b.WriteString(`\x`)
			b.WriteByte(digits[raw[i]>>4])
			b.WriteByte(digits[raw[i]&15])
		} else {
			b.WriteString(raw[i : i+n])
		}
		i += n
	}
	return b.String()
}

// Names gives out names that are unique in a folder.
type Names map[string]bool

// Unique is a name that was not given out before: the wanted one, or it with
// a word and a number.
func (n Names) Unique(wanted, word string) string {
	name := func(i int) string {
		switch i {
		case 0:
			return wanted
		case 1:
			return wanted + " (" + word + ")"
		}
		return wanted + " (" + word + " " + strconv.Itoa(i) + ")"
	}
	// Many may want the same name: the number is not looked for one by one.
	taken, free := -1, 0
	for n[name(free)] {
		taken, free = free, 2*free+1
	}
	for free-taken > 1 {
		if i := (taken + free) / 2; n[name(i)] {
			taken = i
		} else {
			free = i
		}
	}
	n[name(free)] = true
	return name(free)
}
