package browse

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"vhdscope/blobio"
	"vhdscope/vhd/vhdtest/fieldnotes"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/output"
	"vhdscope/wasm/output/outputtest"
	"vhdscope/wasm/worker"
)

// unpacked are the entries of an archive by name, folders with a slash behind.
func unpacked(t testing.TB, p []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(p), int64(len(p)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range r.File {
		if _, twice := all[f.Name]; twice {
			t.Errorf("%q is in the archive twice", f.Name)
		}
		if f.Method != zip.Store {
			t.Errorf("%q is not stored", f.Name)
		}
		c, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(c)
		if err != nil {
			t.Fatalf("%q: %v", f.Name, err)
		}
		all[f.Name] = string(data)
	}
	return all
}

// zipped is a request for an archive of all there is.
func zipped(paths ...string) SaveRequest {
	return SaveRequest{Paths: paths, Zip: true, Base: "/", To: memory}
}

// TestArchiveOfTheSample: at each depth an archive of all, and of one folder
// with names from there on, holds the files of the story, as 7-Zip has it too.
func TestArchiveOfTheSample(t *testing.T) {
	depths(t, func(t *testing.T, h *outputtest.Host, v *Volume, layers []fieldnotes.Layer) {
		files := filesOf(layers)
		s, p := saved(t, h, v, zipped("/"))
		got := unpacked(t, p)
		maps.DeleteFunc(got, func(name string, _ string) bool { return strings.HasSuffix(name, "/") })
		want := map[string]string{}
		for name, data := range files {
			want[name] = string(data)
		}
		if !maps.Equal(got, want) || s.Count != len(files) || s.UnreadCount+s.RenamedCount > 0 || s.Saved.Way != "memory" {
			t.Errorf("%d entries of %d files: %+v", len(got), len(files), s)
		}
		list := unpackedBy7z(t, p)
		for name, data := range files {
			if list[name] != string(data) {
				t.Errorf("7-Zip unpacks %q to other bytes", name)
			}
		}
	})
}

// unpackedBy7z are the files that 7-Zip unpacks an archive to.
func unpackedBy7z(t *testing.T, p []byte) map[string]string {
	t.Helper()
	if _, err := exec.LookPath("7zz"); err != nil {
		t.Skip("7zz is not installed")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.zip"), p, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("7zz", "x", "-o"+filepath.Join(dir, "out"), filepath.Join(dir, "a.zip")).CombinedOutput(); err != nil {
		t.Fatalf("7zz: %v\n%s", err, out)
	}
	all := map[string]string{}
	err := filepath.WalkDir(filepath.Join(dir, "out"), func(p string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(p)
		name, _ := filepath.Rel(filepath.Join(dir, "out"), p)
		all[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestNamesInArchives: they are relative to the folder, and what lies in what
// is selected too is there once.
func TestNamesInArchives(t *testing.T) {
	h := &outputtest.Host{}
	v := with(t, h, newFake(map[string]string{"a/b/c/1": "one", "a/b/2": "two", "a/b2/3": "three", "x": "four"}))
	for _, test := range []struct {
		base  string
		paths []string
		want  []string
	}{
		{"/", []string{"/"}, []string{"a/", "a/b/", "a/b/2", "a/b/c/", "a/b/c/1", "a/b2/", "a/b2/3", "x"}},
		{"/a", []string{"/a/b"}, []string{"b/", "b/2", "b/c/", "b/c/1"}},
		{"/a/b", []string{"/a/b/c/1", "/a/b/2"}, []string{"2", "c/1"}},
		{"/a", []string{"/a/b/c", "/a/b", "/a/b/2", "/a/b", "/a/b2/3"}, []string{"b/", "b/2", "b/c/", "b/c/1", "b2/3"}},
		{"/a", []string{"/x"}, []string{"x"}},
		{"/a/b", []string{"/a/b2/3"}, []string{"a/b2/3"}},
		{"/", nil, nil},
	} {
		req := zipped(test.paths...)
		req.Base = test.base
		_, p := saved(t, h, v, req)
		if got := slices.Sorted(maps.Keys(unpacked(t, p))); !slices.Equal(got, test.want) {
			t.Errorf("%q from %s: %q", test.paths, test.base, got)
		}
	}
	refused(t, v, CommandSave, SaveRequest{Paths: []string{"/a", "/x"}, To: memory}, worker.CodeBadRequest)
	refused(t, v, CommandSave, SaveRequest{To: memory}, worker.CodeBadRequest)
	refused(t, v, CommandSave, SaveRequest{Paths: []string{"/nowhere"}, To: memory}, CodeNotFound)
	refused(t, v, CommandSave, zipped("a"), worker.CodeBadRequest)
	refused(t, v, CommandSave, zipped("/../a"), worker.CodeBadRequest)
}

// TestSafeNames: what each rule of names makes of names.
func TestSafeNames(t *testing.T) {
	long := strings.Repeat("é", 200)
	for name, want := range map[string]string{
		"plain.txt": "plain.txt", "Ünïcödé – папка": "Ünïcödé – папка", "😀": "😀", " leading": " leading", ".hidden": ".hidden",
		"a:b": "a_b", `a\b`: "a_b", `<>:"/\|?*`: "_________", "tab\there\x00\x7f": "tab_here__", "C:": "C_",
		"dots...": "dots___", "space ": "space_", "...": "___", ". .": "___", "": "_", "a. .b": "a. .b",
		"CON": "_CON", "con.txt": "_con.txt", "Lpt1": "_Lpt1", "COM¹.log": "_COM¹.log", "aux .c": "_aux .c", "NUL.tar.gz": "_NUL.tar.gz", "conin$": "_conin$",
		"CON1": "CON1", "COM": "COM", "COM10": "COM10", "LPT": "LPT", "console": "console", "nul_": "nul_",
		"bad\xff":                           "bad_",
		long + ".txt":                       strings.Repeat("é", 118) + ".txt",
		long:                                strings.Repeat("é", 120),
		"." + long:                          "." + strings.Repeat("é", 119),
		"x." + long:                         "x." + strings.Repeat("é", 119),
		strings.Repeat("a", 239) + ".":      strings.Repeat("a", 239) + "_",
		strings.Repeat("a", 235) + " .text": strings.Repeat("a", 235) + ".text",
	} {
		got := safeName(name)
		if got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
		if again := safeName(got); again != got {
			t.Errorf("%q is safe, and becomes %q", got, again)
		}
	}
}

// TestAnyNameBecomesSafe holds the rules against any name.
func FuzzSafeName(f *testing.F) {
	for _, name := range []string{"CON", "a/b", "...", "é\u0301", strings.Repeat("x. ", 200), "LPT\u00b9 .x", "\x80"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := safeName(name)
		switch {
		case got == "" || len(got) > longest || !utf8.ValidString(got):
		case strings.ContainsAny(got, `<>:"/\|?*`) || strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r == 0x7F }):
		case strings.HasSuffix(got, ".") || strings.HasSuffix(got, " ") || isDevice(got):
		default:
			return
		}
		t.Errorf("%q becomes %q", name, got)
	})
}

// TestNamesThatAreTheSameElsewhere: of names that other systems take for one,
// each is in the archive under its own, also where a number is taken, and what
// is in such folders too; the reply tells which.
func TestNamesThatAreTheSameElsewhere(t *testing.T) {
	files := map[string]string{
		"readme.txt": "1", "README.TXT": "2", "Readme (2).txt": "3", "a?": "4", "a*": "5", "a_": "6",
		"\u00e9t\u00e9": "7", "e\u0301te\u0301": "8", "Dir/x": "9", "dir/x": "10", "dir/X": "11", "Stra\u00dfe": "12", "STRA\u1e9eE": "13",
		"nul/com1/prn.txt": "14", "..\\..\\up": "15",
	}
	h := &outputtest.Host{}
	s, p := saved(t, h, with(t, h, newFake(files)), zipped("/"))
	got := unpacked(t, p)
	contents := map[string]bool{}
	same := map[string]string{}
	for name, data := range got {
		if other, taken := same[folded(name)]; taken {
			t.Errorf("%q and %q are the same elsewhere", name, other)
		}
		same[folded(name)] = name
		for part := range strings.SplitSeq(strings.TrimSuffix(name, "/"), "/") {
			if safeName(part) != part {
				t.Errorf("%q is not safe", name)
			}
		}
		contents[data] = true
	}
	for name, data := range files {
		if !contents[data] {
			t.Errorf("%q is not in the archive", name)
		}
	}
	for _, r := range s.Renamed {
		name, isFile := files[r.Path[1:]]
		if isFile && got[r.Name] != name {
			t.Errorf("%q is said to be %q, which is %q", r.Path, r.Name, got[r.Name])
		}
	}
	if s.Count != len(files) || s.RenamedCount != len(s.Renamed) || len(s.Renamed) < 9 {
		t.Errorf("%+v", s)
	}
	if got["readme.txt"] != "1" && got["README.TXT"] != "2" {
		t.Errorf("neither of two has its name: %q", slices.Sorted(maps.Keys(got)))
	}
}

// TestWhatCannotBeRead: each file and folder that cannot be read, or not to its
// end, is told of in the reply and by a text in its place, and the rest is
// there.
func TestWhatCannotBeRead(t *testing.T) {
	f := newFake(map[string]string{"good": "good", "folder/good": "good too", "broken/lost": "", "odd - could not be read.txt": "in the way"})
	f.nodes["folder/good"].Meta.ID = 7
	f.add("closed", 0o644).Meta.Problem = &fsys.Error{Kind: fsys.ErrEncrypted, Offset: -1, Msg: "it is encrypted"}
	f.add("odd", 0o644).bad = fsys.Damaged(1234, "it has no beginning")
	f.nodes["broken"].bad = fsys.Damaged(-1, "half of the folder is gone")
	f.add("device", fs.ModeDevice)
	short := f.file("short", "short")
	short.bad, short.from = fsys.Damaged(-1, "it stops"), 3
	long := f.file("long", strings.Repeat("x", 3*window))
	long.bad, long.from = fsys.Damaged(-1, "it stops"), 2*window+100
	ends := f.file("ends", "less than it says")
	ends.Bytes++
	h := &outputtest.Host{}
	s, p := saved(t, h, with(t, h, f), zipped("/"))
	got := unpacked(t, p)
	want := map[string]string{ // what the text in the place of each says
		"/closed": "it is encrypted", "/odd": "it has no beginning (at byte 1234 of the volume)", "/broken": "half of the folder is gone",
		"/device": "no content", "/short": "it stops", "/long": fmt.Sprintf("only its first %d bytes could be read: it stops", 2*window+100), "/ends": "ends early",
	}
	for _, u := range s.Unread {
		if !strings.Contains(u.Message, want[u.Path]) || want[u.Path] == "" {
			t.Errorf("%+v, want %q", u, want[u.Path])
		}
		note := u.Path[1:] + " - could not be read.txt"
		if !strings.Contains(got[note], u.Message) || !strings.Contains(got[note], u.Path) {
			t.Errorf("%q says %q", note, got[note])
		}
		if content, there := got[u.Path[1:]]; there && u.Path != "/long" {
			t.Errorf("%s is in the archive, as %q", u.Path, content)
		}
	}
	if len(s.Unread) != len(want) || s.UnreadCount != len(want) || s.Count != 4 {
		t.Errorf("%+v", s)
	}
	if got["good"] != "good" || got["folder/good"] != "good too" || got["broken/lost"] != "" || len(got["long"]) != 2*window+100 || got["odd - could not be read (2).txt"] != "in the way" {
		t.Errorf("%q", slices.Sorted(maps.Keys(got)))
	}
}

// TestSourceThatIsGone: where a file of the chain is gone, so is the archive,
// and nothing is left of it.
func TestSourceThatIsGone(t *testing.T) {
	f := newFake(map[string]string{"a": "a", "b": "b"})
	f.nodes["b"].bad = &blobio.ReadError{Name: "disk.vhd", Err: blobio.ErrChanged}
	h := &outputtest.Host{}
	p := refused(t, with(t, h, f), CommandSave, zipped("/"), worker.CodeChanged)
	if p.File != "disk.vhd" || len(h.Files) != 1 || !h.Files[0].Aborted {
		t.Errorf("%+v", p)
	}
}

// TestLinksInArchives: a link that stays in the archive is one there too;
// others are texts that say where they lead.
func TestLinksInArchives(t *testing.T) {
	f := newFake(map[string]string{"a/file": "x"})
	isLink := map[string]bool{}
	for i, test := range []struct {
		target string
		is     bool
	}{
		{"file", true}, {"../a/file", true}, {"./file", true}, {"..", true},
		{"./b/../file", false}, {"/etc/passwd", false}, {"../../up", false}, {"", false}, {`..\..\up`, false}, {"CON", false}, {"c:/windows", false}, {"../b/../../../x", false},
	} {
		name := fmt.Sprintf("a/link%d", i)
		f.link(name, test.target)
		isLink[name] = test.is
	}
	h := &outputtest.Host{}
	s, p := saved(t, h, with(t, h, f), zipped("/"))
	r, err := zip.NewReader(bytes.NewReader(p), int64(len(p)))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.File {
		want, ok := isLink[e.Name]
		if ok && (e.Mode()&fs.ModeSymlink != 0) != want {
			t.Errorf("%s to %q is a %v", e.Name, f.nodes[e.Name].Meta.Target, e.Mode())
		}
		delete(isLink, e.Name)
	}
	for name, data := range unpacked(t, p) {
		if n := f.nodes[name]; n != nil && n.Meta.Target != "" && data != n.Meta.Target {
			t.Errorf("%s leads to %q", name, data)
		}
	}
	if len(isLink) > 0 || s.Count != 13 {
		t.Errorf("not in the archive: %v", isLink)
	}
}

// TestTimesAndModesInArchives: times are kept in UTC, or as on the clock where
// its zone is not known, and are the nearest that there is where an archive has
// no such time. Nothing is more than whoever unpacks it can read and change.
func TestTimesAndModesInArchives(t *testing.T) {
	f := newFake(nil)
	type test struct {
		at    time.Time
		local bool
		want  time.Time
	}
	at := time.Date(2021, 12, 31, 23, 59, 57, 999, time.UTC)
	tests := map[string]test{
		"utc":     {at, false, time.Date(2021, 12, 31, 23, 59, 57, 0, time.UTC)},
		"local":   {at, true, time.Date(2021, 12, 31, 23, 59, 56, 0, time.UTC)},
		"zone":    {at.In(time.FixedZone("", 3600)), false, time.Date(2021, 12, 31, 23, 59, 57, 0, time.UTC)},
		"before":  {time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC), false, time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)},
		"after":   {time.Date(30828, 1, 1, 0, 0, 0, 0, time.UTC), false, time.Date(2107, 12, 31, 23, 59, 58, 0, time.UTC)},
		"distant": {time.Date(2100, 2, 28, 1, 2, 4, 0, time.UTC), false, time.Date(2100, 2, 28, 1, 2, 4, 0, time.UTC)},
	}
	for name, x := range tests {
		n := f.file(name, "x")
		n.Modified, n.Meta.Local = x.at, x.local
	}
	f.file("none", "x").Modified = time.Time{}
	f.file("setuid", "x").FileMode = 0o4755 | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky
	f.file("closed", "x").FileMode = 0
	f.add("folder", fs.ModeDir)
	h := &outputtest.Host{}
	_, p := saved(t, h, with(t, h, f), zipped("/"))
	r, err := zip.NewReader(bytes.NewReader(p), int64(len(p)))
	if err != nil {
		t.Fatal(err)
	}
	modes := map[string]fs.FileMode{"setuid": 0o755, "closed": 0o600, "folder/": fs.ModeDir | 0o700, "utc": 0o644}
	for _, e := range r.File {
		if x, ok := tests[e.Name]; ok && !e.Modified.Equal(x.want) {
			t.Errorf("%s: %v, want %v", e.Name, e.Modified, x.want)
		}
		if want, ok := modes[e.Name]; ok && e.Mode() != want {
			t.Errorf("%s: %v, want %v", e.Name, e.Mode(), want)
		}
	}
	if len(r.File) != len(tests)+4 {
		t.Errorf("%d entries", len(r.File))
	}
}

// sparse is a new file of which only what is no zeros is kept, on a host that
// has room for any.
type sparse struct {
	outputtest.Host
	pages map[int64][]byte
	size  int64
}

const sparsePage = 64 << 10

func (s *sparse) Stream(any) (output.File, error) { return sparseFile{s}, nil }

type sparseFile struct{ *sparse }

func (f sparseFile) WriteAt(p []byte, off int64) (int, error) {
	f.size = max(f.size, off+int64(len(p)))
	for done := 0; done < len(p); {
		i, within := (off+int64(done))/sparsePage, (off+int64(done))%sparsePage
		part := p[done:min(len(p), done+int(sparsePage-within))]
		if f.pages[i] == nil && bytes.Count(part, []byte{0}) < len(part) {
			f.pages[i] = make([]byte, sparsePage)
		}
		if f.pages[i] != nil {
			copy(f.pages[i][within:], part)
		}
		done += len(part)
	}
	return len(p), nil
}

func (f sparseFile) Put(worker.Buffer, int64) error { return errors.New("there is none") }
func (f sparseFile) Resize(int64) error             { return nil }
func (f sparseFile) Close() (any, error)            { return nil, nil }
func (f sparseFile) Abort()                         {}

func (s *sparse) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		p[i] = 0
		if page := s.pages[(off+int64(i))/sparsePage]; page != nil {
			p[i] = page[(off+int64(i))%sparsePage]
		}
	}
	return len(p), nil
}

// TestLargeArchive: files and archives longer than 4 GiB are written in a
// memory that does not depend on their length.
func TestLargeArchive(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	const long = 4<<30 + 12345
	f := newFake(map[string]string{"z": "behind it"})
	f.file("long", "").data = zeros{}
	f.nodes["long"].Bytes = long
	s := &sparse{pages: map[int64][]byte{}}
	v := New(s)
	v.chain = with(t, &s.Host, f).chain
	v.volume = &mounted{chain: v.chain, fs: f, size: 1 << 20, owners: newOwners()}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	most := uint64(0)
	req := zipped("/")
	req.To.Handle = "a handle"
	last := int64(0)
	kind, value, problem := do(t.Context(), v, CommandSave, req, func(done, total int64) {
		if done < last || done > total {
			t.Errorf("%d of %d behind %d", done, total, last)
		}
		if last = done; done%(1<<30) == 0 {
			runtime.GC()
			runtime.ReadMemStats(&after)
			most = max(most, after.HeapAlloc)
		}
	})
	if kind != worker.ReplyResult {
		t.Fatalf("%s %+v", kind, problem)
	}
	if last != long+9 {
		t.Errorf("it ended at %d bytes", last)
	}
	if most == 0 || most > before.HeapAlloc+64<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before.HeapAlloc, most)
	}
	if saved := value.(*SavedFiles); saved.Saved.Size != s.size || saved.Count != 2 {
		t.Errorf("%+v", saved)
	}
	r, err := zip.NewReader(s, s.size)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.File) != 2 || r.File[0].UncompressedSize64 != long {
		t.Fatalf("%+v", r.File)
	}
	c, err := r.File[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(c); err != nil || string(data) != "behind it" {
		t.Errorf("%q, %v", data, err)
	}
}

// TestCancelledArchive: at whatever moment, nothing is left of it.
func TestCancelledArchive(t *testing.T) {
	f := newFake(map[string]string{"a": strings.Repeat("a", 2*window), "b": strings.Repeat("b", 3*window+7)})
	for at := range 8 {
		h := &outputtest.Host{}
		v := with(t, h, f)
		ctx, cancel := context.WithCancel(t.Context())
		told := 0
		kind, value, problem := do(ctx, v, CommandSave, zipped("/"), func(_, _ int64) {
			if told++; told > at {
				cancel()
			}
		})
		if kind != worker.ReplyCancelled || value != nil || problem != nil {
			t.Fatalf("%s %+v %+v", kind, value, problem)
		}
		for _, file := range h.Files {
			if !file.Aborted {
				t.Error("the file was not aborted")
			}
		}
	}
}
