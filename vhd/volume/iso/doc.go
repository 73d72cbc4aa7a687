// Package iso reads ISO 9660 volumes (ECMA-119) as a [fsys.FS], with names,
// modes, times and links of Rock Ridge (IEEE P1282 draft 1.12) where a volume
// has them, else names of Joliet.
//
// It is a reader of its own. The one of go-diskfs, which reads partition
// tables here, was tried and shows wrong data without a word: it looks folders
// up below the wrong parent (path tables count from 1), drops the dot that
// names begin with, cuts long names and links, takes the parts of a file above
// 4 GiB for files, and makes room for whatever size a volume claims.
package iso
