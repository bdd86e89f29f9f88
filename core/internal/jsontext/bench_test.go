package jsontext

import "testing"

const benchmarkPayload = `{"iss":"https://issuer.example","sub":"user-00000042","aud":"https://api.example","exp":1790003600,"nbf":1789999940,"iat":1789999940,` +
	`"jti":"0b8f6a52-4c1d-4e07-9a3e-000000000042","client_id":"browser","scope":"openid profile orders:read orders:write","roles":["customer","reviewer"]}`

func BenchmarkScanObject(b *testing.B) {
	data := []byte(benchmarkPayload)
	var members []Member
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var fault Fault
		if members, fault = ScanObject(data, testLimits, members[:0]); fault != None {
			b.Fatal(fault)
		}
	}
}
