// Package postgrestest starts a PostgreSQL server for tests, in a folder of its own and reached by a socket there.
package postgrestest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a running server, which ends with the process.
type Cluster struct {
	folder    string
	databases atomic.Int64
}

// shared is the cluster of this process.
var shared struct {
	cluster *Cluster
	stop    func()
}

// Run runs the tests of a package, and then stops the server that they may have started. It is for TestMain, and returns the exit status.
func Run(m *testing.M) int {
	defer func() {
		if shared.stop != nil {
			shared.stop()
		}
	}()
	return m.Run()
}

// Start returns the server of this process, and starts it first when there is none. Its programs are in the folder that JETON_POSTGRES
// names; without that the test is skipped. Tests that start it do not run in parallel, and their package's TestMain calls [Run].
func Start(t *testing.T) *Cluster {
	t.Helper()
	programs := os.Getenv("JETON_POSTGRES")
	if programs == "" {
		t.Skip("JETON_POSTGRES names no folder with PostgreSQL's programs")
	}
	if shared.cluster == nil {
		cluster, stop, err := start(programs)
		if err != nil {
			t.Fatalf("PostgreSQL does not start: %v", err)
		}
		shared.cluster, shared.stop = cluster, stop
	}
	return shared.cluster
}

// NewDatabase makes an empty database and returns its URL, and also what Django wants to know of it.
func (c *Cluster) NewDatabase(t *testing.T) (databaseURL string, django map[string]string) {
	t.Helper()
	name := fmt.Sprintf("test%d", c.databases.Add(1))
	if err := c.run(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return c.url(name), map[string]string{"ENGINE": "django.db.backends.postgresql", "NAME": name, "USER": "postgres", "HOST": c.folder}
}

// NewSchema makes an empty schema, which is there sooner than a database, and returns the URL of connections to it.
func (c *Cluster) NewSchema(t *testing.T) (databaseURL string) {
	t.Helper()
	name := fmt.Sprintf("test%d", c.databases.Add(1))
	if err := c.run(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	return c.url("postgres") + "&search_path=" + name
}

func (c *Cluster) url(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {c.folder}, "user": {"postgres"}}.Encode()
}

func (c *Cluster) run(ctx context.Context, statement string) error {
	connection, err := pgx.Connect(ctx, c.url("postgres"))
	if err != nil {
		return err
	}
	defer connection.Close(ctx)
	_, err = connection.Exec(ctx, statement)
	return err
}

// start makes a cluster and starts its server.
func start(programs string) (cluster *Cluster, stop func(), err error) {
	folder, err := os.MkdirTemp("", "jeton-postgres-")
	if err != nil {
		return nil, nil, err
	}
	remove := func() { os.RemoveAll(folder) }
	defer func() {
		if err != nil {
			remove()
		}
	}()
	attributes, err := unprivileged(folder)
	if err != nil {
		return nil, nil, err
	}
	data := filepath.Join(folder, "data")
	make := exec.Command(filepath.Join(programs, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	make.SysProcAttr, make.Dir = attributes, folder
	if output, err := make.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("initdb: %w: %s", err, output)
	}
	// The shell stops the server when its standard input ends, which is also when this process is killed.
	const script = `"$@" & server=$!; while read -r _; do :; done; kill -INT $server; wait $server`
	server := exec.Command("sh", "-c", script, "sh", filepath.Join(programs, "postgres"), "-D", data, "-k", folder,
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200")
	server.SysProcAttr, server.Dir = attributes, folder
	var log bytes.Buffer
	server.Stdout, server.Stderr = &log, &log
	alive, err := server.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := server.Start(); err != nil {
		return nil, nil, err
	}
	stop = func() {
		alive.Close()
		server.Wait()
		remove()
	}
	cluster = &Cluster{folder: folder}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		err := cluster.run(context.Background(), "SELECT 1")
		if err == nil {
			return cluster, stop, nil
		}
		if time.Now().After(deadline) {
			stop()
			return nil, nil, errors.Join(err, errors.New(log.String()))
		}
	}
}

// unprivileged returns how to start a program that refuses to run as root: as the user postgres or nobody, who then owns the folder.
func unprivileged(folder string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		if owner, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.Atoi(owner.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(owner.Gid)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(folder, uid, gid); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}
