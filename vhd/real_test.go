package vhd

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// imagesDir holds real images by other tools, with sums that other readers
// agree on. It is not part of the project.
const imagesDir = "../../shared/images"

// expectedRow is one line of its expected.tsv.
type expectedRow struct {
	files []string // leaf first
	size  int64
	sum   string
}

func expectedRows(t *testing.T) []expectedRow {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(imagesDir, "expected.tsv"))
	if err != nil {
		t.Skip("the folder of real images is not here")
	}
	var rows []expectedRow
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		row := expectedRow{files: []string{f[0]}, sum: f[3]}
		if f[1] != "" {
			row.files = append(row.files, strings.Split(f[1], ",")...)
		}
		if row.size, err = strconv.ParseInt(f[2], 10, 64); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// openFile opens an image of a file; it is closed with the test.
func openFile(t *testing.T, name string) (*Image, error) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return Open(f, info.Size())
}

func sha(t *testing.T, r io.Reader) string {
	t.Helper()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TestRealChains opens every chain of the real images from a shuffled pool of
// all files and compares the resolved disk's sum with what other readers got.
func TestRealChains(t *testing.T) {
	rows := expectedRows(t)
	seen := map[string]bool{}
	var pool []Candidate
	for _, row := range rows {
		for _, name := range row.files {
			if seen[name] {
				continue
			}
			seen[name] = true
			im, err := openFile(t, filepath.Join(imagesDir, name))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			pool = append(pool, Candidate{Name: name, Image: im})
		}
	}
	rand.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	for _, row := range rows {
		t.Run(row.files[0], func(t *testing.T) {
			var leaf Candidate
			for _, c := range pool {
				if c.Name == row.files[0] {
					leaf = c
				}
			}
			res := Resolve(leaf, pool)
			if res.Missing != nil {
				t.Fatalf("missing: %+v", res.Missing)
			}
			var images []*Image
			for i, c := range res.Chain {
				if i >= len(row.files) || c.Name != row.files[i] {
					t.Fatalf("layer %d is %s, want %v", i, c.Name, row.files)
				}
				images = append(images, c.Image)
			}
			d, err := NewDisk(images...)
			if err != nil {
				t.Fatal(err)
			}
			if d.Size() != row.size {
				t.Errorf("size %d, want %d", d.Size(), row.size)
			}
			if got := sha(t, io.NewSectionReader(d, 0, d.Size())); got != row.sum {
				t.Errorf("sha256 %s, want %s", got, row.sum)
			}
		})
	}
}
