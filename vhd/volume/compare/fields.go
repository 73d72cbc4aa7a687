package compare

import "slices"

// fields names what of the metadata differs, streams aside.
func fields(b, a *node) (list []string) {
	differs := func(name string, is bool) {
		if is {
			list = append(list, name)
		}
	}
	mb, ma := b.meta(), a.meta()
	differs("modified", !b.info.ModTime().Equal(a.info.ModTime()))
	differs("created", !mb.Created.Equal(ma.Created))
	differs("changed", !mb.Changed.Equal(ma.Changed))
	differs("accessed", !mb.Accessed.Equal(ma.Accessed))
	differs("attributes", mb.Attributes != ma.Attributes || b.info.Mode() != a.info.Mode())
	differs("owner", mb.Owner != ma.Owner)
	differs("links", mb.Links != ma.Links && !a.isDir())
	differs("short name", mb.Short != ma.Short)
	differs("target", mb.Target != ma.Target)
	return list
}

// withoutTimes leaves out what changes in a folder when something is added to
// it, removed or renamed.
func withoutTimes(list []string) []string {
	return slices.DeleteFunc(list, func(f string) bool { return f == "modified" || f == "changed" || f == "accessed" })
}
