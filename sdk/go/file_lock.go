package symbolon

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	mathrand "math/rand/v2"
	"os"
	"time"

	"google.golang.org/grpc/codes"
)

const (
	lockPatience = 20 * time.Second
	// lockLifetime is after how long a lock is of a process that ended: nobody holds it for so long.
	lockLifetime  = 15 * time.Second
	shortestLook  = 20 * time.Millisecond
	longestLook   = 100 * time.Millisecond
	randomOfNames = 16
)

// randomText has 22 characters.
func randomText() string {
	bytes := make([]byte, randomOfNames)
	_, _ = rand.Read(bytes) // It never fails.
	return base64.RawURLEncoding.EncodeToString(bytes)
}

func (s *FileStore) lockPath() string {
	return s.path + ".lock"
}

// Lock implements [LockingStore]. After 20 s it is UNAVAILABLE.
func (s *FileStore) Lock(ctx context.Context) (unlock func(), err error) {
	limited, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	select {
	case s.turn <- struct{}{}:
	case <-limited.Done():
		return nil, s.notLocked(ctx)
	}
	text := randomText()
	if err := s.takeLock(limited, ctx, text); err != nil {
		<-s.turn
		return nil, err
	}
	s.setHolding(text)
	return func() {
		s.setHolding("")
		s.takeAway(func(_ fs.FileInfo, found string) bool { return found == text })
		<-s.turn
	}, nil
}

func (s *FileStore) notLocked(ctx context.Context) *Error {
	if ctx.Err() != nil {
		return ofContext("the store "+s.path+" can't be locked", ctx.Err())
	}
	return s.failed(codes.Unavailable, "another process holds its lock")
}

func (s *FileStore) takeLock(limited, ctx context.Context, text string) error {
	var clock *fileClock
	for {
		_, err := makeFile(s.lockPath(), text, false)
		if err == nil {
			return nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return s.unwritable(err)
		}
		if info, err := os.Lstat(s.lockPath()); err == nil && !info.Mode().IsRegular() {
			return s.failed(codes.FailedPrecondition, "its lock is not a regular file: remove "+s.lockPath())
		}
		if clock == nil {
			if clock, err = newFileClock(s.path + "." + randomText() + ".tmp"); err != nil {
				return s.unwritable(err)
			}
		}
		s.breakAbandoned(clock)
		if sleep(limited, randomLook()) != nil {
			return s.notLocked(ctx)
		}
	}
}

// breakAbandoned takes away a lock whose process ended.
func (s *FileStore) breakAbandoned(clock *fileClock) {
	seen, err := os.Lstat(s.lockPath())
	if err != nil || clock.now().Sub(seen.ModTime()) <= lockLifetime {
		return
	}
	_, text, err := readRegular(s.lockPath())
	if err != nil {
		return
	}
	s.takeAway(func(info fs.FileInfo, found string) bool {
		return os.SameFile(seen, info) && info.ModTime().Equal(seen.ModTime()) && found == text
	})
}

// takeAway removes the lock when it is the one that is meant. To look and to remove can't be one step, so it is renamed, looked at and, when it
// is another one, put back; a link fails where a third has the lock by now.
func (s *FileStore) takeAway(isMeant func(info fs.FileInfo, text string) bool) {
	if info, text, err := readRegular(s.lockPath()); err != nil || !isMeant(info, text) {
		return
	}
	away := s.lockPath() + "." + randomText()
	if os.Rename(s.lockPath(), away) != nil {
		return
	}
	if info, text, err := readRegular(away); err != nil || !isMeant(info, text) {
		_ = os.Link(away, s.lockPath())
	}
	_ = os.Remove(away)
}

// checkLock: a process that stood still for long may have lost it to another, which wrote meanwhile.
func (s *FileStore) checkLock() error {
	s.mu.Lock()
	holding := s.holding
	s.mu.Unlock()
	if holding == "" {
		return nil
	}
	if _, text, err := readRegular(s.lockPath()); err != nil || text != holding {
		return s.failed(codes.Aborted, "another process took its lock, so nothing was written")
	}
	return nil
}

func (s *FileStore) setHolding(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holding = text
}

func randomLook() time.Duration {
	return shortestLook + mathrand.N(longestLook-shortestLook)
}

// fileClock is that of the file system, which may be another machine's.
type fileClock struct {
	at   time.Time
	read time.Time
}

// newFileClock reads it from a file that it makes and removes.
func newFileClock(path string) (*fileClock, error) {
	info, err := makeFile(path, "", false)
	read := time.Now()
	_ = os.Remove(path)
	if err != nil {
		return nil, err
	}
	return &fileClock{info.ModTime(), read}, nil
}

func (c *fileClock) now() time.Time {
	return c.at.Add(time.Since(c.read))
}
