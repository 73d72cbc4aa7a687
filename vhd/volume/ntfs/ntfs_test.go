package ntfs_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"vhdscope/vhd/volume/fsys"
)

func random(n int, seed uint64) []byte {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	b := make([]byte, n)
	rand.NewChaCha8(key).Read(b)
	return b
}

// fillMany writes files of many kinds.
func fillMany(t testing.TB, dir string) {
	write(t, dir, "hello.txt", []byte("Hello\n"))
	write(t, dir, "empty", nil)
	write(t, dir, "resident-700", random(700, 1))
	for _, n := range []int{1, 400, 511, 512, 513, 900, 1024, 4095, 4096, 4097, 65535, 65536, 65537, 1 << 20} {
		write(t, dir, fmt.Sprintf("sizes/%d", n), random(n, uint64(n)))
	}
	write(t, dir, "имена/файл с длинным именем.текст", []byte("кириллица"))
	write(t, dir, "имена/日本語のファイル名.txt", []byte("日本"))
	write(t, dir, "имена/😀 emoji 🎉.bin", []byte("emoji"))
	write(t, dir, "имена/"+strings.Repeat("я", 127)+strings.Repeat("x", 128), []byte("255 signs"))
	write(t, dir, "имена/e\u0301 and é", []byte("not normalised"))
	write(t, dir, "имена/CASE", []byte("upper"))
	write(t, dir, "имена/case", []byte("lower"))
	write(t, dir, "имена/a:colon", []byte("colon"))
	write(t, dir, "имена/\ufeffmark", []byte("BOM"))
	deep := "deep"
	for i := range 40 {
		deep += fmt.Sprintf("/level %d", i)
		write(t, dir, deep+"/file", []byte(deep))
	}
	for i := range 300 {
		write(t, dir, fmt.Sprintf("many/file number %d of three hundred", i), []byte(fmt.Sprint(i)))
	}
	if err := os.Mkdir(filepath.Join(dir, "nothing in it"), 0o777); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link": "hello.txt", "link to folder": "имена", "link away": "/etc/passwd"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"hello twice.txt", "sizes/hello again.txt"} {
		if err := os.Link(filepath.Join(dir, "hello.txt"), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	sparse, err := os.Create(filepath.Join(dir, "sparse"))
	if err != nil {
		t.Fatal(err)
	}
	defer sparse.Close()
	for _, at := range []int64{100 << 10, 5 << 20, 20 << 20} {
		if _, err := sparse.WriteAt(random(10000, uint64(at)), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := sparse.Truncate(30 << 20); err != nil {
		t.Fatal(err)
	}
}

// fragment fills a volume with small files and takes away every other one, so
// that what is written from then on lies in pieces.
func fragment(t testing.TB, dir string, size int) {
	for i := 0; ; i++ {
		name := filepath.Join(dir, fmt.Sprintf("small %d", i))
		if err := os.WriteFile(name, random(size, uint64(i)), 0o666); err != nil {
			os.Remove(name)
			break
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "small *[02468]"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range left {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// fragmented is a volume of 24 MiB whose free space lies in pieces, in which
// fill goes on.
func fragmented(t testing.TB, fill func(dir string)) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "volume")
	if err := os.WriteFile(name, pieces(t), 0o666); err != nil {
		t.Fatal(err)
	}
	mounted(t, name, nil, fill)
	return name
}

// pieces is what fragmented begins with. It is made once: that takes long.
func pieces(t testing.TB) image {
	t.Helper()
	inPieces.Lock()
	defer inPieces.Unlock()
	if inPieces.volume == nil {
		inPieces.volume = load(t, makeVolume(t, 24<<20, []string{"-c", "1024"}, nil, func(dir string) { fragment(t, dir, 3000) }))
	}
	return inPieces.volume
}

var inPieces struct {
	sync.Mutex
	volume image
}

// TestFilesAreAsOtherDriversShowThem compares volumes of all sizes of clusters
// and sectors file by file with what ntfs-3g shows, and proves the extents.
func TestFilesAreAsOtherDriversShowThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ cluster, sector string }{
		{"512", "512"}, {"4096", "512"}, {"65536", "512"}, {"1048576", "512"}, {"2097152", "512"}, {"4096", "4096"}, {"1024", "1024"},
	} {
		t.Run(c.cluster+" of "+c.sector, func(t *testing.T) {
			if testing.Short() && (c.cluster != "4096" || c.sector != "512") {
				t.Skip("long")
			}
			size := int64(192 << 20)
			if len(c.cluster) > 5 {
				size = 2 << 30
			}
			var want tree
			name := makeVolume(t, size, []string{"-c", c.cluster, "-s", c.sector, "-L", "Метка 😀"}, nil, func(dir string) {
				fillMany(t, dir)
				want = hostTree(t, dir)
			})
			v := open(t, name)
			same(t, volumeTree(t, v), want)
			about := v.About()
			if about.Type != "NTFS" || about.Label != "Метка 😀" || fmt.Sprint(about.Cluster) != c.cluster || len(about.Notes) > 0 {
				t.Errorf("%+v", about)
			}
			volume, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer volume.Close()
			for file, n := range want {
				if n.kind.IsRegular() {
					provesExtents(t, v, volume, file)
				}
			}
			if e := provesExtents(t, v, volume, "sparse"); len(e) < 6 || e[0].Start != -1 && c.cluster != "1048576" && c.cluster != "2097152" {
				t.Errorf("the sparse file lies at %+v", e)
			}
		})
	}
}

// TestItIsAFileSystem asks what Go asks of an fs.FS.
func TestItIsAFileSystem(t *testing.T) {
	t.Parallel()
	name := makeVolume(t, 16<<20, nil, []string{"compression", "streams_interface=windows"}, func(dir string) { fillSmall(t, dir) })
	if err := fstest.TestFS(open(t, name), "hello.txt", "one/two/three/deep.bin", "many", "link", "packed/text"); err != nil {
		t.Error(err)
	}
}

// TestNamesOfOneFileShareItsID looks at hard links.
func TestNamesOfOneFileShareItsID(t *testing.T) {
	name := makeVolume(t, 64<<20, nil, nil, func(dir string) { fillMany(t, dir) })
	v := open(t, name)
	ids := map[uint64]int{}
	for _, path := range []string{"hello.txt", "hello twice.txt", "sizes/hello again.txt"} {
		info, err := v.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		m := fsys.MetaOf(info)
		ids[m.ID]++
		if m.Links != 3 {
			t.Errorf("%s has %d names", path, m.Links)
		}
	}
	if len(ids) != 1 {
		t.Errorf("the names have the IDs %v", ids)
	}
	list, err := v.ReadDir("many")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		info, _ := e.Info()
		ids[fsys.MetaOf(info).ID]++
	}
	if len(ids) != 301 {
		t.Errorf("301 files have %d IDs", len(ids))
	}
}

// TestFilesInManyPieces reads files whose run lists need records of their own.
func TestFilesInManyPieces(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long")
	}
	var want tree
	name := fragmented(t, func(dir string) {
		write(t, dir, "pieces", random(5<<20, 1))
		write(t, dir, "folder/file", []byte("one file of many names"))
		for i := range 400 {
			if err := os.Link(filepath.Join(dir, "folder/file"), filepath.Join(dir, "folder", strings.Repeat("long ", 30)+fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		want = hostTree(t, dir)
	})
	v := open(t, name)
	same(t, volumeTree(t, v), want)
	volume, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer volume.Close()
	if e := provesExtents(t, v, volume, "pieces"); len(e) < 500 {
		t.Errorf("the file that should lie in pieces lies in %d", len(e))
	}
	for _, path := range []string{"/pieces", "/folder", "/folder/file"} {
		if out := run(t, "ntfsinfo", "-f", "-F", path, name); !strings.Contains(out, "ATTRIBUTE_LIST") {
			t.Errorf("%s has no list of attributes: this tests nothing", path)
		}
	}
}

// TestIndexBlocksOutOfUseAreNotListed lists a folder that was larger once:
// blocks of its index still hold what was in it.
func TestIndexBlocksOutOfUseAreNotListed(t *testing.T) {
	var want tree
	name := makeVolume(t, 32<<20, nil, nil, func(dir string) {
		for i := range 300 {
			write(t, dir, fmt.Sprintf("folder/file number %d", i), nil)
		}
		for i := range 295 {
			if err := os.Remove(filepath.Join(dir, fmt.Sprintf("folder/file number %d", i))); err != nil {
				t.Fatal(err)
			}
		}
		want = hostTree(t, dir)
	})
	same(t, volumeTree(t, open(t, name)), want)
}

// TestMFTInManyPieces reads a volume whose $MFT needs several file records
// for its own run list.
func TestMFTInManyPieces(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long")
	}
	var want tree
	name := fragmented(t, func(dir string) {
		for i := range 7000 {
			write(t, dir, fmt.Sprintf("folder %d/%d", i%7, i), nil)
		}
		want = hostTree(t, dir)
	})
	if out := run(t, "ntfsinfo", "-f", "-i", "0", name); !strings.Contains(out, "ATTRIBUTE_LIST") {
		t.Error("the $MFT has no list of attributes: this tests nothing")
	}
	v := open(t, name)
	if notes := v.About().Notes; len(notes) > 0 {
		t.Error(notes)
	}
	same(t, volumeTree(t, v), want)
}
