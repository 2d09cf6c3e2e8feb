package notice

import (
	"maps"
	"slices"
)

// Kinds are all messages, with their variants.
func Kinds() []string {
	all := append(slices.Collect(maps.Values(templates)), "granted", "done")
	slices.Sort(all)
	return slices.Compact(all)
}
