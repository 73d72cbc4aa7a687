// Package iso reads ISO 9660 volumes (ECMA-119) as a [fsys.FS], with names,
// modes, times and links of Rock Ridge (IEEE P1282 draft 1.12) where a volume
// has them, else names of Joliet.
//
// It is a reader of its own. The one of go-diskfs, which reads partition
// tables here, was tried (v1.9.4) and shows wrong data without a word: for
// B/X it lists A/B, since its search of the path table looks for the same name
// twice; it drops the dot that names begin with, cuts long names and links,
// takes each 4 GiB of a file for a file, and makes room for whatever size a
// volume claims.
package iso
