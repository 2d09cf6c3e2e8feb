package backtest

// Asked says that somebody wants rules tried on the past.
type Asked struct {
	Policy  string `json:"policy"`
	Version int64  `json:"version,omitempty"`
	Total   int64  `json:"total"`
}

// Type is the fact's name in the log.
func (Asked) Type() string { return "backtest.asked" }

// Ended says how a back-test ended: done, cancelled or failed.
type Ended struct {
	Policy  string `json:"policy"`
	State   State  `json:"state"`
	Decided int64  `json:"decided"`
	Better  int64  `json:"better"`
	Worse   int64  `json:"worse"`
}

// Type is the fact's name in the log.
func (Ended) Type() string { return "backtest.ended" }
