// Command rights measures the decisions of package rights: how many in a
// second on one core and on all, what one allocates, and how long one takes at
// the median and at the 99th percentile.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/aftercare/aftercare/rules/rights"
)

// questions are of several laws and of several lengths.
var questions = []struct{ name, facts string }{
	{"CN change of mind", `{"as_of":"2026-11-05","claim":"change_of_mind","buyer":{"residence":"CN"},"channel":"web","item":{"category":"clothing","price":9900},"delivery":{"at":"2026-11-03"}}`},
	{"CN laptop, defect", `{"as_of":"2026-11-16","claim":"defect","buyer":{"residence":"CN"},"channel":"web","item":{"category":"laptop","price":599900},"contract":{"at":"2026-11-01"},"delivery":{"at":"2026-11-01"},"repair":{"tries":1}}`},
	{"CN car, five repairs", `{"as_of":"2026-11-17","claim":"defect","buyer":{"residence":"CN"},"item":{"category":"car","price":20000000,"odometer_km":8000,"use_factor_ppm":4000},"contract":{"at":"2026-03-01"},"delivery":{"at":"2026-03-05"},"defect":{"part":"other"},"repair":{"tries":5}}`},
	{"FR change of mind, holiday", `{"as_of":"2026-11-12","buyer":{"residence":"FR"},"channel":"web","item":{"price":4900},"delivery":{"at":"2026-10-28","fee":990,"standard_fee":490},"notice":{"sent_at":"2026-11-12"}}`},
	{"ES defect", `{"as_of":"2026-08-02","buyer":{"residence":"ES"},"contract":{"at":"2024-02-01"},"delivery":{"at":"2024-02-10"},"claim":"defect","defect":{"found_at":"2026-08-01","major":false}}`},
	{"GB stopped clock", `{"as_of":"2026-07-22","buyer":{"residence":"GB"},"channel":"web","contract":{"at":"2026-05-28"},"delivery":{"at":"2026-06-01"},"claim":"defect","repair":{"asked_at":"2026-06-20","returned_at":"2026-07-10"}}`},
}

func main() {
	duration := flag.Duration("duration", 3*time.Second, "time for each measurement")
	flag.Parse()
	if err := measure(*duration); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func measure(duration time.Duration) error {
	begin := time.Now()
	book, err := rights.Standard()
	if err != nil {
		return err
	}
	fmt.Printf("%s, %d cores; packs read and compiled in %s\n\n", runtime.Version(), runtime.NumCPU(), time.Since(begin).Round(time.Millisecond))
	var all []*rights.Facts
	t := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "question\tdecisions/s, 1 core\tp50 µs\tp99 µs\tallocations\tbytes\t")
	for _, q := range questions {
		f, err := rights.Parse([]byte(q.facts))
		if err != nil {
			return err
		}
		all = append(all, f)
		s, err := one(book, []*rights.Facts{f}, duration)
		if err != nil {
			return err
		}
		s.row(t, q.name)
	}
	s, err := one(book, all, duration)
	if err != nil {
		return err
	}
	s.row(t, "all in turn")
	if err := t.Flush(); err != nil {
		return err
	}
	total, err := many(book, all, duration)
	if err != nil {
		return err
	}
	fmt.Printf("\nall cores: %.0f decisions/s, %.0f per core\n", total, total/float64(runtime.GOMAXPROCS(0)))
	return nil
}

// sample is a measurement on one core.
type sample struct {
	rate          float64
	p50, p99      time.Duration
	allocs, bytes uint64
}

func (s sample) row(w *tabwriter.Writer, name string) {
	fmt.Fprintf(w, "%s\t%.0f\t%.1f\t%.1f\t%d\t%d\t\n", name, s.rate, float64(s.p50.Nanoseconds())/1000, float64(s.p99.Nanoseconds())/1000, s.allocs, s.bytes)
}

func one(book *rights.Book, facts []*rights.Facts, duration time.Duration) (s sample, err error) {
	times := make([]time.Duration, 0, 4<<20)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begin := time.Now()
	for i := 0; len(times) < cap(times); i++ {
		at := time.Now()
		if _, err := book.Decide(facts[i%len(facts)]); err != nil {
			return s, err
		}
		end := time.Now()
		times = append(times, end.Sub(at))
		if end.Sub(begin) > duration {
			break
		}
	}
	wall := time.Since(begin)
	runtime.ReadMemStats(&after)
	n := uint64(len(times))
	s = sample{rate: float64(n) / wall.Seconds(), allocs: (after.Mallocs - before.Mallocs) / n, bytes: (after.TotalAlloc - before.TotalAlloc) / n}
	slices.Sort(times)
	s.p50, s.p99 = times[len(times)/2], times[len(times)*99/100]
	return s, nil
}

func many(book *rights.Book, facts []*rights.Facts, duration time.Duration) (float64, error) {
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	counts, errs := make([]int, workers), make([]error, workers)
	begin := time.Now()
	for w := range workers {
		wait.Go(func() {
			for i := 0; time.Since(begin) < duration && errs[w] == nil; i++ {
				for range 64 {
					_, errs[w] = book.Decide(facts[i%len(facts)])
				}
				counts[w] += 64
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
