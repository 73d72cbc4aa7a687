package vhd

import (
	"io"
	"path/filepath"
	"testing"
)

// realDisk opens the chain of a row of the real images.
func realDisk(t *testing.T, row expectedRow) *Disk {
	t.Helper()
	var images []*Image
	for _, name := range row.files {
		im, err := openFile(t, filepath.Join(imagesDir, name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		images = append(images, im)
	}
	return mustDisk(t, images...)
}

func TestRealChainsFlattened(t *testing.T) {
	for _, row := range expectedRows(t) {
		p := realDisk(t, row).Flatten()
		if p.Size() != row.size {
			t.Errorf("%s: %d bytes, want %d", row.files[0], p.Size(), row.size)
		}
		if got := sha(t, io.NewSectionReader(p, 0, p.Size())); got != row.sum {
			t.Errorf("%s: sha256 %s, want %s", row.files[0], got, row.sum)
		}
	}
}

func TestFlattenIsTheDisk(t *testing.T) {
	for seed := range uint64(20) {
		c := randomChain(seed)
		p := diskOf(t, c).Flatten()
		got := make([]byte, p.Size())
		if _, err := p.ReadAt(got, 0); err != nil {
			t.Fatal(err)
		}
		wantBytes(t, got, c.Contents())
	}
}
