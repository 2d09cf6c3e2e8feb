package reads

// NotedFact says that reads of personal data were noted: how many, and a keyed
// commitment to each, in their order. Nothing of a read can be learned from it.
type NotedFact struct {
	Reads []string `json:"reads"` // hexadecimal
}

// Type names the fact.
func (NotedFact) Type() string { return "data.read" }
