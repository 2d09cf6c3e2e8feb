package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/bench/child"
	"github.com/aftercare/aftercare/quality/backtest"
)

// whole runs back-tests through the API of a server: the rules tried, and the
// version of then, which must change nothing.
func whole(ctx context.Context, i child.Install) (err error) {
	s, err := i.Serve(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if err := s.Authorize(ctx, "policy.read,policy.write,case.read"); err != nil {
		return err
	}
	same, _, err := run(ctx, s, map[string]any{"policy": "standard", "version": 1})
	if err != nil {
		return err
	}
	if n := same.Better + same.Worse + same.Other; n != 0 || same.Figures.Decided == 0 {
		return fmt.Errorf("the rules of then change %d of %d answers", n, same.Figures.Decided)
	}
	fmt.Printf("\nthe rules of then, tried again: %d answers, none changes\n", same.Figures.Decided)
	v, took, err := run(ctx, s, map[string]any{"policy": "standard", "rules": tried()})
	if err != nil {
		return err
	}
	peak, err := s.PeakMB()
	if err != nil {
		return err
	}
	fmt.Printf("back-test: %d requests, %d decisions in %.2f s from the request to the last figure: %.0f decisions/s; server %.0f MB at most\n",
		v.Figures.Decided, 2*v.Figures.Decided, took.Seconds(), 2*float64(v.Figures.Decided)/took.Seconds(), peak)
	tell(v)
	return nil
}

func run(ctx context.Context, s *child.Server, body map[string]any) (v backtest.View, took time.Duration, err error) {
	begin := time.Now()
	if err := s.Call(ctx, "POST", "/v1/backtests", body, &v); err != nil {
		return v, 0, err
	}
	for id := v.ID; !v.State.Ended(); {
		time.Sleep(10 * time.Millisecond)
		v = backtest.View{}
		if err := s.Call(ctx, "GET", "/v1/backtests/"+id, nil, &v); err != nil {
			return v, 0, err
		}
	}
	if v.State != backtest.Done {
		return v, 0, fmt.Errorf("the back-test %s: %s", v.State, v.Error)
	}
	return v, time.Since(begin), nil
}

func tell(v backtest.View) {
	fmt.Printf("  better for the customer %d, worse %d, other %d\n", v.Better, v.Worse, v.Other)
	for _, c := range v.Figures.Matrix {
		fmt.Printf("  %-8s → %-8s %6d\n", c.Before, c.After, c.Count)
	}
	for _, m := range v.Figures.Money {
		fmt.Printf("  approved at once %s → %s, waits for somebody %s → %s, refused %s → %s\n", m.Before.Paid.Display(), m.After.Paid.Display(),
			m.Before.Open.Display(), m.After.Open.Display(), m.Before.Refused.Display(), m.After.Refused.Display())
	}
	for _, list := range []struct {
		name string
		all  []backtest.Count
	}{{"affected", v.Figures.Affected}, {"not known", v.Figures.Unknown}, {"assumed", v.Figures.Assumed}, {"skipped", v.Figures.Skipped}, {"law that decided", v.Coverage.Laws}} {
		for _, c := range list.all {
			fmt.Printf("  %s: %s %d\n", list.name, c.Name, c.Count)
		}
	}
	for _, o := range v.Coverage.Overlaps {
		fmt.Printf("  true together: %s, %s %d\n", o.First, o.Second, o.Count)
	}
}
