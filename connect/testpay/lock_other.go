//go:build !unix

package testpay

import "os"

// Without file locks only one process may use a journal.

func lockFile(*os.File) error { return nil }

func unlockFile(*os.File) error { return nil }
