package dbtest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What the test binary finds in its environment when it is to be a child.
const (
	childStore = "AFTERCARE_TEST_CHILD_STORE"
	childArgs  = "AFTERCARE_TEST_CHILD_ARGS"
	between    = "\x1f"
)

// Main runs a package's tests, or, in a process made by Start, work instead: what
// is to be killed. It is called by TestMain.
func Main(m *testing.M, work func(store string, args []string) error) {
	store := os.Getenv(childStore)
	if store == "" {
		os.Exit(m.Run())
	}
	if err := work(store, strings.Split(os.Getenv(childArgs), between)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Stores returns the address of an empty store of each engine, by its name, that
// more than one process can open.
func Stores(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "child.db")}
	if server := os.Getenv("AFTERCARE_TEST_POSTGRES"); server != "" {
		all["postgres"] = PostgresSchema(t, server)
	}
	return all
}

// Process is the test binary at work in a process of its own.
type Process struct {
	t    *testing.T
	cmd  *exec.Cmd
	said *bufio.Scanner
}

// Start starts what Main was given. It is killed at the end of the test at the
// latest.
func Start(t *testing.T, store string, args ...string) *Process {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childStore+"="+store, childArgs+"="+strings.Join(args, between))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &Process{t: t, cmd: cmd, said: bufio.NewScanner(out)}
	t.Cleanup(p.Kill)
	return p
}

// Wait waits for so many lines of output; the test fails when the process ends
// before.
func (p *Process) Wait(lines int) *Process {
	p.t.Helper()
	for range lines {
		if !p.said.Scan() {
			p.t.Fatalf("the process ended by itself: %v", p.said.Err())
		}
	}
	return p
}

// Kill ends the process as kill -9 does. A second call does nothing.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // says that it was killed
}
