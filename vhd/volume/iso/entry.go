package iso

import (
	"fmt"
	"io/fs"
	"strings"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// entryOf is what a record lists; nil for what is listed elsewhere. With an
// error, some of what Rock Ridge tells of it could not be read.
func (v *volume) entryOf(r *record) (*entry, error) {
	e := &entry{}
	e.Modified = shortTime(r.time)
	e.FileMode = plainMode
	if r.flags&flagFolder != 0 {
		e.FileMode = folderMode
		e.place = place{r.block * v.block, int64(r.size)}
	}
	if v.joliet {
		e.Base = fsys.Name(withoutVersion(ucs2(r.name)))
	} else {
		e.Base = fsys.Name(withoutVersion(string(r.name)))
	}
	var err error
	if v.rockRidge {
		var rr rockRidge
		rr, err = v.rockRidgeOf(r)
		if rr.relocated {
			return nil, err
		}
		e.complete(v, &rr)
	} else if r.flags&flagHidden != 0 {
		e.Meta.Attributes = "H"
	}
	switch {
	case e.IsDir():
		e.Meta.ID = e.id()
		e.Meta.Allocated = max(e.place.size, 0)
		e.Bytes = 0
		if !r.twoFold {
			e.Meta.Problem = fsys.Damaged(r.at, "the place of the folder is written twice, and differently")
		}
		return e, err
	case e.FileMode.IsRegular():
		v.extend(e, r)
	}
	return e, err
}

// withoutVersion is a name without ";1", and without the dot that a name
// without an extension ends with.
func withoutVersion(name string) string {
	if i := strings.LastIndexByte(name, ';'); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
		name = name[:i]
	}
	if len(name) > 1 {
		name = strings.TrimSuffix(name, ".")
	}
	return name
}

// complete puts what Rock Ridge tells in the place of what the record does.
func (e *entry) complete(v *volume, rr *rockRidge) {
	if rr.named {
		e.Base = fsys.Name(string(rr.name))
	}
	if rr.mode != 0 {
		e.FileMode = tree.Mode(rr.mode)
		e.Meta.Attributes, e.Meta.Owner = tree.Permissions(rr.mode), tree.Owner(rr.uid, rr.gid)
	}
	if rr.child != 0 {
		e.FileMode = e.FileMode&fs.ModePerm | fs.ModeDir
		e.place = place{int64(rr.child) * v.block, -1}
	}
	if rr.linked {
		e.FileMode = e.FileMode&fs.ModePerm | fs.ModeSymlink
		e.Meta.Target = string(rr.target)
	}
	e.Meta.Links, e.Meta.ID = int(rr.links), uint64(rr.serial)
	for i, to := range []*time.Time{&e.Meta.Created, &e.Modified, &e.Meta.Accessed, &e.Meta.Changed} {
		if !rr.times[i].IsZero() {
			*to = rr.times[i]
		}
	}
	switch {
	case rr.compressed:
		e.Meta.Problem = fsys.Unsupported(fmt.Sprintf("the file is compressed with zisofs, which cannot be read here; unpacked it has %d bytes", rr.size))
	case rr.isSplit:
		e.Meta.Problem = fsys.Unsupported("the file is sparse as Rock Ridge has it, which cannot be read here")
	}
}

// extend adds the run of a record to a file.
func (v *volume) extend(e *entry, r *record) {
	start, size := r.block*v.block, int64(r.size)
	offset := e.Bytes
	e.Bytes += size
	e.Meta.Allocated += (size + v.block - 1) / v.block * v.block
	problem := func(err error) {
		if e.Meta.Problem == nil {
			e.Meta.Problem = err
		}
	}
	switch {
	case v.discs > 1 && r.disc != v.disc:
		problem(fsys.Unsupported(fmt.Sprintf("the file lies on disc %d of a set of %d; this is disc %d", r.disc, v.discs, v.disc)))
	case !r.twoFold:
		problem(fsys.Damaged(r.at, "the place or size of the file is written twice, and differently"))
	case r.unit != 0 || r.gap != 0:
		problem(fsys.Unsupported("the file's blocks are interleaved with others, which cannot be read here"))
	case size > 0 && start > v.size-size:
		problem(fsys.Damaged(start, "the file goes on behind the end of the volume"))
	case size > 0:
		e.extents = append(e.extents, fsys.Extent{Offset: offset, Length: size, Start: start})
	}
}
