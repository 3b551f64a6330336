package main

import (
	"sync"

	"google.golang.org/protobuf/encoding/protowire"
)

// Which message is next.
type messages interface {
	// Nil when there is none left.
	next() []byte
	answered(answer []byte)
}

func newMessages(p *plan) messages {
	if p.Order == "refresh" {
		return &chains{queue: append([][]byte(nil), p.Messages...)}
	}
	return &list{all: p.Messages, once: p.Order == "once"}
}

// In turn: over and over, or each a single time.
type list struct {
	sync.Mutex
	all  [][]byte
	at   int
	once bool
}

func (l *list) next() []byte {
	l.Lock()
	defer l.Unlock()
	if l.at == len(l.all) {
		if l.once {
			return nil
		}
		l.at = 0
	}
	l.at++
	return l.all[l.at-1]
}

func (l *list) answered([]byte) {}

// The login that was refreshed longest ago is next. One whose refresh failed is not refreshed again.
type chains struct {
	sync.Mutex
	queue [][]byte
	at    int
}

func (c *chains) next() []byte {
	c.Lock()
	defer c.Unlock()
	if c.at == len(c.queue) {
		return nil
	}
	c.at++
	message := c.queue[c.at-1]
	if c.at > 1_000 && c.at*2 > len(c.queue) {
		c.queue = append([][]byte(nil), c.queue[c.at:]...)
		c.at = 0
	}
	return message
}

// Fields of the contract.
const (
	refreshResponseTokens   = 1
	issuedTokensRefresh     = 2
	refreshRequestsOwnToken = 1
)

func (c *chains) answered(answer []byte) {
	token := field(field(answer, refreshResponseTokens), issuedTokensRefresh)
	message := protowire.AppendTag(nil, refreshRequestsOwnToken, protowire.BytesType)
	message = protowire.AppendBytes(message, token)
	c.Lock()
	defer c.Unlock()
	c.queue = append(c.queue, message)
}

// The bytes of a field; nil where it is not there.
func field(message []byte, number protowire.Number) []byte {
	for len(message) > 0 {
		found, kind, size := protowire.ConsumeTag(message)
		if size < 0 {
			return nil
		}
		message = message[size:]
		if found == number && kind == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(message)
			return value
		}
		size = protowire.ConsumeFieldValue(found, kind, message)
		if size < 0 {
			return nil
		}
		message = message[size:]
	}
	return nil
}
