package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/protobuf/encoding/protowire"
)

// One connection with watches of revocations, each of which does what a verifier does, but keeps no tokens: a heartbeat every 250 ms,
// and acknowledgements. A call of the tally is a heartbeat, from its sending until it is answered.
type watchConnection struct {
	run      *run
	tally    *tally
	conn     net.Conn
	framer   *http2.Framer
	encoder  *hpack.Encoder
	block    bytes.Buffer
	received int
	watches  []*watch
	// Of all but the reader, which one goroutine uses. Another one sends heartbeats.
	sync.Mutex
	writer *bufio.Writer
}

type watch struct {
	stream uint32
	// What arrived of a message that is not whole yet.
	rest      []byte
	revision  uint64
	heartbeat uint64
	answered  uint64
	// Of the last heartbeats, when they were sent.
	sent    [8]time.Time
	isEnded bool
}

const (
	heartbeatEvery = 250 * time.Millisecond
	beginWithin    = 2 * time.Second
	// A heartbeat that is answered later opens no verifier.
	maxHeartbeatAge = time.Second
	verifierIDBytes = 16
)

// Fields of the contract.
const (
	requestStart         = 1
	requestHeartbeat     = 2
	requestAcknowledged  = 3
	startVerifierID      = 1
	responseEvents       = 2
	responseRevision     = 3
	responseHeartbeat    = 4
	responseAcknowledge  = 6
	firstStream          = 1
	streamsBetweenStarts = 2
)

func dialWatches(r *run, t *tally) (*watchConnection, error) {
	conn, err := net.Dial("tcp", r.plan.Address)
	if err != nil {
		return nil, err
	}
	c := &watchConnection{run: r, tally: t, conn: conn, writer: bufio.NewWriterSize(conn, bufferBytes)}
	c.framer = http2.NewFramer(c.writer, bufio.NewReaderSize(conn, bufferBytes))
	c.framer.SetReuseFrames()
	c.framer.ReadMetaHeaders = hpack.NewDecoder(4_096, nil)
	c.encoder = hpack.NewEncoder(&c.block)
	return c, nil
}

func (c *watchConnection) serve() error {
	defer c.conn.Close()
	if err := greet(c.writer, c.framer); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() {
		failed <- errors.Join(c.begin(), c.beat(), c.conn.Close())
	}()
	for {
		if err := c.read(); err != nil {
			if c.run.ending.Load() {
				return nil
			}
			return errors.Join(err, c.conn.Close(), <-failed)
		}
	}
}

// One watch after the other, as verifiers that start by themselves.
func (c *watchConnection) begin() error {
	between := beginWithin / time.Duration(c.run.plan.Streams)
	for i := range c.run.plan.Streams {
		if err := c.beginOne(uint32(firstStream + streamsBetweenStarts*i)); err != nil {
			return err
		}
		time.Sleep(between)
	}
	return nil
}

func (c *watchConnection) beginOne(stream uint32) error {
	c.Lock()
	defer c.Unlock()
	one := &watch{stream: stream}
	c.watches = append(c.watches, one)
	c.block.Reset()
	for _, field := range headerFields(c.run.plan) {
		if err := c.encoder.WriteField(field); err != nil {
			return err
		}
	}
	headers := http2.HeadersFrameParam{StreamID: stream, BlockFragment: c.block.Bytes(), EndHeaders: true}
	id := make([]byte, verifierIDBytes)
	rand.Read(id)
	start := protowire.AppendTag(nil, startVerifierID, protowire.BytesType)
	start = protowire.AppendString(start, base64.RawURLEncoding.EncodeToString(id))
	message := protowire.AppendTag(nil, requestStart, protowire.BytesType)
	message = protowire.AppendBytes(message, start)
	return errors.Join(c.framer.WriteHeaders(headers), c.send(one, message), c.writer.Flush())
}

// Sends heartbeats until the run ends, each watch's at another moment.
func (c *watchConnection) beat() error {
	turn := heartbeatEvery / time.Duration(len(c.watches))
	due := time.Now()
	for i := 0; !c.run.ending.Load(); i = (i + 1) % len(c.watches) {
		time.Sleep(time.Until(due))
		due = due.Add(turn)
		if err := c.beatOne(c.watches[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *watchConnection) beatOne(one *watch) error {
	c.Lock()
	defer c.Unlock()
	if one.isEnded {
		return nil
	}
	one.heartbeat++
	one.sent[one.heartbeat%uint64(len(one.sent))] = time.Now()
	message := protowire.AppendTag(nil, requestHeartbeat, protowire.VarintType)
	message = protowire.AppendVarint(message, one.heartbeat)
	return errors.Join(c.send(one, appendAcknowledgement(message, one.revision)), c.writer.Flush())
}

func appendAcknowledgement(message []byte, revision uint64) []byte {
	message = protowire.AppendTag(message, requestAcknowledged, protowire.VarintType)
	return protowire.AppendVarint(message, revision)
}

// The server's windows are not looked at: what a watch sends is far below them.
func (c *watchConnection) send(one *watch, message []byte) error {
	framed := binary.BigEndian.AppendUint32(make([]byte, 1, prefixBytes+len(message)), uint32(len(message)))
	return c.framer.WriteData(one.stream, false, append(framed, message...))
}

func (c *watchConnection) read() error {
	frame, err := c.framer.ReadFrame()
	if err != nil {
		return fmt.Errorf("a connection with watches broke: %w", err)
	}
	c.Lock()
	defer c.Unlock()
	switch frame := frame.(type) {
	case *http2.DataFrame:
		return c.takeData(frame)
	case *http2.MetaHeadersFrame:
		if frame.StreamEnded() {
			c.end(frame.StreamID, statusOf(frame))
		}
	case *http2.RSTStreamFrame:
		c.end(frame.StreamID, "a reset: "+frame.ErrCode.String())
	case *http2.SettingsFrame:
		if !frame.IsAck() {
			return errors.Join(c.framer.WriteSettingsAck(), c.writer.Flush())
		}
	case *http2.PingFrame:
		if !frame.IsAck() {
			return errors.Join(c.framer.WritePing(true, frame.Data), c.writer.Flush())
		}
	case *http2.GoAwayFrame:
		return fmt.Errorf("the server sent GOAWAY: %s", frame.ErrCode)
	}
	return nil
}

func (c *watchConnection) watchOf(stream uint32) *watch {
	i := int(stream-firstStream) / streamsBetweenStarts
	if i >= len(c.watches) {
		return nil
	}
	return c.watches[i]
}

// A watch that ends before the run does is a failed call.
func (c *watchConnection) end(stream uint32, failure string) {
	one := c.watchOf(stream)
	if one == nil || one.isEnded || c.run.ending.Load() {
		return
	}
	one.isEnded = true
	c.tally.count(nil, "a watch ended: "+failure, 0)
}

func (c *watchConnection) takeData(frame *http2.DataFrame) error {
	one := c.watchOf(frame.StreamID)
	if one == nil {
		return nil
	}
	one.rest = append(one.rest, frame.Data()...)
	for len(one.rest) >= prefixBytes {
		size := prefixBytes + int(binary.BigEndian.Uint32(one.rest[1:prefixBytes]))
		if len(one.rest) < size {
			break
		}
		if err := c.take(one, one.rest[prefixBytes:size]); err != nil {
			return err
		}
		one.rest = one.rest[:copy(one.rest, one.rest[size:])]
	}
	c.received += int(frame.Length)
	if c.received < renewWindowAt {
		return nil
	}
	renewed := c.received
	c.received = 0
	return errors.Join(c.framer.WriteWindowUpdate(0, uint32(renewed)), c.writer.Flush())
}

func (c *watchConnection) take(one *watch, message []byte) error {
	var events int
	var heartbeat uint64
	mustAcknowledge := false
	for len(message) > 0 {
		number, kind, size := protowire.ConsumeTag(message)
		if size < 0 {
			return fmt.Errorf("a message of a watch can't be read")
		}
		message = message[size:]
		size = protowire.ConsumeFieldValue(number, kind, message)
		if size < 0 {
			return fmt.Errorf("a message of a watch can't be read")
		}
		switch value, _ := protowire.ConsumeVarint(message); number {
		case responseEvents:
			events++
		case responseRevision:
			one.revision = value
		case responseHeartbeat:
			heartbeat = value
		case responseAcknowledge:
			mustAcknowledge = value != 0
		}
		message = message[size:]
	}
	c.tally.countEvents(events)
	if heartbeat > one.answered && one.heartbeat-heartbeat < uint64(len(one.sent)) {
		age := time.Since(one.sent[heartbeat%uint64(len(one.sent))])
		failure := ""
		if age >= maxHeartbeatAge {
			failure = "a heartbeat answered too late"
		}
		one.answered = heartbeat
		c.tally.count(nil, failure, age)
	}
	if !mustAcknowledge {
		return nil
	}
	return errors.Join(c.send(one, appendAcknowledgement(nil, one.revision)), c.writer.Flush())
}
