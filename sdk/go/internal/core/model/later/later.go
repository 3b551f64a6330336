// Package later lets a mutant of the core do something in a second step. The core itself knows nothing of it.
package later

// Do runs it some time later.
var Do func(func())
