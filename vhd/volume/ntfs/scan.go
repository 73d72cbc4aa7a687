package ntfs

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"sort"

	"vhdscope/vhd/volume/fsys"
)

// scan is what one reading of all file records gave, kept small: the names
// are read again when they are asked for.
type scan struct {
	deleted    []deletion // by the reference of the folder
	structures []fsys.Structure
	partial    bool // there are more records than are read
}

// deletion is a deleted file's name in a folder.
type deletion struct {
	folder reference // as its record has it now; unknownFolder for none
	parent reference // as the name has it
	record int64
}

const (
	maxScanned    = 1 << 24 // records
	maxDeletions  = 1 << 20
	maxStructures = 1 << 20
	// maxOwned is up to how many clusters it is found out which are in use
	// and of no file: a bit for each is held meanwhile.
	maxOwned = 1 << 29
)

// from is what was deleted from a folder.
func (s *scan) from(folder reference) []deletion {
	i := sort.Search(len(s.deleted), func(i int) bool { return s.deleted[i].folder >= folder })
	j := i
	for j < len(s.deleted) && s.deleted[j].folder == folder {
		j++
	}
	return s.deleted[i:j]
}

// scanned reads all file records, once. An error of reading ends it, and the
// next who asks begins anew.
func (v *volume) scanned() (*scan, error) {
	v.scanning.Lock()
	defer v.scanning.Unlock()
	if v.scan != nil {
		return v.scan, nil
	}
	own, err := v.ownFiles()
	if err != nil {
		return nil, err
	}
	s := &scanner{v: v, scan: &scan{}, own: own}
	if v.clusters <= maxOwned && v.records <= maxScanned {
		s.owned = make([]byte, (v.clusters+7)/8)
	}
	// The records come in long reads past the device, so that who reads the
	// volume meanwhile need not wait.
	chunk := make([]byte, max(1<<20/v.record, 1)*v.record)
	mft := fsys.NewMapped(&fsys.Node{Bytes: v.records * v.record}, v.dev.Volume(), v.mftExtents)
	records := min(v.records, maxScanned)
	s.scan.partial = records < v.records
	for first := int64(0); first < records; first += int64(len(chunk)) / v.record {
		p := chunk[:min(int64(len(chunk)), (records-first)*v.record)]
		if _, err := mft.ReadAt(p, first*v.record); err != nil && err != io.EOF {
			return nil, err
		}
		if err := v.dev.Do(func() error { s.chunk(p, first); return nil }); err != nil {
			return nil, err
		}
	}
	if err := v.dev.Do(s.place); err != nil {
		return nil, err
	}
	if err := v.dev.Do(s.unowned); err != nil && !isOwn(err) {
		return nil, err
	}
	v.scan = s.scan
	return v.scan, nil
}

// isOwn says whether an error is about the file system, not of reading it.
func isOwn(err error) bool {
	var own *fsys.Error
	return errors.As(err, &own)
}

// scanner reads file records one after the other.
type scanner struct {
	v     *volume
	scan  *scan
	own   map[int64]string
	owned []byte // a bit for each cluster of which a record says that it is in use
	taken int64  // clusters that records say are in use
}

func (s *scanner) chunk(p []byte, first int64) {
	size := s.v.record
	for i := int64(0); i < int64(len(p))/size; i++ {
		b := p[i*size : (i+1)*size]
		if string(b[:4]) != "FILE" {
			continue
		}
		r, err := s.v.parseRecord(b, first+i)
		switch {
		case err != nil: // who opens the file is told
		case r.used:
			s.living(r)
		case r.base == 0 && r.number >= firstUser:
			s.dead(r)
		}
	}
}

// living notes which clusters a record in use claims, and those that are not
// a file's content.
func (s *scanner) living(r *record) {
	number := r.number
	if r.base != 0 {
		number = r.base.number()
	}
	for _, a := range r.attributes {
		name := s.own[number]
		switch {
		case name != "":
		case a.kind == typeData && a.name == "":
		case a.kind == typeData:
			name = "alternate streams"
		case a.kind == typeIndexAllocation || a.kind == typeBitmap:
			name = "folders"
		default:
			name = "file attributes"
		}
		for _, run := range a.runs {
			if run.lcn == hole {
				continue
			}
			s.claim(run.lcn, run.count)
			if name != "" {
				s.structure(name, run.lcn, run.count)
			}
		}
	}
}

// dead notes the folders that a deleted file was in.
func (s *scanner) dead(r *record) {
	for i, a := range r.attributes {
		_, parent, _, ok := fileName(a)
		if !ok || len(s.scan.deleted) >= maxDeletions {
			continue
		}
		twice := slices.ContainsFunc(r.attributes[:i], func(b attribute) bool {
			_, other, _, ok := fileName(b)
			return ok && other == parent
		})
		if !twice {
			s.scan.deleted = append(s.scan.deleted, deletion{parent: parent, record: r.number})
		}
	}
}

// place finds the folder of each deletion, as the records have it now.
func (s *scanner) place() error {
	v, list := s.v, s.scan.deleted
	slices.SortStableFunc(list, func(a, b deletion) int { return cmp.Compare(a.parent, b.parent) })
	order := make([]int, 0, 1)
	for i := range list {
		if i == 0 || list[i].parent != list[i-1].parent {
			order = append(order, i)
		}
	}
	// In the order of the records, so that each page is read once.
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(list[a].parent.number(), list[b].parent.number())
	})
	for _, i := range order {
		parent, folder := list[i].parent, unknownFolder
		if parent.number() < v.records {
			r, err := v.readRecord(parent.number())
			if err != nil && !isOwn(err) {
				return err
			}
			if err == nil && r.folder && r.base == 0 && r.is(parent) {
				folder = r.reference()
			}
		}
		for ; i < len(list) && list[i].parent == parent; i++ {
			list[i].folder = folder
		}
	}
	slices.SortStableFunc(list, func(a, b deletion) int {
		return cmp.Or(cmp.Compare(a.folder, b.folder), cmp.Compare(a.record, b.record))
	})
	return nil
}
