package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// PositionHeader carries the position in the log, beside Nats-Msg-Id, which
// carries the event's id.
const PositionHeader = "Aftercare-Position"

// ErrChain refuses messages that do not follow the end of the stream: somebody
// else has published, or the stream has lost its tail. Ask for the End again.
var ErrChain = errors.New("message bus: the stream's end is not where it was expected")

// Message is one entry of the stream.
type Message struct {
	ID       string
	Position int64
	Subject  string // see Subject
	Data     []byte
}

// End is the last thing the stream holds.
type End struct {
	Sequence uint64 // of the last message ever stored, 0 for a new stream
	ID       string // of the last message still there; empty if there is none
	Position int64
}

// Subject builds the subject of a tenant's messages of a type. Signs with a
// meaning in subjects become underscores.
func Subject(tenant, typ string) string {
	return Prefix + "." + token.Replace(strings.ReplaceAll(tenant, ".", "_")) + "." + token.Replace(typ)
}

var token = strings.NewReplacer("*", "_", ">", "_", " ", "_", "\t", "_", "\r", "_", "\n", "_")

// End asks the stream for its last message. A stream that somebody deleted is
// made again.
func (b *Bus) End(ctx context.Context) (End, error) {
	stream, err := b.js.Stream(ctx, Stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		b.log.Warn("the message bus has lost its stream; making it again", "stream", Stream)
		stream, err = b.js.CreateStream(ctx, b.config)
	}
	if err != nil {
		return End{}, fmt.Errorf("stream %s: %w", Stream, err)
	}
	info := stream.CachedInfo()
	end := End{Sequence: info.State.LastSeq}
	if info.State.Msgs == 0 {
		return end, nil
	}
	// Not by sequence: the last one may have been deleted by hand.
	m, err := stream.GetLastMsgForSubject(ctx, Prefix+".>")
	if err != nil {
		return End{}, fmt.Errorf("last message of stream %s: %w", Stream, err)
	}
	end.ID = m.Header.Get(nats.MsgIdHdr)
	end.Position, err = strconv.ParseInt(m.Header.Get(PositionHeader), 10, 64)
	if err != nil {
		return End{}, fmt.Errorf("stream %s: message %d is not one of ours: %w", Stream, m.Sequence, err)
	}
	return end, nil
}

// Publish appends messages behind the sequence after, in order, and returns
// when all are stored. Only the last one asks for an acknowledgement: each
// message names the sequence it follows, so the last one can be stored only if
// all before it were. On ErrChain, or any other error, a first part of them may
// have been stored; the End tells which.
func (b *Bus) Publish(ctx context.Context, after uint64, messages []Message) error {
	for i, m := range messages {
		msg := &nats.Msg{Subject: m.Subject, Data: m.Data, Header: nats.Header{
			nats.MsgIdHdr:           {m.ID},
			nats.ExpectedLastSeqHdr: {strconv.FormatUint(after+uint64(i), 10)},
			PositionHeader:          {strconv.FormatInt(m.Position, 10)},
		}}
		if i < len(messages)-1 {
			if err := b.conn.PublishMsg(msg); err != nil {
				return fmt.Errorf("publish %s: %w", m.ID, err)
			}
			continue
		}
		reply, err := b.conn.RequestMsgWithContext(ctx, msg)
		if err != nil {
			return fmt.Errorf("publish %s: %w", m.ID, err)
		}
		return acknowledged(reply.Data, after+uint64(len(messages)))
	}
	return nil
}

func acknowledged(data []byte, want uint64) error {
	var ack struct {
		Error *jetstream.APIError `json:"error"`
		jetstream.PubAck
	}
	if err := json.Unmarshal(data, &ack); err != nil {
		return fmt.Errorf("acknowledgement: %w", err)
	}
	switch {
	case ack.Error != nil && (ack.Error.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || ack.Error.ErrorCode == wrongLastSequenceConstant):
		return fmt.Errorf("%w (%s)", ErrChain, ack.Error.Description)
	case ack.Error != nil:
		return fmt.Errorf("publish: %w", ack.Error)
	case ack.Sequence != want:
		return fmt.Errorf("%w (stored at %d, not %d)", ErrChain, ack.Sequence, want)
	}
	return nil
}

const wrongLastSequenceConstant jetstream.ErrorCode = 10164

// Purge empties the stream; sequences go on.
func (b *Bus) Purge(ctx context.Context) error {
	stream, err := b.js.Stream(ctx, Stream)
	if err == nil {
		err = stream.Purge(ctx)
	}
	if err != nil {
		return fmt.Errorf("purge stream %s: %w", Stream, err)
	}
	return nil
}

// Listen hands the messages that are stored from now on to fn, in the stream's
// order, until stop is called. Lost connections are bridged; should the stream
// itself lose messages meanwhile, the positions show it.
func (b *Bus) Listen(ctx context.Context, fn func(position int64, data []byte)) (stop func(), err error) {
	consumer, err := b.js.OrderedConsumer(ctx, Stream, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverNewPolicy, InactiveThreshold: 30 * time.Second,
	})
	if err != nil {
		return nil, fmt.Errorf("listen to stream %s: %w", Stream, err)
	}
	running, err := consumer.Consume(func(m jetstream.Msg) {
		position, err := strconv.ParseInt(m.Headers().Get(PositionHeader), 10, 64)
		if err != nil {
			return // not ours; the gap is filled from the log
		}
		fn(position, m.Data())
	}, jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
		b.log.Debug("message bus consumer", "err", err)
	}))
	if err != nil {
		return nil, fmt.Errorf("listen to stream %s: %w", Stream, err)
	}
	return running.Stop, nil
}

// tick is outside the stream's subjects: it is not stored.
const tick = "aftercare-tick"

// Tick tells all processes that the log has grown; a tick may be lost.
func (b *Bus) Tick() { _ = b.conn.Publish(tick, nil) }

// whispered is outside the stream's subjects as well.
const whispered = "aftercare-whisper"

// Whisper tells all processes something that nobody has to keep; it may be lost.
func (b *Bus) Whisper(data []byte) { _ = b.conn.Publish(whispered, data) }

// OnWhisper calls fn with all that is whispered, by this process too, until stop
// is called.
func (b *Bus) OnWhisper(fn func(data []byte)) (stop func(), err error) {
	sub, err := b.conn.Subscribe(whispered, func(m *nats.Msg) { fn(m.Data) })
	if err != nil {
		return nil, fmt.Errorf("message bus: %w", err)
	}
	return func() { _ = sub.Unsubscribe() }, nil
}

// OnTick calls fn on every tick until stop is called.
func (b *Bus) OnTick(fn func()) (stop func(), err error) {
	sub, err := b.conn.Subscribe(tick, func(*nats.Msg) { fn() })
	if err != nil {
		return nil, fmt.Errorf("message bus: %w", err)
	}
	return func() { _ = sub.Unsubscribe() }, nil
}
