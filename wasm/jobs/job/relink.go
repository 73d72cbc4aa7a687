package job

import (
	"context"
	"strings"

	"vhdscope/vhd"
	"vhdscope/wasm/output"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// Relink makes a copy of a differencing image that names its parent anew.
func (j *Jobs) Relink(ctx context.Context, req *RelinkRequest, progress worker.Progress) (*output.Saved, error) {
	l, err := j.linkAnew(req)
	if err != nil {
		return nil, err
	}
	saved, err := output.Write(ctx, j.host, l.plan, req.To, false, progress)
	if err != nil {
		return nil, session.ChainError(err, l.file)
	}
	saved.Changes = l.changes()
	return saved, nil
}

// Preview shows what Relink would change.
func (j *Jobs) Preview(_ context.Context, req *RelinkRequest, _ worker.Progress) (*RelinkPreview, error) {
	l, err := j.linkAnew(req)
	if err != nil {
		return nil, err
	}
	return &RelinkPreview{Before: parentFields(l.file.Candidate().Image), After: parentFields(l.image), Changes: l.changes()}, nil
}

// linked is a child that is linked anew.
type linked struct {
	file    *session.File // the child as it is
	plan    *vhd.Plan     // as it is to be
	image   *vhd.Image    // the same, opened
	patches []vhd.Patch
}

func (j *Jobs) linkAnew(req *RelinkRequest) (*linked, error) {
	f, err := j.Image(req.File)
	if err != nil {
		return nil, err
	}
	im := f.Candidate().Image
	// A parent that is not open is known by the name that the child has.
	parent := vhd.Parent{Relative: im.ParentFileName()}
	if req.Relative != "" {
		parent.Relative = req.Relative
	}
	parent.Absolute = req.Absolute
	if req.Parent != 0 {
		p, err := j.Image(req.Parent)
		if err != nil {
			return nil, err
		}
		parent = parentOf(p, req.Relative, req.Absolute)
	}
	identity := req.Parent != 0 && !req.KeepIdentity
	// Where the time of the same parent's file is not known, the child's note
	// of it is the better one.
	restamp := identity && (parent.UUID != im.ParentUUID() || !parent.Modified.IsZero())
	l := &linked{file: f}
	l.plan, l.patches, err = im.Relink(vhd.Relink{Parent: parent, Names: true, UUID: identity, Modified: restamp})
	if err == nil {
		l.image, err = vhd.Open(l.plan, l.plan.Size())
	}
	if err != nil {
		return nil, session.ChainError(err, f)
	}
	return l, nil
}

// changes are the patches by what they change.
func (l *linked) changes() []output.Changed {
	structures := l.image.Structures()
	list := make([]output.Changed, len(l.patches))
	for i, p := range l.patches {
		list[i] = output.Changed{Offset: p.Offset, Length: int64(len(p.Data)), Message: placeOf(p, structures)}
	}
	return list
}

// placeOf names what of a file's structures a patch lies in.
func placeOf(p vhd.Patch, structures []vhd.Structure) string {
	meets := func(off, n int64) bool { return off < p.Offset+int64(len(p.Data)) && p.Offset < off+n }
	var places []string
	for _, s := range structures {
		if !meets(s.Offset, s.Length) {
			continue
		}
		place := s.Name
		if p.Offset > s.Offset { // a part of it
			var fields []string
			for _, f := range s.Fields {
				if meets(f.Offset, int64(len(f.Raw))) {
					fields = append(fields, f.Name)
				}
			}
			if len(fields) > 0 {
				place += ": " + strings.Join(fields, ", ")
			}
		}
		places = append(places, place)
	}
	if len(places) == 0 {
		return "Zeros where a path was"
	}
	return strings.Join(places, "; ")
}

// parentFields are all by which an image knows its parent.
func parentFields(im *vhd.Image) ParentFields {
	f := ParentFields{UUID: im.ParentUUID().String(), Names: []session.ParentName{}}
	if t := im.Header().ParentTimestamp; t != 0 {
		f.Timestamp = t.String()
	}
	for _, n := range im.ParentNames() {
		f.Names = append(f.Names, session.ParentName{Origin: n.Origin, Text: n.Text})
	}
	return f
}
