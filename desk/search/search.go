// Package search answers one text with everything it can mean to a member of
// staff: cases, orders, customers and products, a few of each.
//
// It owns the question over all of them and how much of each is shown. It does
// not own an index: each package finds its own and applies who may see what
// inside its query; this one sees to it that what was stored by an earlier
// version of the program is cut and spelt as this one looks for it. A group that
// somebody may not see is missing, not empty.
package search

// shortest is how many characters a text needs: one finds nearly everything.
const shortest = 2
