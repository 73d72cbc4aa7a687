package browse

import (
	"bufio"
	"bytes"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"vhdscope/wasm/output/outputtest"
)

// imagesDir holds images by other tools, and lists of what is in them; they
// are no part of this repository.
const imagesDir = "../../../../shared/images"

// realChains are chains with a list for each depth, the base's first.
var realChains = []struct {
	folder string
	files  []string // base first
	lists  []string
}{
	{"xenserver-ntfs-3deep", []string{"base.vhd", "child1.vhd", "child2.vhd", "child3.vhd"}, []string{"ntfs.0", "ntfs.1", "ntfs.2", "ntfs.3"}},
	{"windows-10-diskpart", []string{"fat-parent.vhd", "fat-differential.vhd"}, []string{"windows-fat-parent", "windows-fat-differential"}},
	{"windows-10-diskpart", []string{"ntfs-parent.vhd", "ntfs-differential.vhd"}, []string{"windows-ntfs-parent", "windows-ntfs-differential"}},
}

// real calls test for each chain, with its leaf's volume mounted and the sums
// of the files at each depth.
func real(t *testing.T, depth int, test func(t *testing.T, h *outputtest.Host, v *Volume, sums []map[string]string)) {
	if _, err := os.Stat(imagesDir); err != nil {
		t.Skip("the real images are not here")
	}
	for _, c := range realChains {
		for n := range c.files {
			if depth >= 0 && n != len(c.files)-1 {
				continue
			}
			t.Run(c.lists[n], func(t *testing.T) {
				var files []named
				var sums []map[string]string
				for i := range n + 1 {
					p, err := os.ReadFile(filepath.Join(imagesDir, c.folder, c.files[i]))
					if err != nil {
						t.Fatal(err)
					}
					files = append([]named{{c.files[i], bytes.NewReader(p)}}, files...)
					sums = append(sums, sumsIn(t, c.lists[i]))
				}
				h := &outputtest.Host{Room: 1 << 40}
				v := opened(t, h, files...)
				for _, p := range ask[Layout](t, v, CommandScan, ScanRequest{}).Parts {
					if p.Browsable {
						ask[Mounted](t, v, CommandMount, MountRequest{Start: p.Start, Size: p.Size})
						test(t, h, v, sums)
						return
					}
				}
				t.Error("no volume can be browsed")
			})
		}
	}
}

// sumsIn are the sums of a list, by path.
func sumsIn(t *testing.T, list string) map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(imagesDir, "files", list+".files.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sums := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		sum, name, ok := strings.Cut(lines.Text(), "  .")
		if !ok {
			t.Fatalf("%s: %q", list, lines.Text())
		}
		sums[name] = sum
	}
	return sums
}

// ntfsOwn are the files in which NTFS keeps itself, and which no list has.
func ntfsOwn(p string) bool { return strings.HasPrefix(p, "/$") }

// TestRealFiles: of each file in a real image the hash is that of the list, and
// so is what is saved of it, alone and in an archive; there are no others.
func TestRealFiles(t *testing.T) {
	real(t, -1, func(t *testing.T, h *outputtest.Host, v *Volume, sums []map[string]string) {
		want := sums[len(sums)-1]
		got := map[string]string{}
		for _, f := range ask[Hashes](t, v, CommandHash, HashRequest{Paths: []string{"/"}}).Files {
			if ntfsOwn(f.Path) {
				continue
			}
			if f.Problem != "" {
				t.Errorf("%+v", f)
			}
			got[f.Path] = f.SHA256
		}
		if !maps.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		for name, s := range want {
			if _, p := saved(t, h, v, SaveRequest{Paths: []string{name}, To: memory}); sum(p) != s {
				t.Errorf("%s is saved otherwise", name)
			}
		}
		req := zipped("/")
		_, p := saved(t, h, v, req)
		all := unpacked(t, p)
		for name, s := range want {
			if sum([]byte(all[name[1:]])) != s {
				t.Errorf("%s is otherwise in the archive", name)
			}
		}
	})
}

// TestRealChanges: at each depth the files that are added, removed and changed
// are those by which the lists differ, and nothing else of a list is touched.
func TestRealChanges(t *testing.T) {
	real(t, 1, func(t *testing.T, _ *outputtest.Host, v *Volume, sums []map[string]string) {
		for i, after := range sums {
			before := map[string]string{}
			if i > 0 {
				before = sums[i-1]
			}
			want := map[string]string{}
			for name, s := range after {
				if was, ok := before[name]; !ok {
					want[name] = "added"
				} else if was != s {
					want[name] = "content"
				}
			}
			for name := range before {
				if _, ok := after[name]; !ok {
					want[name] = "removed"
				}
			}
			got := map[string]string{}
			for _, f := range ask[Changes](t, v, CommandChanges, ChangesRequest{Layer: len(sums) - 1 - i}).Files {
				if f.Kind != "file" || ntfsOwn(f.Path) || f.Change == "metadata" {
					continue
				}
				switch f.Change {
				case "renamed": // the lists know of none
					got[f.From], got[f.Path] = "removed", "added"
				default:
					got[f.Path] = f.Change
				}
				if f.Problem != "" {
					t.Errorf("%s: %s", f.Path, f.Problem)
				}
			}
			if !maps.Equal(got, want) {
				t.Errorf("depth %d: %v, want %v", i, got, want)
			}
		}
	})
}

// TestRealOwners: a byte of each extent of each file is known to be that
// file's.
func TestRealOwners(t *testing.T) {
	real(t, 1, func(t *testing.T, _ *outputtest.Host, v *Volume, sums []map[string]string) {
		for name := range sums[len(sums)-1] {
			for _, e := range ask[FileMap](t, v, CommandMap, MapRequest{Path: name}).Extents {
				if e.Start < 0 {
					continue
				}
				found := false
				for _, f := range ask[Owner](t, v, CommandOwner, OwnerRequest{Offset: e.Start}).Files {
					found = found || path.Base(f.Path) == path.Base(name)
				}
				if !found {
					t.Errorf("byte %d is not known to be of %s", e.Start, name)
				}
			}
		}
	})
}
