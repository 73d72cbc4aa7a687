package volume

import (
	"errors"
	"testing"

	"vhdscope/vhd/volume/fsys"
)

// TestMountSaysWhyNot checks that a volume which cannot be browsed is an error
// of its kind, with the sentence that Identify has for it.
func TestMountSaysWhyNot(t *testing.T) {
	at := func(off int64, text string) func([]byte) { return func(b []byte) { copy(b[off:], text) } }
	for _, c := range []struct {
		name string
		make func([]byte)
		kind error
	}{
		{"nothing", func([]byte) {}, fsys.ErrUnsupported},
		{"ReFS", at(3, "ReFS\x00\x00\x00\x00"), fsys.ErrUnsupported},
		{"BitLocker", at(3, "-FVE-FS-"), fsys.ErrEncrypted},
		{"LUKS", at(0, "LUKS\xba\xbe\x00\x02"), fsys.ErrEncrypted},
		{"APFS", at(32, "NXSB"), fsys.ErrUnsupported},
	} {
		t.Run(c.name, func(t *testing.T) {
			disk := make(memory, 1<<20)
			c.make(disk)
			content, err := Identify(disk, int64(len(disk)))
			if err != nil {
				t.Fatal(err)
			}
			_, err = Mount(disk, int64(len(disk)), Options{})
			var said *fsys.Error
			if !errors.As(err, &said) || !errors.Is(err, c.kind) || said.Msg == "" || content.Type != "" && said.Msg != content.Problem {
				t.Errorf("error is %v, want kind %v and %q", err, c.kind, content.Problem)
			}
		})
	}
}
