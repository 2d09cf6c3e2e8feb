package bus

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// embed starts a server that only this process reaches. It listens nowhere and
// leaves signals to the program.
func embed(o Options) (*server.Server, error) {
	if o.Dir == "" {
		return nil, fmt.Errorf("message bus: neither a URL nor a folder is given")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("message bus folder: %w", err)
	}
	s, err := server.NewServer(&server.Options{
		ServerName: "aftercare", DontListen: true, NoSigs: true, JetStream: true, StoreDir: o.Dir,
		JetStreamMaxMemory: 64 << 20, JetStreamMaxStore: o.MaxBytes + 256<<20,
		MaxPayload: 8 << 20,
	})
	if err != nil {
		return nil, fmt.Errorf("message bus: %w", err)
	}
	s.SetLoggerV2(serverLog{o.Log}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(30 * time.Second) {
		s.Shutdown()
		return nil, fmt.Errorf("message bus: the embedded server did not start within 30 s")
	}
	return s, nil
}

// serverLog passes on what an operator should see of the embedded server.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Noticef(format string, v ...any) {
	l.log.Debug("message bus server", "note", fmt.Sprintf(format, v...))
}

func (l serverLog) Warnf(format string, v ...any) {
	l.log.Warn("message bus server", "note", fmt.Sprintf(format, v...))
}

func (l serverLog) Errorf(format string, v ...any) {
	l.log.Error("message bus server", "note", fmt.Sprintf(format, v...))
}

func (l serverLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }
func (l serverLog) Debugf(string, ...any)          {}
func (l serverLog) Tracef(string, ...any)          {}
