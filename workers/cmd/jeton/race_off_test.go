//go:build !race

package main

// raceEnabled says whether the tests were built with the race detector.
const raceEnabled = false
