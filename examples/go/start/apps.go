package main

import (
	"errors"
	"fmt"
	"os/exec"
)

type play = func(name string, environment []string, args ...string) error

// playApp starts the app anew for each of its commands: what it has then is in its store alone.
func playApp(play play, environment []string, made demo) error {
	person := append(environment, "LOGIN_NAME="+made.User.LoginName, "PASSWORD="+made.User.Password)
	if err := play("app", person, "sign-in"); err != nil {
		return err
	}
	for _, command := range []string{"orders", "sign-out"} {
		if err := play("app", environment, command); err != nil {
			return err
		}
	}
	if _, failed := errors.AsType[*exec.ExitError](play("app", environment, "orders")); !failed {
		return errors.New("the app is still signed in")
	}
	return nil
}

// playDevice starts it twice: the second time it is known.
func playDevice(play play, environment []string) error {
	device := append(environment, "VENDOR_ID=lamp-7", "PASSWORD=printed on its back")
	for range 2 {
		if err := play("device", device); err != nil {
			return fmt.Errorf("the device: %w", err)
		}
	}
	return nil
}
