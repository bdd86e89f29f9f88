package peers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// UpdateReadme writes the tables of a report and the counts of hostile tokens between the markers of a Markdown file, so that no figure
// in it is typed in by hand. A marker is a comment: <!-- speed --> and <!-- /speed -->, <!-- hostile --> and <!-- /hostile -->.
func UpdateReadme(path string, report *Report, now time.Time) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var speed, hostile bytes.Buffer
	writeSpeedSummary(&speed, report)
	if err := writeHostileSummary(&hostile, now); err != nil {
		return err
	}
	for name, table := range map[string]string{"speed": speed.String(), "hostile": hostile.String()} {
		if text, err = between(text, name, table); err != nil {
			return err
		}
	}
	return os.WriteFile(path, text, 0o644)
}

// between replaces what stands between the markers of that name.
func between(text []byte, name, table string) ([]byte, error) {
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return nil, errors.New("the file lacks the markers of " + name)
	}
	return []byte(head + begin + table + end + tail), nil
}

// writeSpeedSummary writes how much longer the others take for the same work, a row for each table that has others in it.
func writeSpeedSummary(w io.Writer, report *Report) {
	var names []string
	for _, library := range Libraries() {
		if library.Name != "Jeton" {
			names = append(names, library.Name)
		}
	}
	fmt.Fprintf(w, "| one goroutine | Jeton | allocations | %s |\n|---|---|---|%s\n", strings.Join(names, " | "), strings.Repeat("---|", len(names)))
	for _, table := range report.Tables {
		row, others := "", 0
		for _, name := range names {
			cell := "–"
			if result := resultOf(table, name); result != nil {
				cell, others = fmt.Sprintf("%.1fx", result.Nanoseconds/table.Of(table.Ours)), others+1
			}
			row += " " + cell + " |"
		}
		ours := resultOf(table, table.Ours)
		if others == 0 || ours == nil {
			continue
		}
		fmt.Fprintf(w, "| %s | %.2fx %s | %.0f |%s\n", table.Title, ours.Nanoseconds/table.Of(table.Floor), table.Floor, ours.Allocations, row)
	}
	fmt.Fprintf(w, "\n%s, %s, %d cores, medians of %d interleaved rounds. Jeton's column is over the bare primitive, the others' over Jeton.\n",
		report.Go, report.Platform, report.Cores, report.Rounds)
}

// resultOf returns the result of a library: the one of its name, or else the first whose name begins with it.
func resultOf(table *Table, library string) *Result {
	for _, exact := range []bool{true, false} {
		for i := range table.Results {
			name := table.Results[i].Name
			if name == library || !exact && strings.HasPrefix(name, library+",") {
				return &table.Results[i]
			}
		}
	}
	return nil
}

// writeHostileSummary writes how many of the hostile tokens each library accepts.
func writeHostileSummary(w io.Writer, now time.Time) error {
	counts, total, err := countHostile(now)
	if err != nil {
		return err
	}
	libraries, versions := Libraries(), Versions()
	fmt.Fprint(w, "| |")
	for _, library := range libraries {
		fmt.Fprintf(w, " %s |", strings.TrimSpace(library.Name+" "+versions[library.Name]))
	}
	fmt.Fprintf(w, "\n|---|%s\n| hostile tokens accepted, of %d |", strings.Repeat("---|", len(libraries)), total)
	for _, count := range counts {
		fmt.Fprintf(w, " %d |", count)
	}
	fmt.Fprintln(w)
	return nil
}
