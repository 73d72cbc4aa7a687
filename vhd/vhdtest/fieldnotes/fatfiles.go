package fieldnotes

import (
	"fmt"
	"path"
	"strings"
)

// mkdir makes a directory. It holds as many entries as fit into one cluster.
func (v *fat16) mkdir(name string) error {
	parent, err := v.directory(path.Dir(name))
	if err != nil {
		return err
	}
	clusters, err := v.resize(nil, 1)
	if err != nil {
		return err
	}
	entry, err := v.create(parent, path.Base(name), attrDirectory)
	if err != nil {
		return err
	}
	le.PutUint16(entry[26:], uint16(clusters[0]))
	own := slots(v.cluster(clusters[0]))
	for i, dots := range []string{".", ".."} {
		copy(own[i], fmt.Sprintf("%-11s", dots))
		own[i][11] = attrDirectory
		v.created(own[i])
	}
	le.PutUint16(own[0][26:], uint16(clusters[0])) // ".." of the root's children is 0
	return nil
}

// write makes a file, or gives one that is there new contents in its place.
func (v *fat16) write(name string, data []byte) error {
	dir, err := v.directory(path.Dir(name))
	if err != nil {
		return err
	}
	entry := find(dir, path.Base(name))
	if entry == nil {
		if entry, err = v.create(dir, path.Base(name), attrArchive); err != nil {
			return err
		}
	}
	clusters := v.chain(int(le.Uint16(entry[26:])))
	clusters, err = v.resize(clusters, (len(data)+clusterBytes-1)/clusterBytes)
	if err != nil {
		return err
	}
	first := 0
	if len(clusters) > 0 {
		first = clusters[0]
	}
	le.PutUint16(entry[26:], uint16(first))
	le.PutUint32(entry[28:], uint32(len(data)))
	v.stamp(entry)
	for i, c := range clusters {
		copy(v.cluster(c), data[i*clusterBytes:])
	}
	return nil
}

// remove deletes a file: its entries are marked and its clusters are free,
// but nothing is overwritten.
func (v *fat16) remove(name string) error {
	dir, err := v.directory(path.Dir(name))
	if err != nil {
		return err
	}
	for _, f := range list(dir) {
		if f.name == path.Base(name) {
			if _, err := v.resize(v.chain(int(le.Uint16(f.entry[26:]))), 0); err != nil {
				return err
			}
			for _, slot := range f.slots {
				slot[0] = deleted
			}
			return nil
		}
	}
	return fmt.Errorf("no file %s to remove", name)
}

// directory is the entries of a directory; "." is the root.
func (v *fat16) directory(name string) ([][]byte, error) {
	dir := v.root()
	if name == "." {
		return dir, nil
	}
	for part := range strings.SplitSeq(name, "/") {
		entry := find(dir, part)
		if entry == nil || entry[11]&attrDirectory == 0 {
			return nil, fmt.Errorf("no directory %s", name)
		}
		dir = slots(v.cluster(int(le.Uint16(entry[26:]))))
	}
	return dir, nil
}

// create adds an entry behind the last that ever was, so that those of
// removed files stay.
func (v *fat16) create(dir [][]byte, name string, attributes byte) ([]byte, error) {
	short := shortName(dir, name)
	long := longNameSlots(name, short)
	free := 0
	for free < len(dir) && dir[free][0] != freeSlot {
		free++
	}
	if free+len(long)+1 > len(dir) {
		return nil, fmt.Errorf("no room for %s", name)
	}
	for i, slot := range long {
		copy(dir[free+i], slot)
	}
	entry := dir[free+len(long)]
	copy(entry, short)
	entry[11] = attributes
	v.created(entry)
	return entry, nil
}
