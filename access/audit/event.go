package audit

// Exported says that data left the shop as a file.
type Exported struct {
	What   string `json:"what"`             // "cases", "audit"
	Format string `json:"format"`           // "csv", "jsonl"
	Filter string `json:"filter,omitempty"` // as it was asked
}

// Type is described at event.Fact.
func (Exported) Type() string { return "data.exported" }
