package policy

import (
	"time"

	"github.com/aftercare/aftercare/rules/rights"
)

var zero time.Time

// Violation is a point where a policy takes away what the law gives.
type Violation struct {
	Path         string            `json:"path" doc:"Where in the rules"`
	Jurisdiction string            `json:"jurisdiction"`
	Rule         string            `json:"rule" doc:"Rule of the law"`
	Cite         []string          `json:"cite"`
	Remedy       string            `json:"remedy"`
	Says         map[string]string `json:"says" doc:"What is taken away, by language"`
}

// Violations measures rules against the law of their markets on a day.
func (s *Service) Violations(r Rules, day time.Time) ([]Violation, error) {
	return nil, nil
}

// Check measures rules against the law of markets.
func Check(book *rights.Book, r Rules, markets []string) []Violation { return nil }
