package main

import (
	"fmt"
	"net/url"
	"time"

	"golang.org/x/net/http2"
)

// Reads one frame, and those that arrived with it.
func (c *grpcConnection) readAll() error {
	for {
		frame, err := c.framer.ReadFrame()
		if err == nil {
			err = c.take(frame)
		}
		if err != nil || c.reader.Buffered() == 0 {
			return err
		}
	}
}

func (c *grpcConnection) take(frame http2.Frame) error {
	switch frame := frame.(type) {
	case *http2.DataFrame:
		return c.takeData(frame)
	case *http2.MetaHeadersFrame:
		if frame.StreamEnded() {
			c.end(frame.StreamID, statusOf(frame))
		}
	case *http2.RSTStreamFrame:
		c.end(frame.StreamID, "a reset: "+frame.ErrCode.String())
	case *http2.WindowUpdateFrame:
		return c.takeWindow(frame.StreamID, int(frame.Increment))
	case *http2.SettingsFrame:
		return c.takeSettings(frame)
	case *http2.PingFrame:
		if !frame.IsAck() {
			return c.framer.WritePing(true, frame.Data)
		}
	case *http2.GoAwayFrame:
		return fmt.Errorf("the server sent GOAWAY: %s", frame.ErrCode)
	}
	return nil
}

func (c *grpcConnection) takeData(frame *http2.DataFrame) error {
	if one := c.calls[frame.StreamID]; one != nil {
		one.answer = append(one.answer, frame.Data()...)
	}
	c.received += int(frame.Length)
	if frame.StreamEnded() {
		c.end(frame.StreamID, "an answer without a status")
	}
	if c.received < renewWindowAt {
		return nil
	}
	renewed := c.received
	c.received = 0
	return c.framer.WriteWindowUpdate(0, uint32(renewed))
}

func (c *grpcConnection) takeWindow(stream uint32, increment int) error {
	if stream == 0 {
		c.sendWindow += increment
	} else if one := c.calls[stream]; one != nil {
		one.window += increment
	}
	return c.sendBlocked()
}

func (c *grpcConnection) takeSettings(frame *http2.SettingsFrame) error {
	if frame.IsAck() {
		return nil
	}
	c.isGreeted = true
	if value, isSet := frame.Value(http2.SettingMaxConcurrentStreams); isSet {
		c.maxStreams = int(value)
	}
	if value, isSet := frame.Value(http2.SettingInitialWindowSize); isSet {
		for _, one := range c.calls {
			one.window += int(value) - c.initialWindow
		}
		c.initialWindow = int(value)
	}
	if err := c.framer.WriteSettingsAck(); err != nil {
		return err
	}
	return c.sendBlocked()
}

// Empty when all is well: the words of the failure otherwise.
func statusOf(frame *http2.MetaHeadersFrame) string {
	var status, message string
	for _, field := range frame.Fields {
		switch field.Name {
		case "grpc-status":
			status = field.Value
		case "grpc-message":
			message = field.Value
		}
	}
	if status == "0" {
		return ""
	}
	if text, err := url.PathUnescape(message); err == nil {
		message = text
	}
	return fmt.Sprintf("status %s: %s", status, message)
}

func (c *grpcConnection) end(stream uint32, failure string) {
	one := c.calls[stream]
	if one == nil {
		return
	}
	delete(c.calls, stream)
	if failure == "" && len(one.answer) < prefixBytes {
		failure = "an answer without a message"
	}
	c.tally.count(one.answer[min(prefixBytes, len(one.answer)):], failure, time.Since(one.begin))
}
