package testpay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aftercare/aftercare/finance/settlement"
)

// The journal is one JSON object a line, appended with one write each and not
// synced: it survives the death of the process, kill -9 included, but not a
// power cut, which a test provider need not.

// alone runs f while no other goroutine or process uses the journal, after
// reading what others have appended.
func (p *Provider) alone(f func() error) (err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := lockFile(p.file); err != nil {
		return fmt.Errorf("lock the journal: %w", err)
	}
	defer func() { err = errors.Join(err, unlockFile(p.file)) }()
	if err := p.catchUp(); err != nil {
		return err
	}
	return f()
}

func (p *Provider) catchUp() error {
	end, err := p.file.Seek(0, io.SeekEnd)
	if err != nil || end == p.read {
		return err
	}
	fresh, err := p.from(p.read, end)
	if err != nil {
		return err
	}
	for _, line := range fresh {
		p.learn(line)
	}
	if p.read < end { // whoever wrote the rest of a line has died: we hold the lock
		return p.file.Truncate(p.read)
	}
	return nil
}

// from reads whole lines between two places and moves the place read.
func (p *Provider) from(start, end int64) ([]Payment, error) {
	text := make([]byte, end-start)
	if _, err := p.file.ReadAt(text, start); err != nil {
		return nil, err
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	var all []Payment
	for line := range bytes.Lines(text) {
		var one Payment
		if err := json.Unmarshal(line, &one); err != nil {
			return nil, fmt.Errorf("journal after byte %d: %w", start, err)
		}
		all = append(all, one)
	}
	p.read = max(p.read, start+int64(len(text)))
	return all, nil
}

func (p *Provider) lookBack() ([]Payment, error) { return p.from(0, p.read) }

func (p *Provider) learn(line Payment) {
	p.lines++
	k := p.keys[line.Key]
	if k == nil {
		k = &known{}
		p.keys[line.Key] = k
	}
	k.calls++
	k.last = line
	k.paid = k.paid || line.Outcome == "paid"
	if line.Outcome == "accepted" {
		_, ms := marker(line.Original, 1000)
		k.decided = line.At.Add(time.Duration(ms) * time.Millisecond)
	}
}

func (p *Provider) write(r settlement.Request, outcome string) (Payment, error) {
	return p.append(Payment{
		Key: r.Key, Tenant: r.Tenant, Case: r.Case, Purpose: r.Purpose, Original: r.Reference, Outcome: outcome,
		Refund: fmt.Sprintf("testpay-%06d", p.lines+1), Minor: r.Amount.Minor, Currency: r.Amount.Currency,
	})
}

func (p *Provider) append(line Payment) (Payment, error) {
	line.At = time.Now().UTC()
	text, err := json.Marshal(line)
	if err != nil {
		return Payment{}, err
	}
	text = append(text, '\n')
	if _, err := p.file.Write(text); err != nil {
		return Payment{}, fmt.Errorf("write the journal: %w", err)
	}
	p.read += int64(len(text))
	p.learn(line)
	return line, nil
}
