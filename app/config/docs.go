package config

import (
	"fmt"
	"io"
	"reflect"
	"strings"
)

func (s Setting) isSecret() bool   { return s.kind == reflect.TypeFor[Secret]() }
func (s Setting) isLocation() bool { return s.kind == reflect.TypeFor[Location]() }

// Document writes all settings as a Markdown table.
func Document(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# Settings

A flag wins over an environment variable, that over the file, that over the default. The file is YAML, flat, named by
` + "`--config`" + ` or ` + "`AFTERCARE_CONFIG`" + `, else ` + "`aftercare.yaml`" + ` in the data folder. Passwords and tokens are never printed.

| file key | flag | environment | default | values | meaning |
|---|---|---|---|---|---|
`)
	for _, s := range Settings() {
		fmt.Fprintf(&b, "| `%s` | `--%s` | `%s` | %s | %s | %s |\n", s.Key, s.Flag(), s.Env(), code(s.Default), escape(s.Values), escape(s.Doc))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func code(text string) string {
	if text == "" {
		return "none"
	}
	return "`" + text + "`"
}

func escape(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// Sample writes a configuration file in which everything is a comment.
func Sample(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Aftercare. Every line is optional; what stands here is the default.\n# Flags and AFTERCARE_… variables win over this file.\n")
	for _, s := range Settings() {
		value := s.Default
		if value == "" {
			value = `""`
		} else if strings.ContainsAny(value, ":<#") {
			value = `"` + value + `"`
		}
		fmt.Fprintf(&b, "\n# %s\n# Values: %s.\n#%s: %s\n", s.Doc, s.Values, s.Key, value)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
