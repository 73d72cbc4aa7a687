package job

import (
	"errors"

	"vhdscope/blobio"
	"vhdscope/wasm/worker"
)

// CodeNoRoom is the problem that a new file finds no place.
const CodeNoRoom = "no-room"

// CodeWrite is the problem that a new file could not be written.
const CodeWrite = "write"

// The ways in which a new file is made.
const (
	wayStream    = "stream"
	wayComposite = "composite"
	wayStaged    = "staged"
	wayMemory    = "memory"
)

// create makes the new file where there is a place for size bytes, 0 where the
// size is not known yet, and says which way that is.
func (j *Jobs) create(to Target, size int64) (f File, way string, err error) {
	if to.Handle != nil {
		f, err = j.host.Stream(to.Handle)
		return f, wayStream, err
	}
	why := "this browser has no place for files of this page"
	if to.Stage != "" {
		if f, err = j.host.Stage(to.Stage, to.Name, size); err == nil {
			return f, wayStaged, nil
		}
		why = err.Error()
	}
	if size <= MemoryLimit {
		return j.host.Memory(to.Name), wayMemory, nil
	}
	return nil, "", noRoom(size, why)
}

func noRoom(size int64, why string) error {
	return &worker.Error{Code: CodeNoRoom, Msg: "There is no place for a new file of " + dec(size) + " bytes: " + why + ". " + moreRoom}
}

// moreRoom is what helps where the browser has too little room.
const moreRoom = "Files that this page made before take room until it is loaded again, and free space on the disk makes more. " +
	"A browser that writes to a file you choose (Chrome, Edge) needs no room of its own."

// failed is an error of making a new file, with its code.
func failed(err error, way string) error {
	w, ok := errors.AsType[*blobio.WriteError](err)
	switch {
	case !ok:
		return err
	case errors.Is(w, blobio.ErrNoRoom):
		help := moreRoom
		if way == wayStream {
			help = "Free space on the disk, or choose another place."
		}
		return &worker.Error{Code: CodeNoRoom, Msg: w.Error() + ". " + help}
	}
	return &worker.Error{Code: CodeWrite, Msg: w.Error()}
}
