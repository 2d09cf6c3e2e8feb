package search

import (
	"encoding/binary"
	"slices"
)

// perRow is how many places of a word stand in one row.
const perRow = 128

// pack writes places, the lowest first, as their distances.
func pack(places []int64) []byte {
	var all []byte
	last := int64(0)
	for _, p := range places {
		all = binary.AppendUvarint(all, uint64(p-last))
		last = p
	}
	return all
}

func unpack(packed []byte) (places []int64) {
	last := int64(0)
	for len(packed) > 0 {
		step, n := binary.Uvarint(packed)
		if n <= 0 {
			return places
		}
		packed = packed[n:]
		last += int64(step)
		places = append(places, last)
	}
	return places
}

// known are places, the highest first, that have something. Whether one below
// the bound has it was not looked up, because very many do.
type known struct {
	places []int64
	bound  int64
}

func (k known) may(place int64) bool {
	if place < k.bound {
		return true
	}
	_, found := slices.BinarySearchFunc(k.places, place, func(a, b int64) int { return int(b - a) })
	return found
}

// either joins what has one thing or another.
func either(all []known) (k known) {
	for _, one := range all {
		k.places, k.bound = append(k.places, one.places...), max(k.bound, one.bound)
	}
	slices.SortFunc(k.places, func(a, b int64) int { return int(b - a) })
	k.places = slices.Compact(k.places)
	return k
}

// every keeps what has all things. It starts with the one of which most is known.
func every(all []known) (k known) {
	if len(all) == 0 {
		return known{}
	}
	best := slices.MinFunc(all, func(a, b known) int {
		if a.bound != b.bound {
			return int(min(1, max(-1, a.bound-b.bound)))
		}
		return len(a.places) - len(b.places)
	})
	for _, place := range best.places {
		if !slices.ContainsFunc(all, func(one known) bool { return !one.may(place) }) {
			k.places = append(k.places, place)
		}
	}
	k.bound = best.bound
	return k
}

// most keeps what has all of several things but for some.
func most(all []known, but int) (k known) {
	count := map[int64]int{}
	for _, one := range all {
		k.bound = max(k.bound, one.bound)
		for _, place := range one.places {
			count[place]++
		}
	}
	for place, n := range count {
		if n >= max(1, len(all)-but) {
			k.places = append(k.places, place)
		}
	}
	slices.SortFunc(k.places, func(a, b int64) int { return int(b - a) })
	return k
}
