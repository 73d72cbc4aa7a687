package compare

import (
	"errors"
	"io/fs"
	"path"

	"vhdscope/vhd/volume/fsys"
)

// node is a name in one view.
type node struct {
	name    string
	parent  *node // nil of the root
	depth   int
	info    fs.FileInfo // nil of the root; see learn
	pair    *node       // what it is in the other view
	kids    []*node     // of a folder that comparison.list went through
	problem error       // why a folder could not be listed, or not wholly

	doubtful bool // whether it is in the other view is not known
	learnt   bool
}

func (n *node) path() string {
	if n.parent == nil {
		return n.name
	}
	return path.Join(n.parent.path(), n.name)
}

func (n *node) kind() fs.FileMode { return n.info.Mode().Type() }
func (n *node) isDir() bool       { return n.info.IsDir() }
func (n *node) meta() *fsys.Meta  { return fsys.MetaOf(n.info) }
func (n *node) id() uint64        { return n.meta().ID }

// hasLinks reports whether a file has other names.
func (n *node) hasLinks() bool { return !n.isDir() && n.id() != 0 && n.meta().Links > 1 }

// moved reports whether a node with a pair has another name than that, or lies
// in another folder.
func (n *node) moved() bool { return n.name != n.pair.name || n.parent.pair != n.pair.parent }

// stays reports whether a node is what it was, at the same place.
func (n *node) stays() bool { return n.pair != nil && !n.moved() && sameID(n.pair, n) }

func couple(before, after *node) { before.pair, after.pair = after, before }

// sameID reports whether two nodes have one identity, or both none.
func sameID(a, b *node) bool { return a.id() == b.id() }

// side is one of the two views.
type side struct {
	fsys    fsys.FS // nil: there is nothing
	cluster int64   // see [fsys.About]
	root    *node
	seen    map[uint64]bool   // folders, by ID
	names   map[uint64]string // of files that have several names, the first of those that stayed
}

func newSide(f fsys.FS) side {
	s := side{fsys: f, root: &node{name: "."}, seen: map[uint64]bool{}, names: map[uint64]string{}}
	if f != nil {
		s.cluster = f.About().Cluster
	}
	return s
}

// list is what is in a folder; see node.problem.
func (s *side) list(folder *node) (kids []*node) {
	if s.fsys == nil {
		return nil
	}
	if folder.problem = s.enter(folder); folder.problem != nil {
		return nil
	}
	entries, err := s.fsys.ReadDir(folder.path())
	for _, e := range entries {
		info, infoErr := e.Info()
		if infoErr != nil {
			err = errors.Join(err, infoErr)
			continue
		}
		kids = append(kids, &node{name: e.Name(), parent: folder, depth: folder.depth + 1, info: info})
	}
	folder.problem = err
	return kids
}

// enter reports what forbids to go into a folder: damaged volumes have folders
// that lie in themselves.
func (s *side) enter(folder *node) error {
	if folder.depth > fsys.MaxDepth {
		return fsys.Damaged(-1, "folders lie in each other too deep")
	}
	if folder.parent == nil || folder.id() == 0 {
		return nil
	}
	if s.seen[folder.id()] {
		return fsys.Damaged(-1, "the folder is the same as one at another place, or as one that it lies in")
	}
	s.seen[folder.id()] = true
	return nil
}

// learn gets all that is known of a node. The entry of a folder may know less:
// in NTFS neither streams nor how many names there are, and old times.
func (s *side) learn(n *node) {
	if n.learnt {
		return
	}
	if info, err := s.fsys.Stat(n.path()); err == nil {
		n.info = info
	}
	n.learnt = true
}

// learnOf is learn by the open file.
func (n *node) learnOf(f fsys.File) {
	if info, err := f.Stat(); err == nil {
		n.info, n.learnt = info, true
	}
}

// knows remembers a name of a file that has several.
func (s *side) knows(n *node, path string) {
	if old, ok := s.names[n.id()]; n.hasLinks() && (!ok || path < old) {
		s.names[n.id()] = path
	}
}
