package fat

import (
	"fmt"

	"golang.org/x/text/encoding/charmap"

	"vhdscope/vhd/volume/fsys"
)

// codePages are those of DOS and of Windows whose characters are one byte.
var codePages = []struct {
	name string
	page *charmap.Charmap
}{
	{"437", charmap.CodePage437},
	{"850", charmap.CodePage850},
	{"852", charmap.CodePage852},
	{"855", charmap.CodePage855},
	{"858", charmap.CodePage858},
	{"860", charmap.CodePage860},
	{"862", charmap.CodePage862},
	{"863", charmap.CodePage863},
	{"865", charmap.CodePage865},
	{"866", charmap.CodePage866},
	{"874", charmap.Windows874},
	{"1250", charmap.Windows1250},
	{"1251", charmap.Windows1251},
	{"1252", charmap.Windows1252},
	{"1253", charmap.Windows1253},
	{"1254", charmap.Windows1254},
	{"1255", charmap.Windows1255},
	{"1256", charmap.Windows1256},
	{"1257", charmap.Windows1257},
	{"1258", charmap.Windows1258},
}

// CodePages lists the code pages of 8.3 names, by Microsoft's numbers.
func CodePages() []string {
	var names []string
	for _, p := range codePages {
		names = append(names, p.name)
	}
	return names
}

func pageOf(name string) (*charmap.Charmap, error) {
	if name == "" {
		return charmap.CodePage437, nil
	}
	for _, p := range codePages {
		if p.name == name {
			return p.page, nil
		}
	}
	return nil, fsys.Unsupported(fmt.Sprintf("code page %q is not known", name))
}
