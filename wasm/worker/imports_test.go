package worker

import (
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// rooms are the folders of the house, and what of the module, of other
// modules and of the browser the files in each may import.
var rooms = []struct {
	folder string
	may    []string
	shell  bool // files named *_js.go may meet the browser
}{
	{"../../vhd", []string{"vhdscope/vhd/vhdtest", "golang.org/x/text/"}, false},
	{"../../blobio", []string{"vhdscope/blobio", "vhdscope/blobio/remotetest"}, true},
	{"../../blobio/remotetest", []string{"vhdscope/blobio"}, false},
	{".", []string{"vhdscope/vhd", "vhdscope/blobio"}, false},
	{"workertest", []string{"vhdscope/wasm/worker"}, false},
	{"../shell", []string{"vhdscope/vhd", "vhdscope/blobio", "vhdscope/vhd/vhdtest", "vhdscope/wasm/worker", "vhdscope/wasm/viewer/session"}, true},
	{"../viewer", []string{"vhdscope/wasm/shell", "vhdscope/wasm/viewer/session"}, true},
	{"../viewer/session", []string{"vhdscope/vhd", "vhdscope/blobio", "vhdscope/blobio/remotetest", "vhdscope/vhd/vhdtest", "vhdscope/wasm/worker", "vhdscope/wasm/worker/workertest", "vhdscope/wasm/viewer/session"}, false},
	{"../output", []string{"vhdscope/vhd", "vhdscope/blobio", "vhdscope/wasm/shell", "vhdscope/wasm/worker"}, true},
	{"../output/outputtest", []string{"vhdscope/vhd", "vhdscope/wasm/output", "vhdscope/wasm/worker"}, false},
	{"../jobs", []string{"vhdscope/blobio", "vhdscope/wasm/jobs/job", "vhdscope/wasm/output", "vhdscope/wasm/shell"}, true},
	{"../jobs/edit", []string{"vhdscope/vhd", "vhdscope/vhd/vhdtest"}, false},
	{"../jobs/job", []string{"vhdscope/vhd", "vhdscope/blobio", "vhdscope/blobio/remotetest", "vhdscope/vhd/vhdtest", "vhdscope/wasm/jobs/edit", "vhdscope/wasm/output", "vhdscope/wasm/output/outputtest", "vhdscope/wasm/worker", "vhdscope/wasm/worker/workertest", "vhdscope/wasm/viewer/session"}, false},
	{"../edge", []string{"github.com/syumai/workers", "github.com/syumai/workers/cloudflare", "vhdscope/wasm/edge/library"}, true},
	{"../edge/library", nil, false},
	{"../volumes", []string{"vhdscope/vhd/vhdtest/fieldnotes", "vhdscope/wasm/output", "vhdscope/wasm/shell", "vhdscope/wasm/volumes/browse", "vhdscope/wasm/worker"}, true},
	{"../volumes/browse", []string{"vhdscope/blobio/remotetest", "vhdscope/vhd", "vhdscope/vhd/volume", "vhdscope/vhd/volume/", "golang.org/x/text/unicode/norm", "vhdscope/blobio", "vhdscope/vhd/vhdtest", "vhdscope/vhd/vhdtest/fieldnotes", "vhdscope/wasm/output", "vhdscope/wasm/output/outputtest", "vhdscope/wasm/worker", "vhdscope/wasm/worker/workertest"}, false},
}

// browser is what only the shell may import.
var browser = []string{"syscall/js", "honnef.co/go/js/dom/v2"}

// TestRooms: data goes one way through the house, and only files named
// *_js.go, which say so in their tag, meet the browser.
func TestRooms(t *testing.T) {
	for _, room := range rooms {
		names, err := filepath.Glob(filepath.Join(room.folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, name := range names {
			found++
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range strayIn(t, filepath.ToSlash(name), string(source), room.may, room.shell) {
				t.Error(problem)
			}
		}
		if found == 0 {
			t.Errorf("%s: %d files were looked at", room.folder, found)
		}
	}
}

// TestStraysAreSeen: what TestRooms looks for, it sees.
func TestStraysAreSeen(t *testing.T) {
	const tag = "//go:build js && wasm\n\n"
	for _, test := range []struct {
		name, source string
		shell, good  bool
	}{
		{"loop_js.go", tag + "package main\nimport \"syscall/js\"", true, true},
		{"fault_js.go", "//go:build js && wasm && fault\n\npackage main", true, true},
		{"loop_js_test.go", tag + "package main\nimport \"honnef.co/go/js/dom/v2\"", true, true},
		{"doc.go", "package main\nimport \"io\"", true, true},
		{"loop_js.go", "package main\nimport \"syscall/js\"", true, false},
		{"loop_js.go", "//go:build js\n\npackage main", true, false},
		{"loop_js.go", tag + "package main\nimport \"syscall/js\"", false, false},
		{"loop.go", tag + "package main", true, false},
		{"loop.go", "//go:build linux\n\npackage main", true, false},
		{"loop.go", "package main\nimport \"syscall/js\"", true, false},
		{"loop.go", "package main\nimport \"vhdscope/wasm/edge\"", true, false},
		{"loop_js.go", tag + "package main\nimport \"vhdscope/wasm/edge\"", true, false},
		{"loop.go", "package main\nimport \"example.com/x\"", true, false},
	} {
		if strays := strayIn(t, test.name, test.source, nil, test.shell); (len(strays) == 0) != test.good {
			t.Errorf("%s, %q: %q", test.name, test.source, strays)
		}
	}
}

// strayIn tells what in a file does not belong there.
func strayIn(t *testing.T, name, source string, may []string, shell bool) (list []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments|parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	stem := strings.TrimSuffix(strings.TrimSuffix(path.Base(name), ".go"), "_test")
	forJS := strings.HasSuffix(stem, "_js")
	if forJS && !shell {
		list = append(list, name+" is for the browser, and this room is portable")
	}
	tagged := false
	for _, group := range file.Comments {
		for _, c := range group.List {
			if c.Pos() > file.Package || !constraint.IsGoBuild(c.Text) {
				continue
			}
			tagged = true
			if !forJS || !strings.HasPrefix(c.Text+" ", "//go:build js && wasm ") {
				list = append(list, name+" has the tag "+c.Text)
			}
		}
	}
	if forJS && !tagged {
		list = append(list, name+" has no tag")
	}
	for _, spec := range file.Imports {
		of, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if !mayImport(of, may, forJS && shell) {
			list = append(list, name+" must not import "+of)
		}
	}
	return list
}

func mayImport(of string, may []string, forJS bool) bool {
	for _, b := range browser {
		if of == b {
			return forJS
		}
	}
	for _, m := range may {
		if of == m || strings.HasSuffix(m, "/") && strings.HasPrefix(of, m) {
			return true
		}
	}
	root, _, _ := strings.Cut(of, "/")
	return root != "vhdscope" && !strings.Contains(root, ".")
}
