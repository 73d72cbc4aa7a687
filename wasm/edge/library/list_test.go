package library

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// listPages asks for a listing page by page.
func listPages(t *testing.T, l *Library, query url.Values) (keys []string, pages int) {
	t.Helper()
	for {
		w := ask(l, http.MethodGet, "/images?"+query.Encode())
		var page struct {
			Images []struct {
				Key, ETag, Uploaded string
				Size                int64
			}
			Cursor string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusOK {
			t.Fatalf("status %d, %v: %s", w.Code, err, w.Body)
		}
		pages++
		for _, image := range page.Images {
			if image.Size != int64(len(image.Key)) || image.Uploaded != "2026-03-01T12:30:15Z" || len(image.ETag) != 34 || image.ETag[0] != '"' {
				t.Fatalf("%+v", image)
			}
			keys = append(keys, image.Key)
		}
		if page.Cursor == "" {
			return keys, pages
		}
		query.Set("cursor", page.Cursor)
	}
}

// TestListing: page by page, a listing has every image of a prefix once.
func TestListing(t *testing.T) {
	sizes := map[string]int{}
	var all, some []string
	for i := range 2345 {
		key := fmt.Sprintf("lab %d/Zoë \"%d\" <&>.vhd", i%3, i)
		sizes[key] = len(key)
		all = append(all, key)
		if strings.HasPrefix(key, "lab 1/") {
			some = append(some, key)
		}
	}
	slices.Sort(all)
	slices.Sort(some)
	l := &Library{Images: newMemory(t, sizes)}
	for _, test := range []struct {
		query url.Values
		want  []string
		pages int
	}{
		{url.Values{}, all, 10},
		{url.Values{"limit": {"1000"}}, all, 3},
		{url.Values{"limit": {"469"}}, all, 5},
		{url.Values{"prefix": {"lab 1/"}, "limit": {"100"}}, some, 8},
		{url.Values{"prefix": {"lab 9"}}, nil, 1},
	} {
		if got, pages := listPages(t, l, test.query); !slices.Equal(got, test.want) || pages != test.pages {
			t.Errorf("%v: %d keys on %d pages, want %d on %d", test.query, len(got), pages, len(test.want), test.pages)
		}
	}
	if body := ask(&Library{Images: newMemory(t, nil)}, http.MethodGet, "/images").Body.String(); body != `{"images":[]}` {
		t.Errorf("of an empty bucket: %s", body)
	}
}

// TestLimit: a limit is a number that R2 takes.
func TestLimit(t *testing.T) {
	l := &Library{Images: newMemory(t, map[string]int{"a": 1, "b": 1})}
	for limit, want := range map[string]int{
		"": 200, "1": 200, "1000": 200, "0": 400, "-1": 400, "1001": 400, "x": 400, "1.5": 400, "99999999999999999999": 400,
	} {
		if w := ask(l, http.MethodGet, "/images?limit="+limit); w.Code != want || want == 400 && code(t, w) != "bad-request" {
			t.Errorf("limit %q: status %d, %s", limit, w.Code, w.Body)
		}
	}
}
