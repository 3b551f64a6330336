package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const (
	prefixBytes   = 5
	maxFrame      = 16_384
	defaultWindow = 65_535
	maxWindow     = 1<<31 - 1
	bufferBytes   = 64 * 1_024
	// As many bytes are let come before the server is told that more may.
	renewWindowAt = 1 << 30
)

// One connection with its calls, each on a stream of its own. One goroutine reads and writes it, and what it writes goes to the kernel
// together, once all that had arrived was read. So a call costs a fraction of what a server of grpc-js spends on it.
type grpcConnection struct {
	run     *run
	tally   *tally
	conn    net.Conn
	reader  *bufio.Reader
	writer  *bufio.Writer
	framer  *http2.Framer
	encoder *hpack.Encoder
	block   bytes.Buffer
	fields  []hpack.HeaderField
	calls   map[uint32]*call
	// With bytes that no window lets through yet, the oldest first.
	blocked       []*call
	nextStream    uint32
	maxStreams    int
	sendWindow    int
	initialWindow int
	received      int
	// The server's settings are known: how many calls it lets be open.
	isGreeted bool
	// There was no message for the next call.
	isOver bool
	pace   *pace
	// Of all but the reader, which one goroutine uses. Another one begins calls where they have a pace.
	sync.Mutex
}

type call struct {
	stream uint32
	begin  time.Time
	rest   []byte
	window int
	answer []byte
}

func dialGRPC(r *run, t *tally, p *pace) (*grpcConnection, error) {
	conn, err := net.Dial("tcp", r.plan.Address)
	if err != nil {
		return nil, err
	}
	c := &grpcConnection{run: r, tally: t, conn: conn, calls: map[uint32]*call{}, nextStream: 1, pace: p}
	c.maxStreams, c.sendWindow, c.initialWindow = r.plan.Streams, defaultWindow, defaultWindow
	c.writer = bufio.NewWriterSize(conn, bufferBytes)
	c.reader = bufio.NewReaderSize(conn, bufferBytes)
	c.framer = http2.NewFramer(c.writer, c.reader)
	c.framer.SetReuseFrames()
	c.framer.ReadMetaHeaders = hpack.NewDecoder(4_096, nil)
	c.encoder = hpack.NewEncoder(&c.block)
	c.fields = headerFields(r.plan)
	return c, nil
}

func (c *grpcConnection) serve() error {
	defer c.conn.Close()
	if err := errors.Join(greet(c.writer, c.framer), c.writer.Flush()); err != nil {
		return err
	}
	if c.pace != nil {
		go c.keepPace()
	}
	for {
		// Without the lock, since nothing may come before the next call is due.
		_, err := c.reader.Peek(1)
		isEnded, err := c.proceed(err)
		if isEnded || err != nil {
			return err
		}
	}
}

// Takes what arrived, and begins what there is room for, where no pace says when. True: the last call was answered.
func (c *grpcConnection) proceed(err error) (bool, error) {
	c.Lock()
	defer c.Unlock()
	if err == nil {
		err = c.readAll()
	}
	if err == nil && c.pace == nil {
		err = c.begin()
	} else if err == nil {
		err = c.writer.Flush()
	}
	if c.isOver && len(c.calls) == 0 {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("a connection broke with %d calls on it: %w", len(c.calls), err)
	}
	return false, nil
}

// Begins each call when it is due, whether those before it were answered or not.
func (c *grpcConnection) keepPace() {
	for isOver := false; !isOver; {
		c.pace.wait()
		c.Lock()
		err := c.begin()
		isOver = err != nil || c.isOver
		if isOver && len(c.calls) == 0 {
			// The reader waits for an answer that is not to come.
			err = c.conn.SetReadDeadline(time.Now())
		}
		c.Unlock()
	}
}

func headerFields(p *plan) []hpack.HeaderField {
	return []hpack.HeaderField{
		{Name: ":method", Value: "POST"},
		{Name: ":scheme", Value: "http"},
		{Name: ":path", Value: p.Path},
		{Name: ":authority", Value: p.Address},
		{Name: "content-type", Value: "application/grpc"},
		{Name: "te", Value: "trailers"},
		{Name: "authorization", Value: p.Authorization},
	}
}

// The windows are as large as they can be, for what is measured is not the waiting for them.
func greet(writer *bufio.Writer, framer *http2.Framer) error {
	_, err := writer.WriteString(http2.ClientPreface)
	return errors.Join(
		err,
		framer.WriteSettings(
			http2.Setting{ID: http2.SettingEnablePush, Val: 0},
			http2.Setting{ID: http2.SettingInitialWindowSize, Val: maxWindow},
		),
		framer.WriteWindowUpdate(0, maxWindow-defaultWindow),
	)
}

// Begins calls while there is room, and sends what was written.
func (c *grpcConnection) begin() error {
	for c.isGreeted && len(c.calls) < min(c.run.plan.Streams, c.maxStreams) && c.pace.isDue() {
		message := c.run.next()
		c.isOver = message == nil
		if c.isOver {
			break
		}
		if err := c.call(message, c.pace.take()); err != nil {
			return err
		}
	}
	return c.writer.Flush()
}

func (c *grpcConnection) call(message []byte, begin time.Time) error {
	began := &call{stream: c.nextStream, begin: begin, window: c.initialWindow}
	c.nextStream += 2
	c.block.Reset()
	for _, field := range c.fields {
		if err := c.encoder.WriteField(field); err != nil {
			return err
		}
	}
	headers := http2.HeadersFrameParam{StreamID: began.stream, BlockFragment: c.block.Bytes(), EndHeaders: true}
	if err := c.framer.WriteHeaders(headers); err != nil {
		return err
	}
	began.rest = binary.BigEndian.AppendUint32(make([]byte, 1, prefixBytes+len(message)), uint32(len(message)))
	began.rest = append(began.rest, message...)
	c.calls[began.stream] = began
	isSent, err := c.send(began)
	if !isSent {
		c.blocked = append(c.blocked, began)
	}
	return err
}

// False: no window lets the rest through.
func (c *grpcConnection) send(one *call) (bool, error) {
	for {
		size := min(len(one.rest), maxFrame, c.sendWindow, one.window)
		isLast := size == len(one.rest)
		if size <= 0 {
			return false, nil
		}
		if err := c.framer.WriteData(one.stream, isLast, one.rest[:size]); err != nil {
			return false, err
		}
		c.sendWindow -= size
		one.window -= size
		one.rest = one.rest[size:]
		if isLast {
			return true, nil
		}
	}
}

func (c *grpcConnection) sendBlocked() error {
	var still []*call
	for _, one := range c.blocked {
		if c.calls[one.stream] != one {
			continue
		}
		isSent, err := c.send(one)
		if err != nil {
			return err
		}
		if !isSent {
			still = append(still, one)
		}
	}
	c.blocked = still
	return nil
}
