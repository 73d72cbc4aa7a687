package fat

import (
	"fmt"
	"path"

	"vhdscope/vhd/volume/fsys"
)

// maxMarked is for how many clusters it can be told which are reached: one
// bit each, 128 MiB.
const maxMarked = 1 << 30

// Structures implements [fsys.Mapping]. What a folder lies in is named after
// it. "slack space" is what files have of clusters behind their data;
// "unreachable clusters" are in use, but by nothing that can be listed.
func (v *volume) Structures(yield func(fsys.Structure) bool) error {
	m := &mapper{v: v, yield: yield}
	m.tables()
	if v.clusters > maxMarked {
		return fsys.Unsupported("the volume has too many clusters to tell which are free")
	}
	m.marked = make([]uint64, v.clusters/64+1)
	if v.exFAT {
		m.file(v.bitmapEntry, "allocation bitmap")
		m.file(v.upCase, "up-case table")
	}
	m.folders()
	m.unmarked()
	m.flush()
	return m.err
}

// mapper finds what lies where no file does.
type mapper struct {
	v       *volume
	yield   func(fsys.Structure) bool
	pending fsys.Structure // not yet yielded
	stopped bool           // yield wants no more
	marked  []uint64       // clusters that something reaches: bit n is cluster n+2
	claimed int64          // clusters of folders and of files that have no chain
	err     error          // why the map is not complete
}

// add yields a run, joined with those before it of the same name. What lies
// behind the end of a volume that was cut off is left out.
func (m *mapper) add(name string, start, length int64) {
	length = min(length, m.v.size-start)
	if length <= 0 {
		return
	}
	if m.pending.Name == name && m.pending.Start+m.pending.Length == start {
		m.pending.Length += length
		return
	}
	m.flush()
	m.pending = fsys.Structure{Name: name, Start: start, Length: length}
}

func (m *mapper) flush() {
	if m.pending.Length > 0 && !m.stopped {
		m.stopped = !m.yield(m.pending)
	}
	m.pending = fsys.Structure{}
}

func (m *mapper) fail(err error) {
	if m.err == nil {
		m.err = err
	}
}

// tables maps what lies before the first cluster and behind the last.
func (m *mapper) tables() {
	v := m.v
	at := int64(0)
	until := func(name string, end int64) {
		m.add(name, at, end-at)
		at = max(at, end)
	}
	if v.exFAT {
		until("boot region", bootSectors*v.sector)
		until("backup boot region", 2*bootSectors*v.sector)
	} else {
		until("boot sector", v.sector)
		if v.info == v.sector {
			until("FSInfo", 2*v.sector)
		}
		if v.backup >= at && v.backup > 0 {
			until("reserved sectors", v.backup)
			until("backup boot sector", v.backup+v.sector)
		}
	}
	until("reserved sectors", v.tables[0])
	for i, table := range v.tables {
		until("reserved sectors", table)
		until(fmt.Sprintf("FAT %d", i+1), table+v.tableSize)
	}
	if v.fixedRoot.length > 0 {
		until(rootName, v.heap)
	}
	until("reserved sectors", v.heap)
	at = v.end()
	until("space behind the last cluster", v.size)
}

const rootName = "root directory"

// mark marks a cluster, and tells whether it was not marked before.
func (m *mapper) mark(cluster uint32) bool {
	i := cluster - 2
	bit := uint64(1) << (i % 64)
	fresh := m.marked[i/64]&bit == 0
	m.marked[i/64] |= bit
	return fresh
}

func (m *mapper) isMarked(cluster uint32) bool {
	i := cluster - 2
	return m.marked[i/64]>>(i%64)&1 != 0
}

// folders maps the clusters of folders and marks those of files.
func (m *mapper) folders() {
	type waiting struct {
		e    *entry
		path string
	}
	stack := []waiting{{m.v.top, "/"}}
	if m.v.top.first != 0 {
		m.mark(m.v.top.first)
	}
	for len(stack) > 0 && !m.stopped {
		w := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		name := rootName
		if w.e != m.v.top {
			name = `folder "` + w.path + `"`
		}
		if !m.folder(w.e, name) {
			continue
		}
		f := m.v.list(w.e)
		if f.err != nil {
			m.fail(f.err)
		}
		for _, e := range f.living {
			switch {
			case !e.IsDir():
				m.file(e, "")
			case e.problem != nil:
				m.fail(e.problem)
			case e.first != 0 && m.mark(e.first): // else it waits already, or was met
				stack = append(stack, waiting{e, path.Join(w.path, e.name)})
			}
		}
	}
}

// folder maps the clusters of a folder, whose first one is marked. It is false
// of one that shares others with what was met before: thousands of folders
// could have the same entries.
func (m *mapper) folder(e *entry, name string) bool {
	if e.first == 0 {
		return true // the root of FAT12 and FAT16
	}
	runs, err := m.v.runsOf(e)
	if err != nil {
		m.fail(err)
	}
	for _, r := range runs {
		if !m.claim(int64(r.count)) {
			return false
		}
		for c := r.first; c < r.first+r.count; c++ {
			if c != e.first && m.isMarked(c) {
				m.fail(errShared)
				return false
			}
		}
	}
	for _, r := range runs {
		m.add(name, m.v.offset(r.first), int64(r.count)*m.v.cluster)
		for c := r.first; c < r.first+r.count; c++ {
			m.mark(c)
		}
	}
	return true
}

var errShared = fsys.Damaged(-1, "files or folders share clusters")

// claim counts the clusters of folders, and of files that have no chain: a
// file's chain ends at the latest where it meets another, but these could all
// be as long as the volume.
func (m *mapper) claim(n int64) bool {
	if m.claimed += n; m.claimed > int64(m.v.clusters) {
		m.fail(errShared)
		return false
	}
	return true
}

// file marks a file's clusters, and maps them too where the file is one of
// the system's and has a name. Of others it maps what is behind their data.
func (m *mapper) file(e *entry, name string) {
	if e == nil || e.problem != nil || e.first == 0 {
		return
	}
	v := m.v
	links := v.table.links()
	n, _ := v.clustersOf(e.size)
	if e.contiguous && (n == 0 || !m.claim(int64(n))) {
		return
	}
	left := e.valid
	for c := e.first; v.has(c); {
		if !m.mark(c) && !e.contiguous {
			return // whatever has it has the rest of the chain too
		}
		data := min(left, v.cluster)
		left -= data
		if name != "" {
			m.add(name, v.offset(c), v.cluster)
		} else {
			m.add("slack space", v.offset(c)+data, v.cluster-data)
		}
		if e.contiguous {
			if n--; n == 0 {
				return
			}
			c++
			continue
		}
		link, err := links.link(c)
		if err != nil {
			m.fail(err)
			return
		}
		c = link
	}
}

// unmarked maps the clusters that nothing reaches.
func (m *mapper) unmarked() {
	v := m.v
	links := v.table.links()
	var bits *cursor
	if v.bitmap != nil {
		bits = &cursor{pages: v.bitmap}
	}
	for i := range v.clusters {
		if m.stopped {
			return
		}
		if i%(1<<18) == 0 {
			m.flush() // so that who waits sees that it goes on
		}
		if m.isMarked(i + 2) {
			continue
		}
		name, err := unmarkedName(links, bits, i+2)
		if err != nil {
			m.fail(err)
			continue
		}
		m.add(name, v.offset(i+2), v.cluster)
	}
}

// unmarkedName names a cluster that nothing reaches.
func unmarkedName(links *links, bits *cursor, cluster uint32) (string, error) {
	if bits != nil {
		if used, err := bits.bit(int64(cluster - 2)); !used || err != nil {
			return fsys.Free, err
		}
	} else if links.exFAT {
		return "clusters that may be free", nil
	}
	switch link, err := links.link(cluster); {
	case err != nil:
		return "", err
	case link == linkBad:
		return "bad clusters", nil
	case link == linkFree && !links.exFAT:
		return fsys.Free, nil
	}
	return "unreachable clusters", nil
}
