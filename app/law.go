package app

import (
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/rules/rights"
)

// Law reads the packs of law: those that are shipped, and those of the folders
// that the shop named. It fails with all that is wrong in them.
func Law(cfg *config.Config) (*rights.Book, error) {
	var folders []string
	for folder := range strings.SplitSeq(cfg.RightsPacks, ",") {
		if folder = strings.TrimSpace(folder); folder != "" {
			folders = append(folders, folder)
		}
	}
	book, err := rights.Load(folders...)
	if err != nil {
		return nil, fmt.Errorf("packs of law: %w", err)
	}
	return book, nil
}
