package fat_test

import (
	"bytes"
	"math/bits"
	"strings"
	"unicode/utf16"
)

// built is a volume laid out by hand, byte for byte, and the model of what is
// in it.
type built struct {
	b        []byte
	kind     string
	bits     int
	exFAT    bool
	sector   int
	cluster  int
	fat      int // where FAT 1 begins
	fatSize  int
	fats     int
	root     int // where the root directory of FAT12 and FAT16 begins
	rootSize int
	heap     int
	clusters uint32
	next     uint32            // the first cluster that is free
	files    map[string]*model // by path
}

// model is a file as it must come out, and the bytes of the volume that this
// takes.
type model struct {
	data  []byte
	needs []extent // its own content, its chain, and all of the folders above it
}

type extent struct{ start, length int }

// newBuilt formats a small volume: of 300 clusters where its kind allows.
func newBuilt(kind string) *built {
	v := &built{kind: kind, sector: 512, cluster: 512, fats: 2, clusters: 300, next: 2, files: map[string]*model{}}
	switch kind {
	case "FAT12":
		v.bits, v.fat, v.fatSize, v.rootSize = 12, 512, 512, 2048
	case "FAT16":
		v.bits, v.fat, v.fatSize, v.rootSize, v.clusters = 16, 512, 17*512, 2048, 4200
	case "FAT32":
		v.bits, v.fat, v.fatSize = 32, 32*512, 3*512
	case "exFAT":
		v.bits, v.fat, v.fatSize, v.fats, v.exFAT = 32, 24*512, 3*512, 1, true
	}
	v.root = v.fat + v.fats*v.fatSize
	v.heap = v.root + v.rootSize
	if v.exFAT {
		v.heap = 32 * 512
	}
	v.b = make([]byte, v.heap+int(v.clusters)*v.cluster)
	v.link(0, 0x0FFFFFF8)
	v.link(1, 0x0FFFFFFF)
	if v.exFAT {
		v.link(0, 0xFFFFFFF8)
		v.link(1, 0xFFFFFFFF)
		v.bootExFAT()
	} else {
		v.boot()
	}
	return v
}

func (v *built) boot() {
	b := v.b
	copy(b, "\xEB\x58\x90by hand ")
	le.PutUint16(b[11:], uint16(v.sector))
	b[13] = byte(v.cluster / v.sector)
	le.PutUint16(b[14:], uint16(v.fat/v.sector))
	b[16] = byte(v.fats)
	le.PutUint16(b[17:], uint16(v.rootSize/32))
	le.PutUint16(b[19:], uint16(len(b)/v.sector))
	b[21] = 0xF8
	tail := b[36:]
	if v.bits == 32 {
		le.PutUint32(b[36:], uint32(v.fatSize/v.sector))
		le.PutUint32(b[44:], 2)
		le.PutUint16(b[48:], 1)
		le.PutUint16(b[50:], 6)
		tail = b[64:]
	} else {
		le.PutUint16(b[22:], uint16(v.fatSize/v.sector))
	}
	tail[2] = 0x29
	le.PutUint32(tail[3:], 0x12345678)
	copy(tail[7:], "BY HAND    "+v.kind+"   ")
	b[510], b[511] = 0x55, 0xAA
	if v.bits == 32 {
		copy(b[6*512:7*512], b)
	}
}

func (v *built) bootExFAT() {
	b := v.b
	copy(b, "\xEB\x76\x90EXFAT   ")
	le.PutUint64(b[72:], uint64(len(b)/v.sector))
	le.PutUint32(b[80:], uint32(v.fat/v.sector))
	le.PutUint32(b[84:], uint32(v.fatSize/v.sector))
	le.PutUint32(b[88:], uint32(v.heap/v.sector))
	le.PutUint32(b[92:], v.clusters)
	le.PutUint32(b[96:], 2)
	le.PutUint32(b[100:], 0x12345678)
	le.PutUint16(b[104:], 0x100)
	b[108], b[109], b[110] = 9, byte(bits.TrailingZeros(uint(v.cluster/v.sector))), 1
	b[510], b[511] = 0x55, 0xAA
	v.sumBoot()
}

// sumBoot writes exFAT's boot checksum and the backup boot region.
func (v *built) sumBoot() {
	var sum uint32
	for i, c := range v.b[:11*512] {
		if i != 106 && i != 107 && i != 112 {
			sum = sum<<31 | sum>>1
			sum += uint32(c)
		}
	}
	for i := range 128 {
		le.PutUint32(v.b[11*512+4*i:], sum)
	}
	copy(v.b[12*512:24*512], v.b)
}

// linkAt is where a cluster's entry in FAT 1 is.
func (v *built) linkAt(cluster uint32) extent {
	switch v.bits {
	case 12:
		return extent{v.fat + int(cluster)*3/2, 2}
	case 16:
		return extent{v.fat + int(cluster)*2, 2}
	}
	return extent{v.fat + int(cluster)*4, 4}
}

// link writes a cluster's entry in all FATs.
func (v *built) link(cluster, to uint32) {
	at := v.linkAt(cluster).start
	for i := range v.fats {
		b := v.b[at+i*v.fatSize:]
		switch v.bits {
		case 12:
			old, shift := le.Uint16(b), cluster&1*4
			le.PutUint16(b, old&^(0xFFF<<shift)|uint16(to&0xFFF)<<shift)
		case 16:
			le.PutUint16(b, uint16(to))
		case 32:
			if !v.exFAT {
				to = to&0x0FFFFFFF | 0xA0000000 // these bits mean nothing
			}
			le.PutUint32(b, to)
		}
	}
}

// at is where a cluster begins.
func (v *built) at(cluster uint32) int { return v.heap + int(cluster-2)*v.cluster }

// chain takes n clusters, each step behind the one before, and links them.
func (v *built) chain(n, step int) []uint32 {
	var list []uint32
	for range n {
		list = append(list, v.next)
		v.next += uint32(step)
	}
	for i, c := range list {
		if i+1 < len(list) {
			v.link(c, list[i+1])
		} else {
			v.link(c, 0xFFFFFFFF&(1<<v.bits-1))
		}
		v.use(c)
	}
	return list
}

// use marks a cluster in exFAT's allocation bitmap, which is in the third
// cluster of these volumes.
func (v *built) use(c uint32) {
	if v.exFAT {
		v.b[v.at(3)+int(c-2)/8] |= 1 << ((c - 2) % 8)
	}
}

// write puts data in clusters.
func (v *built) write(clusters []uint32, data []byte) {
	for i, c := range clusters {
		copy(v.b[v.at(c):v.at(c)+v.cluster], data[min(len(data), i*v.cluster):])
	}
}

// needs is what a chain takes: its clusters, and their entries.
func (v *built) needs(clusters []uint32) (list []extent) {
	for _, c := range clusters {
		list = append(list, v.linkAt(c), extent{v.at(c), v.cluster})
	}
	return list
}

// slot is a file's entry in a folder.
type slot struct {
	name       string
	attributes byte
	first      uint32
	size       int
	valid      int  // exFAT
	contiguous bool // exFAT
	deleted    bool
}

// slots is the directory entries of a file.
func (v *built) slots(s slot, n int) []byte {
	if v.exFAT {
		return exSlots(s)
	}
	return fatSlots(s, n)
}

func exSlots(s slot) []byte {
	units := utf16.Encode([]rune(s.name))
	names := (len(units) + 14) / 15
	b := make([]byte, 32*(2+names))
	b[0], b[1] = 0x85, byte(1+names)
	b[4] = s.attributes
	copy(b[8:20], bytes.Repeat([]byte{0x21, 0x43, 0x65, 0x58}, 3)) // 2024-03-05 08:25:02
	b[20], b[21], b[22], b[23], b[24] = 150, 7, 0x84, 0x84, 0x84   // UTC+1
	stream := b[32:]
	stream[0], stream[1], stream[3] = 0xC0, 1, byte(len(units))
	if s.contiguous {
		stream[1] |= 2
	}
	le.PutUint64(stream[8:], uint64(s.valid))
	le.PutUint32(stream[20:], s.first)
	le.PutUint64(stream[24:], uint64(s.size))
	for i := range names {
		part := b[64+32*i:]
		part[0] = 0xC1
		for j, u := range units[15*i : min(15*i+15, len(units))] {
			le.PutUint16(part[2+2*j:], u)
		}
	}
	sumSet(b)
	if s.deleted {
		for i := 0; i < len(b); i += 32 {
			b[i] &^= 0x80
		}
	}
	return b
}

// sumSet writes the checksum of a set of exFAT's directory entries.
func sumSet(b []byte) {
	var sum uint16
	for i, c := range b {
		if i != 2 && i != 3 {
			sum = bits.RotateLeft16(sum, 15) + uint16(c)
		}
	}
	le.PutUint16(b[2:], sum)
}

// fatSlots has a long name, and the n-th 8.3 name.
func fatSlots(s slot, n int) []byte {
	short := []byte("SHORT000TXT")
	short[5], short[6], short[7] = byte('0'+n/100%10), byte('0'+n/10%10), byte('0'+n%10)
	var sum byte
	for _, c := range short {
		sum = sum>>1 | sum<<7
		sum += c
	}
	units := utf16.Encode([]rune(s.name))
	parts := (len(units) + 12) / 13
	if len(units)%13 != 0 {
		units = append(units, 0)
	}
	var b []byte
	for i := parts - 1; i >= 0; i-- {
		part := bytes.Repeat([]byte{0xFF}, 32)
		part[0], part[11], part[12], part[13], part[26], part[27] = byte(i+1), 0x0F, 0, sum, 0, 0
		if i == parts-1 {
			part[0] |= 0x40
		}
		for j, at := range []int{1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30} {
			if k := 13*i + j; k < len(units) {
				le.PutUint16(part[at:], units[k])
			}
		}
		b = append(b, part...)
	}
	b = append(b, dosSlot(string(short), s)...)
	if s.deleted {
		for i := 0; i < len(b); i += 32 {
			b[i] = 0xE5
		}
	}
	return b
}

// dosSlot has an 8.3 name alone.
func dosSlot(short string, s slot) []byte {
	b := make([]byte, 32)
	copy(b, short)
	b[11] = s.attributes
	b[13] = 150
	copy(b[14:20], "\x21\x43\x65\x58\x65\x58") // 2024-03-05 08:25:02
	copy(b[22:26], "\x21\x43\x65\x58")
	le.PutUint16(b[20:], uint16(s.first>>16))
	le.PutUint16(b[26:], uint16(s.first))
	le.PutUint32(b[28:], uint32(s.size))
	return b
}

// folder is one that is being made: its content comes before it.
type folder struct {
	v     *built
	path  string
	slots []byte
	count int
	files []*model // all below
}

func (v *built) folder(path string) *folder { return &folder{v: v, path: path} }

func (f *folder) add(s slot) {
	f.slots = append(f.slots, f.v.slots(s, f.count)...)
	f.count++
}

// file adds a file whose clusters are step apart.
func (f *folder) file(name string, size, step int) []uint32 {
	data := numbered(f.path+name, size)
	clusters := f.v.chain((size+f.v.cluster-1)/f.v.cluster, step)
	f.v.write(clusters, data)
	s := slot{name: name, attributes: 0x20, size: size, valid: size}
	if len(clusters) > 0 {
		s.first = clusters[0]
	}
	f.add(s)
	f.model(name, data, clusters)
	return clusters
}

func (f *folder) model(name string, data []byte, clusters []uint32) {
	m := &model{data: data, needs: f.v.needs(clusters)}
	f.v.files[strings.TrimPrefix(f.path+"/"+name, "/")] = m
	f.files = append(f.files, m)
}

// into ends the folder and adds it to another.
func (f *folder) into(parent *folder, step int) {
	content := f.slots
	if !f.v.exFAT {
		content = append(make([]byte, 64), content...)
	}
	n := (len(content) + f.v.cluster) / f.v.cluster // room for an end
	clusters := f.v.chain(n, step)
	if !f.v.exFAT {
		copy(content, dosSlot(".          ", slot{attributes: 0x10, first: clusters[0]}))
		copy(content[32:], dosSlot("..         ", slot{attributes: 0x10}))
	}
	f.v.write(clusters, content)
	size := 0
	if f.v.exFAT {
		size = n * f.v.cluster
	}
	for _, m := range f.files {
		m.needs = append(m.needs, f.v.needs(clusters)...)
	}
	parent.files = append(parent.files, f.files...)
	name := f.path[strings.LastIndexByte(f.path, '/')+1:]
	parent.add(slot{name: name, attributes: 0x10, first: clusters[0], size: size, valid: size})
}

// sampleOf is a volume with some of everything.
func sampleOf(kind string) *built {
	v := newBuilt(kind)
	v.next = 5 // behind the root directory, the bitmap and the up-case table
	root := v.folder("")
	root.file("one cluster.txt", 300, 1)
	root.file("in pieces 🦉.bin", 5*512+100, 3)
	root.file("empty", 0, 1)
	root.file("in one piece.bin", 20*512, 1)
	deep := v.folder("/sub/deep")
	deep.file("bottom.txt", 700, 2)
	sub := v.folder("/sub")
	for _, name := range []string{"a", "b", "c", "a file whose name is quite a bit longer than the others", "e", "f", "g"} {
		sub.file(name, 60*len(name), 1)
	}
	deep.into(sub, 1)
	sub.into(root, 2)
	lost := v.next
	v.next += 3
	v.write([]uint32{lost, lost + 1}, numbered("deleted", 800))
	root.add(slot{name: "was deleted.txt", attributes: 0x20, first: lost, size: 800, valid: 800, contiguous: true, deleted: true})
	if v.exFAT {
		clusters := v.chain(4, 1)
		data := numbered("contiguous", 4*512)
		clear(data[1000:])
		v.write(clusters, numbered("contiguous", 4*512)) // stale behind the valid length
		for _, c := range clusters {
			v.link(c, 0)
		}
		root.add(slot{name: "contiguous", first: clusters[0], size: 4 * 512, valid: 1000, contiguous: true})
		root.model("contiguous", data, clusters)
	}
	v.endRoot(root)
	return v
}

// endRoot writes the root directory, and what exFAT keeps there.
func (v *built) endRoot(root *folder) {
	content := root.slots
	if v.bits != 32 {
		copy(v.b[v.root:v.heap], content)
		for _, m := range root.files {
			m.needs = append(m.needs, extent{0, 512}, extent{v.root, v.rootSize})
		}
		return
	}
	boot := extent{0, 512}
	if v.exFAT {
		boot = extent{12 * 512, 12 * 512} // the backup is enough
		content = append(v.system(), content...)
	}
	// The root begins in cluster 2, and goes on where there is room.
	more := v.chain(len(content)/v.cluster, 1)
	clusters := append([]uint32{2}, more...)
	v.link(2, 0xFFFFFFFF&(1<<v.bits-1))
	v.use(2)
	if len(more) > 0 {
		v.link(2, more[0])
	}
	v.write(clusters, content)
	for _, m := range root.files {
		m.needs = append(m.needs, boot)
		m.needs = append(m.needs, v.needs(clusters)...)
	}
}

// system makes exFAT's allocation bitmap, up-case table and label, and
// returns their entries.
func (v *built) system() []byte {
	upCase := numbered("up-case", 100)
	copy(v.b[v.at(4):], upCase)
	var sum uint32
	for _, c := range upCase {
		sum = bits.RotateLeft32(sum, -1) + uint32(c)
	}
	b := make([]byte, 96)
	b[0] = 0x81
	le.PutUint32(b[20:], 3)
	le.PutUint64(b[24:], uint64(v.clusters+7)/8)
	b[32] = 0x82
	le.PutUint32(b[36:], sum)
	le.PutUint32(b[52:], 4)
	le.PutUint64(b[56:], 100)
	copy(b[64:], "\x83\x03e\x00x\x00!\x00")
	for _, c := range []uint32{3, 4} {
		v.link(c, 0xFFFFFFFF)
		v.use(c)
	}
	return b
}
