package main

import (
	"errors"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/aftercare/aftercare/quality/backtest"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

var errGround = errors.New("an answer has no ground")

// judged decides one request by law and policy.
func judged(book *rights.Book, by *policy.Policy, past *backtest.Past, i int) error {
	if d := owed.Decide(book, by, past.Question(i, 10_000)); len(d.Grounds) == 0 {
		return errGround
	}
	return nil
}

// sample is a measurement on one core; times are microseconds. cpu is decisions
// in a second of processor time, which other work on the machine takes little of.
type sample struct {
	rate, cpu, p50, p99 float64
	allocs, bytes       uint64
}

func one(do func(i int) error, n int, duration time.Duration) (s sample, err error) {
	times := make([]time.Duration, 0, 1<<20)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	spent := processor()
	begin := time.Now()
	for i := 0; len(times) < cap(times); i++ {
		at := time.Now()
		if err := do(i % n); err != nil {
			return s, err
		}
		end := time.Now()
		times = append(times, end.Sub(at))
		if end.Sub(begin) > duration {
			break
		}
	}
	wall := time.Since(begin)
	spent = processor() - spent
	runtime.ReadMemStats(&after)
	k := uint64(len(times))
	slices.Sort(times)
	micros := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
	return sample{
		rate: float64(k) / wall.Seconds(), cpu: float64(k) / spent.Seconds(), p50: micros(times[len(times)/2]), p99: micros(times[len(times)*99/100]),
		allocs: (after.Mallocs - before.Mallocs) / k, bytes: (after.TotalAlloc - before.TotalAlloc) / k,
	}, nil
}

// processor is the time that this process has used, with that of collecting its
// garbage.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func many(do func(i int) error, n int, duration time.Duration) (float64, error) {
	workers := runtime.GOMAXPROCS(0)
	counts, errs := make([]int, workers), make([]error, workers)
	var wait sync.WaitGroup
	begin := time.Now()
	for w := range workers {
		wait.Go(func() {
			for i := w; time.Since(begin) < duration && errs[w] == nil; i += workers {
				errs[w] = do(i % n)
				counts[w]++
			}
		})
	}
	wait.Wait()
	total := 0
	for w := range workers {
		if errs[w] != nil {
			return 0, errs[w]
		}
		total += counts[w]
	}
	return float64(total) / time.Since(begin).Seconds(), nil
}
