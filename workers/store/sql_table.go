package store

import (
	"context"
	"fmt"
)

// tablesOf are the tables of each group that tell whether it is there.
func (s *SQL) tablesOf(group Tables) []string {
	switch group {
	case UserTables:
		return []string{s.model.table}
	case TokenTables:
		return []string{outstandingTable, blacklistedTable}
	}
	return []string{blockedTable}
}

// groups returns the groups that tables names, in the order that they refer to each other.
func (tables Tables) groups() (groups []Tables) {
	for _, group := range []Tables{UserTables, TokenTables, BlockedTokenTables} {
		if tables&group != 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// HasTables implements [Store].
func (s *SQL) HasTables(ctx context.Context, tables Tables) (bool, error) {
	if s.closed.Load() {
		return false, ErrClosed
	}
	for _, group := range tables.groups() {
		for _, table := range s.tablesOf(group) {
			columns, err := s.columns(ctx, table)
			if err != nil {
				return false, fmt.Errorf("store: look for tables: %w", err)
			}
			if len(columns) == 0 {
				return false, nil
			}
		}
	}
	return true, ctx.Err()
}

// CreateTables makes those of the tables that are missing, as Django's migrations leave them; a group of which there is something is left
// alone. UserTables are those of Django's auth and contenttypes apps, so that a site can take the database over; another model's table
// is the site's to make. The other tables refer to the users', which must be there or be made with them.
func (s *SQL) CreateTables(ctx context.Context, tables Tables) error {
	var missing Tables
	for _, group := range tables.groups() {
		has, err := s.HasTables(ctx, group)
		if err != nil {
			return err
		}
		if !has {
			missing |= group
		}
	}
	if missing == 0 {
		return nil
	}
	table := stockUsers
	if s.model.table != stockUsers.name || missing&UserTables == 0 {
		known, err := s.statements(ctx)
		if err != nil {
			return err
		}
		table = known.users.table
	}
	batch := append([]Statement(nil), s.dialect.grammar().prelude...)
	for _, statement := range schemaStatements(s.dialect, missing, table) {
		batch = append(batch, Statement{SQL: statement})
	}
	if _, err := s.batch(ctx, batch...); err != nil {
		return fmt.Errorf("store: create tables: %w", err)
	}
	return nil
}

// Initialize makes a database ready for use. One that no Django site has migrated gets what it lacks of all tables; a site's is used as it
// is. Either way the user table must then have the columns of a User. A site's database without the model's user table is an error: its
// users are in another one.
func (s *SQL) Initialize(ctx context.Context) error {
	migrations, err := s.columns(ctx, "django_migrations")
	if err != nil {
		return fmt.Errorf("store: look for tables: %w", err)
	}
	if len(migrations) == 0 {
		if err := s.CreateTables(ctx, UserTables|TokenTables|BlockedTokenTables); err != nil {
			return err
		}
		return s.CheckTables(ctx)
	}
	has, err := s.HasTables(ctx, UserTables)
	if err != nil {
		return err
	}
	if !has {
		return fmt.Errorf("store: a Django site's database without the table %s: its users are in another one", s.model.table)
	}
	return s.CheckTables(ctx)
}

// CheckTables returns an error unless the user table exists and has the columns a User needs. It reads no row.
func (s *SQL) CheckTables(ctx context.Context) error {
	users, err := s.userStatements(ctx)
	if err != nil {
		return err
	}
	if _, err := s.query(ctx, users.none); err != nil {
		return fmt.Errorf("store: the table %s is not usable: %w", s.model.table, err)
	}
	return nil
}

// columns returns the columns of a table, or none when there is no such table.
func (s *SQL) columns(ctx context.Context, table string) ([]column, error) {
	rows, err := s.query(ctx, s.dialect.statement(s.dialect.grammar().columns), table)
	if err != nil {
		return nil, err
	}
	columns := make([]column, len(rows))
	for i, cells := range rows {
		reader := rowReader{cells: cells}
		columns[i] = column{name: reader.text(), declared: reader.text(), primary: reader.integer()}
		if reader.err != nil {
			return nil, reader.err
		}
	}
	return columns, nil
}
