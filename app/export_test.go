package app

// Names finds places as the lists of what was done and read do.
var Names = names
