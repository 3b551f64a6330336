package core

import (
	"fmt"
	"sync"
)

// MaxBatch is how many tokens go out in one call. Their answers stay below what a message may have, with every scope that a token can
// carry.
const MaxBatch = 250

// Ask is a question for one token, and its answer once Done is closed. All checks of the token that joined it share it.
type Ask[C any] struct {
	// Done is closed when the fields below are there to be read.
	Done   chan struct{}
	Caller C
	Live   bool
	Err    error
}

// Batch is a call that is sent.
type Batch[C any] struct {
	Tokens  []string
	sending Sending
	asks    []*Ask[C]
}

// Asks are the checks that memory can't answer: what misses together is asked together.
type Asks[C any] struct {
	state  *State[C]
	mu     sync.Mutex
	tokens []string
	unsent map[string]*Ask[C]
}

// NewAsks keeps what is answered in the state.
func NewAsks[C any](state *State[C]) *Asks[C] {
	return &Asks[C]{state: state, unsent: map[string]*Ask[C]{}}
}

// Join joins what is not sent yet, and nothing else: a call that was sent before may have been read before a revocation that was
// answered before this check began. True: it is the first of what is to be sent now.
func (a *Asks[C]) Join(token string) (*Ask[C], bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ask, ok := a.unsent[token]; ok {
		return ask, false
	}
	ask := &Ask[C]{Done: make(chan struct{})}
	a.unsent[token] = ask
	a.tokens = append(a.tokens, token)
	return ask, len(a.tokens) == 1
}

// Waiting is how many tokens are to be sent.
func (a *Asks[C]) Waiting() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.tokens)
}

// Send answers the calls that are to be sent now. Their time is taken here, before they are.
func (a *Asks[C]) Send() []*Batch[C] {
	a.mu.Lock()
	tokens, unsent := a.tokens, a.unsent
	a.tokens, a.unsent = nil, map[string]*Ask[C]{}
	a.mu.Unlock()
	var batches []*Batch[C]
	for begin := 0; begin < len(tokens); begin += MaxBatch {
		batch := &Batch[C]{Tokens: tokens[begin:min(begin+MaxBatch, len(tokens))], sending: a.state.Sending()}
		for _, token := range batch.Tokens {
			batch.asks = append(batch.asks, unsent[token])
		}
		batches = append(batches, batch)
	}
	return batches
}

// Answer has one answer for each token, in their order.
func (a *Asks[C]) Answer(batch *Batch[C], answers []Answer[C]) error {
	if len(answers) != len(batch.Tokens) {
		return fmt.Errorf("the server gave %d answers for %d tokens", len(answers), len(batch.Tokens))
	}
	for index, ask := range batch.asks {
		answer := answers[index]
		a.state.Keep(batch.Tokens[index], batch.sending, answer)
		ask.Caller, ask.Live = answer.Caller, answer.Live
		close(ask.Done)
	}
	return nil
}

// Fail tells all who wait.
func (b *Batch[C]) Fail(err error) {
	for _, ask := range b.asks {
		ask.Err = err
		close(ask.Done)
	}
}
