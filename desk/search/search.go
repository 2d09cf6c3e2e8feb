// Package search answers one text with everything it can mean to a member of
// staff: cases, orders and customers, a few of each.
//
// It owns the question over all of them and how much of each is shown. It does
// not own an index: each package finds its own and applies who may see what
// inside its query. A group that somebody may not see is missing, not empty.
package search

// shortest is how many characters a text needs: one finds nearly everything.
const shortest = 2
