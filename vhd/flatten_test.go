package vhd

import (
	"bytes"
	"io"
	"path/filepath"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
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

func TestRealChainsAsFixedImages(t *testing.T) {
	for _, row := range expectedRows(t) {
		p, err := realDisk(t, row).Fixed(NewImage{})
		if err != nil {
			t.Fatal(err)
		}
		im, err := Open(p, p.Size())
		if err != nil {
			t.Fatal(err)
		}
		wantClean(t, im)
		if im.Type() != Fixed || im.Size() != row.size || im.UUID().IsZero() {
			t.Errorf("%s: a %s image of %d bytes, UUID %s", row.files[0], im.Type(), im.Size(), im.UUID())
		}
		if got := sha(t, io.NewSectionReader(mustDisk(t, im), 0, im.Size())); got != row.sum {
			t.Errorf("%s: sha256 %s, want %s", row.files[0], got, row.sum)
		}
	}
}

// TestFixedImageIsTheDiskAndAFooter compares with what vhdtest builds of the
// same fields, the checksum included.
func TestFixedImageIsTheDiskAndAFooter(t *testing.T) {
	for seed := range uint64(20) {
		c := randomChain(seed)
		made := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
		p, err := diskOf(t, c).Fixed(NewImage{UUID: UUID(vhdtest.ID("fixed")), Created: made})
		if err != nil {
			t.Fatal(err)
		}
		want := vhdtest.Spec{Type: vhdtest.Fixed, Size: c.Size(), Data: c.Contents(), UUID: vhdtest.ID("fixed"),
			Timestamp: uint32(made.Unix() - 946684800), Creator: "vhsc", CreatorVersion: 0x00010000}.Build()
		got := make([]byte, p.Size())
		if _, err := p.ReadAt(got, 0); err != nil {
			t.Fatal(err)
		}
		wantBytes(t, got, want.Bytes())
	}
}

func TestFixedImageOfAHalfSectorIsRoundedUp(t *testing.T) {
	raw := bytes.Repeat([]byte{7}, 1300)
	p, err := mustDisk(t, OpenRaw(bytes.NewReader(raw), 1300)).Fixed(NewImage{})
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, p.Size())
	if _, err := p.ReadAt(got, 0); err != nil {
		t.Fatal(err)
	}
	if im, err := Open(p, p.Size()); err != nil || im.Size() != 1536 {
		t.Fatal(im, err)
	}
	wantBytes(t, got[:1536], append(raw, make([]byte, 236)...))
}
