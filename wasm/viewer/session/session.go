// Package session is the viewer's engine behind its protocol: the files that
// a person opened, the chains they make, and the answers to the page's
// requests. It is portable; the browser comes in through [worker.Host].
package session

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"vhdscope/blobio"
	"vhdscope/vhd"
	"vhdscope/wasm/worker"
)

// Session is everything that is open. Its methods may be called
// concurrently.
type Session struct {
	host worker.Host

	mu      sync.RWMutex
	files   []*File // in the order in which they were opened
	choices map[int]int
	chains  map[int]*chain // by the key of the leaf
	forest  *Forest
}

// File is one opened file: an image, or the reason why it is none.
type File struct {
	key      int
	name     string
	modified time.Time
	source   worker.Source
	image    *vhd.Image // nil where the file was refused
	err      error      // why it is no VHD
	on       *File      // the leaf that these edits lie on; nil of what a person opened
}

// New returns a session with nothing open.
func New(host worker.Host) *Session {
	s := &Session{host: host, choices: map[int]int{}}
	s.rebuild()
	return s
}

// Open adds files to what is open. A file that cannot be opened is kept with
// the reason. A key that is open already is left as it is, but for a file that
// could not be reached: that is tried again.
func (s *Session) Open(ctx context.Context, req *OpenRequest, progress worker.Progress) (*Forest, error) {
	var added []*File
	for i, f := range req.Files {
		if err := ctx.Err(); err != nil {
			closeAll(added)
			return nil, err
		}
		if f.Key <= 0 {
			closeAll(added)
			return nil, worker.BadRequest("a file's key is a positive number, not " + strconv.Itoa(f.Key))
		}
		added = append(added, s.openFile(f))
		if progress != nil {
			progress(int64(i+1), int64(len(req.Files)))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range added {
		i := slices.IndexFunc(s.files, func(o *File) bool { return o.key == f.key })
		switch {
		case i < 0:
			s.files = append(s.files, f)
		case blobio.Gone(s.files[i].err):
			s.files[i].close()
			s.files[i] = f
		default:
			f.close()
		}
	}
	s.rebuild()
	return s.forest, nil
}

func (s *Session) openFile(f worker.OpenFile) *File {
	o := &File{key: f.Key, name: f.Name}
	if f.Modified > 0 {
		o.modified = time.UnixMilli(f.Modified).UTC()
	}
	if o.source, o.err = s.host.Open(f.Name, f.File); o.err != nil {
		o.source = nil
		return o
	}
	o.image, o.err = worker.OpenImage(o.source)
	return o
}

// Key is the key that the page gave the file.
func (f *File) Key() int { return f.key }

// Name is its path as the person gave it.
func (f *File) Name() string { return f.name }

// Source is its bytes, nil where it came without.
func (f *File) Source() worker.Source { return f.source }

// Candidate is the image with what is known of its file. Image is nil where
// the file is none.
func (f *File) Candidate() vhd.Candidate {
	return vhd.Candidate{Name: f.name, Image: f.image, Modified: f.modified}
}

func (f *File) close() {
	if f.source != nil {
		f.source.Close()
	}
}

func closeAll(files []*File) {
	for _, f := range files {
		f.close()
	}
}

// Close drops the named files and the edits on top of them, or all.
func (s *Session) Close(_ context.Context, req *CloseRequest) (*Forest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	named := func(f *File) bool { return f != nil && slices.Contains(req.Files, f.key) }
	s.files = slices.DeleteFunc(s.files, func(f *File) bool {
		if len(req.Files) > 0 && !named(f) && !named(f.on) {
			return false
		}
		f.close()
		delete(s.choices, f.key)
		for child, parent := range s.choices {
			if parent == f.key {
				delete(s.choices, child)
			}
		}
		return true
	})
	s.rebuild()
	return s.forest, nil
}

// Choose makes one file the parent of another, or takes that back.
func (s *Session) Choose(_ context.Context, req *ChooseRequest) (*Forest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	child := s.file(req.Child)
	if child == nil || child.image == nil || child.image.Type() != vhd.Differencing || child.on != nil {
		return nil, worker.BadRequest(fileText(req.Child) + " is no differencing image, so it has no parent to choose")
	}
	if req.Parent == 0 {
		delete(s.choices, req.Child)
	} else {
		parent := s.file(req.Parent)
		if parent == nil || parent.image == nil || parent == child || parent.on != nil {
			return nil, worker.BadRequest(fileText(req.Parent) + " cannot be the parent")
		}
		s.choices[req.Child] = req.Parent
	}
	s.rebuild()
	if req.Parent != 0 && !s.isParent(req.Child, req.Parent) {
		delete(s.choices, req.Child)
		s.rebuild()
		return nil, worker.BadRequest("the chosen file lies above the child in the same chain, so it cannot be its parent")
	}
	return s.forest, nil
}

// isParent reports whether one file is the next layer below another in a
// chain; s.mu is held.
func (s *Session) isParent(child, parent int) bool {
	for _, c := range s.chains {
		for i := range len(c.files) - 1 {
			if c.files[i].key == child && c.files[i+1].key == parent {
				return true
			}
		}
	}
	return false
}

// file finds an open file by its key; s.mu is held.
func (s *Session) file(key int) *File {
	for _, f := range s.files {
		if f.key == key {
			return f
		}
	}
	return nil
}

// File finds an open file by its key, also one that is no image.
func (s *Session) File(key int) (*File, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if f := s.file(key); f != nil {
		return f, nil
	}
	return nil, worker.BadRequest(fileText(key) + " is not open")
}

// Image finds an opened image by its file's key.
func (s *Session) Image(key int) (*File, error) {
	f, err := s.File(key)
	if err == nil && f.image == nil {
		return nil, worker.BadRequest(f.name + " is not open: " + f.err.Error())
	}
	return f, err
}

// Sources are the bytes of all open files that came with any.
func (s *Session) Sources() (list []worker.Source) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, f := range s.files {
		if f.source != nil {
			list = append(list, f.source)
		}
	}
	return list
}

// Layers are the files of a disk's chain, leaf first, by the key of its leaf.
func (s *Session) Layers(disk int) ([]*File, error) {
	c, err := s.chain(disk)
	if err != nil {
		return nil, err
	}
	return c.files, nil
}

// chain finds a disk by the key of its leaf.
func (s *Session) chain(id int) (*chain, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if c := s.chains[id]; c != nil {
		return c, nil
	}
	return nil, worker.BadRequest("disk " + strconv.Itoa(id) + " is not open")
}

// ChainError is an error of a chain of files, leaf first, as a problem is made
// of.
func ChainError(err error, files ...*File) error {
	return &worker.ChainError{Err: err, Files: namesOf(files)}
}

func namesOf(files []*File) []string {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.name
	}
	return names
}

// fileText names a file by its key.
func fileText(key int) string { return "file " + strconv.Itoa(key) }

// dec writes a number in decimal.
func dec(n int64) string { return strconv.FormatInt(n, 10) }
