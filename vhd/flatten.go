package vhd

// Flatten describes the disk as a raw file: its bytes and nothing else. What
// no layer holds is zeros.
func (d *Disk) Flatten() *Plan {
	p := &Plan{layers: d.layers}
	p.addDisk(d)
	return p
}

// Fixed describes the disk as a fixed image: its bytes and a footer. UUID and
// Created are those of n; Type is Fixed and Size the disk's, rounded up to
// whole sectors, whatever n says. The error is a [*FormatError] for a disk
// that no image holds.
func (d *Disk) Fixed(n NewImage) (*Plan, error) {
	n.Type, n.Size = Fixed, roundUp(d.size, SectorSize)
	footer, err := n.footer()
	if err != nil {
		return nil, err
	}
	p := d.Flatten()
	p.addZeros(n.Size - p.size)
	p.addData(footer.encode())
	return p, nil
}
