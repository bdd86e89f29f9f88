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
	operationBatch  = 6
	operationLimit  = 7
	operationKeySet = 8
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
	rows := readRows(answer)
	if err := answer.end(); err != nil {
		return nil, err
	}
	return rows, nil
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

// Batch implements [store.Database].
func (database) Batch(ctx context.Context, statements []store.Statement) ([]store.Result, error) {
	operation := appendUint32([]byte{operationBatch}, len(statements))
	for _, statement := range statements {
		var err error
		if operation, err = appendStatement(operation, statement.SQL, statement.Arguments); err != nil {
			return nil, err
		}
	}
	answer, err := ask(ctx, operation)
	if err != nil {
		return nil, err
	}
	results := make([]store.Result, len(statements))
	for i := range results {
		results[i] = store.Result{RowsAffected: int64(answer.uint64()), Rows: readRows(answer)}
	}
	if err := answer.end(); err != nil {
		return nil, err
	}
	return results, nil
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

// readRows reads how many rows and columns there are, and the cells row by row. What is wrong is the answer's error.
func readRows(answer *frameReader) [][]any {
	rows, columns := answer.uint32(), answer.uint32()
	if answer.err == nil && (uint64(rows)*uint64(columns) > uint64(len(answer.rest)) || rows > 0 && columns == 0) {
		answer.err = errFrame // a cell takes a byte at least
	}
	if answer.err != nil {
		return nil
	}
	result := make([][]any, rows)
	for i := range result {
		result[i] = make([]any, columns)
		for j := range result[i] {
			result[i][j] = answer.cell()
		}
	}
	return result
}
