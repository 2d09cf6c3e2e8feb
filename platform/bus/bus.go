// Package bus carries messages between processes and to the outside: a NATS
// server or cluster with JetStream.
//
// It owns the connection and the one stream of events. It does not know what an event is and is never the truth: a message of the
// stream is a copy of a row of the log, and can be published again from it.
// Messages enter the stream only in a chain, each naming the sequence it
// follows, so the stream has no gap, no double and no other order, whoever
// publishes and wherever a process dies.
package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Stream and Prefix name the stream and the first word of its subjects:
// aftercare.TENANT.TYPE, such as aftercare.main.case.approved.
const (
	Stream = "AFTERCARE"
	Prefix = "aftercare"
)

// Options say where the bus is.
type Options struct {
	URL      string        // nats:// or tls://…, several with commas
	MaxAge   time.Duration // how long the stream keeps messages, 7 days when 0
	MaxBytes int64         // how much it keeps, 1 GiB when 0
	Dedupe   time.Duration // window in which an event id is known again, 2 minutes when 0
	Replicas int           // copies in a cluster, 1 when 0
	Log      *slog.Logger
}

// Bus is an open connection. It is safe for concurrent use.
type Bus struct {
	log    *slog.Logger
	conn   *nats.Conn
	js     jetstream.JetStream
	config jetstream.StreamConfig
	closed chan struct{}
}

// Open connects, and makes the stream if it does not exist.
func Open(ctx context.Context, o Options) (_ *Bus, err error) {
	if o.MaxAge == 0 {
		o.MaxAge = 7 * 24 * time.Hour
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 1 << 30
	}
	if o.Dedupe == 0 {
		o.Dedupe = 2 * time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b := &Bus{log: o.Log, closed: make(chan struct{})}
	defer func() {
		if err != nil {
			_ = b.Close()
		}
	}()
	if o.URL == "" {
		return nil, errors.New("message bus: no address is given")
	}
	if err = b.connect(o.URL); err != nil {
		return nil, err
	}
	if b.js, err = jetstream.New(b.conn, jetstream.WithDefaultTimeout(10*time.Second)); err != nil {
		return nil, fmt.Errorf("jetstream: %w", err)
	}
	b.config = jetstream.StreamConfig{
		Name: Stream, Subjects: []string{Prefix + ".>"}, Description: "Copies of the event log",
		Storage: jetstream.FileStorage, Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardOld,
		MaxAge: o.MaxAge, MaxBytes: o.MaxBytes, Duplicates: o.Dedupe, Replicas: max(o.Replicas, 1), AllowDirect: true,
	}
	if _, err = b.js.CreateOrUpdateStream(ctx, b.config); err != nil {
		return nil, fmt.Errorf("stream %s: %w", Stream, err)
	}
	return b, nil
}

func (b *Bus) connect(url string) error {
	o := []nats.Option{
		nats.Name("aftercare"),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ReconnectJitter(250*time.Millisecond, time.Second),
		nats.ReconnectBufSize(-1), // what was not sent is published again from the log, in order
		nats.PingInterval(20 * time.Second),
		nats.DrainTimeout(5 * time.Second),
		nats.ClosedHandler(func(*nats.Conn) { close(b.closed) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				b.log.Warn("message bus disconnected", "err", err)
			}
		}),
		nats.ReconnectHandler(func(c *nats.Conn) { b.log.Info("message bus connected again", "server", c.ConnectedUrlRedacted()) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { b.log.Warn("message bus", "err", err) }),
	}
	conn, err := nats.Connect(url, o...)
	if err != nil {
		return fmt.Errorf("connect to the message bus: %w", err)
	}
	b.conn = conn
	return nil
}

// Health says whether the bus answers and the stream exists.
func (b *Bus) Health(ctx context.Context) error {
	if !b.conn.IsConnected() {
		return errors.New("message bus: not connected")
	}
	if _, err := b.js.Stream(ctx, Stream); err != nil {
		return fmt.Errorf("message bus: stream %s: %w", Stream, err)
	}
	return nil
}

// JetStream gives adapters that feed the outside world their own consumers.
func (b *Bus) JetStream() jetstream.JetStream { return b.js }

// Close sends what is on its way and closes the connection.
func (b *Bus) Close() error {
	var err error
	if b.conn != nil {
		if err = b.conn.Drain(); err == nil {
			<-b.closed
		} else {
			b.conn.Close()
			if errors.Is(err, nats.ErrConnectionReconnecting) || errors.Is(err, nats.ErrConnectionClosed) {
				err = nil
			}
		}
	}
	return err
}
