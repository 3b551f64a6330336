//go:build unix

package symbolon

import "syscall"

// openAtOnce opens no link, and does not wait for the other end of a pipe.
const openAtOnce = syscall.O_NOFOLLOW | syscall.O_NONBLOCK
