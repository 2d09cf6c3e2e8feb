package db

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"strconv"

	"zombiezen.com/go/sqlite"
)

// bind gives a parameter its value: the common types at once, the rest by what
// they are made of, as database/sql does.
func bind(stmt *sqlite.Stmt, i int, arg any) error {
	switch v := arg.(type) {
	case nil:
		stmt.BindNull(i)
	case string:
		stmt.BindText(i, v)
	case int64:
		stmt.BindInt64(i, v)
	case int:
		stmt.BindInt64(i, int64(v))
	case bool:
		stmt.BindBool(i, v)
	case []byte:
		if v == nil {
			stmt.BindNull(i)
		} else {
			stmt.BindBytes(i, v)
		}
	case driver.Valuer:
		if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer && p.IsNil() {
			stmt.BindNull(i)
			return nil
		}
		inner, err := v.Value()
		if err != nil {
			return err
		}
		return bind(stmt, i, inner)
	default:
		return bindKind(stmt, i, reflect.ValueOf(arg))
	}
	return nil
}

func bindKind(stmt *sqlite.Stmt, i int, v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		stmt.BindText(i, v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		stmt.BindInt64(i, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() > 1<<63-1 {
			return fmt.Errorf("%d is too large to store", v.Uint())
		}
		stmt.BindInt64(i, int64(v.Uint()))
	case reflect.Bool:
		stmt.BindBool(i, v.Bool())
	case reflect.Float32, reflect.Float64:
		stmt.BindFloat(i, v.Float())
	case reflect.Pointer:
		if v.IsNil() {
			stmt.BindNull(i)
			return nil
		}
		return bind(stmt, i, v.Elem().Interface())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return bind(stmt, i, v.Bytes())
		}
		fallthrough
	default:
		return fmt.Errorf("a %s cannot be stored", v.Type())
	}
	return nil
}

// column reads one column of the present row into the variable dest points to.
func column(stmt *sqlite.Stmt, i int, dest any) error {
	kind := stmt.ColumnType(i)
	switch d := dest.(type) {
	case *string:
		if kind != sqlite.TypeNull {
			*d = stmt.ColumnText(i)
			return nil
		}
	case *int64:
		if kind == sqlite.TypeInteger {
			*d = stmt.ColumnInt64(i)
			return nil
		}
	case *int:
		if kind == sqlite.TypeInteger {
			*d = stmt.ColumnInt(i)
			return nil
		}
	case *[]byte:
		*d = content(stmt, i, kind)
		return nil
	case *any:
		*d = value(stmt, i, kind)
		return nil
	case sql.Scanner:
		return d.Scan(value(stmt, i, kind))
	}
	v := reflect.ValueOf(dest)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("a %T is no place to scan into", dest)
	}
	return assign(v.Elem(), value(stmt, i, kind))
}

func content(stmt *sqlite.Stmt, i int, kind sqlite.ColumnType) []byte {
	if kind == sqlite.TypeNull {
		return nil
	}
	buf := make([]byte, stmt.ColumnLen(i))
	stmt.ColumnBytes(i, buf)
	return buf
}

func value(stmt *sqlite.Stmt, i int, kind sqlite.ColumnType) any {
	switch kind {
	case sqlite.TypeInteger:
		return stmt.ColumnInt64(i)
	case sqlite.TypeFloat:
		return stmt.ColumnFloat(i)
	case sqlite.TypeText:
		return stmt.ColumnText(i)
	case sqlite.TypeBlob:
		return content(stmt, i, kind)
	}
	return nil
}

// assign puts a value into a variable of another type: named types, narrower
// numbers, pointers for what may be null.
func assign(to reflect.Value, from any) error {
	if to.Kind() == reflect.Pointer {
		if from == nil {
			to.SetZero()
			return nil
		}
		to.Set(reflect.New(to.Type().Elem()))
		return assign(to.Elem(), from)
	}
	if b, ok := from.([]byte); ok && !(to.Kind() == reflect.Slice) {
		from = string(b)
	}
	switch v := from.(type) {
	case nil:
		if to.Kind() == reflect.Slice || to.Kind() == reflect.Interface {
			to.SetZero()
			return nil
		}
	case []byte:
		if to.Type().Elem().Kind() == reflect.Uint8 {
			to.SetBytes(bytes.Clone(v))
			return nil
		}
	case int64:
		return assignInt(to, v)
	case float64:
		if to.CanFloat() {
			to.SetFloat(v)
			return nil
		}
	case string:
		return assignText(to, v)
	}
	return fmt.Errorf("%T does not fit into a %s", from, to.Type())
}

func assignInt(to reflect.Value, v int64) error {
	switch {
	case to.CanInt() && !to.OverflowInt(v):
		to.SetInt(v)
	case to.CanUint() && v >= 0 && !to.OverflowUint(uint64(v)):
		to.SetUint(uint64(v))
	case to.CanFloat():
		to.SetFloat(float64(v))
	case to.Kind() == reflect.Bool && (v == 0 || v == 1):
		to.SetBool(v == 1)
	case to.Kind() == reflect.String:
		to.SetString(strconv.FormatInt(v, 10))
	default:
		return fmt.Errorf("%d does not fit into a %s", v, to.Type())
	}
	return nil
}

func assignText(to reflect.Value, v string) error {
	switch {
	case to.Kind() == reflect.String:
		to.SetString(v)
	case to.CanInt():
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return fmt.Errorf("not a number: %w", err)
		}
		return assignInt(to, n)
	default:
		return fmt.Errorf("a text does not fit into a %s", to.Type())
	}
	return nil
}
