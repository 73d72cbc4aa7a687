package vhd

import (
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The decoders below return what they could read and, where the bytes are
// not what they should be, a flaw in words. A name is a hint, so a flawed
// one is better than none.

// decodeUTF16 decodes NUL-padded UTF-16: little-endian in the Windows
// locators, big-endian in the header's parent name. Old blktap wrote the
// name in the machine's own order, so text that makes sense only in the
// other order is read in that.
func decodeUTF16(b []byte, bigEndian bool) (text, flaw string) {
	var flaws []string
	if len(b)%2 != 0 {
		flaws = append(flaws, "a byte is left over")
		b = b[:len(b)-1]
	}
	var order binary.ByteOrder = binary.LittleEndian
	if bigEndian {
		order = binary.BigEndian
	}
	units := make([]uint16, 0, len(b)/2)
	turned := true
	for ; len(b) > 0; b = b[2:] {
		u := order.Uint16(b)
		if u == 0 {
			break
		}
		turned = turned && u&0xFF == 0
		units = append(units, u)
	}
	if strings.Trim(string(b), "\x00") != "" {
		flaws = append(flaws, "bytes follow its NUL")
	}
	if len(units) > 0 && (turned || units[0] == 0xFFFE) {
		flaws = append(flaws, "its bytes are in the other order")
		for i, u := range units {
			units[i] = u<<8 | u>>8
		}
	}
	if len(units) > 0 && units[0] == 0xFEFF {
		units = units[1:]
	}
	if loneSurrogate(units) {
		flaws = append(flaws, "it has half of a surrogate pair")
	}
	return string(utf16.Decode(units)), strings.Join(flaws, ", ")
}

// loneSurrogate reports whether half of a pair stands without the other.
func loneSurrogate(units []uint16) bool {
	for i := 0; i < len(units); i++ {
		if !utf16.IsSurrogate(rune(units[i])) {
			continue
		}
		if i+1 == len(units) || utf16.DecodeRune(rune(units[i]), rune(units[i+1])) == utf8.RuneError {
			return true
		}
		i++
	}
	return false
}

// decodeUTF8 decodes NUL-padded UTF-8.
func decodeUTF8(b []byte) (text, flaw string) {
	b, flaw = cutNUL(b)
	if !utf8.Valid(b) {
		return strings.ToValidUTF8(string(b), "\uFFFD"), "it is not UTF-8"
	}
	return string(b), flaw
}

// decodeANSI decodes NUL-padded text in the code page of the writer's
// machine. Which one that was stands nowhere; Windows-1252 is the likeliest.
func decodeANSI(b []byte) (text, flaw string) {
	b, flaw = cutNUL(b)
	out := make([]byte, 0, len(b))
	for _, c := range b {
		r := rune(c)
		if c >= utf8.RuneSelf {
			flaw = "it has letters of an unknown code page, read as Windows-1252"
			if c < 0xA0 {
				r = windows1252[c-0x80]
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out), flaw
}

// windows1252 has what Windows-1252 writes as 0x80 to 0x9F, which leaves five
// of them free; its other bytes are Unicode's first letters. Package charmap
// knows it too, but brings every other code page along: 12 KB that each visitor
// would download.
var windows1252 = [...]rune{
	'€', '\uFFFD', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\uFFFD', 'Ž', '\uFFFD',
	'\uFFFD', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\uFFFD', 'ž', 'Ÿ',
}

func cutNUL(b []byte) ([]byte, string) {
	for i, c := range b {
		if c == 0 {
			if strings.Trim(string(b[i:]), "\x00") != "" {
				return b[:i], "bytes follow its NUL"
			}
			return b[:i], ""
		}
	}
	return b, ""
}

// fileURLPath is the path of a file URL, percent-decoded. The hosts seen are
// none, "localhost" and XenServer's "."; any other becomes a leading //host.
// Bad escapes are kept as they stand.
func fileURLPath(url string) (path, flaw string) {
	const scheme = "file://"
	if len(url) < len(scheme) || !strings.EqualFold(url[:len(scheme)], scheme) {
		return url, "it is not a file URL"
	}
	rest := url[len(scheme):]
	host, path := rest, ""
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	path, bad := percentDecode(path)
	if bad {
		flaw = "it has a bad percent escape"
	}
	if !utf8.ValidString(path) {
		path, flaw = strings.ToValidUTF8(path, "\uFFFD"), "it is not UTF-8"
	}
	switch {
	case host == "." || host == "..":
		path = host + path // relative to the child, by XenServer
	case host != "" && !strings.EqualFold(host, "localhost"):
		path = "//" + host + path
	}
	return path, flaw
}

func percentDecode(s string) (decoded string, bad bool) {
	if !strings.Contains(s, "%") {
		return s, false
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			if hi, lo, ok := hexPair(s[i+1:]); ok {
				out = append(out, hi<<4|lo)
				i += 2
				continue
			}
			bad = true
		}
		out = append(out, s[i])
	}
	return string(out), bad
}

func hexPair(s string) (hi, lo byte, ok bool) {
	if len(s) < 2 {
		return 0, 0, false
	}
	hi, ok1 := hexDigit(s[0])
	lo, ok2 := hexDigit(s[1])
	return hi, lo, ok1 && ok2
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// printable is a short code as a person can read it: NULs and blanks at the
// end dropped, other bytes that are no ASCII text escaped.
func printable(code string) string {
	code = strings.TrimRight(code, "\x00 ")
	if code == "" {
		return "(empty)"
	}
	s := strconv.QuoteToASCII(code)
	return s[1 : len(s)-1]
}

// versionString writes a version field, major in the high half.
func versionString(v uint32) string {
	return dec(int64(v>>16)) + "." + dec(int64(v&0xFFFF))
}

// dec and udec write a number in decimal.
func dec(n int64) string   { return strconv.FormatInt(n, 10) }
func udec(n uint64) string { return strconv.FormatUint(n, 10) }

// hexa writes a number in hexadecimal: 0x1f.
func hexa(n uint64) string { return "0x" + strconv.FormatUint(n, 16) }

// hex32 writes a field of four bytes in hexadecimal: 0x0000001F.
func hex32(v uint32) string {
	digits := strings.ToUpper(strconv.FormatUint(uint64(v), 16))
	return "0x" + "00000000"[len(digits):] + digits
}

// quoted puts a name into a sentence. One with signs that do not print, or
// that would turn the text around it, is escaped.
func quoted(name string) string {
	for _, r := range name {
		if !strconv.IsPrint(r) {
			return strconv.Quote(name)
		}
	}
	return "“" + name + "”"
}
