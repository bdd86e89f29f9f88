module github.com/jeton-dev/jeton/workers/bench/echo

go 1.26
