// Package app composes the program.
package app
