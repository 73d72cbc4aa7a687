package vhd

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// realImages are the paths of all real images.
func realImages(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(imagesDir, "*", "*.vhd"))
	if err != nil || len(names) == 0 {
		t.Skip("the folder of real images is not here")
	}
	return names
}

// knownDamage are the only findings that real images have: those of two that
// were edited by hand.
var knownDamage = map[string][]Rule{
	"image-differential.vhd": {RuleFooterChecksum, RuleHeaderChecksum},
	"image.vhd":              {RuleFooterChecksum},
}

// TestRealImagesAreHealthy checks every real image alone, with its data.
func TestRealImagesAreHealthy(t *testing.T) {
	for _, name := range realImages(t) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		wantRules(t, name, checkFile(t, strings.NewReader(string(b)), int64(len(b)), CheckOptions{Data: true}), knownDamage[filepath.Base(name)])
	}
}

// TestRealChainsAreHealthy checks every real chain.
func TestRealChainsAreHealthy(t *testing.T) {
	for _, row := range expectedRows(t) {
		var chain []Candidate
		var want []Rule
		for _, name := range row.files {
			im, err := openFile(t, filepath.Join(imagesDir, name))
			if err != nil {
				t.Fatal(err)
			}
			chain = append(chain, Candidate{Name: name, Image: im})
			want = append(want, knownDamage[filepath.Base(name)]...)
		}
		found, err := CheckChain(context.Background(), chain, CheckOptions{Data: true})
		if err != nil {
			t.Fatal(err)
		}
		list := make([]Finding, len(found))
		for i, f := range found {
			list[i] = f.Finding
		}
		wantRules(t, row.files[0], list, want)
	}
}
