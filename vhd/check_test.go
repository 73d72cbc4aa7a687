package vhd

import (
	"context"
	"io"
	"slices"
	"testing"
)

// checkFile checks a file.
func checkFile(t testing.TB, r io.ReaderAt, size int64, o CheckOptions) []Finding {
	t.Helper()
	found, err := CheckFile(context.Background(), r, size, o)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// wantRules fails unless the findings are of exactly these rules.
func wantRules(t testing.TB, name string, found []Finding, want []Rule) {
	t.Helper()
	var got []Rule
	for _, f := range found {
		got = append(got, f.Rule)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: findings %+v, want the rules %v", name, found, want)
	}
}
