package blobio_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vhdscope/blobio"
	"vhdscope/blobio/remotetest"
)

// TestPin: what a server tells of a file is what it is then held to.
func TestPin(t *testing.T) {
	for _, test := range []struct {
		name, etag string
		modified   time.Time
		want       blobio.Version
	}{
		{"strong", `"one"`, day, blobio.Version{Size: 5000, ETag: `"one"`, Modified: day.UnixMilli()}},
		{"weak", `W/"one"`, day, blobio.Version{Size: 5000, Modified: day.UnixMilli()}},
		{"no date", `"one"`, time.Time{}, blobio.Version{Size: 5000, ETag: `"one"`}},
		{"neither", "", time.Time{}, blobio.Version{Size: 5000}},
	} {
		t.Run(test.name, func(t *testing.T) {
			data, s, _ := served(t, 5000)
			s.ETag, s.Modified = test.etag, test.modified
			client := remotetest.Serve(t, s)
			v, err := blobio.NewRemote(client, "disk.vhd", url, "", blobio.Version{}).Pin()
			if v != test.want || err != nil {
				t.Errorf("Pin = %+v, %v; want %+v", v, err, test.want)
			}
			if asked, moved := s.Counts(); len(asked) != 1 || moved != 1 {
				t.Errorf("it took %q and %d bytes", asked, moved)
			}
			r := blobio.NewRemote(client, "disk.vhd", url, "", v)
			p := make([]byte, 5000)
			if n, err := r.ReadAt(p, 0); n != 5000 || err != nil || !bytes.Equal(p, data) {
				t.Errorf("ReadAt = %d, %v", n, err)
			}
			for _, change := range []struct {
				what string
				do   func()
				seen bool
			}{
				{"ETag", func() { s.ETag = `"two"` }, v.ETag != ""},
				{"date", func() { s.ETag, s.Modified = test.etag, later }, v.ETag == "" && v.Modified != 0},
				{"size", func() { s.Modified, s.Size = test.modified, 4999 }, true},
			} {
				change.do()
				_, err := r.ReadAt(p[:10], 0)
				if coded(err, blobio.CodeChanged) != change.seen || (err != nil) != change.seen {
					t.Errorf("another %s: %v", change.what, err)
				}
			}
		})
	}
}

// TestPinFaults: what a server without ranges, or none at all, is to who wants
// to know of a file.
func TestPinFaults(t *testing.T) {
	for _, test := range faults {
		synctest.Test(t, func(t *testing.T) {
			_, s, _ := served(t, 5000)
			failing(s, always, test.fault)
			_, err := blobio.NewRemote(remotetest.Serve(t, s), "disk.vhd", url, "", blobio.Version{}).Pin()
			want := test.kind
			if strings.Contains(test.name, "ETag") || test.name == "another size" {
				want = "" // there is none yet that it could differ from
			}
			if !coded(err, want) {
				t.Errorf("%s: %v, want %v", test.name, err, want)
			}
		})
	}
}

// TestPinEmpty: an empty file is one, whether its server refuses to give a range
// of it or gives all that there is; and nothing is read of it.
func TestPinEmpty(t *testing.T) {
	for name, fault := range map[string]remotetest.Fault{
		"416":                       remotetest.Status(416, "Content-Range", "bytes */0"),
		"416, its size not exposed": remotetest.Status(416),
		"200":                       remotetest.Whole,
	} {
		_, s, _ := served(t, 0)
		failing(s, 1, fault)
		client := remotetest.Serve(t, s)
		v, err := blobio.NewRemote(client, "disk.vhd", url, "", blobio.Version{Size: 5000}).Pin()
		if v != (blobio.Version{}) || err != nil {
			t.Errorf("%s: Pin = %+v, %v", name, v, err)
		}
		s.Counts()
		n, err := blobio.NewRemote(client, "disk.vhd", url, "", v).ReadAt(make([]byte, 1), 0)
		if asked, _ := s.Counts(); n != 0 || err != io.EOF || len(asked) > 0 {
			t.Errorf("%s: ReadAt = %d, %v, after %q", name, n, err, asked)
		}
	}
}
