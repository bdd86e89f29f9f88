package auth_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// breaking is a store that panics with what it was asked for, as the worst of stores would.
type breaking struct{ store.Store }

func (breaking) UserByUsername(_ context.Context, username string) (store.User, error) {
	panic("no user " + username)
}

func (b breaking) UserByID(_ context.Context, id string) (store.User, error) {
	var users []store.User
	return users[len(id)], nil
}

func (b breaking) TokenOwner(ctx context.Context, userID, _ string) (store.User, bool, error) {
	user, err := b.UserByID(ctx, userID)
	return user, false, err
}

// TestNothingLeaks sends every wire case to every site, good and bad, and failures on top, and searches log and answers for what must
// not be there.
func TestNothingLeaks(t *testing.T) {
	for _, site := range wireSites() {
		t.Run(site.name, func(t *testing.T) {
			var log bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			users := store.NewMemory()
			f := site.fixture(t, users, logger)
			cases := append(site.wireCases(f), wireSites()[0].wireCases(f)...)
			send := func() {
				for _, c := range cases {
					response := f.ask(c)
					if strings.Contains(string(response.Body), f.password) || strings.Contains(string(response.Body), f.secret()) {
						t.Errorf("%s: the answer holds a secret", c.name)
					}
				}
			}
			send()
			working := f.service
			var err error
			if f.service, err = auth.New(f.config, breaking{users}, f.host, logger); err != nil {
				t.Fatal(err)
			}
			send()
			f.service = working
			users.Close()
			send()
			for _, phrase := range []string{"a login was refused", "192.0.2.1:1024", "unavailable", "panic"} {
				if !strings.Contains(log.String(), phrase) {
					t.Errorf("the log has no %q: the test does not reach it", phrase)
				}
			}
			for _, secret := range []string{f.password, f.secret(), "eyJ", "pbkdf2_sha256$", "alice", "nobody", "0123456789abcdef", f.hash} {
				if at := strings.Index(log.String(), secret); at >= 0 {
					t.Errorf("the log holds %q: …%s", secret, log.String()[max(0, at-200):at])
				}
			}
		})
	}
}

// TestPanic checks the answer to a panic, for endpoints and for Authenticate.
func TestPanic(t *testing.T) {
	f := newFixture(t, options{})
	service, err := auth.New(f.config, breaking{f.users}, f.host, nil)
	if err != nil {
		t.Fatal(err)
	}
	token := f.login().Access
	request := &auth.Request{Method: "GET", Path: pathMe, Header: auth.Header{"Authorization": {"Bearer " + token}}}
	const body = `{"detail":"Internal server error."}`
	if response := service.Serve(context.Background(), request); response.Status != 500 || string(response.Body) != body {
		t.Errorf("%d %s", response.Status, response.Body)
	}
	if identity, refusal := service.Authenticate(context.Background(), request); identity != nil || refusal.Status != 500 || string(refusal.Body) != body {
		t.Errorf("%v %v", identity, refusal)
	}
}
