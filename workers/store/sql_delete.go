package store

import (
	"context"
	"fmt"
	"strings"
)

// reference is a column of another table that refers to users, as both stand in a statement.
type reference struct{ table, column string }

// DeleteUser implements [Store]. Django does in Python what its constraints leave to it, so it is done here too.
func (s *SQL) DeleteUser(ctx context.Context, id string) error {
	users, err := s.userStatements(ctx)
	if err != nil {
		return err
	}
	key, ok := users.keyArgument(id)
	if !ok {
		return ErrNotFound
	}
	rules, others, err := s.deletionRules(ctx, users)
	if err != nil {
		return fmt.Errorf("store: delete user: %w", err)
	}
	// The constraint would find these too, but on D1 a violated one resets the database under everybody.
	if referenced, err := s.isReferenced(ctx, users, others, key); err != nil {
		return fmt.Errorf("store: delete user: %w", err)
	} else if referenced {
		return ErrReferenced
	}
	batch := []Statement{{SQL: users.lockForDeletion, Arguments: []any{key}, Rows: true}}
	for _, rule := range append(rules, users.delete) {
		batch = append(batch, Statement{SQL: rule, Arguments: []any{key}})
	}
	results, err := s.batch(ctx, batch...)
	switch {
	case s.dialect.isForeignKeyViolation(err):
		return ErrReferenced
	case err != nil:
		return fmt.Errorf("store: delete user: %w", err)
	case results[len(batch)-1].RowsAffected == 0:
		return ErrNotFound
	}
	return nil
}

// deletionRules returns the statements that let go of a user in the tables there is a rule for, and the references that there is none
// for.
func (s *SQL) deletionRules(ctx context.Context, users *userStatements) (rules []string, others []reference, err error) {
	references, err := s.references(ctx, users.table.name)
	if err != nil {
		return nil, nil, err
	}
	for _, reference := range references {
		if rule := users.deletionRule(reference); rule != "" {
			rules = append(rules, rule)
		} else {
			others = append(others, reference)
		}
	}
	return rules, others, nil
}

// deletionRule returns the statement that lets go of a user, or "" when there is no rule for the table.
func (s *userStatements) deletionRule(reference reference) string {
	where := " WHERE " + reference.column + " = " + s.table.kind.parameter(s.dialect)
	switch strings.Trim(reference.table, `"`) {
	case outstandingTable:
		return s.dialect.statement("UPDATE " + reference.table + " SET " + reference.column + " = NULL" + where)
	case blockedTable, "django_admin_log", s.table.name + "_groups", s.table.name + "_user_permissions":
		return s.dialect.statement("DELETE FROM " + reference.table + where)
	}
	return ""
}

// references returns every foreign key to a table.
func (s *SQL) references(ctx context.Context, table string) ([]reference, error) {
	rows, err := s.query(ctx, s.dialect.statement(s.dialect.grammar().references), table)
	if err != nil {
		return nil, err
	}
	references := make([]reference, len(rows))
	for i, cells := range rows {
		reader := rowReader{cells: cells}
		references[i] = reference{reader.text(), reader.text()}
		if reader.err != nil {
			return nil, reader.err
		}
	}
	return references, nil
}

// isReferenced reports whether a row of references belongs to the user.
func (s *SQL) isReferenced(ctx context.Context, users *userStatements, references []reference, key any) (bool, error) {
	for _, reference := range references {
		condition := " WHERE " + reference.column + " = " + users.table.kind.parameter(s.dialect)
		rows, err := s.query(ctx, s.dialect.statement("SELECT 1 FROM "+reference.table+condition+" LIMIT 1"), key)
		if err != nil || len(rows) > 0 {
			return true, err
		}
	}
	return false, nil
}
