package ntfs

import (
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"

	"vhdscope/vhd/volume/fsys"
)

// Tags of reparse points, [MS-FSCC] 2.1.2.1.
const (
	tagMountPoint = 0xA0000003 // a junction, or a volume mounted in a folder
	tagSymlink    = 0xA000000C
	tagLXSymlink  = 0xA000001D // one of the Windows subsystem for Linux
	tagSocket     = 0x80000023
	tagFIFO       = 0x80000024
	tagCharacter  = 0x80000025
	tagBlock      = 0x80000026
	tagWOF        = 0x80000017
	tagDedup      = 0x80000013
	tagHSM        = 0xC0000004
	tagHSM2       = 0x80000006
	tagSIS        = 0x80000007
	tagAppExec    = 0x8000001B
	tagWCI        = 0x80000018
	tagProjFS     = 0x9000001C
	tagCloud      = 0x9000001A // with a number in bits 12 to 15
	tagCloudMask  = 0xFFFF0FFF
)

func isLink(tag uint32) bool {
	return tag == tagMountPoint || tag == tagSymlink || tag == tagLXSymlink
}

// reparseMode is what a reparse point makes of a file, 0 for nothing.
func reparseMode(tag uint32) fs.FileMode {
	switch tag {
	case tagMountPoint, tagSymlink, tagLXSymlink:
		return fs.ModeSymlink
	case tagSocket:
		return fs.ModeSocket
	case tagFIFO:
		return fs.ModeNamedPipe
	case tagCharacter:
		return fs.ModeDevice | fs.ModeCharDevice
	case tagBlock:
		return fs.ModeDevice
	}
	return 0
}

// unreadable says why the content of a file with these attributes and this
// tag is not what its stream holds; nil where it is.
func unreadable(flags, tag uint32) error {
	if flags&flagFolder != 0 {
		return nil
	}
	if flags&flagEncrypted != 0 {
		return errEncrypted
	}
	if flags&flagReparse == 0 || reparseMode(tag) != 0 {
		return nil
	}
	switch {
	case tag == tagWOF:
		return fsys.Unsupported("the file is compressed by CompactOS (Windows Overlay Filter), which is not read here")
	case tag == tagDedup:
		return fsys.Unsupported("the file is deduplicated: its content lies in the volume's chunk store, which is not read here")
	case tag == tagSIS:
		return fsys.Unsupported("the file's content lies in a single instance store, which is not read here")
	case tag&tagCloudMask == tagCloud:
		if flags&(flagOffline|flagRecall) == 0 {
			return nil // it was downloaded
		}
		return fsys.Unsupported("the file's content is in the cloud, not in the volume")
	case tag == tagHSM || tag == tagHSM2:
		return fsys.Unsupported("the file's content was moved to another storage")
	case tag == tagWCI || tag == tagProjFS:
		return fsys.Unsupported("the file's content is provided by a program of Windows and not in the volume")
	case tag == tagAppExec:
		return fsys.Unsupported("the file is an alias of a Windows app and has no content")
	}
	return fsys.Unsupported("the file's content is in the hands of a program: reparse tag 0x" + strconv.FormatUint(uint64(tag), 16))
}

var errEncrypted = &fsys.Error{Kind: fsys.ErrEncrypted, Offset: -1, Msg: "the file is encrypted by Windows (EFS)"}

// maxReparse is the longest reparse point, bytes ([MS-FSCC] 2.1.2.2).
const maxReparse = 16 << 10

// reparse reads a file's reparse point: its tag, 0 for none, and where a link
// leads to.
func (v *volume) reparse(f *file) (tag uint32, link string) {
	b, err := v.whole(f.attributes, typeReparsePoint, maxReparse)
	if err != nil || len(b) < 8 {
		return 0, ""
	}
	tag = u32(b, 0)
	data := b[8:]
	if n := int(u16(b, 4)); n <= len(data) {
		data = data[:n]
	}
	switch tag {
	case tagSymlink:
		return tag, windowsTarget(data, 12)
	case tagMountPoint:
		return tag, windowsTarget(data, 8)
	case tagLXSymlink:
		if len(data) > 4 && utf8.Valid(data[4:]) {
			return tag, string(data[4:])
		}
	}
	return tag, ""
}

// windowsTarget is where a link of Windows leads to, in the words that are
// followed: names begin behind the header. The prefix of the object manager's
// is left off.
func windowsTarget(data []byte, header int) string {
	if len(data) < header {
		return ""
	}
	from := header + int(u16(data, 0))
	to := from + int(u16(data, 2))
	if to > len(data) {
		return ""
	}
	name := decodeName(data[from:to])
	return strings.ToValidUTF8(strings.TrimPrefix(name, `\??\`), "\uFFFD")
}

// Interix wrote links as system files that begin with a word of its own;
// ntfs-3g still does.
const interixMagic = "IntxLNK\x01"

func mayBeInterix(flags uint32, size int64) bool {
	return flags&flagSystem != 0 && flags&(flagFolder|flagReparse) == 0 &&
		size > int64(len(interixMagic)) && size <= int64(len(interixMagic))+2*4096 && size%2 == 0
}

// interix is where a file leads to that may be such a link, "" where it is
// none.
func (v *volume) interix(f *file) string {
	b, err := v.whole(f.attributes, typeData, int64(len(interixMagic))+2*4096)
	if err != nil || !strings.HasPrefix(string(b), interixMagic) {
		return ""
	}
	return strings.ToValidUTF8(decodeName(b[len(interixMagic):]), "\uFFFD")
}
