// Package fieldnotes makes the sample that comes with the product: a chain of
// three images, with a file system inside, the same bytes every time. What is
// in it comes from a story and not from a reader, so that readers can be tested
// with it.
package fieldnotes

import (
	"bytes"
	"maps"
	"time"

	"vhdscope/vhd/vhdtest"
)

const (
	diskSize  = 16 << 20
	blockSize = 64 << 10 // small, so that the three files are small
)

// The files' names. The middle one has a letter that the file systems of
// Windows and macOS spell with different code points.
const (
	baseName     = "Field notes.vhd"
	floodName    = "Field notes - after the flood (Zoë).vhd"
	restoredName = "Field notes - restored.vhd"
)

// VolumeStart is where the one volume begins, in bytes; it ends with the disk.
const VolumeStart = partitionStart * vhdtest.Sector

// Layer is one image of the chain, and the disk as it reads through that image.
type Layer struct {
	Name    string
	File    *vhdtest.File
	Sectors int               // which the image supplies
	Disk    []byte            // all of it
	Files   map[string][]byte // in the volume, by path: "Stations/Station 1.txt"
}

// Build makes the chain, base first: each part of the story changes the same
// disk, and an image keeps the sectors that its part changed.
func Build() ([]Layer, error) {
	story := story()
	disk := newDisk()
	var layers []Layer
	var before []byte
	files := map[string][]byte{}
	for i, part := range story {
		vol, err := disk.begin(part.when)
		if err != nil {
			return nil, err
		}
		if err := part.tell(vol); err != nil {
			return nil, err
		}
		disk.welcome(i)
		now := bytes.Clone(disk.bytes)
		spec := part.image(now, before)
		spec.Type, spec.Size, spec.BlockSize = vhdtest.Differencing, diskSize, blockSize
		if before == nil {
			spec.Type = vhdtest.Dynamic
		}
		spec.Timestamp = vhdTime(part.when)
		for _, name := range part.removed {
			delete(files, name)
		}
		for _, f := range part.written {
			files[f.name] = f.data
		}
		layers = append(layers, Layer{part.name, spec.Build(), countSectors(spec), now, maps.Clone(files)})
		before = now
	}
	return layers, nil
}

// vhdTime is t as the format counts it: seconds since 2000.
func vhdTime(t time.Time) uint32 {
	return uint32(t.Unix() - time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
}

var (
	baseID     = vhdtest.MixedEndian(vhdtest.ID(baseName))
	floodID    = vhdtest.MixedEndian(vhdtest.ID(floodName))
	restoredID = vhdtest.ID(restoredName)
)

// baseImage is a dynamic disk as Windows 7 made them: blocks are held whole,
// and stand one behind the other.
func baseImage(now, _ []byte) vhdtest.Spec {
	return vhdtest.Spec{
		UUID:           baseID,
		CreatorVersion: 0x00060001,
		Blocks:         wholeBlocks(now),
	}
}

// floodImage is a child as Windows 10 makes them: an absolute and a relative
// path in front of and behind the table, blocks aligned to 4 KiB.
func floodImage(now, before []byte) vhdtest.Spec {
	const absolute = `C:\Survey\` + baseName
	return vhdtest.WindowsChild(vhdtest.Spec{
		UUID:       floodID,
		ParentUUID: baseID,
		ParentName: absolute,
		Blocks:     changedBlocks(now, before),
	}, `.\`+baseName, absolute)
}

// restoredImage is a child as XenServer's libvhd makes them: three locators,
// the parent's bare name, its time, and a batmap.
func restoredImage(now, before []byte) vhdtest.Spec {
	return vhdtest.Spec{
		UUID:            restoredID,
		Creator:         "tap\x00",
		CreatorVersion:  0x00010003,
		CreatorOS:       "\x00\x00\x00\x00",
		ParentUUID:      floodID,
		ParentName:      floodName,
		ParentTimestamp: vhdTime(floodTime),
		Locators: []vhdtest.Locator{
			vhdtest.FileURL(".", "/"+floodName),
			vhdtest.Absolute(`C:\Survey\` + floodName),
			vhdtest.Relative(`.\` + floodName),
		},
		Batmap:    &vhdtest.Batmap{},
		Blocks:    changedBlocks(now, before),
		Placement: vhdtest.Placement{ZeroTablePad: true},
	}
}

// wholeBlocks is every block that is not all zeros.
func wholeBlocks(disk []byte) []vhdtest.Block {
	zeros := make([]byte, blockSize)
	var blocks []vhdtest.Block
	for i := range diskSize / blockSize {
		if data := disk[i*blockSize:][:blockSize]; !bytes.Equal(data, zeros) {
			blocks = append(blocks, vhdtest.Block{Index: i, Data: data})
		}
	}
	return blocks
}

// changedBlocks holds exactly the sectors in which now differs from before.
func changedBlocks(now, before []byte) []vhdtest.Block {
	var blocks []vhdtest.Block
	for i := range diskSize / blockSize {
		changed := map[int][]byte{}
		for s := range blockSize / vhdtest.Sector {
			at := i*blockSize + s*vhdtest.Sector
			if data := now[at:][:vhdtest.Sector]; !bytes.Equal(data, before[at:][:vhdtest.Sector]) {
				changed[s] = data
			}
		}
		if len(changed) > 0 {
			blocks = append(blocks, vhdtest.Block{Index: i, Sectors: changed})
		}
	}
	return blocks
}

func countSectors(s vhdtest.Spec) int {
	n := 0
	for _, b := range s.Blocks {
		if b.Sectors != nil {
			n += len(b.Sectors)
		} else {
			n += blockSize / vhdtest.Sector
		}
	}
	return n
}
