package blobio

import (
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The cache and Remote are portable and tested natively; only files named
// *_js.go meet the browser, and none meets the format.
func TestImportsAndTags(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	bound := 0
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		forJS := strings.HasSuffix(strings.TrimSuffix(strings.TrimSuffix(name, ".go"), "_test"), "_js")
		if forJS {
			bound++
		}
		tag := ""
		for _, group := range file.Comments {
			for _, c := range group.List {
				if constraint.IsGoBuild(c.Text) && c.Pos() < file.Package {
					tag = c.Text
				}
			}
		}
		want := ""
		if forJS {
			want = "//go:build js && wasm"
		}
		if tag != want {
			t.Errorf("%s: build tag %q, want %q", name, tag, want)
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			root, _, _ := strings.Cut(path, "/")
			standard := root != "vhdscope" && !strings.Contains(root, ".")
			browser := path == "syscall/js" || path == "honnef.co/go/js/dom/v2"
			own := strings.HasSuffix(file.Name.Name, "_test") && strings.HasPrefix(path, "vhdscope/blobio")
			if browser && !forJS || !browser && !standard && !own {
				t.Errorf("%s must not import %s", name, path)
			}
		}
	}
	if bound == 0 {
		t.Error("no *_js.go file was found: this test looks at nothing")
	}
}
