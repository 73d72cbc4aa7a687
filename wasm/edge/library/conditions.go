package library

import (
	"net/http"
	"strings"
	"time"
)

// unmet returns the status that a request's conditions call for instead of
// the image, 304 or 412, or 0: §13.2.2. Its steps are for GET and HEAD only.
func unmet(r *http.Request, image Image) int {
	modified := image.Uploaded.Truncate(time.Second)
	if tags := field(r.Header, "If-Match"); tags != "" {
		if !listed(tags, image.ETag, strongly) {
			return http.StatusPreconditionFailed
		}
	} else if since, ok := date(r.Header, "If-Unmodified-Since"); ok && modified.After(since) {
		return http.StatusPreconditionFailed
	}
	if tags := field(r.Header, "If-None-Match"); tags != "" {
		if listed(tags, image.ETag, weakly) {
			return http.StatusNotModified
		}
	} else if since, ok := date(r.Header, "If-Modified-Since"); ok && !modified.After(since) {
		return http.StatusNotModified
	}
	return 0
}

// rangeApplies tells whether If-Range, where there is one, lets Range be
// heeded: §13.1.5. A date never does: an image may be replaced twice in a
// second, so that the date is no strong validator (§8.8.2.2), and who was
// given an ETag must use that.
func rangeApplies(r *http.Request, image Image) bool {
	tag := field(r.Header, "If-Range")
	return tag == "" || strongly(tag, image.ETag)
}

// date reads a field that is a date. Any other value is to be ignored:
// §13.1.3, §13.1.4.
func date(h http.Header, name string) (time.Time, bool) {
	t, err := http.ParseTime(field(h, name))
	return t, err == nil
}

// strongly and weakly are the comparisons of §8.8.3.2.
func strongly(a, b string) bool {
	return a == b && !strings.HasPrefix(a, "W/")
}

func weakly(a, b string) bool {
	return strings.TrimPrefix(a, "W/") == strings.TrimPrefix(b, "W/")
}

// listed tells whether a list of entity tags, or "*", has one that is the
// same as etag: §13.1.1, §13.1.2. What follows a malformed tag is not read.
func listed(tags, etag string, same func(a, b string) bool) bool {
	if tags == "*" {
		return true
	}
	for {
		tags = strings.TrimLeft(tags, " \t,")
		tag, rest, ok := cutTag(tags)
		if !ok {
			return false
		}
		if same(tag, etag) {
			return true
		}
		tags = rest
	}
}

// cutTag cuts the entity tag off the beginning of a list: §8.8.3. Commas may
// be in it.
func cutTag(list string) (tag, rest string, ok bool) {
	opaque, found := strings.CutPrefix(strings.TrimPrefix(list, "W/"), `"`)
	end := strings.IndexByte(opaque, '"')
	if !found || end < 0 {
		return "", "", false
	}
	rest = opaque[end+1:]
	tag = list[:len(list)-len(rest)]
	after := strings.TrimLeft(rest, " \t")
	return tag, rest, after == "" || after[0] == ','
}
