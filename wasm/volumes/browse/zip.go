package browse

import (
	"archive/zip"
	"context"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"vhdscope/vhd"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/output"
	"vhdscope/wasm/worker"
)

// maxListed is how many files of a kind a reply lists: nobody reads more.
const maxListed = 1000

// perEntry is how many bytes an entry takes in an archive, beside its content,
// and four times its name: in its header, behind it and in the directory.
const perEntry = 200

// archive saves files and folders as a zip archive, in constant memory but for
// its directory. Entries are stored and not compressed: who wants them smaller
// has the time, and what is in images often is compressed already.
func (m *mounted) archive(ctx context.Context, host output.Host, req *SaveRequest, progress worker.Progress) (*SavedFiles, error) {
	names, err := selected(req.Paths)
	if err != nil {
		return nil, err
	}
	base, err := inside(req.Base)
	if err != nil {
		return nil, err
	}
	a := &archiver{mounted: m, ctx: ctx, progress: progress, base: base, root: newZipFolder("")}
	size := int64(0) // of the archive, about
	err = m.each(ctx, names, func(f file) error {
		size += perEntry + 4*int64(len(f.name))
		if f.err == nil && f.entry.Mode().IsRegular() {
			a.total = min(maxSize, a.total+sizeOf(f.entry.Size()))
		}
		progress(0, a.total)
		return nil
	})
	if err != nil {
		return nil, m.problem(err)
	}
	saved, err := output.Assemble(ctx, host, req.To, min(maxSize, size+a.total), false, func(w io.WriterAt, _ func(vhd.Loss)) (int64, error) {
		out := &counted{w: io.NewOffsetWriter(w, 0)}
		a.zip = zip.NewWriter(out)
		if err := m.each(ctx, names, a.add); err != nil {
			return 0, err
		}
		err := a.zip.Close()
		return out.n, err
	})
	if err != nil {
		return nil, m.problem(err)
	}
	return &SavedFiles{Saved: *saved, Count: a.count, Unread: a.unread, UnreadCount: a.unreadCount, Renamed: a.renamed, RenamedCount: a.renamedCount}, nil
}

// counted counts the bytes that are written.
type counted struct {
	w io.Writer
	n int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// archiver makes an archive.
type archiver struct {
	*mounted
	ctx      context.Context
	progress worker.Progress
	zip      *zip.Writer
	base     string // names are relative to this folder
	root     *zipFolder
	inside   []visited // the folders that are being visited, each in the one before

	total, done int64 // bytes of files

	count        int
	unread       []UnreadFile
	unreadCount  int
	renamed      []RenamedFile
	renamedCount int
}

// visited is a folder of the volume and of the archive.
type visited struct {
	name   string
	folder *zipFolder
}

// folderOf is the folder of the archive that a file's entry is in. Those that
// are left are forgotten.
func (a *archiver) folderOf(f file) *zipFolder {
	dir := path.Dir(f.name)
	if f.top {
		a.inside = a.inside[:0]
		rel := dir
		if a.base != "." && (dir == a.base || strings.HasPrefix(dir, a.base+"/")) {
			rel = strings.TrimPrefix(strings.TrimPrefix(dir, a.base), "/")
		}
		folder := a.root
		for part := range strings.SplitSeq(rel, "/") {
			if part != "" && part != "." {
				folder = folder.folder(part)
			}
		}
		if f.name == "." {
			folder = a.root
		}
		a.inside = append(a.inside, visited{dir, folder})
		return folder
	}
	for {
		last := a.inside[len(a.inside)-1]
		switch {
		case last.name == dir:
			return last.folder
		case last.name == path.Dir(dir) && dir != last.name:
			folder := last.folder.folder(path.Base(dir))
			a.inside = append(a.inside, visited{dir, folder})
			return folder
		}
		a.inside = a.inside[:len(a.inside)-1]
		delete(a.inside[len(a.inside)-1].folder.folders, path.Base(last.name))
	}
}

// add adds a file or folder to the archive. What cannot be read is noted.
func (a *archiver) add(f file) error {
	folder := a.folderOf(f)
	if f.name == "." {
		if f.err != nil {
			return a.lose(folder, "the root folder", f, f.err)
		}
		return nil
	}
	name := folder.name(path.Base(f.name))
	if name != path.Base(f.name) && f.err == nil {
		if a.renamedCount++; a.renamedCount <= maxListed {
			a.renamed = append(a.renamed, RenamedFile{Path: outside(f.name), Name: folder.path + name})
		}
	}
	if f.err != nil {
		return a.lose(folder, name, f, f.err)
	}
	switch kindOf(f.entry.Mode()) {
	case "file":
		return a.file(folder, name, f)
	case "directory":
		_, err := a.zip.CreateHeader(header(folder.path+name+"/", f.entry))
		return err
	case "link":
		return a.link(folder, name, f)
	}
	return a.lose(folder, name, f, errNoContent)
}

// file adds a regular file. What is not longer than a window is read before its
// entry begins, so that it has none where it cannot be read; of a longer one
// there may be a beginning.
func (a *archiver) file(folder *zipFolder, name string, f file) error {
	before, size := a.done, sizeOf(f.entry.Size())
	err, fatal := a.copy(folder, name, f)
	a.done = before + size
	a.progress(a.done, a.total)
	switch {
	case fatal || err != nil && gone(err) || a.ctx.Err() != nil:
		return err
	case err != nil:
		return a.lose(folder, name, f, err)
	}
	a.count++
	return nil
}

// copy copies a file to the archive; fatal is an error that is not the file's.
func (a *archiver) copy(folder *zipFolder, name string, f file) (err error, fatal bool) {
	if problem := fsys.MetaOf(f.entry).Problem; problem != nil {
		return problem, false
	}
	file, err := a.open(f.name)
	if err != nil {
		return err, false
	}
	defer file.Close()
	if err := a.readable(file); err != nil {
		return err, false
	}
	size := f.entry.Size()
	first, err := readPart(file, make([]byte, min(window, size)), 0)
	if err != nil {
		return err, false
	}
	w, err := a.zip.CreateHeader(header(folder.path+name, f.entry))
	if err != nil {
		return err, true
	}
	written := int64(0)
	write := func(p []byte) error {
		if _, err := w.Write(p); err != nil {
			fatal = true
			return err
		}
		written += int64(len(p))
		a.done += int64(len(p))
		a.progress(a.done, a.total)
		return nil
	}
	if err := write(first); err != nil {
		return err, true
	}
	err = readAll(a.ctx, file, int64(len(first)), size, write)
	if err != nil && !fatal && a.ctx.Err() == nil && !gone(err) {
		err = &partlyError{written, err}
	}
	return err, fatal
}

// partlyError is an error of a file whose beginning is in the archive.
type partlyError struct {
	length int64
	err    error
}

func (e *partlyError) Error() string {
	return "only its first " + dec(e.length) + " bytes could be read: " + e.err.Error()
}

// readable reports as an error what of a file is known not to be readable
// before it is tried: that whose layer is missing.
func (a *archiver) readable(f fsys.File) error {
	if _, simple := f.(*fsys.Mapped); !simple || a.disk.Complete() {
		return nil
	}
	list, err := f.Extents()
	if err != nil {
		return err
	}
	for _, e := range list {
		start, length := e.Volume()
		if start < 0 || length < 0 || start > a.size || length > a.size-start {
			continue // reading tells
		}
		for _, err := range a.disk.Extents(a.start+start, length) {
			if err != nil {
				return err
			}
			if a.ctx.Err() != nil {
				return a.ctx.Err()
			}
		}
	}
	return nil
}

// link adds a link: as one where it is relative and leads to a place in the
// archive, or else as a text that says where it leads. Unpacked elsewhere,
// others would lead to something of that system's, or nowhere.
func (a *archiver) link(folder *zipFolder, name string, f file) error {
	target := fsys.MetaOf(f.entry).Target
	h := header(folder.path+name, f.entry)
	if leadsInside(folder.path, target) {
		h.SetMode(fs.ModeSymlink | 0o777)
	} else {
		h.SetMode(0o644)
	}
	w, err := a.zip.CreateHeader(h)
	if err == nil {
		_, err = io.WriteString(w, target)
	}
	a.count++
	return err
}

// leadsInside reports whether a link in a folder of the archive leads to a
// place in the archive, by names that are the same there. Behind a name ".."
// may lead anywhere: what has the name may be a link itself.
func leadsInside(folder, target string) bool {
	depth := strings.Count(folder, "/")
	if target == "" || strings.HasPrefix(target, "/") {
		return false
	}
	named := false
	for part := range strings.SplitSeq(target, "/") {
		switch part {
		case "", ".":
		case "..":
			if depth--; named || depth < 0 {
				return false
			}
		default:
			if named = true; safeName(part) != part {
				return false
			}
		}
	}
	return true
}

// lose notes that something is not in the archive, or not whole, in the reply
// and in a text in its place. An error is one of the archive.
func (a *archiver) lose(folder *zipFolder, name string, f file, why error) error {
	if gone(why) {
		return why
	}
	words := a.words(why)
	if a.unreadCount++; a.unreadCount <= maxListed {
		a.unread = append(a.unread, UnreadFile{Path: outside(f.name), Message: words})
	}
	note := folder.unique(safeName(cut(name, longest-30) + " - could not be read.txt"))
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: folder.path + note})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, outside(f.name)+"\r\n\r\n"+words+"\r\n")
	return err
}

var errNoContent = &worker.Error{Code: CodeUnsupported, Msg: "it is a device, a pipe or a socket, which has no content"}

// header is that of an entry. Who may do what is kept as far as it does no
// harm: whoever unpacks it can read and change it.
func header(name string, info fs.FileInfo) *zip.FileHeader {
	h := &zip.FileHeader{Name: name}
	mode := info.Mode().Perm() | 0o600
	if info.IsDir() {
		mode = fs.ModeDir | mode | 0o700
	}
	h.SetMode(mode)
	setTime(h, info.ModTime(), fsys.MetaOf(info).Local)
	return h
}

// setTime sets when an entry was changed last. The time of a clock whose zone
// is not known is written as archives of MS-DOS have it, which is such a time
// too; others to the second and in UTC besides.
func setTime(h *zip.FileHeader, t time.Time, local bool) {
	if t.IsZero() {
		return
	}
	t = t.UTC()
	if unix := t.Unix(); !local && unix == int64(int32(unix)) && t.Year() >= 1980 {
		h.Modified = t
		return
	}
	if t.Year() < 1980 {
		t = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if t.Year() > 2107 {
		t = time.Date(2107, 12, 31, 23, 59, 58, 0, time.UTC)
	}
	h.ModifiedDate = uint16(t.Day() | int(t.Month())<<5 | (t.Year()-1980)<<9)
	h.ModifiedTime = uint16(t.Second()/2 | t.Minute()<<5 | t.Hour()<<11)
}
