package brand

// Changed says that a shop looks different: by its colour, words and links, or
// by a picture.
type Changed struct {
	What string `json:"what"` // look, logo, icon
}

// Type is described at event.Fact.
func (Changed) Type() string { return "brand.changed" }
