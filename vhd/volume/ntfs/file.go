package ntfs

import (
	"cmp"
	"io"
	"slices"

	"vhdscope/vhd/volume/fsys"
)

// file is a file or folder as the $MFT knows it.
type file struct {
	*record
	attributes []attribute // of all its records
	broken     error       // why some of its records are missing; nil for none
}

// readRecord reads a file record. The first ones are kept twice.
func (v *volume) readRecord(number int64) (*record, error) {
	if number < 0 || number >= v.records {
		return nil, fsys.Damaged(-1, "file record "+dec(number)+" is not in the $MFT")
	}
	b := make([]byte, v.record)
	if _, err := v.mft.ReadAt(b, number*v.record); err != nil && err != io.EOF {
		return nil, err
	}
	r, err := v.parseRecord(b, number)
	if err != nil && number < mirrored && v.mirror > 0 {
		if _, e := v.dev.ReadAt(b, v.mirror+number*v.record); e == nil {
			if m, e := v.parseRecord(b, number); e == nil {
				v.mirrorUsed = true
				return m, nil
			}
		}
	}
	return r, err
}

// mirrored is how many records the $MFTMirr holds at least.
const mirrored = 4

// maxAttributeList is the longest list of attributes, bytes, as NTFS has it.
const maxAttributeList = 256 << 10

// readFile reads all records of a file.
func (v *volume) readFile(ref reference) (*file, error) {
	r, err := v.readRecord(ref.number())
	if err != nil {
		return nil, err
	}
	switch {
	case !r.used:
		return nil, fsys.Damaged(v.mftPlace(r.number*v.record), "file record "+dec(r.number)+" is not in use, though the folder names it")
	case r.seq != ref.seq():
		return nil, fsys.Damaged(v.mftPlace(r.number*v.record), "file record "+dec(r.number)+" belongs to another file by now")
	case r.base != 0:
		return nil, fsys.Damaged(v.mftPlace(r.number*v.record), "file record "+dec(r.number)+" is a part of another file")
	}
	return v.gather(r), nil
}

// gather adds to a file's first record what further records hold of it.
func (v *volume) gather(r *record) *file {
	f := &file{record: r, attributes: slices.Clone(r.attributes)}
	i := slices.IndexFunc(r.attributes, func(a attribute) bool { return a.kind == typeAttributeList })
	if i < 0 {
		return f
	}
	list, err := v.whole(r.attributes, typeAttributeList, maxAttributeList)
	if err != nil {
		f.broken = err
		return f
	}
	seen := map[int64]bool{r.number: true}
	runs := 0
	for at := int64(0); at+26 <= int64(len(list)); {
		length := int64(u16(list, at+4))
		if length < 26 || length > int64(len(list))-at {
			f.broken = fsys.Damaged(-1, "the list of the file's attributes is damaged")
			return f
		}
		ref := reference(u64(list, at+16))
		at += length
		if seen[ref.number()] {
			continue
		}
		seen[ref.number()] = true
		further, err := v.readRecord(ref.number())
		if err == nil && (!further.is(ref) || further.used != r.used || further.base.number() != r.number) {
			err = fsys.Damaged(v.mftPlace(ref.number()*v.record), "file record "+dec(ref.number())+" should belong to this file, and does not")
		}
		if err != nil {
			f.broken = err
			continue
		}
		for _, a := range further.attributes {
			runs += len(a.runs)
		}
		if runs > maxRuns {
			f.broken = fsys.Unsupported("the file lies in too many pieces to be read here")
			return f
		}
		f.attributes = append(f.attributes, further.attributes...)
	}
	return f
}

// streams are the file's attributes of a type, each of one name, in the order
// of names.
func (v *volume) streams(attributes []attribute, kind uint32) [][]attribute {
	var of []attribute
	for _, a := range attributes {
		if a.kind == kind {
			of = append(of, a)
		}
	}
	slices.SortStableFunc(of, func(a, b attribute) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.first, b.first))
	})
	var groups [][]attribute
	for i, a := range of {
		if i > 0 && a.name == of[i-1].name {
			groups[len(groups)-1] = append(groups[len(groups)-1], a)
		} else {
			groups = append(groups, []attribute{a})
		}
	}
	return groups
}

// stream is the file's stream of a type and name; nil where it has none.
func (v *volume) stream(f *file, kind uint32, name string) (*stream, error) {
	for _, parts := range v.streams(f.attributes, kind) {
		if parts[0].name != name {
			continue
		}
		s, err := v.assemble(parts)
		if err != nil && f.broken != nil {
			err = f.broken
		}
		return s, err
	}
	return nil, f.broken
}

// whole reads an unnamed attribute to its end: no longer than limit.
func (v *volume) whole(attributes []attribute, kind uint32, limit int64) ([]byte, error) {
	groups := v.streams(attributes, kind)
	if len(groups) == 0 || groups[0][0].name != "" {
		return nil, nil
	}
	s, err := v.assemble(groups[0])
	if err != nil {
		return nil, err
	}
	if s.size > limit {
		return nil, fsys.Damaged(-1, s.title()+" is longer than it can be")
	}
	r, err := v.reader(s, v.dev)
	if err != nil {
		return nil, err
	}
	b := make([]byte, s.size)
	if _, err := r.ReadAt(b, 0); err != nil && err != io.EOF {
		return nil, err
	}
	return b, nil
}
