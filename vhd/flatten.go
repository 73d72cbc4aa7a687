package vhd

// Flatten describes the disk as a raw file: its bytes and nothing else. What
// no layer holds is zeros.
func (d *Disk) Flatten() *Plan {
	p := &Plan{layers: d.layers}
	p.addDisk(d)
	return p
}
