// Package bustest runs real NATS servers with JetStream for tests.
package bustest

import (
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/aftercare/aftercare/platform/bus"
)

var (
	mu      sync.Mutex
	serving = map[string]*server.Server{} // by folder: two servers must not share one
)

// Serve starts a server on a folder, at a port of this machine or, with -1, at
// a free one. A server that still runs on the folder ends first, so a second
// call is a restart. It ends with the test.
func Serve(t testing.TB, dir string, port int) *server.Server {
	t.Helper()
	end(dir)
	s, err := server.NewServer(&server.Options{
		ServerName: "test", Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: dir,
		JetStreamMaxMemory: 64 << 20, JetStreamMaxStore: 2 << 30, NoLog: true, NoSigs: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(30 * time.Second) {
		s.Shutdown()
		t.Fatal("the NATS server did not start within 30 s")
	}
	mu.Lock()
	serving[dir] = s
	mu.Unlock()
	t.Cleanup(func() { end(dir) })
	return s
}

// Open starts a server on a folder and connects to it.
func Open(t testing.TB, dir string, o bus.Options) *bus.Bus {
	t.Helper()
	o.URL = Serve(t, dir, server.RANDOM_PORT).ClientURL()
	b, err := bus.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func end(dir string) {
	mu.Lock()
	s := serving[dir]
	delete(serving, dir)
	mu.Unlock()
	if s != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
}
