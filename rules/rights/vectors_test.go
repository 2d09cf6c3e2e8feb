package rights_test

import (
	"os"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/aftercare/aftercare/rules/rights"
)

func TestKnownAnswers(t *testing.T) {
	raw, err := os.ReadFile("testdata/vectors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []rights.Test
	if err := yaml.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	b := book(t)
	for i := range vectors {
		t.Run(vectors[i].Name, func(t *testing.T) {
			for _, wrong := range b.Try(&vectors[i]).Failed {
				t.Errorf("testdata/vectors.yaml:%d: %s", vectors[i].Facts.Line, wrong)
			}
		})
	}
}
