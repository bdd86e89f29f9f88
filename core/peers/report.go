package peers

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// Report is everything that one run measured.
type Report struct {
	Go       string            `json:"go"`
	Platform string            `json:"platform"`
	Cores    int               `json:"cores"`
	Rounds   int               `json:"rounds"`
	Turn     string            `json:"turn"`
	Modules  map[string]string `json:"modules"`
	Tables   []*Table          `json:"tables"`
	Reach    []Reach           `json:"reach"`
}

// Reach is one figure that this module wants to reach, and what it reached. Nothing fails when it does not: a machine that is busy says
// little.
type Reach struct {
	What    string  `json:"what"`
	Wanted  float64 `json:"wanted"`
	Reached float64 `json:"reached"`
	AtLeast bool    `json:"at_least"` // whether more is better
}

// Met reports whether the figure was reached.
func (r Reach) Met() bool {
	if r.AtLeast {
		return r.Reached >= r.Wanted
	}
	return r.Reached <= r.Wanted
}

// Compare measures everything. It calls progress with each table when it is there.
func Compare(plan Plan, progress func(*Table)) (*Report, error) {
	report := &Report{
		Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(),
		Rounds: plan.Rounds, Turn: plan.Turn.String(), Modules: Versions(),
	}
	measure := func(table *Table, err error) (*Table, error) {
		if err == nil {
			report.Tables = append(report.Tables, table)
			progress(table)
		}
		return table, err
	}
	usual, err := measure(VerifyTable(plan, core.HS256, false))
	if err != nil {
		return nil, err
	}
	if _, err := measure(VerifyTable(plan, core.HS256, true)); err != nil {
		return nil, err
	}
	encode, err := measure(EncodeTable(plan))
	if err != nil {
		return nil, err
	}
	decode, err := measure(DecodeTable(plan))
	if err != nil {
		return nil, err
	}
	report.Reach = []Reach{
		{"HS256 verify, over the MAC", 2.0, usual.Of(nameOurs) / usual.Of(nameMAC), false},
		{"golang-jwt's HS256 verify, over ours", 10, usual.Of("golang-jwt") / usual.Of(nameOurs), true},
		{"cristalhq/jwt's HS256 verify, over ours", 8, usual.Of("cristalhq/jwt") / usual.Of(nameOurs), true},
		{"jwx v2's HS256 verify, over ours", 25, usual.Of("jwx v2") / usual.Of(nameOurs), true},
		{"HS256 AppendEncode, over the MAC", 1.5, encode.Of(encode.Ours) / encode.Of(nameMAC), false},
		{"cristalhq/jwt's encode of claims, over our Encode", 5, encode.Of("cristalhq/jwt, of claims") / encode.Of("Jeton Encode, of claims kept"), true},
		{"golang-jwt's decode, over ours", 10, decode.Of("golang-jwt") / decode.Of(decode.Ours), true},
	}
	for _, algorithm := range []core.Algorithm{core.RS256, core.PS256, core.ES256, core.EdDSA} {
		table, err := measure(VerifyTable(plan, algorithm, false))
		if err != nil {
			return nil, err
		}
		report.Reach = append(report.Reach, Reach{
			string(algorithm) + " verify without its primitive, over HS256 verify less its MAC", 1,
			table.Of(nameOwnPart) / (usual.Of(nameOurs) - usual.Of(nameMAC)), false,
		})
	}
	for _, shape := range []string{"one long text", "many members"} {
		table, err := measure(GrowthTable(plan, shape))
		if err != nil {
			return nil, err
		}
		largest := table.Results[len(table.Results)-2]
		report.Reach = append(report.Reach, Reach{"verify of the largest token, over the smallest, by byte: " + shape, 1, largest.Nanoseconds / table.Results[0].Nanoseconds, false})
	}
	dots, err := measure(DotsTable(plan))
	if err != nil {
		return nil, err
	}
	report.Reach = append(report.Reach, Reach{"refusing 1 MiB of dots, over one pass over it", 1, dots.Of(dots.Ours) / dots.Of(dots.Floor), false})
	parallel, err := measure(ParallelTable(plan))
	if err != nil {
		return nil, err
	}
	if runtime.NumCPU() > 1 {
		gain := func(name string) float64 { return parallel.Of(name+" on 1") / parallel.Of(name+" on 2") }
		report.Reach = append(report.Reach, Reach{"verify on 2 cores over 1, over what the MAC gains", 0.95, gain("Jeton VerifyInto") / gain("HMAC alone"), true})
	}
	return report, nil
}

// Versions returns the version of every library here, as this program was built with it.
func Versions() map[string]string {
	versions := map[string]string{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	for _, library := range Libraries() {
		for _, module := range info.Deps {
			if module.Path == library.Module {
				versions[library.Name] = module.Version
			}
		}
	}
	delete(versions, "Jeton") // this working tree
	return versions
}

// WriteTable writes a table for people.
func WriteTable(w io.Writer, table *Table) {
	fmt.Fprintf(w, "\n%s", table.Title)
	if table.Note != "" {
		fmt.Fprintf(w, " (%s)", table.Note)
	}
	fmt.Fprintf(w, "\n  %-44s %12s %7s %9s %10s %10s\n", "", "ns", "allocs", "bytes", "to ours", "to floor")
	for _, result := range table.Results {
		fmt.Fprintf(w, "  %-44s %12.0f %7.0f %9.0f %9.2fx %9.2fx\n", result.Name, result.Nanoseconds, result.Allocations, result.Bytes,
			result.Nanoseconds/table.Of(table.Ours), result.Nanoseconds/table.Of(table.Floor))
	}
}

// WriteReach writes what was wanted and what was reached.
func WriteReach(w io.Writer, report *Report) {
	fmt.Fprintf(w, "\nReach (%s, %s, %d cores, medians of %d rounds of %s)\n", report.Go, report.Platform, report.Cores, report.Rounds, report.Turn)
	for _, reach := range report.Reach {
		bound, verdict := "at most", "met"
		if reach.AtLeast {
			bound = "at least"
		}
		if !reach.Met() {
			verdict = "missed"
		}
		fmt.Fprintf(w, "  %-72s %8.2fx, wanted %s %.2fx: %s\n", reach.What, reach.Reached, bound, reach.Wanted, verdict)
	}
}

// WriteHostile asks every library about every hostile token and writes a Markdown table of the verdicts, and how many each accepts.
func WriteHostile(w io.Writer, now time.Time) error {
	tokens, err := HostileTokens(now)
	if err != nil {
		return err
	}
	libraries, versions := Libraries(), Versions()
	fmt.Fprint(w, "| token | what it breaks |")
	for _, library := range libraries {
		fmt.Fprintf(w, " %s |", strings.TrimSpace(library.Name+" "+versions[library.Name]))
	}
	fmt.Fprint(w, "\n|---|---|"+strings.Repeat("---|", len(libraries))+"\n")
	for _, hostile := range tokens {
		fmt.Fprintf(w, "| %s | %s |", hostile.Name, hostile.Why)
		for _, library := range libraries {
			verdict, err := VerdictOf(library, hostile.Material, hostile.Token)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, " %s |", verdict)
		}
		fmt.Fprintln(w)
	}
	counts, total, err := countHostile(now)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "| **hostile tokens accepted, of %d** | |", total)
	for _, count := range counts {
		fmt.Fprintf(w, " **%d** |", count)
	}
	fmt.Fprintln(w)
	return nil
}

// countHostile returns how many of the hostile tokens each library accepts, and how many there are.
func countHostile(now time.Time) (counts []int, total int, err error) {
	tokens, err := HostileTokens(now)
	if err != nil {
		return nil, 0, err
	}
	libraries := Libraries()
	counts = make([]int, len(libraries))
	for _, hostile := range tokens[1:] { // the first is the one that every library must accept
		for i, library := range libraries {
			verdict, err := VerdictOf(library, hostile.Material, hostile.Token)
			if err != nil {
				return nil, 0, err
			}
			if verdict == Accepted {
				counts[i]++
			}
		}
	}
	return counts, len(tokens) - 1, nil
}

// String returns the verdict as the table has it.
func (v Verdict) String() string {
	switch v {
	case Accepted:
		return "accepts"
	case Lacking:
		return "–"
	}
	return "refuses"
}
