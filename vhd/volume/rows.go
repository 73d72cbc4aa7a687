package volume

import (
	"cmp"
	"slices"
)

// check looks at the partitions side by side, and says of all that have a
// problem what it is.
func (s *scan) check() {
	slices.SortStableFunc(s.parts, func(a, b *entry) int { return order(a.part, b.part) })
	var last *entry
	for _, x := range s.parts {
		if x.part.Container || x.part.Size == 0 {
			continue
		}
		if last != nil && x.part.Start < last.end() {
			x.problem("overlaps partition %d", last.part.Index)
		}
		if last == nil || x.end() > last.end() {
			last = x
		}
	}
	for _, x := range s.parts {
		if x.part.Problem != "" {
			s.layout.find(severityError, x.part.Start, "Partition %d %s.", x.part.Index, x.part.Problem)
		}
	}
}

// order is that of rows: by start, what contains others first, then gaps.
func order(a, b Part) int {
	rank := func(p Part) int {
		switch {
		case p.Container:
			return 0
		case p.Gap:
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Index, b.Index))
}

// rows makes the rows of the layout: the partitions and what is in them, the
// tables, and what lies between.
func (s *scan) rows() {
	gaps := slices.Concat(s.tableRows(), s.freeRows())
	slices.SortStableFunc(gaps, order)
	for _, x := range s.parts {
		for len(gaps) > 0 && order(gaps[0], x.part) < 0 {
			s.layout.Parts, gaps = append(s.layout.Parts, gaps[0]), gaps[1:]
		}
		s.layout.Parts = append(append(s.layout.Parts, x.part), x.nested...)
	}
	s.layout.Parts = append(s.layout.Parts, gaps...)
}

// tableRows are what the tables occupy; the pieces of one are one row.
func (s *scan) tableRows() []Part {
	slices.SortStableFunc(s.tables, order)
	var rows []Part
	for _, t := range s.tables {
		if n := len(rows) - 1; n >= 0 && rows[n].Type == t.Type && t.Start <= rows[n].Start+rows[n].Size {
			rows[n].Size = max(rows[n].Size, t.Start+t.Size-rows[n].Start)
			continue
		}
		rows = append(rows, t)
	}
	return rows
}

// freeRows are the runs of the disk that neither a partition nor a table
// occupies. A run that an extended partition begins or ends in is two.
func (s *scan) freeRows() []Part {
	occupied := slices.Clone(s.tables)
	var edges []int64
	for _, x := range s.parts {
		switch {
		case x.whole:
		case x.part.Container:
			edges = append(edges, x.part.Start, x.end())
		default:
			occupied = append(occupied, x.part)
		}
	}
	slices.SortStableFunc(occupied, order)
	slices.Sort(edges)
	occupied = append(occupied, Part{Start: s.w.size})
	var rows []Part
	at := int64(0)
	for _, p := range occupied {
		for _, edge := range edges {
			if edge > at && edge < p.Start {
				rows = append(rows, s.freeRow(at, edge))
				at = edge
			}
		}
		if p.Start > at {
			rows = append(rows, s.freeRow(at, p.Start))
		}
		at = max(at, p.Start+p.Size)
	}
	return rows
}

func (s *scan) freeRow(start, end int64) Part {
	row := Part{Gap: true, Type: gapFree, Start: start, Size: end - start}
	for _, x := range s.parts {
		if x.part.Container && start >= x.part.Start && end <= x.end() {
			row.Logical = true
		}
	}
	return row
}
