// Package child runs the program that is measured, as a process of its own.
//
// It owns starting and stopping it, calling its API, and what it used of the
// machine. It does not know what is measured. A process that this package has
// started does not outlive Stop.
package child

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Install is one installation of the program.
type Install struct {
	Binary   string
	Data     string // its folder
	Database string // postgres://…, or empty for SQLite in Data
}

func (i Install) flags() []string {
	all := []string{"--data", i.Data}
	if i.Database != "" {
		all = append(all, "--database", i.Database)
	}
	return all
}

// Command is the program with arguments, on this installation.
func (i Install) Command(ctx context.Context, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, i.Binary, append(args, i.flags()...)...)
}

// Used is what a command took.
type Used struct {
	Wall   time.Duration
	CPU    time.Duration
	PeakMB float64
}

// Run runs a command to its end and returns what it printed.
func (i Install) Run(ctx context.Context, args ...string) ([]byte, Used, error) {
	cmd := i.Command(ctx, args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	began := time.Now()
	err := cmd.Run()
	u := Used{Wall: time.Since(began)}
	if cmd.ProcessState != nil {
		u.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			u.PeakMB = float64(r.Maxrss) / 1024 // Linux counts kilobytes
		}
	}
	if err != nil {
		return out.Bytes(), u, fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, said.String())
	}
	return out.Bytes(), u, nil
}

// Server is a running server.
type Server struct {
	Install
	URL string
	Key string // sent with each call
	cmd *exec.Cmd
	log bytes.Buffer
	web *http.Client
}

// Serve starts a server on a free port and waits until it is ready.
func (i Install) Serve(ctx context.Context, args ...string) (*Server, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		return nil, err
	}
	s := &Server{Install: i, URL: "http://" + address, web: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
	s.cmd = i.Command(context.WithoutCancel(ctx), append([]string{"serve", "--listen", address, "--rate-limit", "0", "--log-level", "warn", "--mail", "off"}, args...)...)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for range 1200 {
		if resp, err := s.web.Get(s.URL + "/readyz"); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return s, nil
			}
		}
		if ctx.Err() != nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	return nil, fmt.Errorf("the server did not become ready: %s", s.log.String())
}

// Authorize makes an API key with these permissions and uses it from now on.
func (s *Server) Authorize(ctx context.Context, scopes string) error {
	return s.AuthorizeAs(ctx, "--scope", scopes)
}

// AuthorizeAs makes an API key with arguments of "key create" and uses it from
// now on.
func (s *Server) AuthorizeAs(ctx context.Context, args ...string) error {
	out, _, err := s.Run(ctx, append([]string{"key", "create", "bench", "--json"}, args...)...)
	if err != nil {
		return err
	}
	var key struct{ Secret string }
	if err := json.Unmarshal(out, &key); err != nil {
		return fmt.Errorf("key create printed %s: %w", out, err)
	}
	s.Key = key.Secret
	return nil
}

// Stop ends the server gracefully.
func (s *Server) Stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	late := time.AfterFunc(40*time.Second, func() { _ = s.cmd.Process.Kill() })
	defer late.Stop()
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("the server ended with %w: %s", err, s.log.String())
	}
	return nil
}

// Header is one header of a call.
type Header struct{ Name, Value string }

// Call does one request. An answer other than success is an error.
func (s *Server) Call(ctx context.Context, method, path string, body, out any, headers ...Header) error {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, reader)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+s.Key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("If-Match", "*")
	}
	for _, h := range headers {
		req.Header.Set(h.Name, h.Value)
	}
	resp, err := s.web.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return err
	case resp.StatusCode >= 300:
		return fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, raw)
	case out != nil:
		return json.Unmarshal(raw, out)
	}
	return nil
}

// Load is what the server uses: the processor since its start, and memory now.
func (s *Server) Load() (cpu time.Duration, megabytes float64, err error) {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/stat")
	if err != nil {
		return 0, 0, err
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	if err != nil {
		return 0, 0, err
	}
	megabytes, err = s.memory("VmRSS:")
	return time.Duration(user+system) * time.Second / 100, megabytes, err // clock ticks of Linux
}

// PeakMB is the most memory the server has used.
func (s *Server) PeakMB() (float64, error) { return s.memory("VmHWM:") }

func (s *Server) memory(name string) (float64, error) {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("no " + name)
}
