package fsys

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Name is a name of a file system's as io/fs takes one: bytes that are no
// UTF-8, a slash, and the names "", "." and ".." are written as \xNN.
func Name(raw string) string {
	switch raw {
	case "":
		return `\x`
	case ".", "..":
		return strings.ReplaceAll(raw, ".", `\x2e`)
	}
	if utf8.ValidString(raw) && !strings.ContainsAny(raw, "/\x00") {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRuneInString(raw[i:])
		if r == utf8.RuneError && n == 1 || r == '/' || r == 0 {
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
	name := wanted
	for i := 1; n[name]; i++ {
		name = wanted + " (" + word
		if i > 1 {
			name += " " + strconv.Itoa(i)
		}
		name += ")"
	}
	n[name] = true
	return name
}
