package tree

import (
	"io/fs"
	"strconv"
)

// Mode is a mode as Unix file systems store it: four bits of type, three of
// set-user, set-group and sticky, nine of permissions.
func Mode(m uint16) fs.FileMode {
	mode := fs.FileMode(m & 0o777)
	for _, bit := range []struct {
		stored uint16
		mode   fs.FileMode
	}{{0o4000, fs.ModeSetuid}, {0o2000, fs.ModeSetgid}, {0o1000, fs.ModeSticky}} {
		if m&bit.stored != 0 {
			mode |= bit.mode
		}
	}
	switch m >> 12 {
	case 1:
		mode |= fs.ModeNamedPipe
	case 2:
		mode |= fs.ModeDevice | fs.ModeCharDevice
	case 4:
		mode |= fs.ModeDir
	case 6:
		mode |= fs.ModeDevice
	case 8:
	case 10:
		mode |= fs.ModeSymlink
	case 12:
		mode |= fs.ModeSocket
	default:
		mode |= fs.ModeIrregular
	}
	return mode
}

// Permissions writes a mode as ls does, without the letter of the type.
func Permissions(m uint16) string {
	s := []byte("rwxrwxrwx")
	for i := range s {
		if m&(0o400>>i) == 0 {
			s[i] = '-'
		}
	}
	for _, special := range []struct {
		bit          uint16
		at           int
		with, letter byte
	}{{0o4000, 2, 's', 'S'}, {0o2000, 5, 's', 'S'}, {0o1000, 8, 't', 'T'}} {
		if m&special.bit == 0 {
			continue
		}
		if s[special.at] == 'x' {
			s[special.at] = special.with
		} else {
			s[special.at] = special.letter
		}
	}
	return string(s)
}

// Owner writes a user and a group as their numbers.
func Owner(uid, gid uint32) string {
	return strconv.FormatUint(uint64(uid), 10) + ":" + strconv.FormatUint(uint64(gid), 10)
}
