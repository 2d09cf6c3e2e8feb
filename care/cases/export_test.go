package cases

// Minimal is what callers that prefer it are answered.
var Minimal = minimal

// What lists are made of.
var (
	Insert = insert
	Page   = page
	Counts = counts
)
