package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/aftercare/aftercare/platform/bus"
)

// Run works until ctx ends or a part fails, then stops in an order that loses
// nothing: no new requests, those under way finish, then the workers, then the
// relay, then the stream. started is called once, when everything runs, with
// the address of the server (empty without one).
func (h *House) Run(ctx context.Context, started func(address string)) error {
	roomy()
	if h.Config.NATS != "off" || h.Config.HTTP {
		lock, err := TakeLock(h.Config.Data)
		if err != nil {
			return err
		}
		defer lock.Release() //nolint:errcheck // the process ends
	}
	endTraces, err := h.trace(ctx)
	if err != nil {
		return err
	}
	defer endTraces()
	b, err := h.openBus(ctx)
	if err != nil {
		return err
	}
	if b != nil {
		defer b.Close() //nolint:errcheck // the log is the truth, what was not sent is sent at the next start
	}
	s, err := h.wire(b)
	if err != nil {
		return err
	}
	var listener net.Listener
	if h.Config.HTTP {
		if listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", h.Config.Listen); err != nil {
			return fmt.Errorf("%w (another address: --listen HOST:PORT)", err)
		}
		defer listener.Close() //nolint:errcheck // Shutdown has closed it
	}
	p := newParts()
	tail := p.start("tail", s.tail.Run)
	var relay, sealed, workers, followers, server *part
	if h.Config.Relay {
		relay = p.start("relay", s.relay.Run)
		sealed = p.start("seal", s.sealed.Run)
	}
	if h.Config.Workers {
		workers = p.start("workers", s.queue.Run)
		followers = p.start("followers", s.followers.Run)
	}
	keys := p.start("keys", h.followKeys)
	var audits *part
	if h.Config.Workers {
		audits = p.start("audits", s.monitor.Run)
	}
	live := p.start("live", s.runLive)
	notes := p.start("notes", func(ctx context.Context) error { s.gate.Run(ctx, h.DB, h.Log); return nil })
	noted := p.start("reads", s.reads.Run)
	address := ""
	if listener != nil {
		server = p.start("server", func(ctx context.Context) error { return h.listen(ctx, listener, s) })
		address = listener.Addr().String()
	}
	h.Log.InfoContext(ctx, "started", "listen", address, "engine", string(h.DB.Engine()), "config", h.Config)
	started(address)
	select {
	case <-ctx.Done():
		h.Log.Info("stopping")
	case err = <-p.failed:
		h.Log.Error("stopping because a part failed", "err", err)
	}
	for _, one := range []*part{server, live, notes, noted, audits, workers, followers, keys, sealed, relay, tail} {
		err = errors.Join(err, one.stop())
	}
	h.Log.Info("stopped")
	return err
}

// openBus opens the message stream, or returns nil where it is off.
func (h *House) openBus(ctx context.Context) (*bus.Bus, error) {
	if h.Config.NATS == "off" {
		return nil, nil
	}
	b, err := bus.Open(ctx, bus.Options{URL: h.Config.NATS.Reveal(), Replicas: h.Config.Replicas, Log: h.Log})
	if err != nil {
		return nil, &Unavailable{"the message stream", err}
	}
	return b, nil
}

// listen serves HTTP until ctx ends, then lets the requests under way finish.
func (h *House) listen(ctx context.Context, l net.Listener, s *services) error {
	streams, endStreams := context.WithCancel(context.WithoutCancel(ctx))
	defer endStreams()
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          serverLog(h.Log),
	}
	server.RegisterOnShutdown(s.endLive)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("HTTP server: %w", err)
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(streams, h.Config.StopTimeout)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		h.Log.Warn("requests were cut off", "after", h.Config.StopTimeout.String(), "err", err)
		return server.Close()
	}
	return nil
}

// parts are the things that run side by side in a process.
type parts struct {
	failed chan error
	once   sync.Once
}

type part struct {
	cancel context.CancelFunc
	done   chan struct{}
}

func newParts() *parts { return &parts{failed: make(chan error, 1)} }

// start runs a part in its own context, so that each can be stopped in turn. A
// part that ends before it is stopped has failed.
func (p *parts) start(name string, run func(ctx context.Context) error) *part {
	ctx, cancel := context.WithCancel(context.Background())
	one := &part{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(one.done)
		err := run(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			err = errors.New("ended by itself")
		}
		p.once.Do(func() { p.failed <- fmt.Errorf("%s: %w", name, err) })
	}()
	return one
}

// stop ends a part and waits until it has put everything down.
func (p *part) stop() error {
	if p == nil {
		return nil
	}
	p.cancel()
	select {
	case <-p.done:
		return nil
	case <-time.After(time.Minute):
		return errors.New("a part did not stop within a minute")
	}
}

// roomy lets the heap grow further before it is collected than Go does by
// itself: what lives is small (some 40 MB), so a tenth of the processor is saved
// for about 50 MB. GOGC in the environment decides otherwise.
func roomy() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}
