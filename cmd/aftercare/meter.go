package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// every is how often progress is told where nobody sees a bar.
const every = 5 * time.Second

// meter shows how far long work is: a bar on a terminal, else a line now and
// then. It writes to stderr only.
type meter struct {
	p     *program
	title string

	mu   sync.Mutex
	bar  *progressbar.ProgressBar
	what string
	told time.Time
}

func (p *program) meter(title string) *meter {
	return &meter{p: p, title: title, told: time.Now()}
}

// show sets the progress of a step; a total of 0 is not known.
func (m *meter) show(what string, done, total int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !terminal(m.p.stderr) {
		if time.Since(m.told) >= every {
			m.told = time.Now()
			fmt.Fprintf(m.p.stderr, "%s: %s\n", m.title, amount(what, done, total))
		}
		return
	}
	if m.bar == nil || m.what != what {
		m.finish()
		m.what = what
		length := total
		if length == 0 {
			length = -1
		}
		m.bar = progressbar.NewOptions64(length, progressbar.OptionSetWriter(m.p.stderr), progressbar.OptionSetDescription(m.title+": "+what),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionShowCount(), progressbar.OptionShowIts(),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30), progressbar.OptionSetPredictTime(total > 0))
	}
	_ = m.bar.Set64(done)
}

func amount(what string, done, total int64) string {
	if total > 0 {
		return fmt.Sprintf("%d of %d %s (%d %%)", done, total, what, 100*done/max(total, 1))
	}
	return fmt.Sprintf("%d %s", done, what)
}

func (m *meter) finish() {
	if m.bar != nil {
		_ = m.bar.Finish()
		m.bar = nil
	}
}

// end takes the bar away.
func (m *meter) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.finish()
}
