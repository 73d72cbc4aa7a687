package ntfs

import (
	"errors"
	"io/fs"
	"strings"

	"vhdscope/vhd/volume/fsys"
)

var errNotFolder = errors.New("it is not a folder")

// wrap makes an error of io/fs of those that are no *[fsys.Error].
func wrap(op, name string, err error) error {
	var own *fsys.Error
	if errors.As(err, &own) {
		return err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// target is what a path leads to.
type target struct {
	name   string    // the last part of the path
	ref    reference // of its file record
	in     reference // of the folder that it is in
	entry  *entry    // nil of the root
	stream string    // of the file, "" for its content
}

func (t *target) deleted() bool { return t.entry != nil && t.entry.deleted }
func (t *target) folder() bool  { return t.entry == nil || t.entry.IsDir() }

// lookup follows a path: through folders, to an entry, and to a stream of it
// where it ends with a colon and a name. With deleted, what is not found among
// the living is looked for among what was deleted.
func (v *volume) lookup(name string, deleted bool) (*target, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	at := &target{name: ".", ref: v.root}
	if name == "." {
		return at, nil
	}
	for rest := name; rest != ""; {
		var part string
		part, rest, _ = strings.Cut(rest, "/")
		if at.stream != "" || !at.folder() {
			return nil, fs.ErrNotExist
		}
		next, err := v.living(at, part)
		if deleted && errors.Is(err, fs.ErrNotExist) {
			next, err = v.dead(at, part)
		}
		if err != nil {
			return nil, err
		}
		at = next
	}
	return at, nil
}

// living finds one part of a path in a folder among what lives.
func (v *volume) living(in *target, part string) (*target, error) {
	if in.deleted() {
		return nil, fs.ErrNotExist
	}
	f, err := v.enter(in)
	if err != nil {
		return nil, err
	}
	return f.lookup(part, in)
}

// lookup finds one part of a path in a folder: a name, or one with a stream.
func (f *folder) lookup(part string, in *target) (*target, error) {
	if e := f.find(part); e != nil {
		return &target{name: part, ref: e.ref, in: in.ref, entry: e}, nil
	}
	for i := range part {
		if part[i] != ':' || i == len(part)-1 {
			continue
		}
		if part[:i] == "." {
			return &target{name: part, ref: in.ref, in: in.in, entry: in.entry, stream: part[i+1:]}, nil
		}
		if e := f.find(part[:i]); e != nil {
			return &target{name: part, ref: e.ref, in: in.ref, entry: e, stream: part[i+1:]}, nil
		}
	}
	if f.problem != nil {
		return nil, f.problem
	}
	return nil, fs.ErrNotExist
}
