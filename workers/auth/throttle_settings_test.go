package auth_test

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestRates reads rates in every form there is.
func TestRates(t *testing.T) {
	for text, want := range map[string]auth.Rate{
		`"1/s"`: {Count: 1, Period: time.Second}, `"2/sec"`: {Count: 2, Period: time.Second}, `"3/second"`: {Count: 3, Period: time.Second},
		`"4/m"`: {Count: 4, Period: time.Minute}, `"5/min"`: {Count: 5, Period: time.Minute}, `"5/minutes"`: {Count: 5, Period: time.Minute},
		`"6/h"`: {Count: 6, Period: time.Hour}, `"07/hour"`: {Count: 7, Period: time.Hour},
		`"8/d"`: {Count: 8, Period: 24 * time.Hour}, `"1000000/day"`: {Count: 1_000_000, Period: 24 * time.Hour}, `null`: {},
	} {
		config, err := auth.ParseConfig([]byte(`{"REST_FRAMEWORK":{"DEFAULT_THROTTLE_RATES":{"login":` + text + `}}}`))
		expected := maps.Clone(auth.DefaultRESTFrameworkConfig().ThrottleRates)
		expected["login"] = want
		if err != nil || !reflect.DeepEqual(config.RESTFramework.ThrottleRates, expected) {
			t.Errorf("%s: got %v, %v", text, config.RESTFramework.ThrottleRates, err)
		}
	}
	for _, text := range []string{`""`, `"10"`, `"10/"`, `"/min"`, `"0/min"`, `"-1/min"`, `"+1/min"`, `" 1/min"`, `"1/min/h"`, `"1 /min"`, `"1.5/min"`, `"1/month"`, `"1/Min"`, `"10000000000/min"`, `10`, `true`, `["1/s"]`} {
		config, err := auth.ParseConfig([]byte(`{"REST_FRAMEWORK":{"DEFAULT_THROTTLE_RATES":{"login":` + text + `}}}`))
		var wrong *auth.SettingError
		if !errors.As(err, &wrong) || wrong.Name != "DEFAULT_THROTTLE_RATES" || !strings.Contains(wrong.Problem, `"login"`) {
			t.Errorf("%s: got %v, %v", text, config.RESTFramework.ThrottleRates, err)
		}
	}
}

// TestRESTFrameworkSettingErrors checks that what is wrong in REST_FRAMEWORK is named.
func TestRESTFrameworkSettingErrors(t *testing.T) {
	for _, test := range []struct{ settings, name string }{
		{`"DEFAULT_THROTTLE_RATES": {"burst": "60/min"}`, "DEFAULT_THROTTLE_RATES"},
		{`"DEFAULT_THROTTLE_RATES": {"login": "1000001/day"}`, "DEFAULT_THROTTLE_RATES"},
		{`"DEFAULT_THROTTLE_RATES": "60/min"`, "DEFAULT_THROTTLE_RATES"},
		{`"DEFAULT_THROTTLE_CLASSES": "rest_framework.throttling.AnonRateThrottle"`, "DEFAULT_THROTTLE_CLASSES"},
		{`"DEFAULT_THROTTLE_CLASSES": ["app.throttles.Mine"]`, "DEFAULT_THROTTLE_CLASSES"},
		{`"DEFAULT_THROTTLE_CLASSES": [1]`, "DEFAULT_THROTTLE_CLASSES"},
		{`"DEFAULT_THROTTLE_CLASSES": null`, "DEFAULT_THROTTLE_CLASSES"},
		{`"EXCEPTION_HANDLER": "app.errors.handler"`, "EXCEPTION_HANDLER"},
		{`"NUM_PROXIES": 1`, "NUM_PROXIES"},
		{`"THROTTLE_RATES": {}`, "THROTTLE_RATES"},
	} {
		config, err := auth.ParseConfig([]byte(`{"SECRET_KEY": "` + strings.Repeat("x", 32) + `", "REST_FRAMEWORK": {` + test.settings + `}}`))
		if err == nil {
			_, err = auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
		}
		var wrong *auth.SettingError
		if !errors.As(err, &wrong) || wrong.Name != test.name {
			t.Errorf("%s: got %v", test.settings, err)
		}
	}
}

// TestRESTFrameworkDefaults pastes all of REST framework's defaults, as the installed version has them.
func TestRESTFrameworkDefaults(t *testing.T) {
	var defaults json.RawMessage
	askPython(t, "testdata/settings.py", nil, &defaults)
	config, err := auth.ParseConfig(defaults)
	if err != nil {
		t.Fatal(err)
	}
	want := auth.DefaultConfig()
	want.RESTFramework.ThrottleRates["anon"], want.RESTFramework.ThrottleRates["user"] = auth.Rate{}, auth.Rate{}
	if !reflect.DeepEqual(config, want) {
		t.Errorf("got %+v", config.RESTFramework)
	}
}
