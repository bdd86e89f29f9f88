package platform

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// published is a key set behind a URL, with a clock of its own.
type published struct {
	t       *testing.T
	time    time.Time
	body    []byte
	fail    error
	fetches int
	lookUp  core.KeySetFunc
}

func newPublished(t *testing.T, ids ...string) *published {
	t.Helper()
	p := &published{t: t, time: time.Unix(1_800_000_000, 0)}
	p.publish(ids...)
	open := RemoteKeys(func(location string) ([]byte, error) {
		if location != "https://keys.example/jwks.json" {
			t.Errorf("%q is fetched", location)
		}
		p.fetches++
		return p.body, p.fail
	}, func() time.Time { return p.time })
	var err error
	if p.lookUp, err = open("https://keys.example/jwks.json", core.ES256); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *published) publish(ids ...string) {
	p.t.Helper()
	var keys []*core.Key
	for _, id := range ids {
		key, err := core.GenerateKey(core.ES256)
		if err == nil {
			key, err = key.WithID(id)
		}
		if err == nil {
			key, err = key.Public()
		}
		if err != nil {
			p.t.Fatal(err)
		}
		keys = append(keys, key)
	}
	set, err := core.NewKeySet(keys...)
	if err == nil {
		p.body, err = set.MarshalJSON()
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// ask looks a key up after a while, and checks whether it is found and how often the set has been fetched by then.
func (p *published) ask(later time.Duration, id string, found bool, fetches int) *core.Key {
	p.t.Helper()
	p.time = p.time.Add(later)
	set, err := p.lookUp(core.Header{Algorithm: "ES256", KeyID: id})
	var key *core.Key
	if err == nil {
		for _, candidate := range set.Keys() {
			if candidate.ID() == id {
				key = candidate
			}
		}
	} else if !errors.Is(err, core.KeySetUnavailable) {
		p.t.Errorf("%s: %v", id, err)
	}
	if (key != nil) != found || p.fetches != fetches {
		p.t.Errorf("key %s found: %v, after %d fetches (%v); want %v after %d", id, key != nil, p.fetches, err, found, fetches)
	}
	return key
}

func TestRemoteKeys(t *testing.T) {
	p := newPublished(t, "one")
	first := p.ask(0, "one", true, 1)
	p.ask(keySetInterval-1, "one", true, 1)
	if again := p.ask(1, "one", true, 2); again != first {
		t.Error("a set that has not changed has other keys")
	}
	p.ask(time.Second, "two", false, 2) // the set has just been fetched
	p.publish("one", "two")
	p.ask(keySetCooldown, "two", true, 3)
	p.ask(1, "three", false, 3)
	p.ask(keySetCooldown-2, "three", false, 3)
	p.ask(1, "three", false, 4)
	p.ask(1, "two", true, 4)

	p.fail = errors.New("away")
	p.ask(keySetInterval, "two", true, 5) // the last good set stays
	p.ask(keySetCooldown-1, "two", true, 5)
	p.ask(1, "two", true, 6)
	p.fail, p.body = nil, []byte(`{"keys":[]}`)
	p.ask(keySetCooldown, "two", true, 7)
	p.publish("four")
	p.ask(keySetCooldown, "four", true, 8)
	p.ask(0, "two", false, 8)
}

func TestRemoteKeysUnavailable(t *testing.T) {
	p := newPublished(t, "one")
	p.fail = errors.New("away")
	p.ask(0, "one", false, 1)
	p.ask(keySetCooldown-1, "one", false, 1)
	p.fail, p.body = nil, []byte("<html>")
	p.ask(1, "one", false, 2)
	p.publish("one")
	p.ask(keySetCooldown, "one", true, 3)
}

func TestRemoteKeysRefuses(t *testing.T) {
	for location, allowed := range map[string]bool{
		"https://keys.example/jwks.json": true, "http://127.0.0.1:8080/jwks.json": true, "http://localhost/jwks.json": true,
		"http://keys.example/jwks.json": false, "ftp://keys.example/": false, "https://user:word@keys.example/": false, "https:///jwks.json": false, "keys.json": false, "": false, "://": false,
	} {
		if _, err := RemoteKeys(nil, time.Now)(location, core.ES256); (err == nil) != allowed {
			t.Errorf("%q: %v", location, err)
		}
	}
}

func ExampleRemoteKeys() {
	open := RemoteKeys(func(string) ([]byte, error) { return nil, errors.New("a Worker would fetch here") }, time.Now)
	_, err := open("http://keys.example/jwks.json", core.ES256)
	fmt.Println(err)
	// Output: the key set needs an absolute https URL without user information
}
