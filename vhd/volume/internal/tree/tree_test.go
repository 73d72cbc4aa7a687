package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
)

const root, link = 1, 1 << 32 // inodes from link on are links

// source has a root folder of names.
type source struct {
	names         []Name
	err           error
	target        string
	listed, asked int
}

func (s *source) Names(uint64) ([]Name, error) { s.listed++; return s.names, s.err }
func (s *source) Parts(uint64) ([]Part, error) { return nil, nil }

func (s *source) Stat(inode uint64) (*fsys.Node, error) {
	s.asked++
	if inode == root {
		return &fsys.Node{FileMode: fs.ModeDir}, nil
	}
	node := &fsys.Node{Meta: fsys.Meta{ID: inode}}
	if inode >= link {
		node.FileMode, node.Meta.Target = fs.ModeSymlink, strings.Clone(s.target)
	}
	return node, nil
}

func (s *source) Open(uint64, *fsys.Node) (fsys.File, error) { return nil, errors.ErrUnsupported }

func newTree(s *source) *FS { return New(device.New(bytes.NewReader(nil), 0), s, root, fsys.About{}) }

func names(count int, inode func(i int) uint64) []Name {
	list := make([]Name, count)
	for i := range list {
		list[i] = Name{Name: fmt.Sprintf("name %06d", i), Inode: inode(i)}
	}
	return list
}

// TestADamagedFolderIsReadOnce however often what is left of it is asked for,
// but one that could not be read for another reason is tried again.
func TestADamagedFolderIsReadOnce(t *testing.T) {
	for err, want := range map[error]int{nil: 1, fsys.Damaged(-1, "a block is damaged"): 1, errors.New("the disk was taken out"): 101} {
		s := &source{names: names(100, func(i int) uint64 { return uint64(i + 2) }), err: err}
		volume := newTree(s)
		for i := range 100 {
			if _, err := volume.Stat(fmt.Sprintf("name %06d", i)); err != nil {
				t.Fatal(err)
			}
		}
		list, got := volume.ReadDir(".")
		if len(list) != 100 || !errors.Is(got, err) || s.listed != want {
			t.Errorf("%v: %d entries, %v, read %d times", err, len(list), got, s.listed)
		}
		if _, got := volume.Stat("no such name"); err != nil && !errors.Is(got, err) || err == nil && !errors.Is(got, fs.ErrNotExist) {
			t.Errorf("%v: a name that is not there: %v", err, got)
		}
	}
}

// TestLongTargetsAreBounded: many links may lead to one block of the volume.
func TestLongTargetsAreBounded(t *testing.T) {
	s := &source{names: names(2*maxText/4095, func(i int) uint64 { return link + uint64(i) }), target: strings.Repeat("x", 4095)}
	list, err := newTree(s).ReadDir(".")
	if !errors.Is(err, fsys.ErrUnsupported) || len(list) == 0 || len(list) > maxText/4095 {
		t.Errorf("%d links, %v", len(list), err)
	}
}

// TestNamesOfOneInodeAreAskedForOnce and keep their own names.
func TestNamesOfOneInodeAreAskedForOnce(t *testing.T) {
	s := &source{names: names(10_000, func(int) uint64 { return link }), target: strings.Repeat("x", 65535)}
	list, err := newTree(s).ReadDir(".")
	if err != nil || len(list) != 10_000 || s.asked > 2 {
		t.Fatalf("%d names, %v, asked %d times", len(list), err, s.asked)
	}
	for i := 1; i < len(list); i++ {
		if list[i].Name() <= list[i-1].Name() {
			t.Fatalf("%q stands behind %q", list[i].Name(), list[i-1].Name())
		}
	}
}

// TestTooManyEntriesAreSaid and the first are listed.
func TestTooManyEntriesAreSaid(t *testing.T) {
	s := &source{names: names(MaxEntries+1, func(i int) uint64 { return 2 })}
	if list, err := newTree(s).ReadDir("."); len(list) != MaxEntries || !errors.Is(err, fsys.ErrUnsupported) {
		t.Errorf("%d entries, %v", len(list), err)
	}
}
