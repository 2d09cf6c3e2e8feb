package clamd_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/connect/clamd"
)

// The test file of the anti-malware industry, in two halves so that this source
// is not itself found.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-` + `TEST-FILE!$H+H*`

// daemon speaks as clamd does: pieces with their length until an empty one, at
// most limit bytes in all, one answer ended by a zero byte.
func daemon(t *testing.T, network, address string, limit int) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.WriteString(conn, answer(bufio.NewReader(conn), limit))
			}()
		}
	}()
	return l
}

func answer(r *bufio.Reader, limit int) string {
	command, err := r.ReadString(0)
	if err != nil || command != "zINSTREAM\x00" {
		return "UNKNOWN COMMAND\x00"
	}
	var all bytes.Buffer
	for {
		var n uint32
		if err := binary.Read(r, binary.BigEndian, &n); err != nil {
			return ""
		}
		if n == 0 {
			break
		}
		if all.Len()+int(n) > limit {
			return "INSTREAM size limit exceeded. ERROR\x00"
		}
		if _, err := io.CopyN(&all, r, int64(n)); err != nil {
			return ""
		}
	}
	if bytes.Contains(all.Bytes(), []byte(eicar)) {
		return "stream: Win.Test.EICAR_HDB-1 FOUND\x00"
	}
	return "stream: OK\x00"
}

func client(t *testing.T, address string) *clamd.Client {
	t.Helper()
	c, err := clamd.New(address)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestADaemonSaysWhatIsInAFile(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "clamd.sock")
	daemon(t, "unix", socket, 1<<20)
	for _, address := range []string{"tcp://" + daemon(t, "tcp", "127.0.0.1:0", 1<<20).Addr().String(), "unix://" + socket} {
		c := client(t, address)
		for _, one := range []struct{ name, file, want string }{
			{"nothing", "", ""},
			{"a text", "hello", ""},
			{"many pieces", strings.Repeat("picture ", 100_000), ""},
			{"malware", eicar, "Win.Test.EICAR_HDB-1"},
			{"malware over two pieces", strings.Repeat(" ", 64<<10-10) + eicar, "Win.Test.EICAR_HDB-1"},
		} {
			if got, err := c.Scan(t.Context(), strings.NewReader(one.file)); got != one.want || err != nil {
				t.Errorf("%s at %s: %q, %v, want %q", one.name, address, got, err, one.want)
			}
		}
		if _, err := c.Scan(t.Context(), strings.NewReader(strings.Repeat("x", 2<<20))); !errors.Is(err, clamd.ErrTooLarge) {
			t.Errorf("more than it takes: %v", err)
		}
	}
}

func TestAFileIsNotCleanUnlessTheDaemonSaysSo(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	says := make(chan string, 1)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.ReadAll(io.LimitReader(conn, int64(len("zINSTREAM\x00")+4+5+4)))
				_, _ = io.WriteString(conn, <-says)
				conn.Close()
			}()
		}
	}()
	c := client(t, "tcp://"+l.Addr().String())
	for _, said := range []string{"", "stream: ", "stream: FOUND", "OK", "stream: OK but\x00", "stream: Can't allocate memory ERROR\x00", "COMMAND READ TIMED OUT\x00"} {
		says <- said
		if found, err := c.Scan(t.Context(), strings.NewReader("hello")); err == nil {
			t.Errorf("%q means %q and no error", said, found)
		}
	}
	l.Close()
	if _, err := c.Scan(t.Context(), strings.NewReader("hello")); err == nil {
		t.Error("no daemon, no error")
	}
}

func TestAddressesAreUnderstoodOrRefused(t *testing.T) {
	for _, bad := range []string{"", "localhost:3310", "http://localhost:3310", "tcp://", "unix://"} {
		if _, err := clamd.New(bad); err == nil {
			t.Errorf("%q is taken for an address", bad)
		}
	}
}

// With AFTERCARE_TEST_CLAMD a real daemon is asked as well.
func TestARealDaemonAgrees(t *testing.T) {
	address := os.Getenv("AFTERCARE_TEST_CLAMD")
	if address == "" {
		address = "tcp://" + daemon(t, "tcp", "127.0.0.1:0", 1<<20).Addr().String()
	}
	c := client(t, address)
	if got, err := c.Scan(t.Context(), strings.NewReader("hello")); got != "" || err != nil {
		t.Errorf("a text: %q, %v", got, err)
	}
	if got, err := c.Scan(t.Context(), strings.NewReader(eicar)); !strings.Contains(strings.ToLower(got), "eicar") || err != nil {
		t.Errorf("the test file: %q, %v", got, err)
	}
}
