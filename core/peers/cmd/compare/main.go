// Command compare holds core beside the other JWT libraries of Go.
//
//	compare speed     measures all of them at the same work and prints tables of ratios
//	compare hostile   prints, as Markdown, which hostile tokens each accepts
//	compare readme    writes what speed measured, and how many hostile tokens each accepts, into a Markdown file
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/jeton-dev/jeton/core/peers"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) > 0 {
		switch arguments[0] {
		case "speed":
			return speed(arguments[1:])
		case "hostile":
			return peers.WriteHostile(os.Stdout, time.Now())
		case "readme":
			return readme(arguments[1:])
		}
	}
	return fmt.Errorf("usage: compare speed [-rounds n] [-turn duration] [-json file], compare hostile, or compare readme -json file FILE")
}

func speed(arguments []string) error {
	flags := flag.NewFlagSet("speed", flag.ExitOnError)
	rounds := flags.Int("rounds", 10, "how many turns each contestant has")
	turn := flags.Duration("turn", 20*time.Millisecond, "how long a turn is")
	file := flags.String("json", "", "where to write the figures as JSON")
	flags.Parse(arguments)
	report, err := peers.Compare(peers.Plan{Rounds: *rounds, Turn: *turn}, func(table *peers.Table) { peers.WriteTable(os.Stdout, table) })
	if err != nil {
		return err
	}
	peers.WriteReach(os.Stdout, report)
	if *file == "" {
		return nil
	}
	text, err := json.MarshalIndent(report, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(*file, append(text, '\n'), 0o644)
}

func readme(arguments []string) error {
	flags := flag.NewFlagSet("readme", flag.ExitOnError)
	file := flags.String("json", "bench.json", "what compare speed wrote")
	flags.Parse(arguments)
	if flags.NArg() != 1 {
		return fmt.Errorf("readme: name the one Markdown file to write to")
	}
	text, err := os.ReadFile(*file)
	if err != nil {
		return err
	}
	var report peers.Report
	if err := json.Unmarshal(text, &report); err != nil {
		return err
	}
	return peers.UpdateReadme(flags.Arg(0), &report, time.Now())
}
