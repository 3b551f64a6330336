//go:build !unix

package symbolon

const openAtOnce = 0
