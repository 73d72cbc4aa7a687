package library

import "testing"

// TestComparisons: the table of RFC 9110 §8.8.3.2.
func TestComparisons(t *testing.T) {
	for _, test := range []struct {
		a, b         string
		strong, weak bool
	}{
		{`W/"1"`, `W/"1"`, false, true},
		{`W/"1"`, `W/"2"`, false, false},
		{`W/"1"`, `"1"`, false, true},
		{`"1"`, `"1"`, true, true},
	} {
		if strongly(test.a, test.b) != test.strong || strongly(test.b, test.a) != test.strong {
			t.Errorf("%s and %s, strongly: not %v", test.a, test.b, test.strong)
		}
		if weakly(test.a, test.b) != test.weak || weakly(test.b, test.a) != test.weak {
			t.Errorf("%s and %s, weakly: not %v", test.a, test.b, test.weak)
		}
	}
}
