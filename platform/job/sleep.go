package job

import (
	"context"
	"time"
)

// idle sleeps until the next job is due, somebody wakes us, or it is time to
// look for jobs of other processes.
func (q *Queue) idle(ctx context.Context, wait time.Duration) {
	if wait <= 0 {
		return
	}
	q.until(time.Now().Add(wait))
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-q.signal:
		time.Sleep(gather)
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (q *Queue) until(at time.Time) {
	q.mu.Lock()
	q.sleep = at
	q.mu.Unlock()
}

func (q *Queue) wake() {
	select {
	case q.signal <- struct{}{}:
	default:
	}
}

// wakeAt wakes Run if it would sleep past at.
func (q *Queue) wakeAt(at time.Time) {
	q.mu.Lock()
	past := at.Before(q.sleep)
	q.mu.Unlock()
	if past {
		q.wake()
	}
}
