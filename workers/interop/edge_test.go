package interop

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
)

// edge is the program that runs Workers, one for all tests: it is started when the first test needs it.
var edge struct {
	sync.Mutex
	process *process
	next    int
	waiting map[int]chan edgeAnswer
}

type edgeTask struct {
	ID         int               `json:"id"`
	Do         string            `json:"do"`
	Worker     int               `json:"worker,omitempty"`
	Bindings   map[string]string `json:"bindings,omitempty"`
	Statements []string          `json:"statements,omitempty"`
	Statement  string            `json:"statement,omitempty"`
}

type edgeAnswer struct {
	ID      int     `json:"id"`
	Worker  int     `json:"worker"`
	Address string  `json:"address"`
	Rows    [][]any `json:"rows"`
	Error   string  `json:"error"`
}

// askEdge has the program do something.
func askEdge(task edgeTask) (edgeAnswer, error) {
	answered := make(chan edgeAnswer, 1)
	if err := sendToEdge(&task, answered); err != nil {
		return edgeAnswer{}, err
	}
	answer, open := <-answered
	switch {
	case !open:
		return answer, fmt.Errorf("edge.mjs ended: %s", edge.process.problems.String())
	case answer.Error != "":
		return answer, errors.New(answer.Error)
	}
	return answer, nil
}

func sendToEdge(task *edgeTask, answered chan edgeAnswer) error {
	edge.Lock()
	defer edge.Unlock()
	if edge.process == nil {
		p, err := startProcess("", "node", "edge.mjs")
		if err != nil {
			return err
		}
		edge.process, edge.waiting = p, map[int]chan edgeAnswer{}
		go readEdge(p)
	}
	edge.next++
	task.ID = edge.next
	edge.waiting[task.ID] = answered
	line, err := json.Marshal(task)
	if err != nil {
		return err
	}
	_, err = edge.process.input.Write(append(line, '\n'))
	return err
}

// readEdge gives answers to those who wait for them.
func readEdge(p *process) {
	for line := range p.lines {
		var answer edgeAnswer
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			fmt.Fprintln(os.Stderr, line)
			continue
		}
		edge.Lock()
		edge.waiting[answer.ID] <- answer
		delete(edge.waiting, answer.ID)
		edge.Unlock()
	}
	edge.Lock()
	defer edge.Unlock()
	for _, answered := range edge.waiting {
		close(answered)
	}
	edge.waiting = map[int]chan edgeAnswer{}
}

func stopEdge() {
	if edge.process != nil {
		edge.process.stop()
	}
}

// startWorker runs the edge build with bindings, on a database that the statements make, until the test ends.
func startWorker(t *testing.T, bindings map[string]string, statements []string) *target {
	t.Helper()
	started, err := askEdge(edgeTask{Do: "start", Bindings: bindings, Statements: statements})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := askEdge(edgeTask{Do: "stop", Worker: started.Worker}); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the Workers' log:\n%s", edge.process.problems.String())
		}
	})
	query := func(statement string) ([][]string, error) {
		answer, err := askEdge(edgeTask{Do: "query", Worker: started.Worker, Statement: statement})
		var rows [][]string
		for _, row := range answer.Rows {
			var texts []string
			for _, cell := range row {
				texts = append(texts, cellText(cell))
			}
			rows = append(rows, texts)
		}
		return rows, err
	}
	return &target{name: "edge", address: started.Address, query: query}
}
