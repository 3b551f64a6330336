package symbolon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/login"
)

const (
	ownMode = 0o600
	// othersMode is what nobody else may: to read and to write.
	othersMode = 0o066
	// maxRecord is far more than a record has.
	maxRecord = 64 << 10
	// abandoned is the age of what a process left that ended in between.
	abandoned = time.Minute
)

// FileStore keeps a record in a file that its owner alone may read. Processes in all four languages share it, and its lock.
type FileStore struct {
	path string
	// turn is who holds the lock in this process.
	turn chan struct{}
	mu   sync.Mutex
	// holding is the text in the lock while it is held here.
	holding string
}

// NewFileStore makes one for a file, which need not be there yet, in a directory that is there. The error is an [*Error].
func NewFileStore(path string) (*FileStore, error) {
	if path == "" {
		return nil, invalid("path of the store must not be empty")
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, invalid("path of the store can't be used: %v", err)
	}
	return &FileStore{path: absolute, turn: make(chan struct{}, 1)}, nil
}

// Load implements [Store].
func (s *FileStore) Load(context.Context) (string, error) {
	isThere, err := s.look()
	if err != nil || !isThere {
		return "", err
	}
	info, text, err := readRegular(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if info != nil {
		if err := s.checkMode(info); err != nil {
			return "", err
		}
	}
	if err != nil {
		return "", s.unreadable(err)
	}
	if _, ok := login.Parse(text); !ok || len(text) > maxRecord {
		return "", s.failed(codes.DataLoss, "it has no record of a login, or a part of one: sign in again")
	}
	return text, nil
}

var errNotRegular = errors.New("it is not a regular file")

// readRegular reads a small file. It waits for nothing, such as who writes into a pipe, and follows no link.
func readRegular(path string) (fs.FileInfo, string, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|openAtOnce, 0)
	if err != nil {
		return nil, "", err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, "", err
	}
	if !info.Mode().IsRegular() {
		return nil, "", errNotRegular
	}
	text, err := io.ReadAll(io.LimitReader(file, maxRecord+1))
	return info, string(text), err
}

// look tells whether there is a file. What is not a regular one is never read, replaced or removed. A directory that is gone, such as one of a
// disk that is not mounted, tells nothing.
func (s *FileStore) look() (bool, error) {
	info, err := os.Lstat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Dir(s.path)); err != nil {
			return false, s.failed(codes.FailedPrecondition, "its directory can't be found: "+reasonOfFile(err)+". See that it is there")
		}
		return false, nil
	}
	if err != nil {
		return false, s.unreadable(err)
	}
	if !info.Mode().IsRegular() {
		return false, s.failed(codes.FailedPrecondition, "it is not a regular file: give the path of one")
	}
	return true, nil
}

func (s *FileStore) checkMode(info fs.FileInfo) error {
	// Windows has no such modes.
	if runtime.GOOS != "windows" && info.Mode().Perm()&othersMode != 0 {
		return s.failed(codes.FailedPrecondition, "others than its owner may read or write it: chmod 600 "+s.path)
	}
	return nil
}

// Save implements [Store].
func (s *FileStore) Save(_ context.Context, text string) error {
	if _, err := s.look(); err != nil {
		return err
	}
	temporary := s.path + "." + randomText() + ".tmp"
	info, err := makeFile(temporary, text, true)
	if err != nil {
		return s.unwritable(err)
	}
	s.removeAbandoned(info.ModTime())
	if err := s.checkLock(); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	if err := os.Rename(temporary, s.path); err != nil {
		_ = os.Remove(temporary)
		return s.unwritable(err)
	}
	syncDirectory(filepath.Dir(s.path))
	return nil
}

// Clear implements [Store].
func (s *FileStore) Clear(context.Context) error {
	isThere, err := s.look()
	if err != nil || !isThere {
		return err
	}
	if err := s.checkLock(); err != nil {
		return err
	}
	if err := os.Remove(s.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.unwritable(err)
	}
	syncDirectory(filepath.Dir(s.path))
	return nil
}

// makeFile makes one that is not there yet. Where it can't be written nothing is left of it.
func makeFile(path, text string, outlivesPowerLoss bool) (fs.FileInfo, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, ownMode)
	if err != nil {
		return nil, err
	}
	_, err = file.WriteString(text)
	if err == nil && outlivesPowerLoss {
		err = file.Sync()
	}
	info, statErr := file.Stat()
	if err = cmp.Or(err, statErr, file.Close()); err != nil {
		_ = os.Remove(path)
	}
	return info, err
}

// syncDirectory makes a rename outlive a power loss, where the file system can.
func syncDirectory(path string) {
	if directory, err := os.Open(path); err == nil {
		_ = directory.Sync()
		_ = directory.Close()
	}
}

var abandonedForm = regexp.MustCompile(`^(?:[\w-]+\.tmp|lock\.[\w-]+)$`)

// removeAbandoned goes by the clock of the file system.
func (s *FileStore) removeAbandoned(now time.Time) {
	entries, err := os.ReadDir(filepath.Dir(s.path))
	if err != nil {
		return
	}
	for _, entry := range entries {
		rest, ok := strings.CutPrefix(entry.Name(), filepath.Base(s.path)+".")
		if !ok || !abandonedForm.MatchString(rest) {
			continue
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() && now.Sub(info.ModTime()) > abandoned {
			_ = os.Remove(filepath.Join(filepath.Dir(s.path), entry.Name()))
		}
	}
}

func (s *FileStore) unreadable(err error) *Error {
	return s.failed(codes.FailedPrecondition, "it can't be read: "+reasonOfFile(err))
}

func (s *FileStore) unwritable(err error) *Error {
	return s.failed(codes.FailedPrecondition, "it can't be written: "+reasonOfFile(err)+". See that its directory is there and is yours")
}

// failed names the path, and nothing that was read.
func (s *FileStore) failed(code codes.Code, why string) *Error {
	return failed(code, "the store "+s.path, nameOf(code)+": "+why)
}

// reasonOfFile leaves out the names of files that are there for a moment.
func reasonOfFile(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err.Error()
	}
	return err.Error()
}

// Format implements [fmt.Formatter].
func (s *FileStore) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "symbolon.FileStore")
}
