package browse

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/worker"
)

// inside is a path of the page's as io/fs has it.
func inside(p string) (string, error) {
	name, absolute := strings.CutPrefix(p, "/")
	switch {
	case p == "/":
		return ".", nil
	case !absolute || name == "." || !fs.ValidPath(name):
		return "", worker.BadRequest(strconv.Quote(p) + " is no path")
	}
	return name, nil
}

// outside is a path of io/fs as the page has it.
func outside(name string) string {
	if name == "." {
		return "/"
	}
	return "/" + name
}

// open opens a regular file, also a deleted one, or a stream of a file.
func (m *mounted) open(name string) (fsys.File, error) {
	f, err := m.fs.Open(name)
	if err != nil {
		return nil, err
	}
	file, ok := f.(fsys.File)
	if !ok {
		f.Close()
		return nil, worker.BadRequest(strconv.Quote(path.Base(name)) + " is no file with bytes to read")
	}
	return file, nil
}

// kindOf says what a file is.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "file"
	case mode.IsDir():
		return "directory"
	case mode&fs.ModeSymlink != 0:
		return "link"
	}
	return "other"
}

// timeText is a time in ISO 8601, "" where there is none. One of a clock in a
// zone that is not kept has none.
func timeText(t time.Time, local bool) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	text := t.Format("-01-02T15:04:05.999999999")
	switch y := t.Year(); {
	case y >= 0 && y <= 9999:
		text = pad(y, 4) + text
	case y > 0:
		text = "+" + pad(y, 6) + text
	default:
		text = "-" + pad(-y, 6) + text
	}
	if !local {
		text += "Z"
	}
	return text
}

// pad writes a number in at least so many digits.
func pad(n, digits int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, digits-len(s))) + s
}

// maxSize is the largest number that the page takes.
const maxSize = 1<<53 - 1

// sizeOf is a file's size as far as the page takes it.
func sizeOf(n int64) int64 { return max(-1, min(n, maxSize)) }

// selected are paths of the page's as io/fs has them, without those that lie in
// others of them.
func selected(paths []string) ([]string, error) {
	var names []string
	for _, p := range paths {
		name, err := inside(p)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	slices.Sort(names)
	taken := map[string]bool{}
	return slices.DeleteFunc(names, func(name string) bool {
		for up := name; ; up = path.Dir(up) {
			if taken[up] {
				return true
			}
			if up == "." {
				break
			}
		}
		taken[name] = true
		return false
	}), nil
}
