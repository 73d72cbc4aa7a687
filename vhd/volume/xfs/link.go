package xfs

import "vhdscope/vhd/volume/fsys"

const (
	maxTarget  = 1024
	linkMagic  = "XSLM"
	linkHeader = 56
)

// target is where a link leads. It stands in the inode or in extents, each of
// which starts with a header.
func (f *source) target(n *inode) (string, error) {
	if n.size <= 0 || n.size > maxTarget {
		return "", fsys.Damaged(n.at, "the target of the link is damaged")
	}
	if n.format == formatLocal {
		if n.size > int64(len(n.fork)) {
			return "", fsys.Damaged(n.at, "the target of the link is damaged")
		}
		return string(n.fork[:n.size]), nil
	}
	// Headers take room that the size does not count: as many blocks as there
	// are extents, at most.
	held := *n
	held.size = int64(n.extents%16)*f.super.blockSize + maxTarget
	l, err := f.layout(&held)
	if err != nil {
		return "", err
	}
	var target []byte
	for _, e := range l.Extents {
		rest := n.size - int64(len(target))
		if rest == 0 || e.Start < 0 {
			break
		}
		b := make([]byte, min(e.Length, linkHeader+rest))
		if err := f.device.Fill(b, e.Start); err != nil {
			return "", err
		}
		if len(b) < linkHeader || string(b[:4]) != linkMagic {
			return "", fsys.Damaged(e.Start, "the target of the link is damaged")
		}
		target = append(target, b[linkHeader:]...)
	}
	if int64(len(target)) < n.size {
		return "", fsys.Damaged(n.at, "the target of the link is damaged")
	}
	return string(target), nil
}
