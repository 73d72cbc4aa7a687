package fsystest

import (
	"math/rand/v2"
	"path"
	"slices"
	"strconv"
)

// Random does something that users and programs do to file systems. What it
// does depends on r and on the file system alone.
func (s *System) Random(r *rand.Rand) {
	Try(func() { operations[r.IntN(len(operations))](s, r) })
}

// operations are what Random chooses from; some are there more than once.
var operations = []func(*System, *rand.Rand){
	create, create, create, mkdir, change, change, grow, shrink, punch,
	rename, rename, rename, remove, remove, link, symlink, access, describe, save, rotate, rewrite, repack, repack, defragment, defragment, stream,
}

// named is a name of a file.
type named struct {
	folder *File
	name   string
}

func (n named) file() *File { return n.folder.Entries[n.name] }

// all is every name below a folder, and the folders with the root.
func (s *System) all() (names []named, folders []*File) {
	var walk func(*File)
	walk = func(f *File) {
		folders = append(folders, f)
		for _, name := range Names(f) {
			n := named{f, name}
			names = append(names, n)
			if n.file().IsDir() {
				walk(n.file())
			}
		}
	}
	walk(s.root)
	return names, folders
}

// pick is a random name of what is wanted.
func (s *System) pick(r *rand.Rand, wanted func(*File) bool) (named, bool) {
	names, _ := s.all()
	names = slices.DeleteFunc(names, func(n named) bool { return !wanted(n.file()) })
	if len(names) == 0 {
		return named{}, false
	}
	return names[r.IntN(len(names))], true
}

func anything(*File) bool { return true }
func plain(f *File) bool  { return f.IsRegular() && !f.Data.Packed }

func (s *System) folder(r *rand.Rand) *File {
	_, folders := s.all()
	return folders[r.IntN(len(folders))]
}

// fresh is a name that is not in the folder.
func fresh(folder *File, r *rand.Rand) string {
	for {
		name := string(rune('a'+r.IntN(8))) + strconv.Itoa(r.IntN(4))
		if folder.Entries[name] == nil {
			return name
		}
	}
}

func content(r *rand.Rand, n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(r.Uint32())
	}
	return p
}

func create(s *System, r *rand.Rand) {
	folder := s.folder(r)
	f := s.Create(folder, fresh(folder, r))
	switch r.IntN(6) {
	case 0: // empty
	case 1:
		f.Data.Inline = true
		s.Put(f, &f.Data, content(r, 1+r.IntN(inline)))
	case 2:
		f.Data.Packed = true
		s.Put(f, &f.Data, Pairs(content(r, r.IntN(8000))))
	case 3: // begins with a hole
		s.Write(f, &f.Data, int64(r.IntN(5000)), content(r, 1+r.IntN(3000)))
	default:
		s.Put(f, &f.Data, content(r, r.IntN(6000)))
	}
}

func mkdir(s *System, r *rand.Rand) {
	folder := s.folder(r)
	s.Mkdir(folder, fresh(folder, r))
}

func change(s *System, r *rand.Rand) {
	n, ok := s.pick(r, plain)
	if !ok {
		return
	}
	f := n.file()
	if size := len(f.Data.Bytes); size > 0 {
		off := r.IntN(size)
		s.Write(f, &f.Data, int64(off), content(r, 1+r.IntN(min(size-off, 1500))))
	}
}

func grow(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, plain); ok {
		f := n.file()
		s.Write(f, &f.Data, int64(len(f.Data.Bytes)+r.IntN(2)*r.IntN(3000)), content(r, 1+r.IntN(2000)))
	}
}

func shrink(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, (*File).IsRegular); ok {
		f := n.file()
		s.Truncate(f, &f.Data, int64(r.IntN(len(f.Data.Bytes)+1)))
	}
}

func punch(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, (*File).IsRegular); ok {
		s.Punch(n.file(), &n.file().Data, r.IntN(8))
	}
}

func rename(s *System, r *rand.Rand) {
	n, ok := s.pick(r, anything)
	if !ok {
		return
	}
	to := s.folder(r)
	if n.file().holds(to) {
		to = n.folder
	}
	s.Rename(n.folder, n.name, to, fresh(to, r))
}

// holds reports whether a folder is another or lies above it.
func (f *File) holds(other *File) bool {
	for _, below := range f.Entries {
		if below.holds(other) {
			return true
		}
	}
	return f == other
}

func remove(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, anything); ok {
		s.Remove(n.folder, n.name)
	}
}

func link(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, (*File).IsRegular); ok {
		folder := s.folder(r)
		s.Link(folder, fresh(folder, r), n.file())
	}
}

func symlink(s *System, r *rand.Rand) {
	folder := s.folder(r)
	s.Symlink(folder, fresh(folder, r), path.Join("..", string(content(r, 3))))
}

func access(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, anything); ok {
		s.Touch(n.file())
	}
}

func describe(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, anything); ok {
		s.Describe(n.file(), []string{"", "R", "HS", "RA"}[r.IntN(4)])
	}
}

// save writes a new file and gives it the place of the old one.
func save(s *System, r *rand.Rand) {
	n, ok := s.pick(r, (*File).IsRegular)
	if !ok {
		return
	}
	bytes := append([]byte{}, n.file().Data.Bytes...)
	if r.IntN(3) > 0 {
		bytes = append(bytes, content(r, 200)...)
	}
	f := s.Create(n.folder, fresh(n.folder, r)+".tmp")
	s.Put(f, &f.Data, bytes)
	for _, name := range Names(n.folder) {
		if n.folder.Entries[name] == f {
			s.Rename(n.folder, name, n.folder, n.name)
		}
	}
}

// rotate gives a file another name and makes a new one in its place.
func rotate(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, (*File).IsRegular); ok {
		s.Rename(n.folder, n.name, n.folder, fresh(n.folder, r))
		f := s.Create(n.folder, n.name)
		s.Put(f, &f.Data, content(r, 700))
	}
}

// rewrite writes what is there already.
func rewrite(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, plain); ok {
		s.Write(n.file(), &n.file().Data, 0, slices.Clone(n.file().Data.Bytes))
	}
}

// repack gives a packed file other bytes, which lie where the old ones lay.
func repack(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, func(f *File) bool { return f.IsRegular() && f.Data.Packed }); ok {
		f := n.file()
		s.Put(f, &f.Data, Pairs(content(r, len(f.Data.Bytes))))
	}
}

func defragment(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, (*File).IsRegular); ok {
		for i := range n.file().Data.blocks {
			if r.IntN(3) > 0 {
				s.Move(&n.file().Data, i)
			}
		}
	}
}

func stream(s *System, r *rand.Rand) {
	if n, ok := s.pick(r, (*File).IsRegular); ok {
		name := []string{"Zone", "tag"}[r.IntN(2)]
		if r.IntN(3) == 0 && n.file().Streams[name] != nil {
			s.SetStream(n.file(), name, nil)
			return
		}
		s.SetStream(n.file(), name, content(r, r.IntN(900)))
	}
}
