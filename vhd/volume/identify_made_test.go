package volume

import (
	"encoding/binary"
	"os"

	"testing"
	"unicode/utf16"
)

// utf16le is text as Windows writes it.
func utf16le(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// raidSuper is a superblock of Linux RAID, version 1.
func raidSuper(offset int64) []byte {
	b := make([]byte, 256)
	le.PutUint32(b, raidMagic)
	le.PutUint32(b[4:], 1)
	copy(b[16:], "\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef")
	copy(b[32:], "host:0")
	le.PutUint64(b[144:], uint64(offset/512))
	sum := uint64(0)
	for at := 0; at < 256; at += 4 {
		sum += uint64(le.Uint32(b[at:]))
	}
	le.PutUint32(b[216:], uint32(sum+sum>>32))
	return b
}

// zfsPair is a name and a value of a list in XDR: of a string or a number.
func zfsPair(name string, kind uint32, value []byte) []byte {
	text := func(s string) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(s)))
		return append(append(b, s...), make([]byte, -len(s)&3)...)
	}
	if kind == 9 {
		value = text(string(value))
	}
	body := text(name)
	body = binary.BigEndian.AppendUint32(body, kind)
	body = append(binary.BigEndian.AppendUint32(body, 1), value...)
	pair := binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))
	return append(binary.BigEndian.AppendUint32(pair, uint32(len(body)+8)), body...)
}

// TestIdentifyByHand has what no tool here makes, laid out as its format says,
// and compared with blkid's opinion where that has one.
func TestIdentifyByHand(t *testing.T) {
	const size = 8 << 20
	const id = "\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef"
	const idText = "01234567-89ab-cdef-0123-456789abcdef"
	put := func(at int64, text string) func(memory) { return func(m memory) { copy(m[at:], text) } }
	all := func(f ...func(memory)) func(memory) {
		return func(m memory) {
			for _, f := range f {
				f(m)
			}
		}
	}
	for _, c := range []struct {
		name string
		make func(memory)
		want Content
	}{
		{"LUKS1", all(put(0, "LUKS\xba\xbe\x00\x01"), put(168, idText)), Content{Type: "LUKS1", UUID: idText}},
		{"LUKS2", all(put(0, "LUKS\xba\xbe\x00\x02"), put(8, "\x00\x00\x00\x00\x00\x00\x40\x00"), put(24, "secret ö"), put(168, idText)), Content{Type: "LUKS2", Label: "secret ö", UUID: idText}},
		{"LVM", all(put(512, "LABELONE\x01"), put(512+20, "\x20\x00\x00\x00LVM2 001"), put(512+32, "abcdefghijklmnopqrstuvwxyzABCDEF")),
			Content{Type: "LVM2 physical volume", UUID: "abcdef-ghij-klmn-opqr-stuv-wxyz-ABCDEF"}},
		{"RAID 1.1", put(0, string(raidSuper(0))), Content{Type: "Linux RAID", Label: "host:0", UUID: idText}},
		{"RAID 1.2", put(4096, string(raidSuper(4096))), Content{Type: "Linux RAID", Label: "host:0", UUID: idText}},
		{"RAID 1.0", put(size-8192, string(raidSuper(size-8192))), Content{Type: "Linux RAID", Label: "host:0", UUID: idText}},
		{"RAID 0.90", all(put(size-0x10000, "\xfc\x4e\x2b\xa9\x00\x00\x00\x00\x5a\x00\x00\x00"),
			put(size-0x10000+20, "\x67\x45\x23\x01"), put(size-0x10000+52, "\xef\xcd\xab\x89\x67\x45\x23\x01\xef\xcd\xab\x89")), Content{Type: "Linux RAID", UUID: idText}},
		{"ReFS", all(put(3, "ReFS\x00\x00\x00\x00"), put(56, "\xef\xcd\xab\x89\x67\x45\x23\x01")), Content{Type: "ReFS", UUID: "0123456789ABCDEF"}},
		{"BitLocker", all(put(0, "\xeb\x58\x90-FVE-FS-\x00\x02\x08"), put(510, "\x55\xaa")), Content{Type: "BitLocker"}},
		{"BitLocker To Go", all(put(0, "\xeb\x58\x90MSWIN4.1\x00\x02\x08"), put(424, "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01"), put(510, "\x55\xaa")), Content{Type: "BitLocker To Go"}},
		{"APFS", all(put(24, "\x01\x00\x00\x80"), put(32, "NXSB\x00\x10\x00\x00"), put(72, id)), Content{Type: "APFS", UUID: idText}},
		{"ZFS", put(16<<10, "\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"+
			string(zfsPair("version", 8, []byte{0, 0, 0, 0, 0, 0, 19, 136}))+string(zfsPair("name", 9, []byte("tank")))+
			string(zfsPair("pool_guid", 8, []byte{0, 0, 0, 0, 7, 91, 205, 21}))), Content{Type: "ZFS", Label: "tank", UUID: "123456789"}},
		{"F2FS", all(put(1024, "\x10\x20\xf5\xf2\x01\x00\x10\x00"), put(1024+108, id), put(1024+124, string(utf16le("flash ö")))), Content{Type: "F2FS", Label: "flash ö", UUID: idText}},
		{"JFS", all(put(32<<10, "JFS1"), put(32<<10+136, id), put(32<<10+152, "journaled")), Content{Type: "JFS", Label: "journaled", UUID: idText}},
		{"ReiserFS", all(put(64<<10+52, "ReIsEr2Fs"), put(64<<10+84, id), put(64<<10+100, "reiser")), Content{Type: "ReiserFS", Label: "reiser", UUID: idText}},
		{"High Sierra", put(32<<10+9, "CDROM"), Content{Type: "High Sierra"}},
		{"a fixed VHD", put(size-512, "conectix"), Content{Type: "VHD image"}},
		{"a VHD", put(0, "conectix"), Content{Type: "VHD image"}},
		{"a VHDX", put(0, "vhdxfile"), Content{Type: "VHDX image"}},
		{"a VMDK", put(0, "KDMV\x01"), Content{Type: "VMDK image"}},
		{"a QCOW2", put(0, "QFI\xfb\x00\x00\x00\x03"), Content{Type: "QCOW2 image"}},
		{"nothing", put(0, "nothing at all"), Content{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := make(memory, size)
			c.make(m)
			got, err := Identify(m, size)
			if err != nil {
				t.Fatal(err)
			}
			if got.Type != c.want.Type || got.Label != c.want.Label || got.UUID != c.want.UUID || got.Browsable || (got.Problem == "") != (got.Type == "") {
				t.Errorf("it is %+v, want %+v", got, c.want)
			}
			name := blank(t, 0)
			if err := os.WriteFile(name, m, 0o600); err != nil {
				t.Fatal(err)
			}
			if other := blkidOf(name); other["TYPE"] != "" {
				t.Logf("blkid: %q", other)
				if other["LABEL"] != got.Label || other["UUID"] != got.UUID && got.Type != "ReFS" {
					t.Errorf("it is %+v, blkid says %q", got, other)
				}
			}
		})
	}
}

// TestLabelOverSectors has a file record whose label lies over the end of a
// sector, where other bytes stand in its place.
func TestLabelOverSectors(t *testing.T) {
	r := make([]byte, 1024)
	copy(r, "FILE\x30\x00\x03\x00") // the array is at 48 and has three elements
	r[20] = 480 & 0xff
	r[21] = 480 >> 8
	label := r[480:]
	le.PutUint32(label, 0x60)
	le.PutUint32(label[4:], 48)
	le.PutUint32(label[16:], 16)
	le.PutUint16(label[20:], 24)
	copy(label[24:], utf16le("abcdefgh"))
	le.PutUint32(label[48:], 0xffffffff)
	copy(r[50:], r[510:512])
	copy(r[52:], r[1022:])
	copy(r[510:], "\x07\x00")
	copy(r[1022:], "\x07\x00")
	if got := ntfsLabel(r); got != "abcdefgh" {
		t.Errorf("the label is %q", got)
	}
}
