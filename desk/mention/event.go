package mention

// Made says that somebody was named in a note and may see it.
type Made struct {
	Case string `json:"case"`
	Note string `json:"note"` // id of the note's event
}

// Type names the fact.
func (Made) Type() string { return "mention.made" }
