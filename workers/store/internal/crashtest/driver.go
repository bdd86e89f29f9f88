package crashtest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net"
)

// Stepping opens a database with a step before and after each statement.
func Stepping(driver driver.Driver, name string, step func()) *sql.DB {
	return sql.OpenDB(connector{driver, name, step})
}

type connector struct {
	driver driver.Driver
	name   string
	step   func()
}

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	opened, err := c.driver.Open(c.name)
	return connection{opened, c.step}, err
}

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return c.driver }

type connection struct {
	driver.Conn
	step func()
}

// ExecContext implements driver.ExecerContext.
func (c connection) ExecContext(ctx context.Context, statement string, args []driver.NamedValue) (driver.Result, error) {
	c.step()
	defer c.step()
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, statement, args)
}

// QueryContext implements driver.QueryerContext.
func (c connection) QueryContext(ctx context.Context, statement string, args []driver.NamedValue) (driver.Rows, error) {
	c.step()
	defer c.step()
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, statement, args)
}

// SteppingConn returns a connection that sends what it is given piece by piece, with a step before and after each.
func SteppingConn(connection net.Conn, step func()) net.Conn { return pieces{connection, step} }

type pieces struct {
	net.Conn
	step func()
}

// Write implements net.Conn.
func (p pieces) Write(data []byte) (written int, err error) {
	const size = 48
	for len(data) > 0 && err == nil {
		p.step()
		var n int
		n, err = p.Conn.Write(data[:min(size, len(data))])
		data, written = data[n:], written+n
		p.step()
	}
	return written, err
}
