// Package workertest holds a worker's protocol against its mirror in the page,
// and against the messages that Go encodes.
package workertest

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

// Protocol is what one side of a protocol declares, in order.
type Protocol struct {
	Commands, Replies []Constant
	Messages          []Message
}

// Constant is a command or a kind of reply, without its prefix.
type Constant struct{ Name, Value, Comment string }

// Message is a type; Doc is what is said of it.
type Message struct {
	Name, Doc  string
	Properties []Property
}

// Property is a field by its name and type in the page.
type Property struct{ Name, Kind string }

// Mirrors fails the test unless the page's file declares the same as the
// worker's, one after the other, in the same order and with the same words
// about it. It returns what they declare.
func Mirrors(t *testing.T, page string, worker ...string) Protocol {
	t.Helper()
	var p Protocol
	for _, file := range worker {
		of := InGo(t, file)
		p.Commands = append(p.Commands, of.Commands...)
		p.Replies = append(p.Replies, of.Replies...)
		p.Messages = append(p.Messages, of.Messages...)
	}
	for _, problem := range Differences(p, InJS(t, Read(t, page))) {
		t.Error(problem)
	}
	return p
}

// Read is a file's text.
func Read(t *testing.T, name string) string {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// Differences tells where b differs from a, the worker's side.
func Differences(a, b Protocol) (list []string) {
	note := func(words ...string) { list = append(list, strings.Join(words, " ")) }
	if !slices.Equal(a.Commands, b.Commands) {
		note("the commands differ:", quote(a.Commands), "and", quote(b.Commands))
	}
	if !slices.Equal(a.Replies, b.Replies) {
		note("the kinds of replies differ:", quote(a.Replies), "and", quote(b.Replies))
	}
	for i := range max(len(a.Messages), len(b.Messages)) {
		var x, y Message
		if i < len(a.Messages) {
			x = a.Messages[i]
		}
		if i < len(b.Messages) {
			y = b.Messages[i]
		}
		if x.Name != y.Name {
			note("message", strconv.Itoa(i), "is", strconv.Quote(x.Name), "in the worker and", strconv.Quote(y.Name), "in the page")
			break
		}
		if x.Doc != y.Doc {
			note(x.Name, "is described differently:\n", x.Doc, "\n", y.Doc)
		}
		if !slices.EqualFunc(x.Properties, y.Properties, func(p, q Property) bool { return p.Name == q.Name && fits(p.Kind, q.Kind) }) {
			note(x.Name, "differs:", quoteProperties(x.Properties), "and", quoteProperties(y.Properties))
		}
	}
	return list
}

// known are the types of the browser that a worker has as any.
var known = []string{"File | RemoteFile", "RemoteFile", "Uint8Array<ArrayBuffer>", "Blob | null", "FileSystemFileHandle | null"}

// fits reports whether the page's type may hold the worker's. The page knows
// better what an any is: nothing that is a message or a number.
func fits(worker, page string) bool {
	return worker == page || worker == "any" && slices.Contains(known, page)
}

func quote(list []Constant) string {
	var words []string
	for _, c := range list {
		words = append(words, c.Name+"="+c.Value+" ("+c.Comment+")")
	}
	return strings.Join(words, ", ")
}

func quoteProperties(list []Property) string {
	var words []string
	for _, p := range list {
		words = append(words, p.Name+" "+p.Kind)
	}
	return strings.Join(words, ", ")
}

// InGo reads the worker's side, a file. Types are given as the page has them.
func InGo(t *testing.T, name string) (d Protocol) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
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
			case *ast.ImportSpec: // of the messages of another protocol
			case *ast.ValueSpec:
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				c := Constant{Value: value, Comment: words(spec.Comment.Text())}
				if name, ok := strings.CutPrefix(spec.Names[0].Name, "Command"); ok {
					c.Name = name
					d.Commands = append(d.Commands, c)
				} else if name, ok := strings.CutPrefix(spec.Names[0].Name, "Reply"); ok {
					c.Name = name
					d.Replies = append(d.Replies, c)
				} else {
					t.Errorf("%s is no command and no kind of reply", spec.Names[0].Name)
				}
			case *ast.TypeSpec:
				m := Message{Name: spec.Name.Name, Doc: words(group.Doc.Text())}
				for _, f := range spec.Type.(*ast.StructType).Fields.List {
					tag := ""
					if f.Tag != nil {
						tag, _ = strings.CutPrefix(f.Tag.Value, "`js:\"")
						tag, _ = strings.CutSuffix(tag, "\"`")
					}
					if len(f.Names) != 1 || tag == "" {
						t.Errorf("%s: one field a line, each with its property", m.Name)
					}
					m.Properties = append(m.Properties, Property{tag, pageType(t, f.Type)})
				}
				d.Messages = append(d.Messages, m)
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
	case *ast.SelectorExpr:
		return pageType(t, e.Sel)
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

// InJS reads the page's side, a text, which keeps to one form; a line that
// does not is an error.
func InJS(t *testing.T, source string) (d Protocol) {
	t.Helper()
	var constants *[]Constant
	var doc []string
	var open *Message
	for i, line := range strings.Split(source, "\n") {
		switch {
		case strings.HasPrefix(line, "export const Command = "):
			constants = &d.Commands
		case strings.HasPrefix(line, "export const ReplyKind = "):
			constants = &d.Replies
		case line == "});":
			constants = nil
		case line == "/**":
			doc, open = nil, nil
		case line == " */" || line == " *" || line == "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "/** "):
		case constants != nil && jsConstant.MatchString(line):
			m := jsConstant.FindStringSubmatch(line)
			*constants = append(*constants, Constant{m[1], m[2], words(m[3])})
		case jsTypedef.MatchString(line):
			d.Messages = append(d.Messages, Message{Name: jsTypedef.FindStringSubmatch(line)[1], Doc: words(strings.Join(doc, " "))})
			open = &d.Messages[len(d.Messages)-1]
		case open != nil && jsProperty.MatchString(line):
			m := jsProperty.FindStringSubmatch(line)
			open.Properties = append(open.Properties, Property{m[2], m[1]})
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
