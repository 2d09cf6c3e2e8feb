package opening

// Changed says that a desk of the shop works at other times, or that its
// deadlines count them otherwise. Deadlines that run are as they were.
type Changed struct {
	Desk  string   `json:"desk"`  // service, warehouse
	Parts []string `json:"parts"` // mode, zone, country, week, closures, extra
}

// Type is described at event.Fact.
func (Changed) Type() string { return "opening.changed" }
