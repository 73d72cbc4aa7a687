package find

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// pattern is a compiled pattern.
type pattern struct {
	exact     bool    // case matters
	path      bool    // it is of paths, not of names
	anywhere  bool    // of a path: it may begin in any folder
	text      string  // what is contained, where there are no tokens
	tokens    []token // what is matched
	now, then []bool
}

// token matches a part of a name.
type token struct {
	kind  kind
	char  rune
	set   []span
	other bool // the set is of those that do not match
}

type kind int

const (
	one     kind = iota // the character
	any1                // ?
	set                 // [a-z]
	star                // *
	all                 // **
	folders             // **/: nothing, or folders to their slash
)

type span struct{ from, to rune }

func compile(text string, exact bool) *pattern {
	p := &pattern{exact: exact, path: strings.Contains(text, "/")}
	text = p.fold(text)
	var wild bool
	p.tokens, wild = tokens(text)
	if !wild {
		var b strings.Builder
		for _, t := range p.tokens {
			b.WriteRune(t.char)
		}
		p.text, p.tokens = b.String(), nil
		return p
	}
	if p.path {
		if t := p.tokens[0]; t.kind == one && t.char == '/' {
			p.tokens = p.tokens[1:]
		} else {
			p.tokens = append([]token{{kind: folders}}, p.tokens...)
		}
	}
	p.now, p.then = make([]bool, len(p.tokens)+1), make([]bool, len(p.tokens)+1)
	return p
}

// tokens takes a pattern apart, and tells whether it has wildcards.
func tokens(text string) (list []token, wild bool) {
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		switch c := runes[i]; {
		case c == '\\' && i+1 < len(runes):
			i++
			list = append(list, token{char: runes[i]})
			continue
		case c == '?':
			list = append(list, token{kind: any1})
		case c == '*':
			t := token{kind: star}
			for i+1 < len(runes) && runes[i+1] == '*' {
				t.kind = all
				i++
			}
			if t.kind == all && i+1 < len(runes) && runes[i+1] == '/' {
				t.kind = folders
				i++
			}
			list = append(list, t)
		case c == '[':
			t, n := bracket(runes[i:])
			if n == 0 {
				list = append(list, token{char: c})
				continue
			}
			list = append(list, t)
			i += n - 1
		default:
			list = append(list, token{char: c})
			continue
		}
		wild = true
	}
	return list, wild
}

// bracket reads a set of characters, and tells how long it is; 0 where it has
// no end.
func bracket(runes []rune) (t token, n int) {
	t.kind = set
	i := 1
	if i < len(runes) && (runes[i] == '!' || runes[i] == '^') {
		t.other = true
		i++
	}
	for first := i; i < len(runes); i++ {
		if runes[i] == ']' && i > first {
			return t, i + 1
		}
		if runes[i] == '\\' && i+1 < len(runes) {
			i++
		}
		s := span{runes[i], runes[i]}
		if i+2 < len(runes) && runes[i+1] == '-' && runes[i+2] != ']' {
			s.to = runes[i+2]
			i += 2
		}
		t.set = append(t.set, s)
	}
	return t, 0
}

// matches reports whether an entry of a folder is looked for.
func (p *pattern) matches(path, name string) bool {
	if p.path {
		name = path
	}
	name = p.fold(name)
	if p.tokens != nil {
		return p.run(name)
	}
	if p.path {
		name = "/" + name
	}
	return strings.Contains(name, p.text)
}

// run goes through a name once, with all tokens at which a match may be.
func (p *pattern) run(name string) bool {
	now, then := p.now, p.then
	clear(now)
	p.reach(now, 0)
	for _, c := range name {
		clear(then)
		for i, t := range p.tokens {
			if !now[i] {
				continue
			}
			switch {
			case t.kind == folders:
				then[i] = true
				if c == '/' {
					p.reach(then, i+1)
				}
			case t.kind == all, t.kind == star && !(p.path && c == '/'):
				p.reach(then, i)
			case t.matches(c, p.path):
				p.reach(then, i+1)
			}
		}
		now, then = then, now
	}
	return now[len(p.tokens)]
}

// reach marks a token, and those behind it where it may match nothing.
func (p *pattern) reach(marks []bool, i int) {
	for marks[i] = true; i < len(p.tokens) && p.tokens[i].kind >= star; i++ {
		marks[i+1] = true
	}
}

// matches reports whether a token of one character matches one.
func (t *token) matches(c rune, path bool) bool {
	switch t.kind {
	case one:
		return c == t.char
	case any1:
		return !path || c != '/'
	case set:
		in := false
		for _, s := range t.set {
			in = in || s.from <= c && c <= s.to
		}
		return in != t.other && (!path || c != '/')
	}
	return false
}

// fold makes names that are the same alike.
func (p *pattern) fold(s string) string {
	if ascii(s) {
		if p.exact {
			return s
		}
		return strings.ToUpper(s)
	}
	s = norm.NFC.String(s)
	if p.exact {
		return s
	}
	return strings.Map(first, s)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// first is the same of all characters that differ in case only: of a to z the
// upper case.
func first(c rune) rune {
	low := unicode.ToLower(c)
	c = min(c, low)
	for f := unicode.SimpleFold(low); f != low; f = unicode.SimpleFold(f) {
		c = min(c, f)
	}
	return c
}
