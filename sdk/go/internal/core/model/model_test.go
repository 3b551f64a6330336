package model

import (
	"os"
	"strconv"
	"testing"
)

// fromEnvironment: the same runs each time, unless others are asked for.
func fromEnvironment(name string, otherwise int) int {
	if value, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return value
	}
	return otherwise
}

var (
	runs = fromEnvironment("SYMBOLON_MODEL_RUNS", 3_000)
	seed = uint64(fromEnvironment("SYMBOLON_MODEL_SEED", 20_260))
)

func TestNeverSaysActiveWhenItMustNot(t *testing.T) {
	hits, err := Run(seed, runs)
	if err != nil {
		t.Fatal(err)
	}
	// It would never say so either if memory answered nothing.
	if hits < 20*runs {
		t.Fatal("memory answered hardly anything:", hits)
	}
}
