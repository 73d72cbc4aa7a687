package output

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
	WayStream    = "stream"
	WayComposite = "composite"
	WayStaged    = "staged"
	WayMemory    = "memory"
)

// create makes the new file where there is a place for size bytes, 0 where the
// size is not known yet, and says which way that is.
func create(host Host, to Target, size int64) (f File, way string, err error) {
	if to.Handle != nil {
		f, err = host.Stream(to.Handle)
		return f, WayStream, err
	}
	why := "this browser has no place for files of this page"
	if to.Stage != "" {
		if f, err = host.Stage(to.Stage, to.Name, size); err == nil {
			return f, WayStaged, nil
		}
		why = err.Error()
	}
	if size <= MemoryLimit {
		return host.Memory(to.Name), WayMemory, nil
	}
	return nil, "", noRoom(size, why)
}

func noRoom(size int64, why string) error {
	return &worker.Error{Code: CodeNoRoom, Msg: "There is no place for a new file of " + dec(size) + " bytes: " + why + ". " + moreRoom}
}

// moreRoom is what helps where the browser has too little room.
const moreRoom = "Files that this page made before take room until it is loaded again, and free space on the disk makes more. " +
	"A browser that writes to a file you choose (Chrome, Edge) needs no room of its own."

// Failed is an error of making a new file, with its code.
func Failed(err error, way string) error {
	w, ok := errors.AsType[*blobio.WriteError](err)
	switch {
	case !ok:
		return err
	case errors.Is(w, blobio.ErrNoRoom):
		help := moreRoom
		if way == WayStream {
			help = "Free space on the disk, or choose another place."
		}
		return &worker.Error{Code: CodeNoRoom, Msg: w.Error() + ". " + help}
	}
	return &worker.Error{Code: CodeWrite, Msg: w.Error()}
}
