package vhd

import "bytes"

// otherFormats are disk images that people take for VHDs, by their first
// bytes.
var otherFormats = []struct {
	name   string
	offset int
	magic  string
}{
	{"VHDX image (Hyper-V since 2012)", 0, "vhdxfile"},
	{"VMDK image (VMware)", 0, "KDMV"},
	{"VMDK image (VMware ESX)", 0, "COWD"},
	{"VMDK descriptor (VMware), which only names the files with the data", 0, "# Disk DescriptorFile"},
	{"QCOW2 image (QEMU)", 0, "QFI\xfb"},
	{"QED image (QEMU)", 0, "QED\x00"},
	{"VDI image (VirtualBox)", 0x40, "\x7f\x10\xda\xbe"},
	{"Parallels image", 0, "WithoutFreeSpace"},
	{"Parallels image", 0, "WithouFreSpacExt"},
	{"Ghost or EnCase image (EWF)", 0, "EVF\x09\x0d\x0a\xff\x00"},
	{"WIM archive (Windows)", 0, "MSWIM\x00\x00\x00"},
	{"Zip archive", 0, "PK\x03\x04"},
	{"7z archive", 0, "7z\xbc\xaf\x27\x1c"},
	{"gzip file", 0, "\x1f\x8b"},
	{"xz file", 0, "\xfd7zXZ\x00"},
}

// RuleOtherFormat marks errors for files of another, recognised format.
const RuleOtherFormat Rule = "other-format"

// notVHD is the error for a file without a usable footer.
func (im *Image) notVHD(head []byte, cookieAtStart bool) error {
	e := &FormatError{Layer: -1, Offset: -1, Rule: RuleCookie, Err: ErrNotVHD}
	for _, f := range otherFormats {
		if len(head) > f.offset && bytes.HasPrefix(head[f.offset:], []byte(f.magic)) {
			e.Rule, e.Msg = RuleOtherFormat, "this is no VHD but a "+f.name
			return e
		}
	}
	switch {
	case im.size == 0:
		e.Msg = "the file is empty"
	case im.size < shortFooterSize:
		e.Msg = "the file is shorter than a VHD footer"
	case cookieAtStart:
		e.Msg = "a VHD footer stands at the start but none at the end: a fixed disk that was cut short, or a raw disk that holds a VHD"
	default:
		e.Msg = "no VHD footer stands at the end or the start of the file"
	}
	return e
}

// IsOtherFormat reports whether an error of Open recognised another format,
// so that the file is certainly no raw disk.
func IsOtherFormat(err error) bool {
	f, ok := err.(*FormatError)
	return ok && f.Rule == RuleOtherFormat
}
