package seal_test

import "golang.org/x/mod/sumdb/tlog"

// rootOf is the root of entries, worked out by x/mod from nothing.
func rootOf(entries [][]byte) tlog.Hash {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (all []tlog.Hash, err error) {
		for _, i := range indexes {
			all = append(all, stored[i])
		}
		return all, nil
	})
	for i, e := range entries {
		more, err := tlog.StoredHashes(int64(i), e, reader)
		if err != nil {
			panic(err)
		}
		stored = append(stored, more...)
	}
	h, err := tlog.TreeHash(int64(len(entries)), reader)
	if err != nil {
		panic(err)
	}
	return h
}
