package fault_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	errFull  = fault.New(fault.Conflict, "shelf.full", "The shelf is full.")
	errEmpty = fault.New(fault.Missing, "shelf.empty", "The shelf is empty.")
)

func TestAFaultWithFactsStillIsTheDeclaredOne(t *testing.T) {
	made := map[string]*fault.Fault{
		"With":    errFull.With("boxes", 12),
		"Because": errFull.Because("Twelve boxes stand on it."),
		"At":      errFull.At("shelf", "is full", "another shelf"),
		"all":     errFull.With("boxes", 12).Because("Twelve.").At("shelf", "is full", ""),
	}
	for name, f := range made {
		wrapped := fmt.Errorf("putting a box: %w", f)
		if !errors.Is(wrapped, errFull) || errors.Is(wrapped, errEmpty) {
			t.Errorf("%s: is full %v, is empty %v", name, errors.Is(wrapped, errFull), errors.Is(wrapped, errEmpty))
		}
		if found, ok := errors.AsType[*fault.Fault](wrapped); !ok || found.Code != errFull.Code || found.Kind != fault.Conflict {
			t.Errorf("%s: found %v", name, found)
		}
	}
	if errors.Is(errFull, errors.New(errFull.Error())) {
		t.Error("an error with the same words is no fault")
	}
}

func TestFactsDoNotReachTheDeclaredFault(t *testing.T) {
	one := errFull.With("boxes", 12).At("a", "", "").At("b", "", "").At("shelf", "is full", "another")
	two := one.With("boxes", 13).With("room", "east").At("room", "is closed", "").Because("Today.")
	three := one.At("box", "is heavy", "")
	if len(errFull.Facts) > 0 || len(errFull.Fields) > 0 || errFull.Detail != "" {
		t.Errorf("the declared fault has become %+v", errFull)
	}
	want := map[string]any{"boxes": 12}
	if diff := cmp.Diff(want, one.Facts); diff != "" || len(one.Fields) != 3 || one.Detail != "" {
		t.Errorf("the first copy has become %+v", one)
	}
	if diff := cmp.Diff(map[string]any{"boxes": 13, "room": "east"}, two.Facts); diff != "" {
		t.Error(diff)
	}
	other := one.At("bag", "is torn", "")
	if three.Fields[3].Field != "box" || two.Fields[3].Field != "room" || other.Fields[3].Field != "bag" {
		t.Errorf("copies of one share their fields: %v, %v, %v", two.Fields, three.Fields, other.Fields)
	}
}

func TestTheWordsHoldNoFacts(t *testing.T) {
	got := errFull.With("customer", "Ann").At("name", "Ann is taken", "").Error()
	if got != "shelf.full: The shelf is full." {
		t.Errorf("Error() = %q", got)
	}
	if got := errFull.Because("Twelve boxes stand on it.").Error(); got != "shelf.full: The shelf is full. Twelve boxes stand on it." {
		t.Errorf("Error() = %q", got)
	}
}

func TestACodeIsDeclaredOnce(t *testing.T) {
	defer func() {
		if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), "shelf.full") {
			t.Errorf("a second declaration: %v", p)
		}
	}()
	fault.New(fault.Busy, "shelf.full", "Another meaning.")
}

func TestAllListsTheDeclaredByCode(t *testing.T) {
	var codes []string
	for _, f := range fault.All() {
		codes = append(codes, f.Code)
	}
	if !slices.IsSorted(codes) || !slices.Contains(codes, "shelf.empty") || !slices.Contains(codes, "shelf.full") {
		t.Errorf("codes %q", codes)
	}
	fault.All()[0] = nil
	if fault.All()[0] == nil {
		t.Error("a caller can change the list")
	}
}

func TestARefusalPointsAtAHundredFieldsAtMost(t *testing.T) {
	wrong := errFull
	for range 1_000_000 {
		wrong = wrong.At("body.texts", "is wrong", "something else")
	}
	if len(wrong.Fields) != 100 || len(errFull.Fields) != 0 {
		t.Errorf("%d fields, and %d of the declared one", len(wrong.Fields), len(errFull.Fields))
	}
}
