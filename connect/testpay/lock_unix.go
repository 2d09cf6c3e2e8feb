//go:build unix

package testpay

import (
	"os"
	"syscall"
)

// lockFile keeps other processes out; the kernel lets go when we die.
func lockFile(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }

func unlockFile(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
