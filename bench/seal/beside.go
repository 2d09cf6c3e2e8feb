package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// lived is what the lifecycle benchmark says of one run.
type lived struct {
	PerSecond float64 `json:"per_second"`
	Returns   int     `json:"returns"`
	CPU       float64 `json:"server_cpu_s"`
	Lag       float64 `json:"seal_lag_s"`
}

func (l lived) each() float64 { return 1000 * l.CPU / float64(max(1, l.Returns)) }

// beside runs the lifecycle benchmark with and without sealing, in turn, so that
// what else the machine does meets both. Without means that another process holds
// the duty to seal and does nothing: the program is the same.
func beside(binary, database string, rounds int) error {
	dir, err := os.MkdirTemp("", "seal-lifecycle-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	if database != "" {
		row("lifecycle with and without sealing", "not run: each run needs an empty database; use bench/lifecycle -unsealed")
		return nil
	}
	command := filepath.Join(dir, "lifecycle")
	build := exec.Command("go", "build", "-o", command, "./bench/lifecycle")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building bench/lifecycle: %w", err)
	}
	var with, without []lived
	for n := range 2 * rounds {
		file := filepath.Join(dir, fmt.Sprint("run-", n, ".json"))
		args := []string{"-binary", binary, "-clients", "32", "-duration", "8s", "-warm", "2s", "-out", file}
		if n%2 == 1 {
			args = append(args, "-unsealed")
		}
		if said, err := exec.Command(command, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("lifecycle: %w: %s", err, bytes.TrimSpace(said))
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var one struct{ Result lived }
		if err := json.Unmarshal(raw, &one); err != nil {
			return errors.Join(errors.New("lifecycle wrote something else than figures"), err)
		}
		if n%2 == 1 {
			without = append(without, one.Result)
		} else {
			with = append(with, one.Result)
		}
	}
	on, off := middle(with), middle(without)
	lag := slices.MaxFunc(with, func(a, b lived) int { return int(1000 * (a.Lag - b.Lag)) }).Lag
	row("lifecycle, 32 clients, sealed", "%6.1f returns/s, %.2f ms CPU of the server each, oldest unsealed event %.2f s at most", on.PerSecond, on.each(), lag)
	row("lifecycle, 32 clients, the sequencer stopped", "%6.1f returns/s, %.2f ms CPU of the server each", off.PerSecond, off.each())
	row("price of sealing under it (goal: below 10 %)", "%+.1f %% returns/s, %+.1f %% CPU a return; load %s", 100*(on.PerSecond/off.PerSecond-1), 100*(on.each()/off.each()-1), load())
	return nil
}

// middle is the mean of some runs.
func middle(all []lived) (m lived) {
	for _, one := range all {
		m.PerSecond += one.PerSecond / float64(len(all))
		m.CPU += one.CPU
		m.Returns += one.Returns
	}
	return m
}
