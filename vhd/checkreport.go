package vhd

// maxListed is how many findings of one rule and severity are listed before
// the rest are only counted.
const maxListed = 32

// report collects the findings of a check.
type report struct {
	list  []Finding
	kinds []kindCount // in the order in which they were first met
}

// kindCount counts the findings of one rule and severity.
type kindCount struct {
	rule     Rule
	severity Severity
	n        int64
}

// kind is the index of the count for a rule and severity.
func (r *report) kind(rule Rule, severity Severity) int {
	for i, k := range r.kinds {
		if k.rule == rule && k.severity == severity {
			return i
		}
	}
	r.kinds = append(r.kinds, kindCount{rule: rule, severity: severity})
	return len(r.kinds) - 1
}

// each adds a finding of which there may be as many as the file has blocks:
// tell is called only where it will be listed.
func (r *report) each(rule Rule, severity Severity, tell func() Finding) {
	k := &r.kinds[r.kind(rule, severity)]
	if k.n++; k.n > maxListed {
		return
	}
	f := tell()
	f.Rule, f.Severity = rule, severity
	r.list = append(r.list, f)
}

func (r *report) add(f Finding) { r.each(f.Rule, f.Severity, func() Finding { return f }) }

// sorted lists the findings worst first, those of a rule together, and says
// how many are not listed.
func (r *report) sorted() []Finding {
	for _, k := range r.kinds {
		if rest := k.n - maxListed; rest > 0 {
			r.list = append(r.list, Finding{Rule: k.rule, Severity: k.severity, Offset: -1, Got: dec(rest) + " more",
				Message: "The rule " + string(k.rule) + " is broken " + quantity(rest, "more time") + "."})
		}
	}
	sorted := make([]Finding, 0, len(r.list))
	for _, i := range orderOf(len(r.list), func(i int) int64 {
		f := &r.list[i]
		return int64(Error-f.Severity)<<20 | int64(r.kind(f.Rule, f.Severity))
	}) {
		sorted = append(sorted, r.list[i])
	}
	return sorted
}

// quantity writes a number of things.
func quantity(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return dec(n) + " " + thing + "s"
}
