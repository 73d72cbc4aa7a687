package volume

import (
	"io"

	"vhdscope/vhd/volume/fsys"
)

// Options are what a volume itself does not say.
type Options struct {
	CodePage string // of FAT short names: "437", "850", …; "" for the usual one
}

// Mount opens the file system of a volume of size bytes. Errors are
// *[fsys.Error]: [fsys.ErrUnsupported] and [fsys.ErrEncrypted] where the
// volume is well but cannot be read here.
func Mount(r io.ReaderAt, size int64, o Options) (fsys.FS, error) {
	content, err := Identify(r, size)
	if err != nil {
		return nil, &fsys.Error{Kind: fsys.ErrDamaged, Offset: 0, Msg: "the start of the volume cannot be read", Err: err}
	}
	return nil, fsys.Unsupported(content.Problem)
}
