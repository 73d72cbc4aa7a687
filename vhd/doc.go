// Package vhd reads and writes virtual hard disks in Microsoft's VHD format:
// fixed, dynamic and differencing, one file or a whole chain.
//
// [Open] reads one file from any io.ReaderAt. It is tolerant: what is wrong
// but survivable becomes a [Finding] and the image opens; only what cannot
// be located is an error. [Resolve] finds a differencing image's parents
// among other opened images, by identity first and by name second, and says
// why. [NewDisk] joins the images of a chain to a [Disk], which reads as a
// virtual machine would and tells by [Disk.Extents] which file supplies
// which bytes.
//
// [CheckFile] and [CheckChain] look at everything, all blocks included, and
// tell what is wrong in findings; the rules are those of type [Rule].
// [Repair] puts right what the rest of a file tells, and says what is lost.
//
// Absent, zero and unreadable are three results and never the same zeros: a
// sector that no layer holds reads as zeros, a sector that a layer should
// hold but cannot give is an error, and so is a sector of a parent that is
// not there.
//
// Only a [Writer] changes a file, the one that it is given: it writes to the
// disk of an image, so that a cut at any point leaves the old or the new bytes
// in each sector. All else that is made is a new file. [Create] lays an empty
// image out, also a child of any other. [Disk.Flatten] and [Disk.Fixed]
// describe the file as a [Plan], without moving a byte; [Disk.Convert] and
// [Disk.Merge] assemble a dynamic or differencing image in one pass;
// [Image.Relink] lists the patches that make a child another parent's.
//
// # Format
//
// Integers are big-endian. Section numbers in comments are those of the
// Virtual Hard Disk Image Format Specification, version 1.0 (2006). Where
// writers in the field differ from it, the comment names the writer. Sizes
// and offsets are bytes unless a name says sectors; a sector has 512 bytes.
//
// # Security
//
// Input is hostile. Every number read from a file is checked against the
// file's size before it is used for an offset, a length or an allocation,
// and no allocation is larger than the file justifies. The package starts no
// goroutines and panics on no input.
//
// # Not supported
//
// VHDX, which is another format; split images (.v01, .v02 …), whose first
// part opens with its later blocks unreadable; the little-endian bitmaps of
// the first XenServer releases (creator tap 0.1).
package vhd
