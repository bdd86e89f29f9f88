package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
)

// requestFrame is a frame for start.
func requestFrame(method, path, body string) []byte {
	var frame []byte
	for _, field := range []string{method, path, "a=b", "192.0.2.1"} {
		frame = appendBytes(frame, field)
	}
	frame = appendUint32(frame, 1)
	frame = appendBytes(appendBytes(frame, "content-type"), "text/plain")
	return appendBytes(frame, body)
}

// newReactor returns a reactor over handle, which logs into the text.
func newReactor(handle handler) (*reactor, *strings.Builder) {
	log := &strings.Builder{}
	return &reactor{handle: handle, logger: slog.New(liveHandler{slog.NewTextHandler(log, nil)})}, log
}

// put reserves space for a frame and fills it.
func put(m *reactor, frame []byte) int32 {
	copy(m.reserve(int32(len(frame))), frame)
	return int32(len(frame))
}

// message is what start and step answer with.
type message struct {
	kind   byte
	id     int32
	rest   string // the operation
	status int
	body   string
}

func readMessage(t *testing.T, m *reactor, result int32) message {
	t.Helper()
	if result <= 0 {
		t.Fatalf("refused: %s", m.output)
	}
	r := newFrameReader(m.output)
	got := message{kind: r.uint8(), id: int32(r.uint32())}
	if got.kind == frameOperation {
		got.rest = string(r.rest)
		return got
	}
	got.status = int(r.uint32())
	for range r.count(8) {
		r.text()
		r.text()
	}
	got.body = r.text()
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	return got
}

// asking is a handler that asks the host as often as the request's body is long, and answers with the host's words.
func asking(ctx context.Context, request *auth.Request) *auth.Response {
	var body []byte
	for i := range len(request.Body) {
		answer, err := ask(ctx, fmt.Appendf(nil, "%s %d", request.Path, i))
		if err != nil {
			return &auth.Response{Status: 503, Body: []byte(err.Error())}
		}
		body = append(body, answer.text()...)
	}
	return &auth.Response{Status: 200, Header: auth.Header{"Content-Type": {"text/plain"}}, Body: body}
}

func TestRequest(t *testing.T) {
	var got *auth.Request
	m, _ := newReactor(func(_ context.Context, request *auth.Request) *auth.Response {
		got = request
		return &auth.Response{Status: 418, Header: auth.Header{"A": {"1", "2"}}, Body: []byte("x")}
	})
	answer := readMessage(t, m, m.start(put(m, requestFrame("POST", "/a%2Fb%", "body"))))
	if answer.kind != frameResponse || answer.status != 418 || answer.body != "x" {
		t.Errorf("got %+v", answer)
	}
	if got.Method != "POST" || got.Path != "/a%2Fb%" || got.RawQuery != "a=b" || got.RemoteAddress != "192.0.2.1" ||
		got.Header.Get("Content-Type") != "text/plain" || string(got.Body) != "body" {
		t.Errorf("the request arrived as %+v", got)
	}
	readMessage(t, m, m.start(put(m, requestFrame("POST", "/a%2Fb", "body"))))
	if got.Path != "/a/b" {
		t.Errorf("the path arrived as %q", got.Path)
	}
	if m.live() != 0 {
		t.Errorf("%d tasks are live", m.live())
	}
}

func TestTasksInterleave(t *testing.T) {
	m, _ := newReactor(asking)
	first := readMessage(t, m, m.start(put(m, requestFrame("POST", "/first", "xx"))))
	second := readMessage(t, m, m.start(put(m, requestFrame("POST", "/second", "xxx"))))
	if first.rest != "/first 0" || second.rest != "/second 0" || first.id == second.id || m.live() != 2 {
		t.Fatalf("got %+v and %+v", first, second)
	}
	step := func(id int32, answer string) message {
		return readMessage(t, m, m.step(id, put(m, appendBytes([]byte{0}, answer))))
	}
	for _, want := range []struct {
		id     int32
		answer string
		want   string
	}{
		{second.id, "a", "/second 1"}, {first.id, "b", "/first 1"}, {second.id, "c", "/second 2"},
	} {
		if got := step(want.id, want.answer); got.rest != want.want {
			t.Errorf("got %q, want %q", got.rest, want.want)
		}
	}
	if got := step(first.id, "d"); got.status != 200 || got.body != "bd" {
		t.Errorf("got %+v", got)
	}
	if got := step(second.id, "e"); got.status != 200 || got.body != "ace" {
		t.Errorf("got %+v", got)
	}
	if m.live() != 0 {
		t.Errorf("%d tasks are live", m.live())
	}
}

func TestHostFailure(t *testing.T) {
	m, _ := newReactor(asking)
	task := readMessage(t, m, m.start(put(m, requestFrame("POST", "/", "x"))))
	got := readMessage(t, m, m.step(task.id, put(m, failedAnswer(errors.New("out of order")))))
	if got.status != 503 || got.body != "edge: the host failed: out of order" {
		t.Errorf("got %+v", got)
	}
}

func TestCancel(t *testing.T) {
	before := runtime.NumGoroutine()
	var seen []error
	ended := 0
	var m *reactor
	m, log := newReactor(func(ctx context.Context, request *auth.Request) *auth.Response {
		defer func() { ended++ }()
		for range 3 { // a handler that does not give up
			_, err := ask(ctx, []byte("operation"))
			seen = append(seen, err)
		}
		m.logger.ErrorContext(ctx, "not to be seen")
		if !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("the context's error is %v", ctx.Err())
		}
		return &auth.Response{Status: 200}
	})
	var ids []int32
	for range 100 {
		ids = append(ids, readMessage(t, m, m.start(put(m, requestFrame("POST", "/", "x")))).id)
	}
	for _, id := range ids {
		if m.cancel(id) != 1 {
			t.Error("the task was not there")
		}
	}
	if m.cancel(ids[0]) != 0 || m.live() != 0 || ended != 100 {
		t.Errorf("%d tasks are live, %d have ended", m.live(), ended)
	}
	for _, err := range seen {
		if !errors.Is(err, errCancelled) {
			t.Fatalf("an operation of a cancelled task gave %v", err)
		}
	}
	if len(seen) != 300 {
		t.Errorf("%d operations failed", len(seen))
	}
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines are left of %d", runtime.NumGoroutine(), before)
		}
	}
	if log.Len() > 0 {
		t.Errorf("a cancelled request logged: %s", log)
	}
}

func TestPanic(t *testing.T) {
	const secret = "a secret"
	m, log := newReactor(func(ctx context.Context, request *auth.Request) *auth.Response {
		if request.Path == "/later" {
			ask(ctx, []byte("operation"))
		}
		panic(secret)
	})
	for _, path := range []string{"/now", "/later"} {
		got := readMessage(t, m, m.start(put(m, requestFrame("POST", path, ""))))
		if got.kind == frameOperation {
			got = readMessage(t, m, m.step(got.id, put(m, []byte{0})))
		}
		if got.status != 500 || got.body != `{"detail":"Internal server error."}` {
			t.Errorf("%s: got %+v", path, got)
		}
	}
	// On the way out of a cancelled request, too.
	task := readMessage(t, m, m.start(put(m, requestFrame("POST", "/later", ""))))
	if m.cancel(task.id) != 1 || m.live() != 0 {
		t.Error("the task is still there")
	}
	if strings.Contains(log.String(), secret) || !strings.Contains(log.String(), "a request panicked") {
		t.Errorf("logged: %s", log)
	}
}

func TestRefusals(t *testing.T) {
	m, _ := newReactor(asking)
	frame := requestFrame("POST", "/", "x")
	for name, test := range map[string]struct {
		result func() int32
		want   string
	}{
		"a negative length":      {func() int32 { m.reserve(4); return m.start(-1) }, refusedLength},
		"a length not reserved":  {func() int32 { m.reserve(4); return m.start(5) }, refusedLength},
		"nothing reserved":       {func() int32 { return m.start(1) }, refusedLength},
		"too much reserved":      {func() int32 { m.reserve(maximumInput + 1); return m.start(1) }, refusedLength},
		"a frame cut short":      {func() int32 { return m.start(put(m, frame[:9])) }, refusedFrame},
		"an unknown task":        {func() int32 { return m.step(7, put(m, []byte{0})) }, refusedTask},
		"a frame for configure":  {func() int32 { return m.configure(put(m, frame)) }, refusedFrame},
		"a panic in the reactor": {func() int32 { m.reserve(1); return m.export(1, func([]byte) int32 { panic("bug") }) }, refusedPanic},
	} {
		t.Run(name, func(t *testing.T) {
			result := test.result()
			if got := string(m.output); got != test.want || int(result) != -len(test.want) {
				t.Errorf("got %d, %q; want %q", result, got, test.want)
			}
		})
	}
}

func TestUnconfigured(t *testing.T) {
	var m reactor
	if result := m.start(put(&m, requestFrame("GET", "/", ""))); result >= 0 || string(m.output) != refusedUnconfigured {
		t.Errorf("got %d, %q", result, m.output)
	}
}

func TestConfigure(t *testing.T) {
	good := strings.Repeat("k", 32)
	for name, test := range map[string]struct{ signingKey, secretKey, config, want string }{
		"a signing key": {signingKey: good},
		"a secret key":  {secretKey: good},
		"settings":      {config: `{"SECRET_KEY":"` + good + `"}`},
		"no key":        {want: refusedMissingKey},
		"a short key":   {signingKey: "short", want: refusedConfiguration},
		"bad settings":  {signingKey: good, config: `{"SIMPLE_JWT":{"NO_SUCH":1}}`, want: refusedConfiguration},
	} {
		t.Run(name, func(t *testing.T) {
			var m reactor
			frame := appendBytes(appendBytes(appendBytes(nil, test.signingKey), test.secretKey), test.config)
			result := m.configure(put(&m, frame))
			code, _, _ := strings.Cut(string(m.output), ":")
			if code != test.want || (result == 0) != (test.want == "") {
				t.Errorf("got %d, %q; want %q", result, m.output, test.want)
			}
			if (m.handle != nil) != (test.want == "") {
				t.Error("the service is not as configured")
			}
		})
	}
}

func TestInputAndOutputAreWiped(t *testing.T) {
	m, _ := newReactor(asking)
	frame := requestFrame("POST", "/path", "body")
	space := m.reserve(int32(len(frame)))
	copy(space, frame)
	task := readMessage(t, m, m.start(int32(len(frame))))
	output := m.output
	m.cancel(task.id)
	for name, bytes := range map[string][]byte{"input": space, "output": output} {
		if strings.Trim(string(bytes), "\x00") != "" {
			t.Errorf("the %s still holds %q", name, bytes)
		}
	}
}

func TestIDsWrap(t *testing.T) {
	m, _ := newReactor(asking)
	m.lastID = 1<<31 - 2
	want := []int32{1<<31 - 1, 1, 2}
	for _, id := range want {
		if got := readMessage(t, m, m.start(put(m, requestFrame("POST", "/", "x")))); got.id != id {
			t.Errorf("got ID %d, want %d", got.id, id)
		}
	}
	m.lastID = 0
	if got := readMessage(t, m, m.start(put(m, requestFrame("POST", "/", "x")))); got.id != 3 {
		t.Errorf("got ID %d, which another task has", got.id)
	}
}

func TestOperationOutsideARequest(t *testing.T) {
	if _, err := ask(context.Background(), []byte("operation")); !errors.Is(err, errOutsideRequest) {
		t.Errorf("got %v", err)
	}
}
