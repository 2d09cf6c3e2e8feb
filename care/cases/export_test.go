package cases

// Minimal is what callers that prefer it are answered.
var Minimal = minimal
