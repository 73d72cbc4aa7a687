package session

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const pageProtocol = "../../../web/src/engine/protocol.js"

// declared is what one side of the protocol declares, in order.
type declared struct {
	commands, replies []constant
	messages          []message
}

type constant struct{ name, value, comment string }

type message struct {
	name, doc  string
	properties []property
}

type property struct{ name, kind string }

// TestProtocolMirrors: both sides of the worker declare the same messages
// and constants, in the same order and with the same words about them.
func TestProtocolMirrors(t *testing.T) {
	source, err := os.ReadFile("protocol.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(pageProtocol)
	if err != nil {
		t.Fatal(err)
	}
	worker, mirror := declaredInGo(t, string(source)), declaredInJS(t, string(page))
	for _, problem := range differences(worker, mirror) {
		t.Error(problem)
	}
	if len(worker.commands) < 11 || len(worker.replies) < 6 || len(worker.messages) < 35 {
		t.Errorf("only %d commands, %d kinds of replies and %d messages were found", len(worker.commands), len(worker.replies), len(worker.messages))
	}
}

// TestProtocolDifferencesAreSeen changes one side at a time.
func TestProtocolDifferencesAreSeen(t *testing.T) {
	page, err := os.ReadFile(pageProtocol)
	if err != nil {
		t.Fatal(err)
	}
	want := declaredInJS(t, string(page))
	for _, edit := range [][2]string{
		{"Locate: 'locate',", "Locate: 'find',"},
		{"  Locate: 'locate',           // LocateRequest → Location\n", ""},
		{"// LocateRequest → Location", "// LocateRequest → View"},
		{"Ready: 'ready', ", "Begin: 'ready', "},
		{" * @property {string} unit\n * @property {number} index\n", " * @property {number} index\n * @property {string} unit\n"},
		{" * @property {string} unit\n", ""},
		{" * @property {string} unit\n", " * @property {number} unit\n"},
		{"@property {Problem | null} problem", "@property {Problem} problem"},
		{"@property {Uint8Array<ArrayBuffer>} bytes", "@property {number[]} bytes"},
		{"@typedef {object} Location\n", "@typedef {object} Place\n"},
		{"Length is at most 1 MiB.", "Length is at most 2 MiB."},
	} {
		changed := strings.Replace(string(page), edit[0], edit[1], 1)
		if changed == string(page) {
			t.Errorf("%q is not in the page's protocol", edit[0])
		} else if len(differences(want, declaredInJS(t, changed))) == 0 {
			t.Errorf("%q in place of %q is not noticed", edit[1], edit[0])
		}
	}
}

// differences tells where b differs from a, the worker's side.
func differences(a, b declared) (list []string) {
	note := func(words ...string) { list = append(list, strings.Join(words, " ")) }
	if !slices.Equal(a.commands, b.commands) {
		note("the commands differ:", quote(a.commands), "and", quote(b.commands))
	}
	if !slices.Equal(a.replies, b.replies) {
		note("the kinds of replies differ:", quote(a.replies), "and", quote(b.replies))
	}
	for i := range max(len(a.messages), len(b.messages)) {
		var x, y message
		if i < len(a.messages) {
			x = a.messages[i]
		}
		if i < len(b.messages) {
			y = b.messages[i]
		}
		if x.name != y.name {
			note("message", strconv.Itoa(i), "is", strconv.Quote(x.name), "in the worker and", strconv.Quote(y.name), "in the page")
			break
		}
		if x.doc != y.doc {
			note(x.name, "is described differently:\n", x.doc, "\n", y.doc)
		}
		if !slices.EqualFunc(x.properties, y.properties, func(p, q property) bool { return p.name == q.name && fits(p.kind, q.kind) }) {
			note(x.name, "differs:", quoteProperties(x.properties), "and", quoteProperties(y.properties))
		}
	}
	return list
}

// fits reports whether the page's type may hold the worker's. The page knows
// better what an any is: nothing that is a message or a number.
func fits(worker, page string) bool {
	return worker == page || worker == "any" && (page == "File" || page == "Uint8Array<ArrayBuffer>")
}

func quote(list []constant) string {
	var words []string
	for _, c := range list {
		words = append(words, c.name+"="+c.value+" ("+c.comment+")")
	}
	return strings.Join(words, ", ")
}

func quoteProperties(list []property) string {
	var words []string
	for _, p := range list {
		words = append(words, p.name+" "+p.kind)
	}
	return strings.Join(words, ", ")
}

// declaredInGo reads the worker's side. Types are given as the page has them.
func declaredInGo(t *testing.T, source string) (d declared) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "protocol.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok {
			t.Fatal("the protocol has a function")
		}
		for _, spec := range group.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				c := constant{value: value, comment: words(spec.Comment.Text())}
				if name, ok := strings.CutPrefix(spec.Names[0].Name, "Command"); ok {
					c.name = name
					d.commands = append(d.commands, c)
				} else if name, ok := strings.CutPrefix(spec.Names[0].Name, "Reply"); ok {
					c.name = name
					d.replies = append(d.replies, c)
				} else {
					t.Errorf("%s is no command and no kind of reply", spec.Names[0].Name)
				}
			case *ast.TypeSpec:
				m := message{name: spec.Name.Name, doc: words(group.Doc.Text())}
				for _, f := range spec.Type.(*ast.StructType).Fields.List {
					tag := ""
					if f.Tag != nil {
						tag, _ = strings.CutPrefix(f.Tag.Value, "`js:\"")
						tag, _ = strings.CutSuffix(tag, "\"`")
					}
					if len(f.Names) != 1 || tag == "" {
						t.Errorf("%s: one field a line, each with its property", m.name)
					}
					m.properties = append(m.properties, property{tag, pageType(t, f.Type)})
				}
				d.messages = append(d.messages, m)
			default:
				t.Errorf("the protocol holds a %T", spec)
			}
		}
	}
	return d
}

// pageType is the page's type for one of the worker's.
func pageType(t *testing.T, expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.Ident:
		switch e.Name {
		case "int", "int64":
			return "number"
		case "bool":
			return "boolean"
		case "string", "any":
			return e.Name
		}
		if ast.IsExported(e.Name) {
			return e.Name
		}
	case *ast.StarExpr:
		return pageType(t, e.X) + " | null"
	case *ast.ArrayType:
		if of, ok := e.Elt.(*ast.Ident); ok && of.Name == "byte" {
			return "Uint8Array<ArrayBuffer>"
		}
		return pageType(t, e.Elt) + "[]"
	}
	t.Errorf("the page has no type for a %v", expr)
	return ""
}

var (
	jsConstant = regexp.MustCompile(`^  (\w+): '(\w+)', +// (.*)$`)
	jsTypedef  = regexp.MustCompile(`^ \* @typedef \{object\} (\w+)$`)
	jsProperty = regexp.MustCompile(`^ \* @property \{(.+)\} (\w+)$`)
)

// declaredInJS reads the page's side, which keeps to one form; a line that
// does not is an error.
func declaredInJS(t *testing.T, source string) (d declared) {
	t.Helper()
	var constants *[]constant
	var doc []string
	var open *message
	for i, line := range strings.Split(source, "\n") {
		switch {
		case strings.HasPrefix(line, "export const Command = "):
			constants = &d.commands
		case strings.HasPrefix(line, "export const ReplyKind = "):
			constants = &d.replies
		case line == "});":
			constants = nil
		case line == "/**":
			doc, open = nil, nil
		case line == " */" || line == " *" || line == "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "/** "):
		case constants != nil && jsConstant.MatchString(line):
			m := jsConstant.FindStringSubmatch(line)
			*constants = append(*constants, constant{m[1], m[2], words(m[3])})
		case jsTypedef.MatchString(line):
			d.messages = append(d.messages, message{name: jsTypedef.FindStringSubmatch(line)[1], doc: words(strings.Join(doc, " "))})
			open = &d.messages[len(d.messages)-1]
		case open != nil && jsProperty.MatchString(line):
			m := jsProperty.FindStringSubmatch(line)
			open.properties = append(open.properties, property{m[2], m[1]})
		case open == nil && strings.HasPrefix(line, " * ") && !strings.HasPrefix(line, " * @"):
			doc = append(doc, line[3:])
		default:
			t.Errorf("line %d of the page's protocol is in no known form: %s", i+1, line)
		}
	}
	return d
}

// words is a text with its line breaks and spaces made one.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
