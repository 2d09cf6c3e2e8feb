package event

// OnStep lets a test stop a relay between two steps.
func (r *Relay) OnStep(f func(step string)) { r.step = f }
