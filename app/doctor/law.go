package doctor

import (
	"context"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/rules/rights"
)

// laws reads the packs of law as the server would.
func laws(_ context.Context, p *patient) []Finding {
	book, err := app.Law(p.cfg)
	var problems rights.Problems
	if errors.As(err, &problems) {
		return fail("law", fmt.Sprintf("%d mistakes in packs, first: %s", len(problems), problems[0].Error()), `correct the file that is named; "aftercare rights packs --packs FOLDER" lists all mistakes`)
	}
	if err != nil {
		return fail("law", err.Error(), "name folders with .yaml files in rights_packs")
	}
	active, drafts := 0, 0
	for _, row := range book.Packs("en") {
		if row.Status == "draft" {
			drafts++
		} else {
			active++
		}
	}
	found := fmt.Sprintf("%d laws, %d more as drafts", active, drafts)
	if p.cfg.RightsPacks != "" {
		found += ", with those of " + p.cfg.RightsPacks
	}
	return ok("law", found)
}
