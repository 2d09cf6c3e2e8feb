package seal

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// height is the height of the tiles: 256 hashes, as C2SP tlog-tiles has it.
const (
	height = 8
	wide   = 1 << height
)

// place names a tile.
type place struct {
	level  int
	number int64
}

// edge is the right border of a tree: the last, unfinished tile of each level.
// It is all that is needed to make the tree grow.
type edge struct {
	size   int64
	levels [][]tlog.Hash
}

func (e edge) clone() edge {
	c := edge{size: e.size, levels: make([][]tlog.Hash, len(e.levels))}
	for i, hashes := range e.levels {
		c.levels[i] = append(make([]tlog.Hash, 0, wide), hashes...)
	}
	return c
}

// add appends a leaf and notes which tiles have changed.
func (e *edge) add(leaf tlog.Hash, changed map[place][]byte) {
	h := leaf
	for level := 0; ; level++ {
		if level == len(e.levels) {
			e.levels = append(e.levels, nil)
		}
		at := place{level, e.size >> (height * (level + 1))}
		e.levels[level] = append(e.levels[level], h)
		if len(e.levels[level]) < wide {
			changed[at] = nil // its bytes are taken at the end of the batch
			break
		}
		changed[at] = bytesOf(e.levels[level])
		h = root(e.levels[level])
		e.levels[level] = e.levels[level][:0]
	}
	e.size++
}

// tiles gives the bytes of what add has changed.
func (e *edge) tiles(changed map[place][]byte) map[place][]byte {
	for at, data := range changed {
		if data == nil {
			changed[at] = bytesOf(e.levels[at.level])
		}
	}
	return changed
}

// root is the hash of the whole tree (RFC 6962).
func (e *edge) root() tlog.Hash {
	if e.size == 0 {
		return emptyRoot
	}
	var peaks []tlog.Hash
	for level := len(e.levels) - 1; level >= 0; level-- {
		hashes := e.levels[level]
		for bit := wide >> 1; bit > 0; bit >>= 1 {
			if len(e.levels[level])&bit == 0 {
				continue
			}
			peaks = append(peaks, root(hashes[:bit]))
			hashes = hashes[bit:]
		}
	}
	h := peaks[len(peaks)-1]
	for i := len(peaks) - 2; i >= 0; i-- {
		h = tlog.NodeHash(peaks[i], h)
	}
	return h
}

// emptyRoot is SHA-256 of nothing.
var emptyRoot, _ = tlog.ParseHash("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")

// root is the root of a complete subtree over a power of two hashes.
func root(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(root(hashes[:half]), root(hashes[half:]))
}

func bytesOf(hashes []tlog.Hash) []byte {
	b := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		b = append(b, h[:]...)
	}
	return b
}

func hashesOf(data []byte) ([]tlog.Hash, error) {
	if len(data)%tlog.HashSize != 0 || len(data) > wide*tlog.HashSize {
		return nil, fmt.Errorf("a tile of %d bytes", len(data))
	}
	all := make([]tlog.Hash, len(data)/tlog.HashSize)
	for i := range all {
		copy(all[i][:], data[i*tlog.HashSize:])
	}
	return all, nil
}
