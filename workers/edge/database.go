package main

import (
	"context"

	"github.com/jeton-dev/jeton/workers/store"
)

// The operations that a task asks the host for: the first byte of an operation.
const (
	operationQuery  = 1
	operationExec   = 2
	operationPBKDF2 = 3
	operationSign   = 4
	operationVerify = 5
)

// database is D1, by way of the host. The context says which request asks.
type database struct{}

var _ store.Database = database{}

// Query implements [store.Database].
func (database) Query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	operation, err := appendStatement([]byte{operationQuery}, statement, args)
	if err != nil {
		return nil, err
	}
	answer, err := ask(ctx, operation)
	if err != nil {
		return nil, err
	}
	return readRows(answer)
}

// Exec implements [store.Database].
func (database) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	operation, err := appendStatement([]byte{operationExec}, statement, args)
	if err != nil {
		return 0, err
	}
	answer, err := ask(ctx, operation)
	if err != nil {
		return 0, err
	}
	changed := int64(answer.uint64())
	if err := answer.end(); err != nil {
		return 0, err
	}
	return changed, nil
}

func appendStatement(operation []byte, statement string, args []any) ([]byte, error) {
	operation = appendBytes(operation, statement)
	operation = appendUint32(operation, len(args))
	var err error
	for _, argument := range args {
		if operation, err = appendCell(operation, argument); err != nil {
			return nil, err
		}
	}
	return operation, nil
}

// readRows reads how many rows and columns there are, and the cells row by row.
func readRows(answer *frameReader) ([][]any, error) {
	rows, columns := answer.uint32(), answer.uint32()
	if answer.err == nil && (uint64(rows)*uint64(columns) > uint64(len(answer.rest)) || rows > 0 && columns == 0) {
		answer.err = errFrame // a cell takes a byte at least
	}
	if answer.err != nil {
		return nil, answer.err
	}
	result := make([][]any, rows)
	for i := range result {
		result[i] = make([]any, columns)
		for j := range result[i] {
			result[i][j] = answer.cell()
		}
	}
	if err := answer.end(); err != nil {
		return nil, err
	}
	return result, nil
}
