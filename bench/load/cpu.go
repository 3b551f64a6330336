package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// What a process used between two moments, as shares of the time between them. Nothing where there is no /proc.
type cpuUse struct {
	// On a processor, with all of its threads.
	Busy float64 `json:"busy"`
	// Its busiest thread: on a processor.
	Thread float64 `json:"thread"`
	// The same thread ready to run, while another had the processor.
	Waiting float64 `json:"waiting"`
}

// Linux counts in hundredths (USER_HZ), whatever its own clock is.
const ticksPerSecond = 100

// Of one thread, in nanoseconds.
type threadTimes struct{ ran, waited float64 }

// Answers what was used since it was called. 0 is this process.
func startMeter(pid int) func() cpuUse {
	if pid == 0 {
		pid = os.Getpid()
	}
	begin, cpu, threads := time.Now(), processSeconds(pid, 2), threadsOf(pid)
	return func() cpuUse {
		seconds := time.Since(begin).Seconds()
		use := cpuUse{Busy: (processSeconds(pid, 2) - cpu) / seconds}
		for id, now := range threadsOf(pid) {
			if ran := (now.ran - threads[id].ran) / 1e9 / seconds; ran > use.Thread {
				use.Thread = ran
				use.Waiting = (now.waited - threads[id].waited) / 1e9 / seconds
			}
		}
		return use
	}
}

// Of the process and its children, those that have ended too; 0 is none.
func startFamilyMeter(pid int) func() float64 {
	if pid == 0 {
		return func() float64 { return 0 }
	}
	begin, cpu := time.Now(), familySeconds(pid)
	return func() float64 { return (familySeconds(pid) - cpu) / time.Since(begin).Seconds() }
}

func familySeconds(pid int) float64 {
	total := processSeconds(pid, 4)
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	for _, child := range strings.Fields(string(children)) {
		id, _ := strconv.Atoi(child)
		total += processSeconds(id, 2)
	}
	return total
}

// The first of four: as user and in the kernel, and the same of its children that have ended.
func processSeconds(pid int, count int) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	if len(fields) < 15 {
		return 0
	}
	var ticks float64
	for _, field := range fields[11 : 11+count] {
		value, _ := strconv.ParseFloat(field, 64)
		ticks += value
	}
	return ticks / ticksPerSecond
}

func threadsOf(pid int) map[string]threadTimes {
	threads := map[string]threadTimes{}
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, entry := range entries {
		var times threadTimes
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/schedstat", pid, entry.Name()))
		if _, err := fmt.Sscan(string(text), &times.ran, &times.waited); err == nil {
			threads[entry.Name()] = times
		}
	}
	return threads
}
