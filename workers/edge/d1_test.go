package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

// TestStoreOnD1 runs the suite on the real thing: a Worker on the local workerd performs the store's operations on D1, by the shim's own
// code. It runs when JETON_NODE names a node, to which npm ci here has given Miniflare.
func TestStoreOnD1(t *testing.T) {
	node := os.Getenv("JETON_NODE")
	if node == "" {
		t.Skip("JETON_NODE names no node")
	}
	const databases = 100
	host := startD1(t, node, databases)
	var used atomic.Uint32
	newDatabase := func(t *testing.T) store.Database {
		number := used.Add(1) - 1
		if number >= databases {
			t.Fatalf("the suite has more cases than %d", databases)
		}
		return bridge{func(ctx context.Context, operation []byte) []byte { return host.perform(ctx, number, operation) }}
	}
	t.Run("references", func(t *testing.T) { storetest.RunReferences(t, newDatabase(t), store.SQLite) })
	storetest.Run(t, func(t *testing.T) store.Store {
		stored := store.NewSQL(newDatabase(t), store.SQLite, store.UserModel{})
		if err := stored.CreateTables(t.Context(), store.UserTables|store.TokenTables|store.BlockedTokenTables); err != nil {
			t.Fatal(err)
		}
		return stored
	})
}

// d1 is a Worker that performs operations on D1 databases.
type d1 struct {
	url    string
	client *http.Client
}

// startD1 starts the Worker, which ends with the test.
func startD1(t *testing.T, node string, databases int) *d1 {
	t.Helper()
	command := exec.Command(node, "test/support/d1.mjs", strconv.Itoa(databases))
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close() // at whose end it stops
		kill := time.AfterFunc(time.Minute, func() { command.Process.Kill() })
		defer kill.Stop()
		if err := command.Wait(); err != nil {
			t.Errorf("node: %v", err)
		}
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("node has ended before it listened: %v", err)
	}
	return &d1{strings.TrimSpace(url), &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16, MaxConnsPerHost: 16}}}
}

// perform sends an operation for a database and returns the answer.
func (d *d1) perform(ctx context.Context, database uint32, operation []byte) []byte {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("%sDB%d", d.url, database), bytes.NewReader(operation))
	if err != nil {
		return failedAnswer(err)
	}
	response, err := d.client.Do(request)
	if err != nil {
		return failedAnswer(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return failedAnswer(fmt.Errorf("the Worker answered %s: %v", response.Status, err))
	}
	return answer
}
