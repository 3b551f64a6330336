package main

import (
	"fmt"
	"sort"
)

// revisionFaults tells where the tenant's revision goes back. What was answered knows every revocation that was answered before it was
// asked. And an access token is not active at the revision of a Revoke of its family, nor later.
func revisionFaults(history []operation) []string {
	faults := goingBack(history)
	ended := map[int]int64{}
	for _, op := range history {
		if revision, ok := revisionOf(op); ok && op.Input.Kind == "revoke" {
			if known, is := ended[op.Family]; !is || revision < known {
				ended[op.Family] = revision
			}
		}
	}
	for _, op := range history {
		revision, ok := revisionOf(op)
		end, isEnded := ended[op.Family]
		if ok && isEnded && op.Output.Kind == "active" && revision >= end {
			faults = append(faults, fmt.Sprintf(
				"family %d was active at the revision %d, and its Revoke was answered with %d", op.Family, revision, end))
		}
	}
	return faults
}

func goingBack(history []operation) []string {
	var told []operation
	for _, op := range history {
		if _, ok := revisionOf(op); ok {
			told = append(told, op)
		}
	}
	byReturn := append([]operation(nil), told...)
	sort.Slice(told, func(i, j int) bool { return told[i].Call < told[j].Call })
	sort.Slice(byReturn, func(i, j int) bool { return *byReturn[i].Return < *byReturn[j].Return })
	var faults []string
	highest, next := int64(0), 0
	for _, op := range told {
		for next < len(byReturn) && *byReturn[next].Return < op.Call {
			if revision, _ := revisionOf(byReturn[next]); revision > highest {
				highest = revision
			}
			next++
		}
		if revision, _ := revisionOf(op); revision < highest {
			faults = append(faults, fmt.Sprintf(
				"%v of family %d was answered at the revision %d, after an answer of the revision %d", op.Input, op.Family, revision, highest))
		}
	}
	return faults
}

func revisionOf(op operation) (int64, bool) {
	if op.Output == nil || op.Output.Revision == nil || op.Return == nil {
		return 0, false
	}
	return *op.Output.Revision, true
}
