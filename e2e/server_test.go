// Package e2e tests the program from outside: the real binary on both
// databases, asked over HTTP, the command line, e-mail and a real browser.
//
// It owns the walks through the whole product, the test that no shop sees
// another's data, and the table of answers to bad input. It does not repeat
// what packages test of themselves. Nothing in it waits for time to pass, only
// for something to happen.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aftercare/aftercare/base/id"
)

var built struct {
	once sync.Once
	path string
	err  error
}

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "aftercare-e2e-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	built.path = filepath.Join(folder, "aftercare")
	status := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(status)
}

// program is the one under test: the one that AFTERCARE_TEST_BINARY names,
// or one that is built once.
func program(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if given := os.Getenv("AFTERCARE_TEST_BINARY"); given != "" {
			built.path, built.err = filepath.Abs(given)
			return
		}
		build := exec.Command("go", "build", "-o", built.path, "../cmd/aftercare")
		if out, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("building the program: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

// each runs a test on both engines: SQLite, and PostgreSQL where
// AFTERCARE_TEST_POSTGRES names a server.
func each(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "") })
	if os.Getenv("AFTERCARE_TEST_POSTGRES") != "" {
		t.Run("postgres", func(t *testing.T) { test(t, ownDatabase(t)) })
	}
}

// ownDatabase makes an empty database on the test server, removed at the end.
func ownDatabase(t *testing.T) string {
	t.Helper()
	at, err := url.Parse(os.Getenv("AFTERCARE_TEST_POSTGRES"))
	if err != nil {
		t.Fatal(err)
	}
	name := id.New("e2e")
	run := func(statement string) {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, at.String())
		if err == nil {
			_, err = conn.Exec(ctx, statement)
			_ = conn.Close(ctx)
		}
		if err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	run("create database " + name)
	t.Cleanup(func() { run("drop database " + name + " with (force)") })
	own := *at
	own.Path = "/" + name
	return own.String()
}

// server is a running program.
type server struct {
	url, data string
	flags     []string // that every command on this installation needs
	bin       string
}

// installation makes a data folder that belongs to nobody yet.
func installation(t *testing.T, database string) *server {
	t.Helper()
	s := &server{data: t.TempDir(), bin: program(t)}
	s.flags = []string{"--data", s.data}
	if database != "" {
		s.flags = append(s.flags, "--database", database)
	}
	return s
}

// start serves the installation until the test ends, and answers when it is
// ready. The server has to end by itself, with status 0, when it is told to.
func (s *server) start(t *testing.T, flags ...string) {
	t.Helper()
	listen := freeAddress(t)
	s.url = slowly(t, "http://"+listen)
	args := append([]string{"serve", "--listen", listen, "--base-url", s.url, "--log-level", "warn"}, s.flags...)
	cmd := exec.Command(s.bin, append(args, flags...)...)
	cmd.Env = environment()
	log := &tail{}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the server ended with %v", err)
			}
		case <-time.After(30 * time.Second):
			_ = cmd.Process.Kill()
			t.Error("the server did not end within 30 s")
		}
		for _, line := range log.faults() {
			t.Errorf("the server survived a fault of its own: %s", line)
		}
		if t.Failed() {
			t.Logf("log of the server:\n%s", log)
		}
	})
	deadline := time.After(3 * time.Minute)
	for {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the server did not start: %v", err)
		case <-deadline:
			t.Fatal("the server was not ready within three minutes")
		case <-time.After(20 * time.Millisecond):
		}
		if answer, err := http.Get(s.url + "/readyz"); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
	}
}

// run runs a command of the program on the installation.
func (s *server) run(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	status, stdout, stderr := command(t, s.bin, stdin, nil, append(args, s.flags...)...)
	if status != 0 {
		t.Fatalf("aftercare %v: status %d\n%s%s", args, status, stdout, stderr)
	}
	return stdout
}

// command runs the program and returns what it printed.
func command(t *testing.T, bin, stdin string, environ []string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Env = append(environment(), environ...)
	cmd.Stdin = bytes.NewBufferString(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if cmd.ProcessState == nil || ctx.Err() != nil {
		t.Fatalf("aftercare %v: %v", args, err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// environment is ours without settings of the program.
func environment() []string {
	var kept []string
	for _, one := range os.Environ() {
		if len(one) < 10 || one[:10] != "AFTERCARE_" {
			kept = append(kept, one)
		}
	}
	return kept
}

// freeAddress is one that nobody listens on. It lies below the ports that
// systems give to whoever asks for any, so that nobody is given it before the
// server takes it.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 12000+rand.IntN(20000))
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// tail keeps the last lines that were written to it.
type tail struct {
	mu    sync.Mutex
	lines []string
	wrong []string // faults that the program survived, and nobody may see
}

func (l *tail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := bufio.NewScanner(bytes.NewReader(p))
	for lines.Scan() {
		l.lines = append(l.lines, lines.Text())
		if strings.Contains(lines.Text(), "panic") {
			l.wrong = append(l.wrong, lines.Text())
		}
	}
	l.lines = l.lines[max(0, len(l.lines)-60):]
	return len(p), nil
}

func (l *tail) faults() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wrong
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b bytes.Buffer
	for _, line := range l.lines {
		_, _ = io.WriteString(&b, line+"\n")
	}
	return b.String()
}
