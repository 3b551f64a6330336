package login

import (
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// change replaces a text of a file of the rules, which must be there once.
type change struct{ file, from, to string }

// mutants are the rules of docs/login.md, each with its guard removed, and a test that finds it.
var mutants = map[string]struct {
	test    string
	changes []change
}{
	"a token is answered until its end, and refreshed then": {"TestMargin", []change{
		{"held.go", "return h.leftAt(now) > min(h.record.lifetime()/marginParts, longestMargin)", "return h.leftAt(now) > 0"}}},
	"a device asks as often after it was told to slow down": {"TestDevicePolls", []change{
		{"waiting.go", "		p.interval += slowDown\n", ""}}},
	"a device asks as often while the server is away": {"TestDevicePolls", []change{
		{"waiting.go", "p.interval<<min(p.failures, 8)", "p.interval"}}},
	"the code of a device has no end by its own clock": {"TestDeviceIsTooLate", []change{
		{"waiting.go", ">= grant.TimeToLive {", "< 0 {"}}},
	"a code that a lost answer used is a wrong one": {"TestDeviceIsRefused", []change{
		{"waiting.go", "\"INVALID_GRANT\" && p.isLost:", "\"INVALID_GRANT\" && false:"}}},
	"what is good once is lost as any other": {"TestSignInAfter", []change{
		{"signin.go", "ctx.Err() == nil && isLost(err) {", "false {"}}},
	"the margin has no longest time": {"TestMargin", []change{
		{"held.go", "min(h.record.lifetime()/marginParts, longestMargin)", "h.record.lifetime()/marginParts"}}},
	"a call waits for a refresh while the old token is good": {"TestMargin", []change{
		{"keeper.go", "	if left <= 0 && mayWait", "	if !h.isFresh(now) && mayWait"}}},
	"a token that ends with its login is refreshed": {"TestEndsTogether", []change{
		{"held.go", " && !h.record.endsTogether() && ", " && "}}},
	"each waiter has a refresh of its own": {"TestSingleFlight", []change{
		{"flight.go", "	if k.flight != nil {\n		return k.flight", "	if false {\n		return k.flight"},
		{"renew.go", "if isGood && ", "if isGood && false && "}}},
	"a lost answer is an error at once": {"TestLostAnswer", []change{
		{"flight.go", "case codes.Unavailable, codes.DeadlineExceeded:\n\t\treturn true", "case codes.OutOfRange:\n\t\treturn true"}}},
	"beside calls a refresh is begun at each of them": {"TestFailedRefresh", []change{
		{"flight.go", "return p.failures == 0 || now.Mono >= p.notBefore", "return true"}}},
	"what the server says of waiting is not heard": {"TestAskedToWait", []change{
		{"flight.go", "asked > 0 {", "asked < 0 {"}}},
	"an error of the client signs out": {"TestFailedRefresh", []change{
		{"renew.go", "	return failure.Code == codes.FailedPrecondition && failure.Reason == \"INVALID_REFRESH_TOKEN\"",
			"	return failure.Code != codes.Unavailable"}}},
	"the reason is not looked at": {"TestEndedBy", []change{
		{"renew.go", "k.end(reasonOf(failure.EndedBy), false)", "k.end(Revoked, false)"}}},
	"the end of a login stays in the store": {"TestEndedBy", []change{
		{"renew.go", "		k.forgetAlone(ctx, h.record)\n", ""}}},
	"a refusal without a reason signs out at once": {"TestRefusedWithoutReason", []change{
		{"renew.go", "if now := k.now(); spent.isOver(now) {", "if now := k.now(); true {"}}},
	"a refusal without a reason is asked for again": {"TestRefusedWithoutReason", []change{
		{"renew.go", "		spent.isUnrenewable = true\n", ""}}},
	"a client's login is not begun again": {"TestClientBeginsAgain", []change{
		{"renew.go", "if !h.isBegunAgain || !isRefused(err) {", "if true {"}}},
	"a client's new family is another login": {"TestClientBeginsAgain", []change{
		{"record.go", "return isBegunAgain || r.FamilyID", "return isBegunAgain && r.FamilyID"}}},
	"an answer for a login that ended is held": {"TestDropped", []change{
		{"keeper.go", "	return k.epoch == epoch\n", "	return true\n"},
		{"renew.go", "	if k.epoch != f.epoch {\n		return errDropped // Who", "	if false {\n		return errDropped // Who"}}},
	"the clock on the wall counts in memory": {"TestClocks", []change{
		{"held.go", "return time.Duration(max(0, now.Mono-h.since))", "return time.Duration(now.Wall) - time.Duration(h.record.ObtainedMS)*time.Millisecond"}}},
	"what is left after a restart has no bounds": {"TestClockOverRestart", []change{
		{"held.go", "return min(lifetime, max(0, lifetime-passed))", "return lifetime - passed"}}},
	"a clock that leapt ahead ends a login": {"TestClockOverRestart", []change{
		{"held.go", "h.isDoubtful = h.left == 0 && h.loginLeft == 0", "h.isDoubtful = false"}}},
	"a token that ended by the clock alone is not asked about": {"TestDoubt", []change{
		{"held.go", "		return !h.isDead || h.record.RefreshToken != \"\"", "		return h.record.RefreshToken != \"\""}}},
	"the store is not read before a refresh": {"TestAnotherWasQuicker", []change{
		{"stored.go", "	case record.AccessToken != k.held.record.AccessToken:", "	case false:"}}},
	"an empty store signs nobody out": {"TestStoreWasChanged", []change{
		{"stored.go", "	case text == \"\":\n		k.end(SignedOut, false)\n		return nil, errDropped\n", ""}}},
	"another login in the store is passed over": {"TestStoreWasChanged", []change{
		{"stored.go", "		k.end(Replaced, false)\n		return nil, errDropped\n", ""}}},
	"a call may have the new token before the store": {"TestSavedFirst", []change{
		{"renew.go", "	k.save(ctx, next.record)\n	k.mu.Lock()", "	k.mu.Lock()\n	k.held = next\n	k.mu.Unlock()\n	k.save(ctx, next.record)\n	k.mu.Lock()"}}},
	"what could not be written is not written again": {"TestUnwritableStore", []change{
		{"keeper.go", "(needsMore || k.isUnsaved) &&", "needsMore &&"}}},
	"what the store had before is taken for something newer": {"TestUnreadableStore", []change{
		{"stored.go", "	case !wasSeen && !(ok && record.isLater(k.held.record)):\n", "	case false:\n"}}},
	"a refresh goes on while another process is within the lock": {"TestLockOfAnother", []change{
		{"stored.go", "code == codes.Unavailable || ctx.Err() != nil", "ctx.Err() != nil && code == 0"}}},
	"a token that is live is refreshed": {"TestRefused", []change{
		{"refused.go", "	if err == nil || !isNotLive(err) {", "	if err != nil && !isNotLive(err) {"}}},
	"a token that is not known to be dead is refreshed": {"TestRefused", []change{
		{"refused.go", "	if err == nil || !isNotLive(err) {", "	if err == nil {"}}},
	"the store is not looked at for a token that was refused": {"TestRefusedAndStored", []change{
		{"refused.go", "	h, err := k.rereadInTurn(epoch)\n	if err != nil {\n		return false\n	}\n	if h.record.AccessToken != token {\n		return true\n	}\n	ctx", "	var err error\n	ctx"}}},
	"each call that was refused asks": {"TestRefusedAtOnce", []change{
		{"refused.go", "	if k.inquiry == nil || k.inquiry.token != token {", "	if true {"}}},
	"who has no refresh token stays signed in with a dead one": {"TestRefusedWithoutRefreshToken", []change{
		{"refused.go", "		if !dead.isRenewable(k.now()) {", "		if false {"}}},
	"a refresh that was sent ends with a close": {"TestCloseDuringRefresh", []change{
		{"keeper.go", "			_ = k.world.Sleep(flight.ctx, longestClosing)\n", ""}}},
	"a close waits for a refresh for ever": {"TestCloseDuringRepeats", []change{
		{"keeper.go", "	k.cancelLasting()\n", ""}}},
	"a refresh is sent after a close": {"TestCloseBeforeRefresh", []change{
		{"renew.go", "	if k.ctx.Err() != nil {\n		return closed()", "	if false {\n		return closed()"}}},
	"what could not be written is lost at a close": {"TestCloseUnsaved", []change{
		{"keeper.go", "		k.saveUnsaved(ctx)\n", "		_ = ctx\n"}}},
	"what the store has is taken for newer than what it lacks": {"TestResumeStoredUnsaved", []change{
		{"signin.go", "	return k.isUnsaved && (isUnchanged", "	return false && (isUnchanged"}}},
	"a sign-in that could not be written is replaced by what was there": {"TestResumeStoredUnsaved", []change{
		{"signin.go", "(isUnchanged || (record", "(isUnchanged && false || (record"}}},
	"a record of the same login is newer whatever its time": {"TestResumeStoredUnsaved", []change{
		{"signin.go", "!record.isLater(k.held.record)))", "false))"}}},
	"what is resumed from the store drops a refresh": {"TestResumeStoredDuringRefresh", []change{
		{"signin.go", "	if k.held.record.AccessToken == record.AccessToken {", "	if false {"}}},
	"a token of another client is replaced by one of the own": {"TestTokenOfAnotherClient", []change{
		{"record.go", "	return r.begunAgain() && r.ClientID == clientID && r.SubjectID == clientID", "	return r.begunAgain()"}}},
	"the client of a token is not heard": {"TestTokenOfAnotherClient", []change{
		{"signin.go", "cmp.Or(record.ClientID, k.world.ClientID)", "cmp.Or(k.world.ClientID)"}}},
	"a sign-in goes on after a sign-out": {"TestSignOutDuringSignIn", []change{
		{"signout.go", "	k.isGivenUp = k.isSigning\n", ""}}},
	"what a sign-in got that was given up is left": {"TestSignOutDuringSignIn", []change{
		{"signin.go", "	k.revokeBeside(got)\n", ""}}},
	"what a sign-in stored that was given up is left": {"TestSignOutDuringSignIn", []change{
		{"signin.go", "			k.forgetAlone(ctx, h.record)\n			return k.givenUp", "			return k.givenUp"}}},
	"what was resumed from the store after a sign-out stays there": {"TestSignOutDuringSignIn", []change{
		{"signin.go", "			k.forget(stored)\n", ""}}},
	"two sign-ins at a time": {"TestSignInsAreOneAtATime", []change{
		{"signin.go", "	case k.isSigning:\n", "	case false:\n"}}},
	"a login before is left": {"TestLoginBefore", []change{
		{"signin.go", "		before = append(before, &k.held.record)\n", ""}}},
	"a login that only the store knew is left": {"TestLoginBefore", []change{
		{"signin.go", "			stored = &other\n", "			_ = other\n"}}},
	"a record of another client is resumed": {"TestResume", []change{
		{"signin.go", "		if !record.isFor(k.world.ClientID) {\n			return ofAnother(\"the text\")\n		}\n", ""}}},
	"a sign-out is told once": {"TestSignOut", []change{
		{"revoking.go", "	if !isLater {\n		return\n	}\n	defer", "	if true {\n		return\n	}\n	defer"}}},
	"a close leaves a token of who signs out": {"TestCloseDuringSignOut", []change{
		{"stored.go", "	if err != nil && k.ctx.Err() != nil {\n		ctx", "	if k.ctx.Err() != nil {\n		return\n	}\n	if err != nil {\n		ctx"}}},
	"a lock that another process holds leaves a token of who signs out": {"TestSignOutBehindLock", []change{
		{"stored.go", "		k.storeFailed(err)\n		do()\n", "		k.storeFailed(err)\n"}}},
	"a sign-out empties a store that another has": {"TestSignOutOfStore", []change{
		{"stored.go", "(ok && !other.isOfLogin(record))", "(ok && other.isOfLogin(record) && false)"}}},
	"events with the lock held": {"TestEvents", []change{
		{"events.go", "		k.mu.Unlock()\n		k.call(next)\n		k.mu.Lock()\n", "		k.call(next)\n"}}},
	"a listener ends a sign-in": {"TestEvents", []change{
		{"events.go", "	defer func() { _ = recover() }()\n", ""}}},
	"a wrong password is tried once more": {"TestAsUser", []change{
		{"account.go", "|| !k.Refused(ctx, lease.Token) {", "{"}}},
}

// Each is a build of the tests with a changed file in the place of the real one. One that stands still fails too.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the tests once for each rule")
	}
	t.Parallel()
	for name, mutant := range mutants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			directory := t.TempDir()
			overlay, places := filepath.Join(directory, "overlay.json"), map[string]string{}
			for _, change := range mutant.changes {
				original, err := filepath.Abs(change.file)
				if err != nil {
					t.Fatal(err)
				}
				text, err := os.ReadFile(cmp.Or(places[original], original))
				if err != nil {
					t.Fatal(err)
				}
				if times := strings.Count(string(text), change.from); times != 1 {
					t.Fatalf("%s has %q %d times. Write the mutant anew", change.file, change.from, times)
				}
				places[original] = filepath.Join(directory, change.file)
				write(t, places[original], strings.Replace(string(text), change.from, change.to, 1))
			}
			replaced, err := json.Marshal(map[string]any{"Replace": places})
			if err != nil {
				t.Fatal(err)
			}
			write(t, overlay, string(replaced))
			command := exec.Command("go", "test", "-vet=off", "-timeout=60s", "-overlay", overlay, "-run", "^"+mutant.test+"$", ".")
			command.Env = append(os.Environ(), impatient+"=1")
			output, err := command.CombinedOutput()
			if err == nil || strings.Contains(string(output), "build failed") || strings.Contains(string(output), "no tests to run") {
				t.Fatalf("nobody finds it out: %v\n%s", err, output)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
