package cases

import "time"

// Talk is what a list tells of the messages of a case, which others own.
type Talk struct {
	Unread  int64     // of the customer, that nobody of the shop has read
	News    int64     // of the shop, that the customer has not read
	WroteAt time.Time // since when the customer waits for an answer; zero: does not
}

// unreadBy is what one side has not read.
func (t Talk) unreadBy(customer bool) int64 {
	if customer {
		return t.News
	}
	return t.Unread
}
