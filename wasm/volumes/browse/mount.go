package browse

import (
	"context"
	"io"

	"vhdscope/vhd/volume"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/worker"
)

// Scan looks for the volumes of the disk, and for what is in each.
func (v *Volume) Scan(ctx context.Context, req *ScanRequest, progress worker.Progress) (*Layout, error) {
	c, err := v.opened()
	if err != nil {
		return nil, err
	}
	if c, err = c.from(req.First); err != nil {
		return nil, err
	}
	r := watched{c.disk, c.disk.Size(), &v.pulse}
	found, err := volume.Scan(r, c.disk.Size())
	if err != nil {
		return nil, c.problem(err)
	}
	l := &Layout{Scheme: found.Scheme, SectorSize: found.SectorSize, UUID: found.UUID, Parts: []Part{}, Findings: []LayoutFinding{}}
	for i, p := range found.Parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		part := Part{Index: p.Index, Gap: p.Gap, Type: p.Type, TypeID: p.TypeID, Label: p.Label, UUID: p.UUID, Start: p.Start, Size: p.Size,
			Attributes: p.Attributes, Container: p.Container, Logical: p.Logical, Depth: p.Depth, Problem: p.Problem}
		if !p.Gap && !p.Container {
			content, err := volume.Identify(io.NewSectionReader(r, p.Start, p.Size), p.Size)
			part.Content, part.ContentLabel, part.ContentUUID = content.Type, content.Label, content.UUID
			part.Browsable, part.ContentProblem = content.Browsable, content.Problem
			if err != nil {
				part.ContentProblem = c.words(err)
			}
		}
		l.Parts = append(l.Parts, part)
		progress(int64(i+1), int64(len(found.Parts)))
	}
	for _, f := range found.Findings {
		l.Findings = append(l.Findings, LayoutFinding{Severity: f.Severity, Message: f.Message, Offset: f.Offset})
	}
	return l, nil
}

// Mount mounts a volume. Where that fails it can be tried again.
func (v *Volume) Mount(_ context.Context, req *MountRequest, _ worker.Progress) (*Mounted, error) {
	c, err := v.opened()
	if err != nil {
		return nil, err
	}
	if err := c.inside(req.Start, req.Size); err != nil {
		return nil, err
	}
	m, err := v.mount(c, req.Start, req.Size, volume.Options{CodePage: req.CodePage})
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.volume != nil {
		return nil, worker.BadRequest("a volume is mounted already")
	}
	v.volume = m
	about := m.fs.About()
	_, remembers := m.fs.(fsys.Remembering)
	return &Mounted{Type: about.Type, Label: about.Label, UUID: about.UUID, Cluster: about.Cluster, Notes: about.Notes, Remembers: remembers}, nil
}

// mount mounts a part of a chain's disk.
func (v *Volume) mount(c *chain, start, size int64, o volume.Options) (*mounted, error) {
	m := &mounted{chain: c, start: start, size: size, options: o, owners: newOwners()}
	var err error
	if m.fs, err = volume.Mount(v.section(c, start, size), size, o); err != nil {
		return nil, c.problem(err)
	}
	return m, nil
}

// section is a part of a chain's disk as file systems read it.
func (v *Volume) section(c *chain, start, size int64) io.ReaderAt {
	return watched{io.NewSectionReader(c.disk, start, size), size, &v.pulse}
}
