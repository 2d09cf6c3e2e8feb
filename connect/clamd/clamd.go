// Package clamd asks a ClamAV daemon whether a file holds malware.
//
// It owns the daemon's INSTREAM conversation and nothing else: what is done with
// the answer is the business of who asks. A file is never called clean unless
// the daemon said so; everything else it may say is an error.
package clamd

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"
)

// ErrTooLarge is given where the daemon's StreamMaxLength is below the file.
var ErrTooLarge = errors.New("file is larger than clamd's StreamMaxLength")

const (
	pieces  = 64 << 10
	silence = 40 * time.Second // of the daemon
	longest = 4 << 10          // bytes of an answer
)

// Client is a daemon's address. Each scan has a connection of its own.
type Client struct{ network, address string }

// New reads an address: tcp://HOST:PORT or unix:///PATH.
func New(address string) (*Client, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, fmt.Errorf("clamd address: %w", err)
	case u.Scheme == "tcp" && u.Host != "":
		host := u.Host
		if u.Port() == "" {
			host = net.JoinHostPort(u.Hostname(), "3310")
		}
		return &Client{"tcp", host}, nil
	case u.Scheme == "unix" && u.Path != "":
		return &Client{"unix", u.Path}, nil
	}
	return nil, fmt.Errorf("clamd address %q: want tcp://HOST:PORT or unix:///PATH", address)
}

// Scan sends a file and returns the name of the malware in it, empty where the
// daemon found none. It fails where the daemon cannot be reached or says
// anything else, with ErrTooLarge where the file was too much for it.
func (c *Client) Scan(ctx context.Context, file io.Reader) (string, error) {
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, c.network, c.address)
	if err != nil {
		return "", fmt.Errorf("clamd: %w", err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	sendErr := c.send(conn, file)
	if sendErr != nil && !broken(sendErr) {
		return "", fmt.Errorf("clamd: %w", sendErr)
	}
	_ = conn.SetReadDeadline(time.Now().Add(silence))
	answer, err := bufio.NewReader(io.LimitReader(conn, longest)).ReadString(0)
	if err != nil && !(errors.Is(err, io.EOF) && answer != "") {
		return "", fmt.Errorf("clamd: %w", errors.Join(err, sendErr))
	}
	return meaning(strings.TrimRight(answer, "\x00\n"))
}

// send streams a file in pieces, each with its length, and an empty one last.
func (c *Client) send(conn net.Conn, file io.Reader) error {
	_ = conn.SetWriteDeadline(time.Now().Add(silence))
	if _, err := conn.Write([]byte("zINSTREAM\x00")); err != nil {
		return err
	}
	p := make([]byte, 4+pieces)
	for {
		n, err := io.ReadFull(file, p[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(p, uint32(n)) //nolint:gosec // at most 64 KiB
			_ = conn.SetWriteDeadline(time.Now().Add(silence))
			if _, err := conn.Write(p[:4+n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			_, err = conn.Write(make([]byte, 4))
			return err
		}
		if err != nil {
			return fmt.Errorf("reading the file: %w", err)
		}
	}
}

// broken tells whether the daemon closed its side: it says why before it does.
func broken(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "write" && !op.Timeout()
}

// meaning reads "stream: OK", "stream: NAME FOUND" and complaints.
func meaning(answer string) (string, error) {
	said, isStream := strings.CutPrefix(answer, "stream: ")
	name, found := strings.CutSuffix(said, " FOUND")
	switch {
	case isStream && said == "OK":
		return "", nil
	case isStream && found && name != "":
		return name, nil
	case strings.Contains(answer, "size limit exceeded"):
		return "", ErrTooLarge
	}
	return "", fmt.Errorf("clamd: it said %q", answer)
}
