// Package blobio reads files that are slow to ask and quick to answer, as
// those of a browser and of a web server are: a read of a Blob costs about a millisecond whether
// it brings 512 bytes or 64 KiB. It turns many small reads into few large
// ones and knows nothing of what the bytes mean.
//
// A [Source] is a file as its owner gives it. A [Cache] holds pages of
// PageSize bytes of any number of sources under one budget and hands out a
// [Reader] for each, which is an [io.ReaderAt] that several goroutines may
// use at once:
//
//	cache := blobio.NewCache(16 << 20)
//	r := cache.Reader(blobio.NewFile(f)) // f is a *dom.File
//	defer r.Close()
//	n, err := r.ReadAt(p, off)
//
// What a read costs, in reads of the source:
//
//   - none, where every page of it is in the cache;
//   - one, where pages are missing, however many;
//   - one, straight into the caller's memory and past the cache, where it
//     asks for DirectThreshold bytes or more and not all of them are cached.
//
// A reader that moves forward is read ahead of, by up to 1 MiB a read; a jump
// brings only the pages asked for. A page that another goroutine is already
// reading is waited for, not read twice.
//
// Nothing is invented: a source that gives fewer bytes than its size promised
// has changed since it was opened, and the read fails with [ErrChanged]. All
// failures are a [*ReadError], which names the file. No failure is remembered.
// What the browser does not tell cannot be seen: Firefox reads on in a file
// whose bytes were changed but not their number.
//
// [Remote] is the Source over a file of a web server, of which it asks for
// ranges: a request costs what half a megabyte does, so that the same cache,
// pages and reading ahead serve it well. [Remote.Pin] tells which version of
// the file the server has, by its ETag, date and size, and every answer is held
// against that which it was opened with: a file that changes meanwhile is ErrChanged, and never bytes of both.
// An answer of other bytes than were asked for gives none, and is not
// downloaded further. What may have been bad luck is tried again. When that
// does not help, [Gone] tells that the failure is of the whole file:
//
//	version, err := blobio.NewRemote(blobio.Fetch, name, url, "", blobio.Version{}).Pin()
//	r := cache.Reader(blobio.NewRemote(blobio.Fetch, name, url, "", version))
//
// Everything but the files named *_js.go is portable. In a browser, [File] is
// the Source over a File or Blob, and [Fetch] is what a Remote asks servers
// with. A read there may park the goroutine until the browser answers, so
// ReadAt must not be called from within a js.Func: start a goroutine for it.
package blobio
