package main

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"

	"github.com/jeton-dev/jeton/workers/httpauth"
)

// maxNotes bounds what one user can put into memory, and maxNote the length of a note in bytes.
const (
	maxNotes = 100
	maxNote  = 1000
)

// notes answers GET with the notes of who asks, and POST {"text"} by adding one.
type notes struct {
	mutex  sync.Mutex
	byUser map[string][]string // by the user's ID
}

func newNotes() *notes { return &notes{byUser: make(map[string][]string)} }

// ServeHTTP implements http.Handler. It is only asked behind the middleware, so there always is an identity.
func (n *notes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	identity, _ := httpauth.IdentityFrom(r.Context())
	switch r.Method {
	case http.MethodGet:
		answer(w, http.StatusOK, map[string]any{"owner": identity.User.Username, "notes": n.of(identity.User.ID)})
	case http.MethodPost:
		var given struct {
			Text string `json:"text"`
		}
		if err := json.NewDecoder(io.LimitReader(r.Body, 2*maxNote)).Decode(&given); err != nil || given.Text == "" || len(given.Text) > maxNote {
			answer(w, http.StatusBadRequest, map[string]any{"text": []string{"A text of 1 to 1000 bytes is required."}})
			return
		}
		if !n.add(identity.User.ID, given.Text) {
			answer(w, http.StatusForbidden, map[string]any{"detail": "There are 100 notes already."})
			return
		}
		answer(w, http.StatusCreated, given)
	default:
		w.Header().Set("Allow", "GET, POST")
		answer(w, http.StatusMethodNotAllowed, map[string]any{"detail": "Method not allowed."})
	}
}

func (n *notes) of(user string) []string {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return append([]string{}, n.byUser[user]...)
}

func (n *notes) add(user, text string) bool {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if len(n.byUser[user]) >= maxNotes {
		return false
	}
	n.byUser[user] = append(n.byUser[user], text)
	return true
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // an error means that the client is gone
}
