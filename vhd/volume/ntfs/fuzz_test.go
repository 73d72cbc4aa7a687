package ntfs_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"os"
	"testing"

	"vhdscope/vhd/volume/ntfs"
)

const tinyName = "testdata/tiny.ntfs.gz"

var makeTiny = flag.Bool("tiny", false, "make "+tinyName+" anew")

// tiny is a volume of little more than 1 MiB, made by TestTinyVolume with -tiny.
func tiny(t testing.TB) image {
	t.Helper()
	f, err := os.Open(tinyName)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tinyFiles are the files of the tiny volume.
func tinyFiles() map[string][]byte {
	files := map[string][]byte{
		"hello.txt":        []byte("Hello\n"),
		"hello.txt:stream": []byte("stream"),
		"packed/text":      text(20000, 1),
		"folder/страница":  bytes.Repeat([]byte("page "), 300),
		"link":             []byte("folder/страница"),
		"deleted":          []byte("deleted"),
	}
	for i := range 25 {
		files[fmt.Sprintf("many/a file with a name that takes place %d", i)] = []byte{byte(i)}
	}
	return files
}

// TestTinyVolume reads a volume that lies among the tests, where no tools
// are.
func TestTinyVolume(t *testing.T) {
	if *makeTiny {
		name := makeVolume(t, 1100<<10, []string{"-c", "512", "-L", "tiny"}, []string{"compression", "streams_interface=windows"}, func(dir string) {
			if err := os.Mkdir(dir+"/packed", 0o777); err != nil {
				t.Fatal(err)
			}
			setFlags(t, dir+"/packed", 1<<11)
			for name, content := range tinyFiles() {
				if name == "link" {
					if err := os.Symlink(string(content), dir+"/link"); err != nil {
						t.Fatal(err)
					}
				} else {
					write(t, dir, name, content)
				}
			}
		})
		mounted(t, name, nil, func(dir string) { os.Remove(dir + "/deleted") })
		im := load(t, name)
		for _, s := range structures(t, im.open(t)) {
			if s.Name == "$UpCase" { // most of what does not pack; not looked at
				clear(im[s.Start : s.Start+s.Length])
			}
		}
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		w.Write(im)
		w.Close()
		if err := os.WriteFile(tinyName, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	v := tiny(t).open(t)
	for name, want := range tinyFiles() {
		f, err := v.Open(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if b, err := io.ReadAll(f); err != nil || !bytes.Equal(b, want) {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
		f.Close()
	}
	if n := len(volumeTree(t, v)); n != 25+7 {
		t.Errorf("%d files and folders", n)
	}
}

// FuzzNTFS changes a tiny volume: each five bytes of data are a place and
// what is put there. What reads it must come to an end.
func FuzzNTFS(f *testing.F) {
	whole := tiny(f)
	mft := whole.record(0)
	f.Add([]byte{})
	f.Add(binary.LittleEndian.AppendUint32(nil, uint32(mft)))
	for record := range int64(30) {
		f.Add(append(binary.LittleEndian.AppendUint32(nil, uint32(mft+record*1024+20)), 0xFF))
	}
	f.Fuzz(func(t *testing.T, edits []byte) {
		im := bytes.Clone(whole)
		for ; len(edits) >= 5; edits = edits[5:] {
			im[int64(binary.LittleEndian.Uint32(edits))%int64(len(im))] = edits[4]
		}
		o := &overlay{image: im, mutation: &mutation{size: int64(len(im))}}
		if v, err := ntfs.Open(o, o.size); err == nil {
			everything(v)
		}
		if o.reads > mostReads {
			t.Errorf("more than %d reads", mostReads)
		}
	})
}
