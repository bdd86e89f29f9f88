package peers

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// Inputs is how many different tokens a contestant is given in turn, so that no cache and no branch predictor learns one by heart.
const Inputs = 64

// Contestant is one way of doing the work. Run does it once, for the input of that number.
type Contestant struct {
	Name string
	Run  func(input int) error
}

// Result is what a contestant needed for one run of the work.
type Result struct {
	Name        string  `json:"name"`
	Nanoseconds float64 `json:"nanoseconds"` // the median of the rounds
	Least       float64 `json:"least"`       // the fastest round, in nanoseconds
	Allocations float64 `json:"allocations"`
	Bytes       float64 `json:"bytes"` // allocated
}

// Plan says how long to measure.
type Plan struct {
	Rounds int           // how many times each contestant has its turn
	Turn   time.Duration // how long a turn is
}

// Measure lets the contestants take turns: every round has one turn of each, begun by another one, so that whatever else happens on the
// machine hits all alike. It returns the median over the rounds.
func Measure(plan Plan, contestants []Contestant) ([]Result, error) {
	runs := make([]int, len(contestants))
	results := make([]Result, len(contestants))
	for i, contestant := range contestants {
		estimate, err := timed(contestant, 2*Inputs)
		if err != nil {
			return nil, err
		}
		runs[i] = int(float64(plan.Turn)/max(estimate, 1)) + 1
		results[i].Name = contestant.Name
		if results[i].Allocations, results[i].Bytes, err = allocations(contestant, 4*Inputs); err != nil {
			return nil, err
		}
	}
	times := make([][]float64, len(contestants))
	for round := range plan.Rounds {
		for turn := range contestants {
			i := (round + turn) % len(contestants)
			runtime.GC() // what one left behind is not the next one's to clear away
			nanoseconds, err := timed(contestants[i], runs[i])
			if err != nil {
				return nil, err
			}
			times[i] = append(times[i], nanoseconds)
		}
	}
	for i := range results {
		results[i].Nanoseconds, results[i].Least = median(times[i]), slices.Min(times[i])
	}
	return results, nil
}

// timed returns the nanoseconds of one run, as the average of many.
func timed(contestant Contestant, runs int) (float64, error) {
	start := time.Now()
	for i := range runs {
		if err := contestant.Run(i % Inputs); err != nil {
			return 0, fmt.Errorf("%s: %w", contestant.Name, err)
		}
	}
	return float64(time.Since(start)) / float64(runs), nil
}

// allocations returns the objects and bytes that one run allocates.
func allocations(contestant Contestant, runs int) (objects, bytes float64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := timed(contestant, runs); err != nil {
		return 0, 0, err
	}
	runtime.ReadMemStats(&after)
	objects = float64((after.Mallocs - before.Mallocs) / uint64(runs))
	return objects, float64((after.TotalAlloc - before.TotalAlloc) / uint64(runs)), nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
