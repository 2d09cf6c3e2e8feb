package seal

// KeyAdded says that the log is signed with a key from now on.
type KeyAdded struct {
	Verifier string `json:"verifier"`
	Size     int64  `json:"size"` // of the log
}

// Type is described at event.Fact.
func (KeyAdded) Type() string { return "seal.key_added" }

// KeyRetired says that a key of the log signs nothing any more.
type KeyRetired struct {
	Verifier string `json:"verifier"`
	Size     int64  `json:"size"`
}

// Type is described at event.Fact.
func (KeyRetired) Type() string { return "seal.key_retired" }
