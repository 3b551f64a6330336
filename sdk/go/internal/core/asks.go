package core

import (
	"fmt"
	"sync"
)

const (
	// MaxBatch is how many tokens go out in one call. Their answers stay below what a message may have, with every scope that a token can
	// carry.
	MaxBatch = 250
	// MaxRightBatch is the same of questions, which have longer texts than a token: a call may have 192 KiB.
	MaxRightBatch = 100
)

// Ask is a question, and its answer once Done is closed. All checks of the same that joined it share it.
type Ask[V any] struct {
	// Done is closed when the fields below are there to be read.
	Done  chan struct{}
	Value V
	Live  bool
	Err   error
}

// Batch is a call that is sent.
type Batch[Q comparable, V any] struct {
	Questions []Q
	sending   Sending
	asks      []*Ask[V]
}

// Asks are the checks that memory can't answer: what misses together is asked together.
type Asks[Q comparable, V any] struct {
	max       int
	sending   func() Sending
	keep      func(question Q, sending Sending, answer Answer[V])
	mu        sync.Mutex
	questions []Q
	unsent    map[Q]*Ask[V]
}

// NewAsks asks about tokens, and keeps what is answered in the state.
func NewAsks[C, R any](state *State[C, R]) *Asks[string, C] {
	return &Asks[string, C]{max: MaxBatch, sending: state.Sending, keep: state.Keep, unsent: map[string]*Ask[C]{}}
}

// NewRightAsks is the same for questions of Check.
func NewRightAsks[C, R any](state *State[C, R]) *Asks[Question, R] {
	return &Asks[Question, R]{max: MaxRightBatch, sending: state.Sending, keep: state.KeepRight, unsent: map[Question]*Ask[R]{}}
}

// Join joins what is not sent yet, and nothing else: a call that was sent before may have been read before a revocation that was
// answered before this check began. True: it is the first of what is to be sent now.
func (a *Asks[Q, V]) Join(question Q) (*Ask[V], bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ask, ok := a.unsent[question]; ok {
		return ask, false
	}
	ask := &Ask[V]{Done: make(chan struct{})}
	a.unsent[question] = ask
	a.questions = append(a.questions, question)
	return ask, len(a.questions) == 1
}

// Waiting is how many are to be sent.
func (a *Asks[Q, V]) Waiting() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.questions)
}

// Send answers the calls that are to be sent now. Their time is taken here, before they are.
func (a *Asks[Q, V]) Send() []*Batch[Q, V] {
	a.mu.Lock()
	questions, unsent := a.questions, a.unsent
	a.questions, a.unsent = nil, map[Q]*Ask[V]{}
	a.mu.Unlock()
	var batches []*Batch[Q, V]
	for begin := 0; begin < len(questions); begin += a.max {
		batch := &Batch[Q, V]{Questions: questions[begin:min(begin+a.max, len(questions))], sending: a.sending()}
		for _, question := range batch.Questions {
			batch.asks = append(batch.asks, unsent[question])
		}
		batches = append(batches, batch)
	}
	return batches
}

// Answer has one answer for each question, in their order.
func (a *Asks[Q, V]) Answer(batch *Batch[Q, V], answers []Answer[V]) error {
	if len(answers) != len(batch.Questions) {
		return fmt.Errorf("the server gave %d answers for %d questions", len(answers), len(batch.Questions))
	}
	for index, ask := range batch.asks {
		answer := answers[index]
		a.keep(batch.Questions[index], batch.sending, answer)
		ask.Value, ask.Live = answer.Value, answer.Live
		close(ask.Done)
	}
	return nil
}

// Fail tells all who wait.
func (b *Batch[Q, V]) Fail(err error) {
	for _, ask := range b.asks {
		ask.Err = err
		close(ask.Done)
	}
}
