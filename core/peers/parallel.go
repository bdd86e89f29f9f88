package peers

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/jeton-dev/jeton/core"
)

// batch is how many tokens each goroutine of ParallelTable verifies in one run.
const batch = 512

// ParallelTable lets one verifier serve 1, 2, 4 … goroutines, each on a core of its own, beside as many MACs that share nothing. What
// the MACs lose by sharing the machine, a verifier without a lock on its path loses too, and no more.
func ParallelTable(plan Plan) (*Table, error) {
	material, err := NewMaterial(core.HS256)
	if err != nil {
		return nil, err
	}
	tokens, err := tokensOf(material, false)
	if err != nil {
		return nil, err
	}
	verifier, err := NewJetonVerifier(material)
	if err != nil {
		return nil, err
	}
	verify := func() error {
		var token core.Token
		for i := range batch {
			if err := verifier.VerifyInto(&token, tokens[i%Inputs]); err != nil {
				return err
			}
		}
		return nil
	}
	authenticate := func() error {
		mac := hmac.New(sha256.New, material.Secret)
		var sum [sha256.Size]byte
		for i := range batch {
			mac.Reset()
			mac.Write([]byte(tokens[i%Inputs][:strings.LastIndexByte(tokens[i%Inputs], '.')]))
			mac.Sum(sum[:0])
		}
		return nil
	}
	var contestants []Contestant
	var tokensPerRun []float64
	for workers := 1; workers <= runtime.NumCPU(); workers *= 2 {
		contestants = append(contestants,
			Contestant{fmt.Sprintf("Jeton VerifyInto on %d", workers), together(workers, verify)},
			Contestant{fmt.Sprintf("HMAC alone on %d", workers), together(workers, authenticate)},
		)
		tokensPerRun = append(tokensPerRun, float64(workers*batch), float64(workers*batch))
	}
	table := &Table{Title: "parallel", Note: "HS256; nanoseconds for one token of all that are verified at once", Ours: "Jeton VerifyInto on 1", Floor: "HMAC alone on 1"}
	if table.Results, err = Measure(plan, contestants); err != nil {
		return nil, err
	}
	for i := range table.Results {
		table.Results[i].Nanoseconds /= tokensPerRun[i]
		table.Results[i].Least /= tokensPerRun[i]
		table.Results[i].Allocations, table.Results[i].Bytes = 0, 0 // those of starting goroutines
	}
	return table, nil
}

// together runs work in so many goroutines on as many cores.
func together(workers int, work func() error) func(int) error {
	return func(int) error {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(workers))
		errs := make([]error, workers)
		var all sync.WaitGroup
		for i := range workers {
			all.Go(func() { errs[i] = work() })
		}
		all.Wait()
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
		return nil
	}
}
