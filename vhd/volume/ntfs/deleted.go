package ntfs

import (
	"io/fs"
	"sort"

	"vhdscope/vhd/volume/fsys"
)

// unknownFolder stands for the folder of what was deleted from nowhere known.
const unknownFolder reference = 1<<64 - 1

const unknownName = "(deleted, folder unknown)"

// maxDeleted is how many deleted entries of a folder are listed.
const maxDeleted = 1 << 16

// Deleted implements [fsys.Remembering]. What the records of deleted files
// say is a guess; where their clusters are in use again, the content is gone
// for sure, and its Problem says so.
func (v *volume) Deleted(name string) ([]fs.DirEntry, error) {
	at, err := v.lookup(name, true)
	if err == nil && (at.stream != "" || !at.folder()) {
		err = errNotFolder
	}
	if err != nil {
		return nil, wrap("readdir", name, err)
	}
	f, err := v.deletedFrom(at)
	if err != nil {
		return nil, err
	}
	list := make([]fs.DirEntry, len(f.entries))
	for i := range f.entries {
		list[i] = &f.entries[i]
	}
	return list, f.problem
}

// dead finds one part of a path in a folder among what was deleted.
func (v *volume) dead(in *target, part string) (*target, error) {
	f, err := v.deletedFrom(in)
	if err != nil {
		return nil, err
	}
	return f.lookup(part, in)
}

// deletedFrom lists what was deleted from a folder.
func (v *volume) deletedFrom(at *target) (*folder, error) {
	var f *folder
	v.dev.Do(func() error { f = v.lost.get(at.ref); return nil })
	if f != nil {
		return f, nil
	}
	scan, err := v.scanned()
	if err != nil {
		return nil, err
	}
	names := fsys.Names{}
	if !at.deleted() {
		living, err := v.enter(at)
		if err != nil {
			return nil, err
		}
		for i := range living.entries {
			names[living.entries[i].name] = true
		}
	}
	f = &folder{}
	if at.ref == v.root && len(scan.from(unknownFolder)) > 0 {
		e := entry{name: names.Unique(unknownName, "deleted"), ref: unknownFolder, flags: flagFolder, deleted: true}
		e.node = &fsys.Node{Base: e.name, FileMode: fs.ModeDir | 0o777, Meta: fsys.Meta{Deleted: true, Allocated: -1}}
		f.entries = append(f.entries, e)
	}
	if scan.partial {
		f.problem = fsys.Unsupported("the volume has so many file records that not all were looked at for deleted files")
	}
	const mostRecords = 1 << 18 // files can have thousands
	budget, records := 8*v.clusters, int64(0)
	last := int64(-1)
	for _, d := range scan.from(at.ref) {
		if len(f.entries) >= maxDeleted || records > mostRecords {
			f.problem = fsys.Unsupported("more files were deleted from this folder than are listed here")
			break
		}
		if d.record == last {
			continue // another name of it in the same folder was listed with it
		}
		last = d.record
		err := v.dev.Do(func() error {
			before := v.parsed
			defer func() { records += v.parsed - before }()
			r, err := v.readRecord(d.record)
			if err != nil || r.used {
				return err
			}
			file := v.gather(r)
			for _, name := range deletedNames(file, d.parent) {
				e := entry{name: names.Unique(name, "deleted"), ref: r.reference(), deleted: true}
				e.node = v.node(file, e.name, "")
				budget -= v.judge(file, e.node, budget)
				f.entries = append(f.entries, e)
			}
			return nil
		})
		if err != nil && !isOwn(err) {
			return nil, err
		}
	}
	sort.Slice(f.entries, func(i, j int) bool { return f.entries[i].name < f.entries[j].name })
	v.dev.Do(func() error { v.lost.put(at.ref, f); return nil })
	return f, nil
}

// deletedNames are the names of a deleted file that it had in a folder.
func deletedNames(f *file, parent reference) []string {
	var names, dos []string
	for _, a := range f.attributes {
		name, of, kind, ok := fileName(a)
		switch {
		case !ok || of != parent:
		case kind == nameDOS:
			dos = append(dos, name)
		default:
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return dos
	}
	return names
}

// fileName is the name that a $FILE_NAME attribute holds, the folder that it
// is in, and its kind.
func fileName(a attribute) (name string, parent reference, kind byte, ok bool) {
	const key = 66
	if a.kind != typeFileName || len(a.content) < key {
		return "", 0, 0, false
	}
	length := 2 * int(a.content[64])
	if length == 0 || key+length > len(a.content) {
		return "", 0, 0, false
	}
	return fsys.Name(decodeName(a.content[key : key+length])), reference(u64(a.content, 0)), a.content[65], true
}

// readDeleted reads all records of a deleted file.
func (v *volume) readDeleted(ref reference) (*file, error) {
	r, err := v.readRecord(ref.number())
	if err != nil {
		return nil, err
	}
	if r.used || r.seq != ref.seq() {
		return nil, fsys.Damaged(v.mftPlace(r.number*v.record), "the record of the deleted file is in use again")
	}
	return v.gather(r), nil
}

// judge marks what is known of a deleted file: and as far as the budget goes,
// in clusters, whether its content is gone. It returns what it spent.
func (v *volume) judge(f *file, n *fsys.Node, budget int64) (spent int64) {
	n.Meta.Deleted = true
	n.Meta.Links = 0
	if f.folder || n.Meta.Problem != nil {
		return 0
	}
	s, err := v.stream(f, typeData, "")
	if err != nil || s == nil {
		n.Meta.Problem = err
		return 0
	}
	for _, r := range s.runs {
		if r.lcn != hole {
			spent += r.count
		}
	}
	if spent <= budget {
		n.Meta.Problem = v.reused(s, budget)
	}
	return min(spent, budget)
}

// reused is an error where clusters of a deleted stream are in use, or cannot
// be told to be free.
func (v *volume) reused(s *stream, budget int64) error {
	bits, err := v.bitmap(v.dev)
	if err != nil {
		return err
	}
	for _, r := range s.runs {
		if r.lcn == hole {
			continue
		}
		free := true
		err := bits.each(r.lcn, r.count, func(_, _ int64, used bool) bool {
			free = free && !used
			return free
		})
		if err != nil {
			return err
		}
		if !free {
			return fsys.Damaged(r.lcn*v.cluster, "the file was deleted, and its place is in use by another file")
		}
	}
	return nil
}
