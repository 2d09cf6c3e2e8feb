package rights_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/aftercare/aftercare/rules/rights"
)

// numbers are the known answers that lawyers and staff discuss by number. A gap
// is a number that was never used.
var numbers = []int{
	1, 3, 4, 5, 6, 8, 9, 10, 11, 13, 15, 16, 17, 20, 21, 22, 23, 24, 26, 27, 28, 30, // China
	31, 32, 34, 36, 37, 39, 40, 41, 42, 43, 45, 46, 47, 49, 50, // European Union
	52, 53, 55, 56, 57, 59, 60, // its members
	61, 63, 66, 67, 69, 70, // United Kingdom
	71, 72, 73, 75, 77, 78, 81, 84, 85, 87, 88, 89, 91, // elsewhere
	92, 94, 96, 97, // which law, and whose
}

func vectors(t *testing.T) []rights.Test {
	t.Helper()
	raw, err := os.ReadFile("testdata/vectors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []rights.Test
	if err := yaml.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestKnownAnswers(t *testing.T) {
	b := book(t)
	all := vectors(t)
	for i := range all {
		t.Run(all[i].Name, func(t *testing.T) {
			for _, wrong := range b.Try(&all[i]).Failed {
				t.Errorf("testdata/vectors.yaml:%d: %s", all[i].Facts.Line, wrong)
			}
		})
	}
}

// With -v it lists which test shows which number.
func TestEveryNumberHasATestAndNoOtherIsUsed(t *testing.T) {
	begins, shown, last := regexp.MustCompile(`^(\d+)[a-z]? `), map[int][]string{}, 0
	for _, v := range vectors(t) {
		m := begins.FindStringSubmatch(v.Name)
		if m == nil {
			t.Errorf("%q has no number", v.Name)
			continue
		}
		n, _ := strconv.Atoi(m[1])
		if n < last {
			t.Errorf("%q stands after number %d", v.Name, last)
		}
		if last = n; !slices.Contains(numbers, n) {
			t.Errorf("%q: there is no number %d", v.Name, n)
		}
		if len(v.Expect) == 0 {
			t.Errorf("%q expects nothing", v.Name)
		}
		shown[n] = append(shown[n], v.Name)
	}
	for _, n := range numbers {
		if len(shown[n]) == 0 {
			t.Errorf("nothing shows number %d", n)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(shown)) {
		for _, name := range shown[n] {
			t.Logf("%3d  TestKnownAnswers/%s", n, name)
		}
	}
}
