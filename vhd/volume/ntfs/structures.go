package ntfs

import "vhdscope/vhd/volume/fsys"

// Structures implements [fsys.Mapping].
func (v *volume) Structures(yield func(fsys.Structure) bool) error {
	s, err := v.scanned()
	if err != nil {
		return err
	}
	for _, st := range s.structures {
		if !yield(st) {
			return nil
		}
	}
	if v.stated+v.sector <= v.dev.Size() && !yield(fsys.Structure{Name: "backup boot sector", Start: v.stated, Length: v.sector}) {
		return nil
	}
	var bits *clusterBits
	if err := v.dev.Do(func() error {
		var err error
		bits, err = v.bitmap(v.dev.Volume())
		return err
	}); err != nil {
		return err
	}
	return bits.each(0, v.clusters, func(first, count int64, used bool) bool {
		return used || yield(fsys.Structure{Name: fsys.Free, Start: first * v.cluster, Length: count * v.cluster})
	})
}

// ownFiles are the names of the file system's own files by their records.
func (v *volume) ownFiles() (map[int64]string, error) {
	names := map[int64]string{
		0: "$MFT", 1: "$MFTMirr", 2: "$LogFile", 3: "$Volume", 4: "$AttrDef", 5: "folders", 6: "$Bitmap",
		7: "$Boot", 8: "$BadClus", 9: "$Secure", 10: "$UpCase", 11: "$Extend",
	}
	// Below $Extend there are files ($UsnJrnl, …) and folders with more.
	for level, refs := 0, []reference{recordExtend}; level < 4 && len(refs) > 0; level++ {
		var below []reference
		for _, ref := range refs {
			if ref == recordExtend {
				v.dev.Do(func() error { ref = v.own(recordExtend); return nil })
			}
			f, err := v.folder(ref)
			if err != nil {
				if isOwn(err) {
					continue
				}
				return nil, err
			}
			for i := range f.entries {
				e := &f.entries[i]
				if names[e.ref.number()] == "" && len(names) < 1000 {
					names[e.ref.number()] = e.name
					if e.IsDir() {
						below = append(below, e.ref)
					}
				}
			}
		}
		refs = below
	}
	return names, nil
}

func (s *scanner) structure(name string, lcn, count int64) {
	start, length := lcn*s.v.cluster, count*s.v.cluster
	if last := len(s.scan.structures) - 1; last >= 0 {
		if l := &s.scan.structures[last]; l.Name == name && l.Start+l.Length == start {
			l.Length += length
			return
		}
	}
	if len(s.scan.structures) < maxStructures {
		s.scan.structures = append(s.scan.structures, fsys.Structure{Name: name, Start: start, Length: length})
	}
}

// claim sets the bits of owned clusters. Where files have far more clusters
// than there are, it is not found out which have no owner: each record of a
// damaged volume could claim all of them.
func (s *scanner) claim(lcn, count int64) {
	if s.taken += count; s.taken > 4*s.v.clusters {
		s.owned = nil
	}
	if s.owned == nil {
		return
	}
	for end := lcn + count; lcn < end; {
		if lcn%8 == 0 && end-lcn >= 8 {
			s.owned[lcn/8] = 0xFF
			lcn += 8
		} else {
			s.owned[lcn/8] |= 1 << (lcn % 8)
			lcn++
		}
	}
}

// unowned notes the clusters in use of which no record says why.
func (s *scanner) unowned() error {
	if s.owned == nil {
		return nil
	}
	bits, err := s.v.bitmap(s.v.dev)
	if err != nil {
		return err
	}
	return bits.each(0, s.v.clusters, func(first, count int64, used bool) bool {
		if !used {
			return true
		}
		for at, end := first, first+count; at < end; {
			from := at
			for at < end && s.owned[at/8]>>(at%8)&1 == 0 {
				at++
			}
			if at > from {
				s.structure("in use by no known file", from, at-from)
			}
			for at < end && s.owned[at/8]>>(at%8)&1 != 0 {
				if at%8 == 0 && s.owned[at/8] == 0xFF && end-at >= 8 {
					at += 8
				} else {
					at++
				}
			}
		}
		return true
	})
}
