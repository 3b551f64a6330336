package login

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"time"
)

// Kind is what a token stands for, as records have it.
type Kind string

// The kinds that there are.
const (
	User        Kind = "USER"
	Device      Kind = "DEVICE"
	Application Kind = "APPLICATION"
	Admin       Kind = "ADMIN"
	Anonymous   Kind = "ANONYMOUS"
)

const recordVersion = 1

// Record is what is kept of a login, the same in all languages.
type Record struct {
	Version      int      `json:"version"`
	ClientID     string   `json:"client_id"`
	Kind         Kind     `json:"kind"`
	SubjectID    string   `json:"subject_id"`
	FamilyID     string   `json:"family_id"`
	TokenID      string   `json:"token_id"`
	Scopes       []string `json:"scopes"`
	AccessToken  string   `json:"access_token"`
	RefreshToken string   `json:"refresh_token,omitempty"`
	// ObtainedMS is the clock on the wall when the call was sent whose answer this is.
	ObtainedMS int64 `json:"obtained_ms"`
	// LifetimeMS is what the access token had left then, by the server's times alone.
	LifetimeMS int64 `json:"lifetime_ms"`
	// LoginLifetimeMS is the same of the refresh token. Nil where there is none.
	LoginLifetimeMS *int64 `json:"login_lifetime_ms,omitempty"`
}

var tokenForm = regexp.MustCompile(`^[\w-]{1,120}$`)

var kinds = []Kind{User, Device, Application, Admin, Anonymous}

// Parse reads the text of a record. False: it is not one, and nothing is told of what it is instead.
func Parse(text string) (Record, bool) {
	var r Record
	if json.Unmarshal([]byte(text), &r) != nil {
		return Record{}, false
	}
	return r, r.isWhole()
}

func (r Record) isWhole() bool {
	hasRefresh := r.RefreshToken != ""
	return r.Version == recordVersion && r.ClientID != "" && slices.Contains(kinds, r.Kind) && r.FamilyID != "" &&
		tokenForm.MatchString(r.AccessToken) && (!hasRefresh || tokenForm.MatchString(r.RefreshToken)) &&
		r.LifetimeMS >= 0 && hasRefresh == (r.LoginLifetimeMS != nil)
}

// Text is JSON of one object.
func (r Record) Text() string {
	if r.Scopes == nil {
		r.Scopes = []string{}
	}
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // Of texts and numbers, it can't be.
	}
	return string(text)
}

// isOfLogin tells whether both are of one login: what another process made of the same one is taken.
func (r Record) isOfLogin(other Record) bool {
	if r.ClientID != other.ClientID {
		return false
	}
	// Those that are begun again have another family then.
	isBegunAgain := r.begunAgain() && r.Kind == other.Kind && r.SubjectID == other.SubjectID
	return isBegunAgain || r.FamilyID == other.FamilyID
}

// isLater tells whether it is of the same login, and was got after the other.
func (r Record) isLater(other Record) bool {
	return r.isOfLogin(other) && r.ObtainedMS > other.ObtainedMS
}

// begunAgain tells whether the login can be begun again with what its client has.
func (r Record) begunAgain() bool {
	return r.Kind == Application || r.Kind == Admin || r.Kind == Anonymous
}

// isOf tells whether the login stands for this client.
func (r Record) isOf(clientID string) bool {
	return r.begunAgain() && r.ClientID == clientID && r.SubjectID == clientID
}

// isFor tells whether this client may hold it. A token alone may be another client's: it is shown, and never renewed.
func (r Record) isFor(clientID string) bool {
	return r.ClientID == clientID || r.RefreshToken == ""
}

// endsTogether tells whether the access token ends with the login: a refresh would gain nothing.
func (r Record) endsTogether() bool {
	return r.LoginLifetimeMS != nil && r.LifetimeMS >= *r.LoginLifetimeMS
}

// ending is the token that ends the whole login at the server.
func (r Record) ending() string {
	if r.RefreshToken != "" {
		return r.RefreshToken
	}
	return r.AccessToken
}

func (r Record) lifetime() time.Duration {
	return time.Duration(r.LifetimeMS) * time.Millisecond
}

func (r Record) loginLifetime() time.Duration {
	if r.LoginLifetimeMS == nil {
		return 0
	}
	return time.Duration(*r.LoginLifetimeMS) * time.Millisecond
}

// Format implements [fmt.Formatter]: with every verb it shows no token.
func (r Record) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "login.Record")
}
