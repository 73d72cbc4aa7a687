package output

// The messages about new files, which several programs have. The page declares
// them in web/src/engine/jobs-protocol.js, before those of the jobs;
// TestProtocolMirrors of wasm/jobs/job compares the two.

// Target is where a new file goes. Name is what it is to be called. Handle is
// what showSaveFilePicker gave, or null. Stage is the folder of the browser's
// private file system in which this page may put files; none where it is "".
type Target struct {
	Name   string `js:"name"`
	Handle any    `js:"handle"`
	Stage  string `js:"stage"`
}

// Saved is a new file. Blob is null where it was written to the handle. Way
// tells how it was made: "stream" (to the handle), "composite" (of parts of
// the open files), "staged" (in the browser's private file system) or
// "memory". Lost is what could not be read, by its place on the new disk, and
// Changes is what was written anew, by its place in the new file.
type Saved struct {
	Blob    any       `js:"blob"`
	Name    string    `js:"name"`
	Size    int64     `js:"size"`
	Way     string    `js:"way"`
	Lost    []Lost    `js:"lost"`
	Changes []Changed `js:"changes"`
}

// Lost is a range whose bytes could not be had.
type Lost struct {
	Offset  int64  `js:"offset"`
	Length  int64  `js:"length"`
	Message string `js:"message"`
}

// Changed is a range of a new file that is not as it was in the old.
type Changed struct {
	Rule    string `js:"rule"`
	Offset  int64  `js:"offset"`
	Length  int64  `js:"length"`
	Message string `js:"message"`
}
