package db

import "sync"

// notice tells waiting goroutines that something was committed. The channel is
// made only when somebody waits, so commits that nobody waits for cost a lock.
type notice struct {
	mu   sync.Mutex
	next chan struct{}
}

func (n *notice) wait() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next == nil {
		n.next = make(chan struct{})
	}
	return n.next
}

func (n *notice) tell() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next != nil {
		close(n.next)
		n.next = nil
	}
}

// Committed returns a channel that is closed after the next commit of this
// process; commits of other processes do not show. Take the channel first,
// then look into the store, then wait on it: nothing is missed that way.
func (d *DB) Committed() <-chan struct{} { return d.committed.wait() }
