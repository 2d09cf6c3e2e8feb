package crash_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is one server that is started again and again at one address.
type process struct {
	binary string
	data   string
	url    string
	args   []string
	log    string
	cmd    *exec.Cmd
	ended  chan struct{}
}

func newProcess(t *testing.T, w *world, data string) *process {
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	// Below the ports that systems give to whoever asks for any: a killed server
	// finds its own again.
	var address string
	for free := net.Listener(nil); free == nil; {
		address = fmt.Sprintf("127.0.0.1:%d", 12000+rand.IntN(20000))
		if l, err := net.Listen("tcp", address); err == nil {
			free = l
			_ = l.Close()
		}
	}
	p := &process{binary: binary(t), data: data, url: "http://" + address, log: data + ".log"}
	p.args = append([]string{"serve", "--listen", address, "--rate-limit", "0", "--log-level", "warn", "--log-format", "text", "--mail", "off"}, append(p.store(w), "--nats", w.nats)...)
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%s said at the end:\n%s", data, p.lastWords())
		}
	})
	return p
}

func (p *process) store(w *world) []string {
	all := []string{"--data", p.data, "--master-key", w.master}
	if strings.HasPrefix(w.url, "postgres") {
		all = append(all, "--database", w.url)
	}
	return all
}

// tool runs another command of the program on the same installation.
func (p *process) tool(t *testing.T, w *world, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), p.binary, append(args, p.store(w)...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	return out
}

// start runs the server and waits until it is ready.
func (p *process) start(t *testing.T) {
	t.Helper()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	fmt.Fprintf(log, "--- start at %s\n", time.Now().Format(time.TimeOnly))
	p.cmd = exec.Command(p.binary, p.args...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cmd, ended := p.cmd, make(chan struct{})
	p.ended = ended
	go func() { _ = cmd.Wait(); close(ended) }()
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		select {
		case <-ended:
			t.Fatalf("the server ended at its start:\n%s", p.lastWords())
		default:
		}
		if resp, err := http.Get(p.url + "/readyz"); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
	}
	t.Fatalf("the server did not become ready:\n%s", p.lastWords())
}

// kill ends the process as a power cut of its machine would: at once.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	<-p.ended
	p.cmd = nil
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Fatalf("%s: %v\n%s", s, err, p.lastWords())
	}
}

// stop ends the process gracefully, which must succeed.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.signal(t, syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(40 * time.Second):
		t.Errorf("%s did not stop:\n%s", p.data, p.lastWords())
		p.kill()
		return
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("%s stopped with %d:\n%s", p.data, code, p.lastWords())
	}
	p.cmd = nil
}

func (p *process) lastWords() string {
	raw, err := os.ReadFile(p.log)
	if err != nil {
		return filepath.Base(p.log) + ": " + err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	return strings.Join(lines[max(0, len(lines)-25):], "\n")
}
