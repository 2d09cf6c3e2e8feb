package widget

// Changed says that the sites on which a shop shows the widget are others.
type Changed struct {
	Origins []string `json:"origins"` // all of them, now
}

// Type is described at event.Fact.
func (Changed) Type() string { return "widget.changed" }
