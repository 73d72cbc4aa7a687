// Package fat reads FAT12, FAT16, FAT32 and exFAT volumes.
//
// The formats are those of Microsoft's "FAT: General Overview of On-Disk
// Format" (FAT32 File System Specification, version 1.03) and "exFAT file
// system specification" (revision 1.00); comments name the sections. Where
// systems differ from them, the systems are followed and the comment says
// which.
//
// A volume is read as needed, a table of 1 GiB too. Each file's chain of
// clusters is followed on its own: two files that share clusters are both
// read as they say. A volume that is damaged opens as far as its boot sector
// can be understood; what is damaged below that is an error of the file or
// folder that has it, and of no other.
//
// Nothing is written, TexFAT's transactions are not applied, and OS/2
// extended attributes and exFAT vendor extensions are passed over.
package fat
