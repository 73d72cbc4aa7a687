package find

import "testing"

// TestPatternsMatchNames: what each form of pattern finds and what not.
func TestPatternsMatchNames(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		exact, want   bool
	}{
		{"", "a", false, true},
		{"note", "docs/My Notes.txt", false, true},
		{"note", "docs/My Notes.txt", true, false},
		{"Note", "docs/My Notes.txt", true, true},
		{"docs", "docs/a.txt", false, false},
		{"*.txt", "docs/A.TXT", false, true},
		{"*.txt", "docs/A.TXT", true, false},
		{"*.txt", "a.txt.bak", false, false},
		{"a?c", "abc", false, true},
		{"a?c", "ac", false, false},
		{"a?c", "aéc", false, true},
		{"[a-c]x", "Bx", false, true},
		{"[a-c]x", "Bx", true, false},
		{"[!a-c]x", "dx", false, true},
		{"[!a-c]x", "ax", false, false},
		{"[]x]?", "]1", false, true},
		{`\[1\]`, "song [1].mp3", false, true},
		{"[1", "song [1].mp3", false, true},
		{`a\*b`, "a*b", false, true},
		{`a\*b`, "aXb", false, false},
		{"**", "x", false, true},
		{"a*b*c*d", "a1b2c3d", false, true},
		{"a*b*c*d", "a1b2c3", false, false},
		{"docs/", "docs/a.txt", false, true},
		{"s/a", "docs/a.txt", false, true},
		{"/s/a", "docs/a.txt", false, false},
		{"/docs/a", "docs/a.txt", false, true},
		{"docs/*.txt", "docs/a.txt", false, true},
		{"docs/*.txt", "old/docs/a.txt", false, true},
		{"ocs/*.txt", "docs/a.txt", false, false},
		{"/docs/*.txt", "old/docs/a.txt", false, false},
		{"/docs/*.txt", "docs/a.txt", false, true},
		{"docs/*.txt", "docs/old/a.txt", false, false},
		{"docs/**.txt", "docs/old/a.txt", false, true},
		{"docs/**/*.txt", "docs/a.txt", false, true},
		{"docs/**/*.txt", "docs/x/y/a.txt", false, true},
		{"docs/**/a.txt", "docs/xa.txt", false, false},
		{"docs/?.txt", "docs//.txt", false, false},
		{"docs/[!x].txt", "docs/a.txt", false, true},
		{"É*", "e\u0301tude", false, true},  // NFD in the volume
		{"e\u0301", "L'École", false, true}, // NFD in the pattern
		{"е́", "e", false, false},           // Cyrillic
		{"ПАПКА", "моя папка", false, true},
		{"[а-я]*", "Папка", false, true},
		{"straße", "STRAẞE", false, true},
		{"σ*", "Σα", false, true},
		{"*ς", "ΑΣ", false, true},
		{"kelvin", "\u212Aelvin", false, true},
		{"😀*", "😀.png", false, true},
		{"?.png", "😀.png", false, true},
	} {
		p := compile(c.pattern, c.exact)
		base := c.path
		for i := range c.path {
			if c.path[i] == '/' {
				base = c.path[i+1:]
			}
		}
		for range 2 { // a pattern is used many times
			if got := p.matches(c.path, base); got != c.want {
				t.Errorf("%q of %q (case %v): %v", c.pattern, c.path, c.exact, got)
			}
		}
	}
}
